import { execFileSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { totalmem } from 'node:os'
import { describe, expect, test } from 'vitest'
import { memory } from '../../../main/probes/memory.ts'
import { answer, fixture, parse, testBadAnswers, without } from '../../support/probe-answers.ts'

const vmStat = fixture('memory', 'macos26-m4-16gb-wider-columns.txt')
const meminfo = fixture('memory', 'debian12-x86-25gb.txt')
const sixteenGiB = '17179869184\n'

describe('memory', () => {
  test('counts a Mac mini of 16 GB as Activity Monitor does', () => {
    // Pages of 16 KiB, added up by hand: app 462867 - 14226, wired 123478, compressed 160282.
    expect(parse(memory, 'darwin', vmStat, sixteenGiB)).toEqual({
      totalBytes: 17_179_869_184,
      usedBytes: 11_999_657_984,
      wiredBytes: 2_023_063_552,
      compressedBytes: 2_626_060_288,
      cachedBytes: 4_541_382_656,
      freeBytes: 69_861_376,
    })
  })

  test('reads columns before macOS 26, and a total with its name', () => {
    const busy = fixture('memory', 'macos15-mini-32gb-busy.txt')
    const size = fixture('memory', 'macos26-m2-memsize-32gb.txt').split('\n')[1] ?? ''
    expect(parse(memory, 'darwin', busy, size)).toMatchObject({
      totalBytes: 34_359_738_368,
      wiredBytes: 420_751 * 16_384,
      compressedBytes: 257_278 * 16_384,
      freeBytes: 4_410 * 16_384,
    })
  })

  test('is never used beyond the total, although counters are not read at one instant', () => {
    const value = parse(memory, 'darwin', vmStat, '8589934592\n')
    expect(value).toMatchObject({ totalBytes: 8_589_934_592, usedBytes: 8_589_934_592 })
  })

  test.each([
    'Anonymous pages',
    'Pages purgeable',
    'Pages wired down',
    'Pages occupied by compressor',
    'Pages free',
    'page size',
  ])('names the missing line: %s', (label) => {
    expect(parse(memory, 'darwin', without(vmStat, label), sixteenGiB)).toMatchObject({
      kind: 'unknown',
      reason: 'unrecognised',
      detail: expect.stringContaining(`"${label}"`),
    })
  })

  test('does not need the line of file-backed pages, and then does not know the cache', () => {
    const text = without(vmStat, 'File-backed pages')
    expect(parse(memory, 'darwin', text, sixteenGiB)).toMatchObject({ cachedBytes: null })
  })

  test.each(['0\n', '', 'unknown oid\n', '-1'])('does not believe a total of %j', (size) => {
    expect(parse(memory, 'darwin', vmStat, size)).toMatchObject({
      reason: 'unrecognised',
      detail: expect.stringContaining('hw.memsize'),
    })
  })

  test('says that the recording lacks the total', () => {
    const size = answer('', { isNotRecorded: true, exitCode: 1 })
    expect(parse(memory, 'darwin', vmStat, size)).toMatchObject({ reason: 'not-recorded' })
  })

  test('agrees with `free -b` taken at the same moment', () => {
    expect(parse(memory, 'linux', meminfo)).toMatchObject({
      totalBytes: 25_276_514_304,
      usedBytes: 594_354_176,
      freeBytes: 22_528_933_888,
      cachedBytes: 2_472_235_008,
    })
  })

  test.each(['MemTotal', 'MemAvailable', 'MemFree'])(
    'names the missing line on Linux: %s',
    (label) => {
      expect(parse(memory, 'linux', without(meminfo, label))).toMatchObject({
        reason: 'unrecognised',
        detail: expect.stringContaining(`"${label}"`),
      })
    },
  )

  test('does not take a cut line for a number', () => {
    expect(parse(memory, 'linux', 'MemTotal:       246')).toMatchObject({ reason: 'unrecognised' })
  })

  test.runIf(process.platform === 'linux')('agrees with this machine', () => {
    const value = parse(memory, 'linux', readFileSync('/proc/meminfo', 'utf8'))
    const [, total, used] =
      /^Mem:\s+(\d+)\s+(\d+)/m.exec(execFileSync('free', ['-b'], { encoding: 'utf8' })) ?? []
    expect(value).toMatchObject({ totalBytes: totalmem() })
    expect(value).toMatchObject({ totalBytes: Number(total) })
    const usedBytes = 'usedBytes' in value ? value.usedBytes : Number.NaN
    expect(Math.abs(usedBytes - Number(used))).toBeLessThan(totalmem() / 20)
  })

  testBadAnswers(memory, 'darwin')
  testBadAnswers(memory, 'linux')
})
