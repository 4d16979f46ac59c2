import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { memoryBar } from '../../../main/models/memory-bar.ts'

const GB = 1_000_000_000
const at = '2026-11-20T09:00:00.000Z'

describe('memoryBar', () => {
  it('adds up as the drawing of the popover does', () => {
    // The numbers of the drawing: 512 = models 254 + apps 38 + compressed 7 + free 213; limit 384; 25 still to come; room 105.
    const bar = memoryBar({
      memory: { totalBytes: 512 * GB, usedBytes: 299 * GB, compressedBytes: 7 * GB },
      limit: { limitBytes: 384 * GB, source: 'sysctl' },
      models: [
        { name: 'deepseek-v3', bytes: 187 * GB },
        { name: 'qwen3', bytes: 26 * GB },
      ],
      loading: [{ name: 'gpt-oss', bytes: 41 * GB, totalBytes: 66 * GB }],
      processesBytes: null,
      at,
    })
    const of = (kind: string) =>
      (bar?.segments ?? []).filter((s) => s.kind === kind).reduce((sum, s) => sum + s.bytes, 0) / GB
    expect(of('model') + of('loading')).toBe(254)
    expect(of('apps')).toBe(38)
    expect(of('compressed')).toBe(7)
    expect(of('available')).toBe(213)
    expect(bar?.roomBytes).toBe(105 * GB)
    expect(bar?.limit).toEqual({ bytes: 384 * GB, source: 'sysctl' })
  })

  const bytes = fc.integer({ min: 0, max: 2 ** 40 })
  const input = fc.record({
    memory: fc.record({
      totalBytes: fc.integer({ min: 1, max: 2 ** 40 }),
      usedBytes: bytes,
      compressedBytes: fc.option(bytes),
    }),
    limit: fc.option(fc.record({ limitBytes: bytes, source: fc.constant('metal' as const) })),
    models: fc.array(fc.record({ name: fc.string(), bytes })),
    loading: fc.array(fc.record({ name: fc.string(), bytes, totalBytes: fc.option(bytes) })),
    processesBytes: fc.option(bytes),
    at: fc.constant(at),
  })

  it('has pieces that sum exactly to the total, none below zero, for any numbers', () => {
    fc.assert(
      fc.property(input, (given) => {
        const bar = memoryBar(given)
        const sum = bar?.segments.reduce((total, segment) => total + segment.bytes, 0)
        expect(sum).toBe(given.memory.totalBytes)
        expect(bar?.segments.every((s) => Number.isSafeInteger(s.bytes) && s.bytes >= 0)).toBe(true)
      }),
    )
  })

  it('never promises more room than is available or than the limit leaves', () => {
    fc.assert(
      fc.property(input, (given) => {
        const bar = memoryBar(given)
        if (bar === null) throw new Error('no bar')
        const available = bar.segments.at(-1)?.bytes ?? 0
        expect(bar.roomBytes).toBeLessThanOrEqual(available)
        if (given.limit) expect(bar.roomBytes).toBeLessThanOrEqual(given.limit.limitBytes)
        expect(bar.roomBytes).toBeGreaterThanOrEqual(0)
      }),
    )
  })

  it('is absent where the total is not known, rather than zero', () => {
    const memory = { totalBytes: null, usedBytes: null, compressedBytes: null }
    const given = { limit: null, models: [], loading: [], processesBytes: null, at }
    expect(memoryBar({ ...given, memory } as never)).toBeNull()
  })

  it('shows both figures where the processes hold clearly more than the runtimes say', () => {
    const bar = (processesBytes: number, models = [{ name: 'a', bytes: 20 * GB }]) =>
      memoryBar({
        memory: { totalBytes: 128 * GB, usedBytes: 60 * GB, compressedBytes: 0 },
        limit: null,
        models,
        loading: [],
        processesBytes,
        at,
      })?.disagreement
    expect(bar(31 * GB)).toEqual({ runtimesBytes: 20 * GB, processesBytes: 31 * GB })
    expect(bar(21 * GB)).toBeNull()
    expect(bar(31 * GB, [])).toEqual({ runtimesBytes: 0, processesBytes: 31 * GB })
    expect(bar(GB / 10, [])).toBeNull()
  })
})
