import { describe, expect, it } from 'vitest'
import { errorInfo } from '../../../main/core/errors.ts'
import { createLinkWatch } from '../../../main/core/link-watch.ts'
import type { Host, HostLink } from '../../../main/hosts/host.ts'
import type { Link } from '../../../preload/contract/hosts.ts'
import { FakeClock } from '../../support/fake-clock.ts'

function setUp() {
  const clock = new FakeClock()
  const seen: Link['state'][] = []
  let listener: (link: HostLink) => void = () => {}
  let own: HostLink = { state: 'idle', path: 'direct', problem: null, question: null, steps: [] }
  let attempts = 0
  const host = {
    link: () => own,
    onLink: (on: typeof listener) => {
      listener = on
      return () => {}
    },
    reconnect: () => {
      attempts++
    },
  } as unknown as Host
  const watch = createLinkWatch({
    host,
    clock,
    path: (path) => path,
    onChange: ({ state }) => {
      if (seen.at(-1) !== state) seen.push(state)
    },
  })
  const says = (link: Partial<HostLink>) => {
    own = { ...own, ...link }
    listener(own)
  }
  return { clock, seen, watch, says, attempts: () => attempts }
}

describe('link watch', () => {
  it('says which jump host it leads over, and no more once it does not', async () => {
    const { watch, says } = setUp()
    watch.expect(1_000)
    says({ state: 'connected', path: 'proxy', via: 'gate' })
    expect(watch.answered(4, 1_000)).toMatchObject({ path: 'proxy', via: 'gate' })
    says({ path: 'direct', via: undefined } as Partial<HostLink>)
    expect(watch.answered(4, 1_000)).not.toHaveProperty('via')
  })

  it('is stale 3 s after the last answer and unreachable after 10 s', async () => {
    const { clock, watch } = setUp()
    watch.expect(1_000)
    watch.answered(4, 1_000)
    await clock.advance(2_900)
    expect(watch.get().state).toBe('live')
    await clock.advance(200)
    expect(watch.get().state).toBe('stale')
    await clock.advance(6_700)
    expect(watch.get().state).toBe('stale')
    await clock.advance(300)
    expect(watch.get()).toMatchObject({
      state: 'unreachable',
      lastAnswerAt: '2026-11-20T09:00:00.000Z',
    })
  })

  it.each([5_000, 15_000, 300_000])(
    'asked every %d ms, is late only when an answer was due and did not come',
    async (everyMs) => {
      const { clock, seen, watch, attempts } = setUp()
      watch.expect(everyMs)
      watch.answered(4, everyMs)
      await clock.advance(everyMs + 2_900)
      expect(seen).toEqual(['connecting'])
      expect(watch.get().state).toBe('live')
      expect(attempts()).toBe(0)
      await clock.advance(200)
      expect(watch.get().state).toBe('stale')
      await clock.advance(6_800)
      expect(watch.get().state).toBe('stale')
      await clock.advance(200)
      expect(watch.get().state).toBe('unreachable')
    },
  )

  it('judges at once what is asked at once, however long the answer before holds', async () => {
    const { clock, watch } = setUp()
    watch.expect(300_000)
    watch.answered(4, 300_000)
    await clock.advance(60_000)
    watch.expect(1_000)
    await clock.advance(3_000)
    expect(watch.get().state).toBe('stale')
  })

  it('tries as seldom as it asks, and at once when somebody looks again', async () => {
    const { clock, watch, attempts } = setUp()
    watch.expect(60_000)
    await clock.advance(3_000)
    expect(attempts()).toBe(1)
    await clock.advance(59_900)
    expect(attempts()).toBe(1)
    watch.expect(1_000)
    expect(attempts()).toBe(2)
    await clock.advance(2_500)
    expect(attempts()).toBe(3)
  })

  it('tries again every few seconds while somebody waits, and stops with the first answer', async () => {
    const { clock, watch, attempts } = setUp()
    watch.expect(1_000)
    watch.answered(4, 1_000)
    await clock.advance(30_000)
    const tried = attempts()
    expect(tried).toBeGreaterThanOrEqual(10)
    watch.answered(4, 1_000)
    expect(watch.get().state).toBe('live')
    await clock.advance(2_500)
    expect(attempts()).toBe(tried)
  })

  it('does not judge silence when nobody asks', async () => {
    const { clock, watch, attempts } = setUp()
    watch.expect(1_000)
    watch.answered(4, 1_000)
    watch.rest()
    await clock.advance(600_000)
    expect(watch.get().state).toBe('idle')
    expect(attempts()).toBe(0)
    expect(clock.pending).toBe(0)
  })

  it('waits for the person as long as they take, and goes on with the answer', async () => {
    const { clock, seen, watch, says } = setUp()
    watch.expect(1_000)
    const question = {
      kind: 'host-key',
      address: 'a',
      keyType: 'ssh-ed25519',
      fingerprint: 'SHA256:x',
    } as const
    says({ state: 'asking', question })
    await clock.advance(120_000)
    expect(watch.get()).toMatchObject({ state: 'asking', question })
    says({ state: 'connecting', question: null })
    expect(watch.get().question).toBeNull()
    watch.answered(5, 1_000)
    expect(seen).toEqual(['connecting', 'asking', 'connecting'])
    expect(watch.get().state).toBe('live')
  })

  it('gives a host that answered a moment ago its 10 s, whatever a new attempt meets in the dark', async () => {
    const { clock, watch, says } = setUp()
    watch.expect(1_000)
    watch.answered(4, 1_000)
    await clock.advance(3_100)
    says({ state: 'failed', problem: errorInfo('unreachable') })
    expect(watch.get().state).toBe('stale')
    await clock.advance(7_000)
    expect(watch.get()).toMatchObject({ state: 'unreachable', problem: { code: 'unreachable' } })
  })

  it('says at once that a host refuses, though it answered a moment ago', () => {
    const { watch, says } = setUp()
    watch.expect(1_000)
    watch.answered(4, 1_000)
    says({ state: 'failed', problem: errorInfo('refused') })
    expect(watch.get()).toMatchObject({ state: 'unreachable', problem: { code: 'refused' } })
  })

  it('says at once why a connection failed', () => {
    const { watch, says } = setUp()
    watch.expect(1_000)
    says({ state: 'failed', problem: errorInfo('host-key-changed') })
    expect(watch.get()).toMatchObject({
      state: 'unreachable',
      problem: { code: 'host-key-changed' },
    })
  })
})
