import { describe, expect, it } from 'vitest'
import { createFleet } from '../../../main/core/fleet.ts'
import { applyChange, keptSamples } from '../../../preload/contract/change.ts'
import type { FleetEvent, FleetState, HostState } from '../../../preload/contract/fleet.ts'

function hostState(id: string): HostState {
  return {
    ...{ id, name: id, kind: 'recorded', platform: null, account: null, role: null },
    link: {
      ...{ state: 'idle', path: 'recording', roundTripMs: null, lastAnswerAt: null },
      ...{ since: '2026-11-20T09:00:00.000Z', problem: null, question: null },
    },
    ...{ readings: {}, samples: [], memoryBar: null, runtimes: [], checks: [] },
  }
}

const sample = (at: number) => ({ at, gpuRatio: null, cpuRatio: 0.5, usedBytes: 1 })

describe('fleet', () => {
  it('gives a reader of the stream the same state as the writer has', async () => {
    const fleet = createFleet()
    fleet.addHost(hostState('a'), 0)
    const abort = new AbortController()
    const events = fleet.events(abort.signal)
    const first = (await events.next()).value as FleetEvent
    let seen = (first as { state: FleetState }).state
    fleet.addHost(hostState('b'), 0)
    fleet.patchHost({ id: 'a', account: 'ana', addSamples: [sample(1)] })
    fleet.patchHost({
      id: 'a',
      readings: { x: { kind: 'value', value: 1, at: '2026-11-20T09:00:00Z' } },
    })
    fleet.removeHost('b')
    while (seen.revision < fleet.get().revision) {
      const { value } = await events.next()
      if (value?.kind !== 'change') throw new Error('expected a change')
      const next = applyChange(seen, value)
      if (next === null) throw new Error('gap')
      seen = next
    }
    abort.abort()
    expect(seen).toEqual(fleet.get())
    expect(seen.hosts.map(({ id }) => id)).toEqual(['a'])
    expect((await events.next()).done).toBe(true)
  })

  it('keeps two minutes of samples and no more', () => {
    const fleet = createFleet()
    fleet.addHost(hostState('a'), 0)
    for (let i = 0; i < 200; i++) fleet.patchHost({ id: 'a', addSamples: [sample(i)] })
    expect(fleet.host('a')?.samples).toHaveLength(keptSamples)
    expect(fleet.host('a')?.samples.at(-1)?.at).toBe(199)
  })

  it('sends a slow reader a snapshot instead of a queue without end', async () => {
    const fleet = createFleet()
    fleet.addHost(hostState('a'), 0)
    const abort = new AbortController()
    const events = fleet.events(abort.signal)
    await events.next()
    for (let i = 0; i < 5_000; i++) fleet.patchHost({ id: 'a', addSamples: [sample(i)] })
    let seen: FleetState | null = null
    let count = 0
    while (seen === null || seen.revision < fleet.get().revision) {
      const { value } = await events.next()
      count++
      if (value?.kind === 'snapshot') seen = value.state
      else if (value?.kind === 'change' && seen !== null) seen = applyChange(seen, value)
      if (count > 300) throw new Error('the queue grew')
    }
    abort.abort()
    expect(seen).toEqual(fleet.get())
  })

  it('says that it is behind after a gap in revisions', () => {
    const state: FleetState = { revision: 4, hosts: [], jobs: [], alerts: [], tunnels: [] }
    expect(applyChange(state, { kind: 'change', revision: 6, jobs: [] })).toBeNull()
    expect(applyChange(state, { kind: 'change', revision: 5, jobs: [] })?.revision).toBe(5)
  })
})
