import type { NetworkInterfaceInfo } from 'node:os'
import { describe, expect, it } from 'vitest'
import { watchNetwork } from '../../../main/node/network-watch.ts'
import { FakeClock } from '../../support/fake-clock.ts'

function network(addresses: Record<string, string[]>): NodeJS.Dict<NetworkInterfaceInfo[]> {
  return Object.fromEntries(
    Object.entries(addresses).map(([name, list]) => [
      name,
      list.map((address) => ({ address }) as NetworkInterfaceInfo),
    ]),
  )
}

describe('watchNetwork', () => {
  it('tells of a new address once', async () => {
    const clock = new FakeClock()
    let now = network({ en0: ['192.168.1.20'] })
    let changes = 0
    watchNetwork(
      clock,
      () => now,
      () => (changes += 1),
    )
    await clock.advance(20_000)
    expect(changes).toBe(0)
    now = network({ en0: ['192.168.1.20'], utun4: ['100.101.102.103'] })
    await clock.advance(20_000)
    expect(changes).toBe(1)
  })

  it('ignores the link-local addresses that come and go with neighbours', async () => {
    const clock = new FakeClock()
    let now = network({ en0: ['10.0.0.5'], awdl0: ['fe80::1c2b'] })
    let changes = 0
    watchNetwork(
      clock,
      () => now,
      () => (changes += 1),
    )
    now = network({ en0: ['10.0.0.5'], awdl0: ['fe80::9999'], en5: ['169.254.12.1'] })
    await clock.advance(20_000)
    expect(changes).toBe(0)
  })

  it('leaves no timer behind', async () => {
    const clock = new FakeClock()
    const stop = watchNetwork(
      clock,
      () => ({}),
      () => {},
    )
    await clock.advance(12_000)
    stop()
    expect(clock.pending).toBe(0)
  })
})
