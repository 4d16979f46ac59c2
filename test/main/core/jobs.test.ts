import { describe, expect, it } from 'vitest'
import { errorInfo, StudioloError } from '../../../main/core/errors.ts'
import { createFleet } from '../../../main/core/fleet.ts'
import { createJobs } from '../../../main/core/jobs.ts'
import { FakeClock } from '../../support/fake-clock.ts'
import { silentLog } from '../../support/silent-log.ts'

function setUp() {
  const clock = new FakeClock()
  const fleet = createFleet()
  const jobs = createJobs({ fleet, clock, log: silentLog })
  const state = (id: string) => fleet.get().jobs.find((job) => job.id === id)?.state
  const settled = () => new Promise<void>((resolve) => setImmediate(resolve))
  const base = {
    hostId: 'h',
    kind: 'load-model' as const,
    subject: 'ollama/a',
    title: { key: 'job.load-model' },
  }
  return { clock, fleet, jobs, state, settled, base }
}

describe('jobs', () => {
  it('says what it measured, ends as done, and is forgotten after a minute', async () => {
    const { clock, fleet, jobs, state, settled, base } = setUp()
    const { id } = jobs.start({
      ...base,
      work: async ({ progress, line }) => {
        progress({ doneBytes: 5, totalBytes: 10 })
        line('half')
      },
    })
    await settled()
    expect(fleet.get().jobs[0]).toMatchObject({
      progress: { doneBytes: 5, totalBytes: 10 },
      lines: ['half'],
    })
    expect(state(id)).toBe('done')
    await clock.advance(59_000)
    expect(state(id)).toBe('done')
    await clock.advance(2_000)
    expect(state(id)).toBeUndefined()
  })

  it('is cancelling until what it did is undone, and only then cancelled', async () => {
    const { jobs, state, settled, base } = setUp()
    let undone = () => {}
    const { id } = jobs.start({
      ...base,
      work: ({ signal }) =>
        new Promise((_, reject) => signal.addEventListener('abort', () => reject(signal.reason))),
      undo: () => new Promise((resolve) => (undone = resolve)),
    })
    expect(jobs.cancel('another-host', id)).toBe(false)
    expect(jobs.cancel('h', id)).toBe(true)
    await settled()
    expect(state(id)).toBe('cancelling')
    undone()
    await settled()
    expect(state(id)).toBe('cancelled')
  })

  it('says why it failed, also when the undoing fails', async () => {
    const { fleet, jobs, settled, base } = setUp()
    const failure = new StudioloError(errorInfo('out-of-memory'))
    jobs.start({ ...base, work: () => Promise.reject(failure) })
    const { id } = jobs.start({
      ...base,
      work: () => new Promise((resolve) => setImmediate(resolve)),
      undo: () => Promise.reject(failure),
    })
    jobs.cancel('h', id)
    await settled()
    await settled()
    expect(fleet.get().jobs.map((job) => [job.state, job.error?.code])).toEqual([
      ['failed', 'out-of-memory'],
      ['failed', 'out-of-memory'],
    ])
  })
})
