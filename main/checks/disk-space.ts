import type { Volume } from '../probes/disk.ts'
import type { Check } from './check.ts'
import { doIt, inSettings, judgement, panes, withoutReading } from './judgement.ts'

const lowRatio = 0.15
const fullRatio = 0.05
const dataPath = '/System/Volumes/Data'
/** Smaller volumes beside the startup disk are disk images and sticks. */
const smallestBytes = 50e9

/** A full startup disk stops downloads, swap files and updates, and can keep macOS from starting. */
export const diskSpace: Check<'disk' | 'time-machine'> = {
  id: 'disk-space',
  area: 'capacity',
  needs: ['disk', 'time-machine'],
  judge({ disk, 'time-machine': backups }, context) {
    if (disk.kind === 'unknown') return withoutReading('disk-space', disk, context)
    // A backup disk is meant to fill up. Where it is not known which those are, none is left out.
    const destinations = backups.kind === 'value' ? backups.value.destinations : []
    const backupPaths = new Set(destinations.map(({ mountPath }) => mountPath))
    const fullest = judged(disk.value.volumes)
      .filter(({ mountPath }) => !backupPaths.has(mountPath))
      .toSorted((one, other) => ratioOf(one) - ratioOf(other))[0]
    if (fullest === undefined) {
      const detail = 'df lists no volume that could fill up'
      return withoutReading('disk-space', { reason: 'unrecognised', detail }, context)
    }
    const { mountPath, freeBytes, totalBytes } = fullest
    const isStartup = mountPath === '/' || mountPath === dataPath
    const name = mountPath.replace(/^\/Volumes\//, '')
    const params = isStartup ? { freeBytes, totalBytes } : { freeBytes, totalBytes, name }
    const ratio = ratioOf(fullest)
    if (ratio >= lowRatio) {
      return judgement('disk-space', 'pass', isStartup ? 'enough' : 'enough-volume', { params })
    }
    const remedy =
      context.platform === 'darwin'
        ? inSettings('disk-space', panes.storage, context)
        : doIt('disk-space-linux', context)
    return ratio >= fullRatio
      ? judgement('disk-space', 'attention', isStartup ? 'low' : 'low-volume', { params, remedy })
      : judgement('disk-space', 'fail', isStartup ? 'full' : 'full-volume', { params, remedy })
  },
}

function ratioOf({ freeBytes, totalBytes }: Volume): number {
  return freeBytes / totalBytes
}

function judged(volumes: readonly Volume[]): Volume[] {
  const hasData = volumes.some(({ mountPath }) => mountPath === dataPath)
  return volumes.filter(({ mountPath, isSystem, totalBytes }) => {
    if (isSystem) return false
    // The sealed system volume lies in the same container as the data volume.
    if (mountPath === '/') return !hasData
    return mountPath === dataPath || totalBytes >= smallestBytes
  })
}
