import { describe, expect, test } from 'vitest'
import { timeMachine } from '../../../main/probes/time-machine.ts'
import {
  answer,
  fixture,
  now,
  parse,
  testBadAnswers,
  without,
} from '../../support/probe-answers.ts'

const destination = fixture('time-machine', 'macos26-any-local-mounted.plist')
const idle = fixture('time-machine', 'macos26-any-idle.plist')
const apfs = fixture('time-machine', 'synthetic/macos26-any-latest-apfs.txt')
const copying = fixture('time-machine', 'macos13-any-copying.txt')

describe('time-machine: destinations', () => {
  test('reads the property list', () => {
    expect(parse(timeMachine, 'darwin', destination, idle, apfs, '+0100\n')).toEqual({
      destinations: [
        {
          name: "Owner's Time Machine",
          kind: 'local',
          mountPath: "/Volumes/Owner's Time Machine",
          isLastUsed: true,
        },
      ],
      isRunning: false,
      phase: null,
      progressRatio: null,
      lastBackupAt: '2026-11-20T07:00:00.000Z',
      lastBackupUnknown: null,
    })
  })

  test.each([
    ['macos14-any-local-mounted.txt', 'TestBackup', 'local', '/Volumes/TestBackup'],
    ['macos15-any-local-away.txt', 'Time Machine', 'local', null],
    ['macos11-any-network.txt', 'NAS_TimeMachine', 'network', null],
  ])('reads %s', (name, diskName, kind, mountPath) => {
    const text = fixture('time-machine', name)
    expect(parse(timeMachine, 'darwin', text, idle, apfs)).toMatchObject({
      destinations: [{ name: diskName, kind, mountPath, isLastUsed: false }],
    })
  })

  test('reads two, and which one was used last', () => {
    const two = fixture('time-machine', 'macos14-any-two.txt')
    expect(parse(timeMachine, 'darwin', two, idle, apfs)).toMatchObject({
      destinations: [
        {
          name: 'Time Machine Backups',
          kind: 'network',
          mountPath: '/Volumes/Time Machine Backups',
        },
        { name: 'Other Backup', kind: 'local', mountPath: '/Volumes/Other' },
      ],
    })
    const marked = fixture('time-machine', 'synthetic/macos26-any-last-used.txt')
    expect(parse(timeMachine, 'darwin', marked, idle, apfs)).toMatchObject({
      destinations: [
        { name: 'Shelf', isLastUsed: false },
        { name: 'Desk', isLastUsed: true },
      ],
    })
  })

  test('none is an answer, with exit status 0', () => {
    const none = answer(fixture('time-machine', 'macos26-any-none.txt'))
    expect(timeMachine.isUsable?.(none, ['tmutil', 'destinationinfo', '-X'])).toBe(true)
    expect(parse(timeMachine, 'darwin', none, idle, none)).toEqual({
      destinations: [],
      isRunning: false,
      phase: null,
      progressRatio: null,
      lastBackupAt: null,
      lastBackupUnknown: null,
    })
  })

  test.each([
    destination.slice(0, 400),
    without(fixture('time-machine', 'macos14-any-local-mounted.txt'), 'Name'),
    '<plist version="1.0"><string>no</string></plist>',
  ])('%j is no answer', (text) => {
    expect(timeMachine.isUsable?.(answer(text), ['tmutil', 'destinationinfo', '-X'])).toBe(false)
    expect(parse(timeMachine, 'darwin', text, idle, apfs)).toMatchObject({ reason: 'unrecognised' })
  })
})

