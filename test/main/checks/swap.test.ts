import { describe, expect, test } from 'vitest'
import { judge, outcome, unknown, value } from '../../support/check-readings.ts'

function judgeSwap(usedBytes: number, totalBytes: number) {
  return judge('swap', {
    swap: value('swap', { totalBytes: 2 ** 40, usedBytes }),
    memory: value('memory', {
      totalBytes,
      usedBytes: 0,
      wiredBytes: null,
      compressedBytes: null,
      cachedBytes: null,
      freeBytes: 0,
    }),
  })
}

describe('swap', () => {
  test.each([
    [0, 16e9, 'pass', 'none'],
    [1e9, 16e9, 'pass', 'little'],
    [2e9, 16e9, 'attention', 'some'],
    [9e9, 16e9, 'fail', 'much'],
    [15e9, 512e9, 'pass', 'little'],
    [17e9, 512e9, 'attention', 'some'],
    [65e9, 512e9, 'fail', 'much'],
  ])('%d bytes on a machine with %d are %s', (usedBytes, totalBytes, state, said) => {
    const result = judgeSwap(usedBytes, totalBytes)
    expect(result.state).toBe(state)
    expect(outcome(result.title)).toBe(said)
  })

  test('needs both readings', () => {
    const swap = value('swap', { totalBytes: 0, usedBytes: 0 })
    expect(judge('swap', { swap, memory: unknown('unrecognised') })).toMatchObject({
      state: 'unknown',
    })
  })
})
