import { describe, expect, test } from 'vitest'
import { gpuLimit } from '../../../main/probes/gpu-limit.ts'
import { answer, fixture, parse, testBadAnswers } from '../../support/probe-answers.ts'

const unset = '0\n'
const log = fixture('gpu-limit', 'macos-m4-32gb-log.txt')
const thirtyTwoGiB = '34359738368\n'
const none = answer('', { exitCode: 1 })

describe('gpu-limit', () => {
  test('a limit that somebody set counts in MiB, and before all else', () => {
    const text = fixture('gpu-limit', 'macos26-any-128gb-set.txt')
    expect(parse(gpuLimit, 'darwin', text, '115448725504\n', log, '137438953472\n')).toEqual({
      limitBytes: 123_731_968_000,
      isDefault: false,
      source: 'sysctl',
    })
  })

  test('0 means the default, which Metal knows', () => {
    const text = fixture('gpu-limit', 'macos26-m2-32gb-default.txt')
    expect(parse(gpuLimit, 'darwin', text, '26800603136\n', log, thirtyTwoGiB)).toEqual({
      limitBytes: 26_800_603_136,
      isDefault: true,
      source: 'metal',
    })
  })

  test('without Metal a runtime has logged it, in units of 10^6 bytes', () => {
    expect(parse(gpuLimit, 'darwin', unset, 'undefined\n', log, thirtyTwoGiB)).toEqual({
      limitBytes: 26_800_600_000,
      isDefault: true,
      source: 'runtime-log',
    })
  })

  test('without either it is estimated as three quarters, and says so', () => {
    expect(parse(gpuLimit, 'darwin', unset, none, none, thirtyTwoGiB)).toEqual({
      limitBytes: 25_769_803_776,
      isDefault: true,
      source: 'estimate',
    })
  })

  test.each(['68719476736\n', '1048576\n', '0\n', 'null\n'])(
    'does not believe Metal with %j of 32 GiB',
    (metal) => {
      expect(parse(gpuLimit, 'darwin', unset, metal, none, thirtyTwoGiB)).toMatchObject({
        source: 'estimate',
      })
    },
  )

  test('a log of another machine is not believed', () => {
    expect(parse(gpuLimit, 'darwin', unset, none, log, '17179869184\n')).toMatchObject({
      source: 'estimate',
      limitBytes: 12_884_901_888,
    })
  })

  test('a Mac without unified memory has no such limit', () => {
    const stderr = "sysctl: unknown oid 'iogpu.wired_limit_mb'\n"
    const unknown = answer('', { stderr, exitCode: 1 })
    expect(parse(gpuLimit, 'darwin', unknown, none, none, thirtyTwoGiB)).toMatchObject({
      reason: 'not-supported',
    })
  })

  test('nothing is estimated without the installed memory', () => {
    expect(parse(gpuLimit, 'darwin', unset, none, none, none)).toMatchObject({
      reason: 'unrecognised',
      detail: expect.stringContaining('hw.memsize'),
    })
  })

  testBadAnswers(gpuLimit, 'darwin')
})
