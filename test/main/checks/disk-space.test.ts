import { describe, expect, test } from 'vitest'
import type { Volume } from '../../../main/probes/disk.ts'
import { judge, unknown, value } from '../../support/check-readings.ts'
import { now } from '../../support/probe-answers.ts'

const noBackups = unknown('not-permitted')

function volume(
  mountPath: string,
  totalBytes: number,
  freeBytes: number,
  isSystem = false,
): Volume {
  return { mountPath, totalBytes, freeBytes, device: '/dev/disk3s1', isSystem }
}

function judgeVolumes(...volumes: Volume[]) {
  return judge('disk-space', { disk: value('disk', { volumes }), 'time-machine': noBackups })
}

describe('disk-space', () => {
  test.each([
    [400e9, 'pass'],
    [150e9, 'pass'],
    [149e9, 'attention'],
    [50e9, 'attention'],
    [49e9, 'fail'],
    [0, 'fail'],
  ])('%d of 1000 GB free is %s', (freeBytes, state) => {
    expect(judgeVolumes(volume('/', 1e12, freeBytes))).toMatchObject({
      state,
      title: { params: { freeBytes, totalBytes: 1e12 } },
    })
  })

  test('the fullest disk counts', () => {
    const result = judgeVolumes(volume('/', 1e12, 4e11), volume('/Volumes/Models', 4e12, 3e11))
    expect(result).toMatchObject({
      state: 'attention',
      reason: { key: 'check.disk-space.reason.low-volume', params: { name: 'Models' } },
    })
  })

  test('volumes of the system, disk images and sticks do not count', () => {
    const result = judgeVolumes(
      volume('/', 1e12, 2e11),
      volume('/System/Volumes/Data', 1e12, 2e11),
      volume('/System/Volumes/xarts', 5e8, 0, true),
      volume('/Volumes/Studiolo 0.1.0', 2e8, 0),
    )
    expect(result).toMatchObject({
      state: 'pass',
      reason: { key: 'check.disk-space.reason.enough' },
    })
  })

  test('a backup disk is meant to fill up', () => {
    const disk = value('disk', {
      volumes: [volume('/', 1e12, 4e11), volume('/Volumes/Desk', 8e12, 1e10)],
    })
    const destinations = [
      { name: 'Desk', kind: 'local', mountPath: '/Volumes/Desk', isLastUsed: true },
    ]
    const backups = value('time-machine', {
      destinations,
      isRunning: false,
      phase: null,
      progressRatio: null,
      lastBackupAt: null,
      lastBackupUnknown: null,
    })
    expect(judge('disk-space', { disk, 'time-machine': backups })).toMatchObject({ state: 'pass' })
    expect(judge('disk-space', { disk, 'time-machine': noBackups })).toMatchObject({
      state: 'fail',
    })
  })

  test('without a volume that could fill up it is unknown', () => {
    expect(judgeVolumes(volume('/System/Volumes/VM', 1e12, 4e11, true))).toMatchObject({
      state: 'unknown',
    })
  })

  test('is asked on Linux as well, where no settings can be opened', () => {
    const disk = value('disk', { volumes: [volume('/', 1e12, 1e10)] })
    const context = { platform: 'linux', now, isHere: true } as const
    expect(
      judge('disk-space', { disk, 'time-machine': unknown('not-supported') }, context),
    ).toMatchObject({
      state: 'fail',
      remedy: { kind: 'do' },
    })
  })
})
