import { describe, expect, test } from 'vitest'
import { memoryPressure } from '../../../main/probes/memory-pressure.ts'
import { answer, fixture, parse, testBadAnswers, without } from '../../support/probe-answers.ts'

const linux = fixture('memory-pressure', 'debian12-x86-normal.txt')

describe('memory-pressure', () => {
  test('reads the level with its name before it', () => {
    const text = fixture('memory-pressure', 'macos26-any-normal.txt')
    expect(parse(memoryPressure, 'darwin', text)).toEqual({ level: 'normal' })
  })

  // <sys/kern_memorystatus.h>: normal 1, warning 2, critical 4.
  test.each([
    ['1\n', 'normal'],
    ['2\n', 'warning'],
    ['4\n', 'critical'],
  ])('%j is %s', (text, level) => {
    expect(parse(memoryPressure, 'darwin', text)).toEqual({ level })
  })

  test.each(['0\n', '3\n', '8\n', '1 2\n'])('does not know the level %j', (text) => {
    expect(parse(memoryPressure, 'darwin', text)).toMatchObject({ reason: 'unrecognised' })
  })

  test.each([
    ['debian12-x86-normal.txt', 'normal'],
    ['synthetic/linux-any-warning.txt', 'warning'],
    ['synthetic/linux-any-critical.txt', 'critical'],
  ])('%s is %s', (name, level) => {
    expect(parse(memoryPressure, 'linux', fixture('memory-pressure', name))).toEqual({ level })
  })

  test('all programs waiting a tenth of the time is critical, whatever some do', () => {
    const text = 'some avg10=12.00 avg60=1.00\nfull avg10=10.00 avg60=1.00\n'
    expect(parse(memoryPressure, 'linux', text)).toEqual({ level: 'critical' })
  })

  test.each(['some', 'full'])('names the missing line on Linux: %s', (kind) => {
    expect(parse(memoryPressure, 'linux', without(linux, kind))).toMatchObject({
      reason: 'unrecognised',
      detail: expect.stringContaining(`"${kind} avg10"`),
    })
  })

  test('is not supported by a kernel without pressure figures', () => {
    const stderr = 'cat: /proc/pressure/memory: No such file or directory\n'
    expect(parse(memoryPressure, 'linux', answer('', { stderr, exitCode: 1 }))).toMatchObject({
      reason: 'not-supported',
    })
  })

  testBadAnswers(memoryPressure, 'darwin')
  testBadAnswers(memoryPressure, 'linux')
})
