import { execFileSync } from 'node:child_process'
import { statfsSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { disk } from '../../../main/probes/disk.ts'
import { fixture, parse, testBadAnswers, without } from '../../support/probe-answers.ts'

const mac = fixture('disk', 'synthetic/macos26-any-many.txt')

function paths(value: ReturnType<typeof parse<ReturnType<typeof disk.parse>>>): string[] {
  return 'volumes' in value ? value.volumes.map(({ mountPath }) => mountPath) : []
}

describe('disk', () => {
  test('reads KiB', () => {
    expect(parse(disk, 'darwin', fixture('disk', 'macos26-any-root-only.txt'))).toEqual({
      volumes: [
        {
          mountPath: '/',
          totalBytes: 994_662_584_320,
          freeBytes: 363_224_858_624,
          device: '/dev/disk3s5',
          isSystem: false,
        },
      ],
    })
  })

  test('lists the volumes on disks, with blanks in their names', () => {
    expect(paths(parse(disk, 'darwin', mac))).toEqual([
      '/',
      '/System/Volumes/VM',
      '/System/Volumes/Data',
      '/Volumes/Studiolo 0.1.0',
      '/Volumes/Model Shelf',
      '/Volumes/.timemachine/F3E1C0A4/2026-11-20-080000.backup',
      '/Volumes/Shared Models',
    ])
  })

  test('tells volumes of the system from those that a person uses', () => {
    const value = parse(disk, 'darwin', mac)
    const system = 'volumes' in value ? value.volumes.filter(({ isSystem }) => isSystem) : []
    expect(system.map(({ mountPath }) => mountPath)).toEqual([
      '/System/Volumes/VM',
      '/Volumes/.timemachine/F3E1C0A4/2026-11-20-080000.backup',
    ])
  })

  test('does not take other units for KiB', () => {
    expect(parse(disk, 'darwin', fixture('disk', 'macos15-mini-human.txt'))).toMatchObject({
      reason: 'unrecognised',
      detail: expect.stringContaining('"Filesystem 1024-blocks"'),
    })
  })

  test('names the missing heading', () => {
    expect(parse(disk, 'darwin', without(mac, 'Filesystem'))).toMatchObject({
      reason: 'unrecognised',
    })
  })

  test('a table without a disk is not an empty list', () => {
    expect(parse(disk, 'darwin', without(mac, '/'))).toMatchObject({ reason: 'unrecognised' })
  })

  test('on Linux a device counts once, and a snap never', () => {
    const text = fixture('disk', 'synthetic/linux-any-many.txt')
    expect(paths(parse(disk, 'linux', text))).toEqual([
      '/',
      '/boot/efi',
      '/tank/models',
      '/mnt/archive',
    ])
    expect(paths(parse(disk, 'linux', fixture('disk', 'debian12-x86-root.txt')))).toEqual(['/'])
  })

  test.runIf(process.platform === 'linux')('agrees with statfs on this machine', () => {
    const text = execFileSync('df', ['-kP'], {
      encoding: 'utf8',
      env: { ...process.env, LC_ALL: 'C' },
    })
    const value = parse(disk, 'linux', text)
    const root =
      'volumes' in value ? value.volumes.find(({ mountPath }) => mountPath === '/') : undefined
    const { blocks, bavail, bsize } = statfsSync('/')
    expect(root?.totalBytes).toBe(blocks * bsize)
    expect(Math.abs((root?.freeBytes ?? 0) - bavail * bsize)).toBeLessThan(1e9)
  })

  test('an exit status of 1 beside a whole table is usable', () => {
    const output = {
      stdout: mac,
      stderr: 'df: /x: Permission denied\n',
      exitCode: 1,
      durationMs: 1,
    }
    expect(disk.isUsable?.(output, ['df', '-kP'])).toBe(true)
  })

  testBadAnswers(disk, 'darwin')
  testBadAnswers(disk, 'linux')
})
