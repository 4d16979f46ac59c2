import { describe, expect, it } from 'vitest'
import { closeCodes } from '../../preload/close-codes.ts'
import { keepSession, type Socket } from '../../renderer/session.ts'

interface FakeSocket extends Socket {
  sent: string[]
  tell(kind: 'open' | 'message' | 'close', event?: { data?: unknown; code?: number }): void
}

function fakeSocket(): FakeSocket {
  const listeners: { kind: string; listener: Parameters<Socket['addEventListener']>[1] }[] = []
  const sent: string[] = []
  return {
    sent,
    send: (text) => sent.push(text),
    addEventListener: (kind, listener) => listeners.push({ kind, listener }),
    tell(kind, event = {}) {
      for (const one of listeners) if (one.kind === kind) one.listener(event)
    },
  }
}

function setUp({ token = null as string | null, sessionKey = null as string | null } = {}) {
  const stored = new Map<string, string>(
    sessionKey === null ? [] : [['studiolo-session', sessionKey]],
  )
  const sockets: FakeSocket[] = []
  const delays: { delayMs: number; run: () => void }[] = []
  const events: string[] = []
  let address: string | null = token
  let tellAddress = () => {}
  keepSession<FakeSocket>(
    {
      takeToken() {
        const taken = address
        address = null
        return taken
      },
      onAddress(listener) {
        tellAddress = listener
      },
      storage: {
        getItem: (key) => stored.get(key) ?? null,
        setItem: (key, value) => void stored.set(key, value),
        removeItem: (key) => void stored.delete(key),
      },
      connect() {
        const socket = fakeSocket()
        sockets.push(socket)
        return socket
      },
      after: (delayMs, run) => void delays.push({ delayMs, run }),
    },
    {
      onOpen: () => events.push('open'),
      onLost: () => events.push('lost'),
      onRefused: () => events.push('refused'),
    },
  )
  return {
    ...{ sockets, delays, events },
    stored: () => stored.get('studiolo-session') ?? null,
    openLink(fresh: string) {
      address = fresh
      tellAddress()
    },
    socket(index: number): FakeSocket {
      const socket = sockets[index]
      if (socket === undefined) throw new Error(`no socket ${index}`)
      return socket
    },
  }
}

describe('keepSession', () => {
  it('exchanges the token of its link for a session key', () => {
    const page = setUp({ token: 't1' })
    page.socket(0).tell('open')
    expect(page.socket(0).sent).toEqual(['{"token":"t1"}'])
    expect(page.events).toEqual([])
    page.socket(0).tell('message', { data: '{"sessionKey":"k1"}' })
    expect(page.events).toEqual(['open'])
    expect(page.stored()).toBe('k1')
  })

  it('comes back with the session key after a reload', () => {
    const page = setUp({ sessionKey: 'k1' })
    page.socket(0).tell('open')
    expect(page.socket(0).sent).toEqual(['{"sessionKey":"k1"}'])
  })

  it('is refused without token and session, and asks nobody', () => {
    const page = setUp()
    expect(page.events).toEqual(['refused'])
    expect(page.sockets).toEqual([])
  })

  it.each([closeCodes.notAdmitted, closeCodes.badHello])(
    'is refused for good when the host says so (%i)',
    (code) => {
      const page = setUp({ token: 'used' })
      page.socket(0).tell('open')
      page.socket(0).tell('close', { code })
      expect(page.events).toEqual(['refused'])
      expect(page.delays).toEqual([])
      expect(page.sockets).toHaveLength(1)
    },
  )

  it('forgets a session of an earlier start', () => {
    const page = setUp({ sessionKey: 'old' })
    page.socket(0).tell('open')
    page.socket(0).tell('close', { code: closeCodes.notAdmitted })
    expect(page.events).toEqual(['refused'])
    expect(page.stored()).toBeNull()
  })

  it('goes on with its session when a used link is opened again', () => {
    const page = setUp({ token: 'used', sessionKey: 'k1' })
    page.socket(0).tell('open')
    page.socket(0).tell('close', { code: closeCodes.notAdmitted })
    page.socket(1).tell('open')
    expect(page.socket(1).sent).toEqual(['{"sessionKey":"k1"}'])
    expect(page.events).toEqual([])
  })

  it('tries again after a loss, each time later, up to five seconds', () => {
    const page = setUp({ sessionKey: 'k1' })
    for (let index = 0; index < 7; index += 1) {
      page.socket(index).tell('close', { code: 1006 })
      page.delays[index]?.run()
    }
    expect(page.delays.map(({ delayMs }) => delayMs)).toEqual([
      250, 500, 1000, 2000, 4000, 5000, 5000,
    ])
    expect(page.events).toEqual(Array(7).fill('lost'))
    page.socket(7).tell('open')
    page.socket(7).tell('message', { data: '{"sessionKey":"k2"}' })
    page.socket(7).tell('close', { code: closeCodes.goingAway })
    expect(page.delays.at(-1)?.delayMs).toBe(250)
  })

  it('keeps a token that was never said, and drops one that was', () => {
    const page = setUp({ token: 't1' })
    page.socket(0).tell('close', { code: 1006 })
    page.delays[0]?.run()
    page.socket(1).tell('open')
    expect(page.socket(1).sent).toEqual(['{"token":"t1"}'])
    page.socket(1).tell('close', { code: 1006 })
    page.delays[1]?.run()
    expect(page.events).toEqual(['lost', 'lost', 'refused'])
  })

  it('takes a fresh link that is opened in the refused page', () => {
    const page = setUp()
    page.openLink('t2')
    page.socket(0).tell('open')
    expect(page.socket(0).sent).toEqual(['{"token":"t2"}'])
    page.socket(0).tell('message', { data: '{"sessionKey":"k2"}' })
    expect(page.events).toEqual(['refused', 'open'])
  })

  it('uses a fresh link with the next attempt while it waits to try again', () => {
    const page = setUp({ sessionKey: 'old' })
    page.socket(0).tell('close', { code: 1006 })
    page.openLink('t2')
    expect(page.sockets).toHaveLength(1)
    page.delays[0]?.run()
    page.socket(1).tell('open')
    expect(page.socket(1).sent).toEqual(['{"token":"t2"}'])
  })
})
