import { describe, expect, it } from 'vitest'
import { reachedAddress, stillLearned } from '../../../main/tailnet/learn.ts'
import type { HostStep } from '../../../preload/contract/hosts.ts'
import { passed, startLearning, unlearned } from '../../support/learning.ts'
import { studioConfig, studioPeer, tailnetReading } from '../../support/tailnet-fixtures.ts'

const known = { tailnetNodeId: 'nStudioCNTRL', tailnetName: 'example.com' }

describe('learning', () => {
  it('remembers the node of a Studio that answers over the tailnet', async () => {
    const { be, config, updates } = await startLearning()
    await be('connecting', 'tailnet-direct')
    expect(config()?.tailnetNodeId).toBeNull()
    await be('live', 'tailnet-direct')
    await be('live', 'tailnet-relay')
    expect(config()).toEqual({ ...unlearned, ...known })
    expect(updates()).toBe(1)
  })

  it('remembers what finds and wakes it in the local network, asked once for each connection', async () => {
    const { world, be, config, asked, updates } = await startLearning()
    world.address = '192.168.1.20'
    await be('live', 'lan')
    await be('live', 'lan')
    expect(config()).toEqual({
      ...unlearned,
      lanAddress: '192.168.1.20',
      macAddress: '1c:0f:64:00:0a:0b',
    })
    expect(asked).toEqual([['ip', 'neigh', 'show', '192.168.1.20']])
    expect(updates()).toBe(1)
    await be('live', 'lan', '2026-11-20T10:00:00.000Z')
    expect(asked).toHaveLength(2)
    expect(updates()).toBe(1)
  })

  it('keeps the connection, whatever was learned', async () => {
    const { be, made, store } = await startLearning()
    await be('live', 'tailnet-direct')
    await store.update((now) => ({
      ...now,
      hosts: now.hosts.map((host) => ({
        ...{ ...host, name: 'Atelier', alias: 'mac-studio', isControlMasterOn: true },
        ...{ lanAddress: '192.168.1.20', macAddress: '1c:0f:64:00:0a:0b', folderPath: '/srv' },
        ...{ platform: 'linux' as const, sleepMinutes: 0, sleepReadAt: '2026-11-20T09:00:00Z' },
      })),
    }))
    expect(made).toMatchObject([{ isClosed: false }])
    await store.update((now) => ({
      ...now,
      hosts: now.hosts.map((host) => ({ ...host, port: 2222 })),
    }))
    expect(made).toMatchObject([{ isClosed: true }, { isClosed: false, config: { port: 2222 } }])
  })

  it('learns nothing of a machine that is not in the tailnet, nor behind a plain route', async () => {
    const { world, be, config } = await startLearning()
    world.address = '100.99.99.99'
    await be('live', 'tailnet')
    world.address = '203.0.113.7'
    await be('live', 'direct')
    expect(config()).toEqual(unlearned)
  })

  it('learns it again after somebody wrote over it', async () => {
    const { be, config, store } = await startLearning()
    await be('live', 'tailnet-direct')
    await store.update((now) => ({ ...now, hosts: [unlearned] }))
    await be('live', 'tailnet-direct')
    expect(config()?.tailnetNodeId).toBe('nStudioCNTRL')
  })

  it('follows a node that was set up anew', async () => {
    const { be, fleet, config } = await startLearning()
    await be('live', 'tailnet-direct')
    const peers = [studioPeer({ id: 'nAnewCNTRL' })]
    fleet.patchHost({ id: 'this-machine', readings: { tailnet: tailnetReading({ peers }) } })
    await be('live', 'tailnet-direct')
    expect(config()?.tailnetNodeId).toBe('nAnewCNTRL')
  })

  it('remembers the tailnet of a known node without a connection, and still when it is in another', async () => {
    const { clock, fleet, config, store, updates } = await startLearning()
    const see = (fields: Parameters<typeof tailnetReading>[0]) => {
      fleet.patchHost({ id: 'this-machine', readings: { tailnet: tailnetReading(fields) } })
      return clock.advance(5_000)
    }
    const hosts = [{ ...unlearned, tailnetNodeId: 'nStudioCNTRL' }]
    await store.update((now) => ({ ...now, hosts }))
    await see({ state: 'stopped' })
    expect(config()?.tailnetName).toBeNull()
    await see({})
    expect(config()).toEqual({ ...unlearned, ...known })
    await see({ tailnetName: 'home.example', peers: [] })
    expect(config()?.tailnetName).toBe('example.com')
    await see({ tailnetName: 'x'.repeat(256) })
    expect(config()?.tailnetName).toBe('example.com')
    expect(updates()).toBe(1)
  })

  it('does not try again and again where nothing can be written', async () => {
    const { world, be, updates } = await startLearning()
    world.isWritable = false
    for (let times = 0; times < 5; times++) await be('live', 'tailnet-direct')
    expect(updates()).toBe(1)
  })
})

describe('stillLearned', () => {
  const learned = {
    ...{ ...known, lanAddress: '192.168.1.20' },
    macAddress: '1c:0f:64:00:0a:0b',
    ...{ sleepMinutes: 10, sleepReadAt: '2026-11-20T09:00:00.000Z' },
    platform: 'darwin' as const,
  }
  const before = studioConfig(learned)

  it('keeps what was learned while the person edited', () => {
    const edited = studioConfig({ ...unlearned, name: 'Atelier', lanAddress: '192.168.1.21' })
    const target = before.target
    expect(stillLearned({ ...edited, target }, before)).toEqual({
      ...{ ...edited, ...learned, target, lanAddress: '192.168.1.21' },
    })
  })

  it('forgets it with another target', () => {
    const edited = { ...before, target: 'other.tail1a2b3c.ts.net' }
    const nothing = {
      ...{ tailnetNodeId: null, tailnetName: null, lanAddress: null, macAddress: null },
      ...{ platform: null, sleepMinutes: null, sleepReadAt: null },
    }
    expect(stillLearned(edited, before)).toEqual({ ...edited, ...nothing })
    const chosen = { ...edited, tailnetNodeId: 'nOtherCNTRL' }
    expect(stillLearned(chosen, before)).toEqual({
      ...chosen,
      ...nothing,
      tailnetNodeId: 'nOtherCNTRL',
    })
  })
})

describe('reachedAddress', () => {
  it('is the address of the TCP connection, else of the name', () => {
    const steps = [passed('name', '192.168.1.20'), passed('tcp', '192.168.1.21:22')]
    expect(reachedAddress({ steps })).toBe('192.168.1.21')
    expect(reachedAddress({ steps: [passed('tcp', '::ffff:192.168.1.21:22')] })).toBe(
      '192.168.1.21',
    )
    expect(reachedAddress({ steps: [passed('tcp', 'fd00::20:22')] })).toBe('fd00::20')
    const overNetcat = [passed('name', '192.168.1.20'), passed('tcp', '/usr/bin/nc')]
    expect(reachedAddress({ steps: overNetcat })).toBe('192.168.1.20')
  })

  it('is not known behind a proxy', () => {
    const skipped: HostStep = { ...passed('tcp', 'jump.example'), state: 'skipped' }
    expect(reachedAddress({ steps: [skipped] })).toBeNull()
    expect(reachedAddress({ steps: [] })).toBeNull()
  })
})
