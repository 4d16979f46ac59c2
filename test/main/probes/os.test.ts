import { describe, expect, test } from 'vitest'
import { os } from '../../../main/probes/os.ts'
import { fixture, parse, testBadAnswers, without } from '../../support/probe-answers.ts'

const swVers = fixture('os', 'macos26-any-sw-vers.txt')
const release = fixture('os', 'debian12-x86-os-release.txt')

describe('os', () => {
  test('reads macOS', () => {
    expect(parse(os, 'darwin', swVers)).toEqual({
      name: 'macOS',
      version: '26.5.1',
      build: '25F80',
    })
  })

  test('a rapid security response belongs to the version', () => {
    const text = fixture('os', 'synthetic/macos13-any-extra.txt')
    expect(parse(os, 'darwin', text)).toMatchObject({ version: '13.4.1 (a)' })
  })

  test.each(['ProductName', 'ProductVersion'])('names the missing line: %s', (label) => {
    expect(parse(os, 'darwin', without(swVers, label))).toMatchObject({
      reason: 'unrecognised',
      detail: expect.stringContaining(`"${label}"`),
    })
  })

  test('a missing build is null', () => {
    expect(parse(os, 'darwin', without(swVers, 'BuildVersion'))).toMatchObject({ build: null })
  })

  test('reads Linux, with or without quotes', () => {
    expect(parse(os, 'linux', release, '6.18.44\n')).toEqual({
      name: 'Debian GNU/Linux',
      version: '12',
      build: '6.18.44',
    })
    expect(parse(os, 'linux', 'NAME=Fedora\nVERSION_ID=43\n', '')).toEqual({
      name: 'Fedora',
      version: '43',
      build: null,
    })
  })

  testBadAnswers(os, 'darwin')
  testBadAnswers(os, 'linux')
})
