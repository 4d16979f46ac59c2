import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { StudioloError } from '../../../../main/core/errors.ts'
import { moveTimes, rebase } from '../../../../main/hosts/recording/rebase.ts'
import {
  commandKey,
  createSequence,
  httpKey,
  parseRecording,
} from '../../../../main/hosts/recording/recording.ts'

/** The example of the format's description. */
const example = `{
  "format": "studiolo-recording/1",
  "host": { "name": "mac-studio", "platform": "darwin", "account": "ana", "recordedAt": "2026-11-20T09:00:00Z" },
  "commands": [
    { "argv": ["fdesetup", "status"], "stdout": "FileVault is On.\\n", "stderr": "", "exitCode": 0, "durationMs": 12 }
  ],
  "files": [ { "path": "~/.ssh/config", "text": "..." } ],
  "http": [ { "port": 11434, "method": "GET", "path": "/api/ps", "requestBody": "", "status": 200, "body": "{}" } ]
}`

describe('parseRecording', () => {
  test('reads the documented example', () => {
    expect(parseRecording(example)).toEqual(JSON.parse(example))
  })

  test('fills in what a hand-written recording leaves out', () => {
    const host = {
      name: 'x',
      platform: 'linux',
      account: 'ana',
      recordedAt: '2026-11-20T10:00:00+01:00',
    }
    const recording = parseRecording(
      JSON.stringify({
        format: 'studiolo-recording/1',
        host,
        commands: [{ argv: ['true'] }],
        http: [{ port: 1, path: '/', status: 0 }],
        later: 'fields are ignored',
      }),
    )
    expect(recording.commands).toEqual([
      { argv: ['true'], stdout: '', stderr: '', exitCode: 0, durationMs: 0 },
    ])
    expect(recording.http[0]).toMatchObject({ method: 'GET', requestBody: '', status: 0 })
    expect(recording.files).toEqual([])
  })

  test.each([
    ['nothing', ''],
    ['zeros', '\0'.repeat(2000)],
    ['half a file', example.slice(0, 200)],
    ['another format', example.replace('recording/1', 'recording/2')],
    ['no host', '{"format":"studiolo-recording/1"}'],
    ['null', 'null'],
    ['an array', '[]'],
    ['an empty command', example.replace('["fdesetup", "status"]', '[]')],
  ])('says what is wrong: %s', (_name, text) => {
    expect(() => parseRecording(text)).toThrow(StudioloError)
    expect(() => parseRecording(text)).toThrow(/^Not a recording of Studiolo: ./)
  })

  test('takes any text and throws nothing else', () => {
    const texts = fc.oneof(
      fc.string(),
      fc.json(),
      fc.nat(example.length).map((n) => example.slice(n)),
    )
    fc.assert(
      fc.property(texts, (text) => {
        try {
          parseRecording(text)
        } catch (error) {
          expect(error).toBeInstanceOf(StudioloError)
        }
      }),
    )
  })
})

describe('keys', () => {
  test('a command is found by its arguments and the base name of its program', () => {
    expect(commandKey(['/usr/bin/fdesetup', 'status'])).toBe(commandKey(['fdesetup', 'status']))
    expect(commandKey(['fdesetup', 'status'])).not.toBe(commandKey(['fdesetup']))
    expect(commandKey(['a', 'b c'])).not.toBe(commandKey(['a', 'b', 'c']))
  })

  test('a JSON body is the same whatever the order of its keys', () => {
    const asked = { port: 1, method: 'POST', path: '/x' }
    const key = httpKey({ ...asked, requestBody: '{"model":"a","keep_alive":0}' })
    expect(
      httpKey({ ...asked, method: 'post', requestBody: '{ "keep_alive": 0, "model": "a" }' }),
    ).toBe(key)
    expect(httpKey({ ...asked, requestBody: '{"model":"b","keep_alive":0}' })).not.toBe(key)
    expect(httpKey({ ...asked, requestBody: 'no JSON' })).not.toBe(key)
  })
})

describe('createSequence', () => {
  const entries = ['a1', 'b1', 'a2', 'a3']
  const keyOf = (entry: string) => entry.slice(0, 1)

  test('hands out one after the other, then stays with the last', () => {
    const sequence = createSequence(entries, keyOf)
    const seen = Array.from({ length: 5 }, () => sequence.next('a'))
    expect(seen).toEqual(['a1', 'a2', 'a3', 'a3', 'a3'])
    expect(sequence.next('b')).toBe('b1')
    expect(sequence.next('c')).toBeUndefined()
  })

  test('begins again where it is told to', () => {
    const sequence = createSequence(entries, keyOf, { isCycling: true })
    const seen = Array.from({ length: 5 }, () => sequence.next('a'))
    expect(seen).toEqual(['a1', 'a2', 'a3', 'a1', 'a2'])
    expect(sequence.next('b')).toBe('b1')
    expect(sequence.next('b')).toBe('b1')
  })
})

describe('rebase', () => {
  const dayMs = 24 * 3_600_000

  test.each([
    ['{"at":"2026-11-20T09:00:00Z"}', '{"at":"2026-11-21T09:00:00Z"}'],
    ['2026-12-31T23:30:00.123456789+01:00', '2027-01-01T23:30:00.123456789+01:00'],
    ['<date>2026-02-28T08:00:00Z</date>', '<date>2026-03-01T08:00:00Z</date>'],
    ['at 2026-11-20 08:45:12 +0000.', 'at 2026-11-21 08:45:12 +0000.'],
    ['/Volumes/Backup/2026-11-20-084512.backup', '/Volumes/Backup/2026-11-21-084512.backup'],
    [
      'com.apple.TimeMachine.2026-11-20-084512.local',
      'com.apple.TimeMachine.2026-11-21-084512.local',
    ],
  ])('moves %s', (before, after) => {
    expect(moveTimes(before, dayMs)).toBe(after)
  })

  test.each([
    '0001-01-01T00:00:00Z',
    '2319-03-05T12:00:00Z',
    '2026-13-45T99:00:00Z',
    '2026-99-99-999999',
    '1234-2026-11-20-084512',
    'version 2026-11-20',
    'uuid 2026-1120-0845-1212',
  ])('leaves %s', (text) => {
    expect(moveTimes(text, dayMs)).toBe(text)
  })

  test('takes any text', () => {
    fc.assert(
      fc.property(fc.string(), fc.integer(), (text, byMs) => {
        expect(typeof moveTimes(text, byMs)).toBe('string')
      }),
    )
  })

  test('keeps every age', () => {
    const recording = parseRecording(example)
    recording.commands.push({
      argv: ['tmutil', 'latestbackup'],
      stdout: '/Volumes/B/2026-11-20-084500.backup\n',
      stderr: '',
      exitCode: 0,
      durationMs: 1,
    })
    recording.http = [
      {
        port: 1,
        method: 'GET',
        path: '/',
        requestBody: '',
        status: 200,
        body: '"2026-11-20T09:05:00Z"',
      },
    ]
    const moved = rebase(recording, Date.parse('2027-01-03T17:20:00Z'))
    expect(moved.host.recordedAt).toBe('2027-01-03T17:20:00.000Z')
    expect(moved.commands[1]?.stdout).toBe('/Volumes/B/2027-01-03-170500.backup\n')
    expect(moved.http[0]?.body).toBe('"2027-01-03T17:25:00Z"')
    expect(recording.host.recordedAt).toBe('2026-11-20T09:00:00Z')
  })
})
