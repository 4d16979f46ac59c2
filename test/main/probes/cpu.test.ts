import { readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { cpu } from '../../../main/probes/cpu.ts'
import {
  answer,
  fixture,
  now,
  parse,
  testBadAnswers,
  without,
} from '../../support/probe-answers.ts'

const iostat = fixture('cpu', 'macos-any-two-samples.txt')
const first = fixture('cpu', 'debian12-x86-first.txt')
const second = fixture('cpu', 'debian12-x86-second.txt')

function compared(before: string, after: string) {
  return cpu.parse([answer(after)], { platform: 'linux', now, previous: [answer(before)] })
}

describe('cpu', () => {
  test('takes the second line: the first is since the start', () => {
    expect(parse(cpu, 'darwin', iostat)).toEqual({ loadRatio: 0.16 })
  })

  test('finds its columns behind those of disks', () => {
    expect(parse(cpu, 'darwin', fixture('cpu', 'macos-any-two-disks.txt'))).toEqual({
      loadRatio: 0.08,
    })
  })

  test('one line of figures is not enough', () => {
    expect(parse(cpu, 'darwin', without(iostat, '8  8 84'))).toMatchObject({
      reason: 'unrecognised',
      detail: expect.stringContaining('second line'),
    })
  })

  test('names the missing heading', () => {
    expect(parse(cpu, 'darwin', without(iostat, 'us sy id'))).toMatchObject({
      reason: 'unrecognised',
      detail: expect.stringContaining('"us sy id"'),
    })
  })

  test('does not take a cut line for a figure', () => {
    expect(parse(cpu, 'darwin', iostat.slice(0, -12))).toMatchObject({ reason: 'unrecognised' })
  })

  test('compares two answers on Linux', () => {
    // Of 391 clock ticks between the samples 24 were user's and 10 the system's.
    expect(compared(first, second)).toEqual({ loadRatio: 34 / 391 })
  })

  test('one answer alone says nothing on Linux', () => {
    expect(parse(cpu, 'linux', second)).toMatchObject({ kind: 'unknown', reason: 'unrecognised' })
  })

  test('two equal answers, or two in the wrong order, say nothing', () => {
    expect(compared(first, first)).toMatchObject({ reason: 'unrecognised' })
    expect(compared(second, first)).toMatchObject({ reason: 'unrecognised' })
  })

  test.runIf(process.platform === 'linux')('understands this machine', () => {
    const own = readFileSync('/proc/stat', 'utf8')
    const idle = own.replace(
      /^(cpu +\d+ \d+ \d+) (\d+)/,
      (_, start, ticks) => `${start} ${Number(ticks) + 100}`,
    )
    expect(compared(own, idle)).toEqual({ loadRatio: 0 })
  })

  testBadAnswers(cpu, 'darwin')
  testBadAnswers(cpu, 'linux')
})
