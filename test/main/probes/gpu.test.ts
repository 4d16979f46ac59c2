import { describe, expect, test } from 'vitest'
import { gpu } from '../../../main/probes/gpu.ts'
import { fixture, parse, testBadAnswers, without } from '../../support/probe-answers.ts'

const m4 = fixture('gpu', 'macos26-m4-21-percent.txt')

describe('gpu', () => {
  test('reads a quiet M4', () => {
    expect(parse(gpu, 'darwin', m4)).toEqual({
      deviceUtilisationRatio: 0.21,
      inUseBytes: 351_141_888,
      allocatedBytes: 1_574_862_848,
      modelName: 'Apple M4',
      coreCount: 10,
    })
  })

  test('takes the device, not the renderer, and memory in use, not that of the driver', () => {
    expect(parse(gpu, 'darwin', fixture('gpu', 'macos26-m5-busy.txt'))).toEqual({
      deviceUtilisationRatio: 0.99,
      inUseBytes: 28_367_667_200,
      allocatedBytes: 31_368_167_424,
      modelName: null,
      coreCount: null,
    })
  })

  test('is not confused by counters of other things', () => {
    expect(parse(gpu, 'darwin', fixture('gpu', 'macos26-m4-recoveries.txt'))).toMatchObject({
      deviceUtilisationRatio: 0.03,
      inUseBytes: 550_649_856,
    })
  })

  test('of two GPUs the one that works harder counts', () => {
    const both = m4 + fixture('gpu', 'macos26-m5-busy.txt')
    expect(parse(gpu, 'darwin', both)).toMatchObject({ deviceUtilisationRatio: 0.99 })
  })

  test('what one key does not tell is null', () => {
    const text = m4.replace('"Device Utilization %"=21,', '')
    expect(parse(gpu, 'darwin', text)).toMatchObject({
      deviceUtilisationRatio: null,
      inUseBytes: 351_141_888,
    })
  })

  test('names the missing line', () => {
    expect(parse(gpu, 'darwin', without(m4, 'PerformanceStatistics'))).toMatchObject({
      reason: 'unrecognised',
      detail: expect.stringContaining('"PerformanceStatistics"'),
    })
  })

  test('a machine without a GPU driver has no such figure', () => {
    expect(parse(gpu, 'darwin', '')).toMatchObject({ reason: 'not-supported' })
  })

  testBadAnswers(gpu, 'darwin')
})