describe('time-machine: the running backup', () => {
  test.each([
    ['macos13-any-copying.txt', 'Copying', 0.0004930557076571144],
    ['macos13-any-finding-changes.txt', 'FindingChanges', null],
    ['macos13-any-finding-volume.txt', 'FindingBackupVol', null],
    ['macos13-any-thinning.txt', 'ThinningPostBackup', null],
  ])('%s is %s', (name, phase, progressRatio) => {
    const text = fixture('time-machine', name)
    expect(parse(timeMachine, 'darwin', destination, text, apfs)).toMatchObject({
      isRunning: true,
      phase,
      progressRatio,
    })
  })

  test('idle has no progress: "-1" is no figure', () => {
    const text = fixture('time-machine', 'macos12-any-idle.txt')
    expect(parse(timeMachine, 'darwin', destination, text, apfs)).toMatchObject({
      isRunning: false,
      phase: null,
      progressRatio: null,
    })
  })

  test('a share may be written in scientific notation', () => {
    const text = copying.replaceAll('"0.0004930557076571144"', '"4.93e-05"')
    expect(parse(timeMachine, 'darwin', destination, text, apfs)).toMatchObject({
      progressRatio: 0.0000493,
    })
  })

  test('reads Percent inside Progress of a property list', () => {
    const text =
      '<plist version="1.0"><dict><key>Running</key><true/><key>BackupPhase</key><string>Copying</string>' +
      '<key>Progress</key><dict><key>Percent</key><real>0.5</real></dict></dict></plist>'
    expect(parse(timeMachine, 'darwin', destination, text, apfs)).toMatchObject({
      isRunning: true,
      phase: 'Copying',
      progressRatio: 0.5,
    })
  })

  test('without the line Running it is not known', () => {
    expect(
      parse(timeMachine, 'darwin', destination, without(copying, 'Running'), apfs),
    ).toMatchObject({
      isRunning: null,
      progressRatio: null,
    })
  })
})

describe('time-machine: the latest backup', () => {
  const latest = (text: string | ReturnType<typeof answer>, zone = '+0000\n') =>
    parse(timeMachine, 'darwin', destination, idle, text, zone)

  test.each([
    ['+0000\n', '2026-11-20T08:00:00.000Z'],
    ['+0530\n', '2026-11-20T02:30:00.000Z'],
    ['-0800\n', '2026-11-20T16:00:00.000Z'],
  ])('the stamp is local time: %j', (zone, lastBackupAt) => {
    expect(latest(apfs, zone)).toMatchObject({ lastBackupAt })
  })

  test('without the zone its age is not known', () => {
    expect(latest(apfs, '')).toMatchObject({
      lastBackupAt: null,
      lastBackupUnknown: { reason: 'unrecognised', detail: expect.stringContaining('+hhmm') },
    })
    const failure = { kind: 'unknown', reason: 'timed-out', detail: 'too long' } as const
    expect(
      parse(timeMachine, 'darwin', destination, idle, apfs, answer('', { failure })),
    ).toMatchObject({ lastBackupAt: null, lastBackupUnknown: { reason: 'timed-out' } })
  })

  test('reads the layout of HFS+', () => {
    const text = fixture('time-machine', 'macos10.14-any-latest-hfs.txt')
    expect(latest(text)).toMatchObject({ lastBackupAt: '2019-07-29T10:02:31.000Z' })
  })

  test('is never ahead by the hour of summer time', () => {
    const text = apfs.replaceAll('080000', '093000')
    expect(latest(text)).toMatchObject({ lastBackupAt: new Date(now).toISOString() })
  })

  test('needs Full Disk Access, and says so', () => {
    const stderr = fixture('time-machine', 'macos26-any-latest-needs-access.txt')
    expect(latest(answer('', { stderr, exitCode: 80 }))).toMatchObject({
      destinations: { length: 1 },
      lastBackupAt: null,
      lastBackupUnknown: { reason: 'needs-full-disk-access' },
    })
  })

  test('there may be none to be seen', () => {
    const stderr = fixture('time-machine', 'macos11-any-no-backups.txt')
    expect(latest(answer('', { stderr, exitCode: 1 }))).toMatchObject({
      lastBackupAt: null,
      lastBackupUnknown: null,
    })
  })

  test.each(['Failed to mount destination.\n', '', '/Volumes/Backup/2026-99-99-999999\n'])(
    '%j is not known',
    (text) => {
      expect(latest(text)).toMatchObject({
        lastBackupAt: null,
        lastBackupUnknown: { reason: 'unrecognised' },
      })
    },
  )

  test('a command that took too long is said to have timed out', () => {
    const failure = { kind: 'unknown', reason: 'timed-out', detail: 'too long' } as const
    expect(latest(answer('', { failure }))).toMatchObject({
      lastBackupUnknown: { reason: 'timed-out' },
    })
  })

  testBadAnswers(timeMachine, 'darwin')
})
