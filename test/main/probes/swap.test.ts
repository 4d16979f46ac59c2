import { describe, expect, test } from 'vitest'
import { swap } from '../../../main/probes/swap.ts'
import { fixture, parse, testBadAnswers, without } from '../../support/probe-answers.ts'

const meminfo = fixture('memory', 'debian12-x86-25gb.txt')

describe('swap', () => {
  test('counts in MiB', () => {
    // 990.81 MiB = 1 038 939 586.56 bytes
    expect(parse(swap, 'darwin', fixture('swap', 'macos15-any-16gb.txt'))).toEqual({
      totalBytes: 2_147_483_648,
      usedBytes: 1_038_939_587,
    })
  })

  test('knows gibibytes and kibibytes', () => {
    const text = 'total = 3.00G  used = 512.00K  free = 2.99G  (encrypted)\n'
    expect(parse(swap, 'darwin', text)).toEqual({ totalBytes: 3_221_225_472, usedBytes: 524_288 })
  })

  test('no swap is a value', () => {
    const text = fixture('swap', 'synthetic/macos12-any-none.txt')
    expect(parse(swap, 'darwin', text)).toEqual({ totalBytes: 0, usedBytes: 0 })
  })

  test.each(['total', 'used'])('names what is missing: %s', (label) => {
    const text = 'total = 2048.00M  used = 990.81M  free = 1057.19M\n'.replace(label, 'other')
    expect(parse(swap, 'darwin', text)).toMatchObject({
      reason: 'unrecognised',
      detail: expect.stringContaining(`"${label} ="`),
    })
  })

  test('subtracts on Linux', () => {
    const text = 'SwapTotal:        999420 kB\nSwapFree:         199420 kB\n'
    expect(parse(swap, 'linux', text)).toEqual({
      totalBytes: 1_023_406_080,
      usedBytes: 819_200_000,
    })
    expect(parse(swap, 'linux', meminfo)).toEqual({ totalBytes: 0, usedBytes: 0 })
  })

  test.each(['SwapTotal', 'SwapFree'])('names the missing line on Linux: %s', (label) => {
    expect(parse(swap, 'linux', without(meminfo, label))).toMatchObject({
      detail: expect.stringContaining(`"${label}"`),
    })
  })

  testBadAnswers(swap, 'darwin')
  testBadAnswers(swap, 'linux')
})
