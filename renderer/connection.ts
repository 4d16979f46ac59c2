import type { RPCLink } from '@orpc/client/message-port'
import { closeCodes } from '../preload/close-codes.ts'
import type { Hello, Welcome } from '../preload/contract/session.ts'
import { type Bridge, portChannel } from '../preload/port.ts'

/** What carries calls, whichever transport it is. */
type Link = Pick<RPCLink<Record<never, never>>, 'call'>

/** `lost`: tries again by itself. `refused`: this page's link is used up; a fresh one must be opened. */
export type ConnectionState = 'connecting' | 'open' | 'lost' | 'refused'

declare global {
  interface Window {
    studiolo?: Bridge
  }
}

const sessionStorageKey = 'studiolo-session'
const firstRetryMs = 250
const longestRetryMs = 5_000

/** The one connection of this page to the core. It is made anew when it is lost. */
export interface Connection {
  /** Resolves when calls can be made; pending while the connection is lost. */
  ready(): Promise<Link>
  state(): ConnectionState
  onState(listener: () => void): () => void
}

export function createConnection(): Connection {
  let state: ConnectionState = 'connecting'
  let opened = Promise.withResolvers<Link>()
  const listeners = new Set<() => void>()

  function become(next: ConnectionState) {
    if (next === state) return
    state = next
    for (const listener of listeners) listener()
  }

  function open(link: Link) {
    opened.resolve(link)
    become('open')
  }

  /** Calls made from now on wait for the next connection. */
  function lose() {
    if (state === 'open') opened = Promise.withResolvers()
    become('lost')
  }

  if (window.studiolo !== undefined) openPort(window.studiolo, open)
  else openSocket({ open, lose, refuse: () => become('refused') })

  return {
    ready: () => opened.promise,
    state: () => state,
    onState(listener) {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
  }
}

function openPort(bridge: Bridge, open: (link: Link) => void) {
  window.addEventListener('message', (event) => {
    const [port] = event.ports
    if (event.source !== window || event.data !== portChannel || port === undefined) return
    void import('@orpc/client/message-port').then(({ RPCLink }) => {
      const link = new RPCLink({ port })
      port.start()
      open(link)
    })
  })
  bridge.requestPort()
}

interface SocketEvents {
  open(link: Link): void
  lose(): void
  refuse(): void
}

function openSocket(events: SocketEvents) {
  let retryMs = firstRetryMs

  function hello(): Hello | null {
    const token = new URLSearchParams(location.hash.slice(1)).get('token')
    if (token !== null) {
      // The token is used with this message; nobody shall copy it out of the address afterwards.
      history.replaceState(null, '', `${location.pathname}#popover`)
      return { token }
    }
    const sessionKey = sessionStorage.getItem(sessionStorageKey)
    return sessionKey === null ? null : { sessionKey }
  }

  async function attempt() {
    const { RPCLink } = await import('@orpc/client/websocket')
    const first = hello()
    if (first === null) return events.refuse()
    const socket = new WebSocket(`ws://${location.host}/ws`)
    socket.addEventListener('open', () => socket.send(JSON.stringify(first)))
    socket.addEventListener(
      'message',
      ({ data }) => {
        const { sessionKey } = JSON.parse(String(data)) as Welcome
        sessionStorage.setItem(sessionStorageKey, sessionKey)
        retryMs = firstRetryMs
        events.open(new RPCLink({ websocket: socket }))
      },
      { once: true },
    )
    socket.addEventListener('close', ({ code }) => {
      if (code === closeCodes.notAdmitted || code === closeCodes.badHello) {
        sessionStorage.removeItem(sessionStorageKey)
        return events.refuse()
      }
      events.lose()
      setTimeout(() => void attempt(), retryMs)
      retryMs = Math.min(longestRetryMs, retryMs * 2)
    })
  }

  void attempt()
}
