import { describe, expect, it } from 'vitest'
import type { Reading } from '../../../preload/contract/readings.ts'
import { startLearning, unlearned } from '../../support/learning.ts'

describe('learning how a Studio sleeps', () => {
  const nine = '2026-11-20T09:00:00.000Z'
  async function setUpLive() {
    const world = await startLearning()
    // no address of any network: only what the Studio says of itself is learned
    world.world.address = '203.0.113.7'
    world.fleet.patchHost({ id: 'studio', platform: 'darwin' })
    const hear = async (sleepMinutes: number | null, at: string) => {
      const power: Reading = { kind: 'value', value: { sleepMinutes }, at }
      world.fleet.patchHost({ id: 'studio', readings: { power } })
      await world.clock.advance(5_000)
    }
    await world.be('live', 'direct')
    return { ...world, hear }
  }

  it('remembers its system and when it goes to sleep, with when it said so', async () => {
    const { hear, config } = await setUpLive()
    await hear(10, nine)
    const sleep = { platform: 'darwin', sleepMinutes: 10, sleepReadAt: nine }
    expect(config()).toEqual({ ...unlearned, ...sleep })
  })

  it('writes the same answer once a day, another one at once', async () => {
    const { hear, config, updates } = await setUpLive()
    await hear(10, nine)
    const before = updates()
    await hear(10, '2026-11-20T09:01:00.000Z')
    await hear(10, '2026-11-21T08:59:00.000Z')
    expect([updates() - before, config()?.sleepReadAt]).toEqual([0, nine])
    await hear(10, '2026-11-21T09:00:00.000Z')
    expect([updates() - before, config()?.sleepReadAt]).toEqual([1, '2026-11-21T09:00:00.000Z'])
    await hear(0, '2026-11-21T09:01:00.000Z')
    expect(updates() - before).toBe(2)
    expect(config()).toMatchObject({ sleepMinutes: 0, sleepReadAt: '2026-11-21T09:01:00.000Z' })
  })

  it('does not let an older answer overrule a newer one', async () => {
    const { hear, config, store } = await setUpLive()
    const newer = { sleepMinutes: 0, sleepReadAt: '2026-11-20T09:10:00.000Z' }
    await store.update((now) => ({ ...now, hosts: [{ ...unlearned, ...newer }] }))
    await hear(10, nine)
    expect(config()).toMatchObject(newer)
  })

  it('keeps what it knows where the answer does not say it', async () => {
    const { hear, config } = await setUpLive()
    await hear(10, nine)
    await hear(null, '2026-11-22T09:00:00.000Z')
    expect(config()).toMatchObject({ sleepMinutes: 10, sleepReadAt: nine })
  })

  it('does not try again with each answer where nothing can be written', async () => {
    const { hear, world, updates } = await setUpLive()
    world.isWritable = false
    const before = updates()
    for (const minute of [10, 11, 12]) await hear(10, `2026-11-20T09:${minute}:00.000Z`)
    expect(updates() - before).toBe(1)
  })
})
