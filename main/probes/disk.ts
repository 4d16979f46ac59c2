import { explain, linesOf, wholeNumber } from './answer.ts'
import type { Probe } from './probe.ts'

export interface Volume {
  mountPath: string
  totalBytes: number
  freeBytes: number
  device: string
  /**
   * Nothing that a person keeps files on: the system's own volumes beside the data volume, snapshots, disk images of
   * simulators. An APFS container shows the same free space on each of its volumes.
   */
  isSystem: boolean
}

export interface DiskValue {
  volumes: Volume[]
}

/** File systems that hold no files on a disk. */
const noDisk =
  /^(devfs|tmpfs|devtmpfs|udev|none|shm|proc|sysfs|cgroup2?|efivarfs|squashfs|map |\/dev\/loop)/
/** Helper file systems show sizes like these. */
const smallestBytes = 2 ** 26

const system = [
  /^\/System\/Volumes\/(?!Data$)/,
  /^\/Volumes\/(\.timemachine|com\.apple\.TimeMachine)/,
  /^\/Library\/Developer\/CoreSimulator\//,
  /^\/private\/var\/(run|vm)\//,
  /^\/(boot|run|snap|etc)(\/|$)/,
]

/**
 * Free space of the volumes that lie on disks. Names of devices and of mount points can hold blanks.
 *
 *     Filesystem   1024-blocks      Used Available Capacity  Mounted on
 *     /dev/disk3s5   971350180 610638404 354711776      64%    /
 *     map auto_home          0         0         0     100%    /System/Volumes/Data/home
 */
export const disk: Probe<'disk', DiskValue> = {
  id: 'disk',
  columns: [
    { field: 'volumes', about: 'The volumes on disks, with total and free space in bytes' },
  ],
  everyMs: 60_000,
  gauge: 'focus',
  questions: {
    darwin: [[['df', '-kP']]],
    linux: [[['df', '-kP']]],
  },
  // Exit status 1 when one of many volumes cannot be read.
  isUsable: ({ stdout }) => /^Filesystem\s.*Mounted on/m.test(stdout),
  parse([answer], { platform }) {
    const lines = linesOf(answer?.stdout)
    const headerAt = lines.findIndex((line) => /^Filesystem\s+1024-blocks\s/.test(line))
    if (headerAt < 0) return explain(answer, 'Filesystem 1024-blocks')
    const volumes = lines.slice(headerAt + 1).flatMap((line) => volumeOf(line) ?? [])
    const shown = platform === 'linux' ? oncePerDevice(volumes) : volumes
    return shown.length === 0 ? explain(answer, 'a volume on a disk') : { volumes: shown }
  },
}

function volumeOf(line: string): Volume | null {
  const row = /\s(\d+)\s+-?\d+\s+(-?\d+)\s+(?:\d+%|-)\s+(\/.*)$/.exec(line)
  const [, total, available, mountPath] = row ?? []
  const device = line.slice(0, row?.index).trim()
  const totalKibibytes = wholeNumber(total)
  if (device === '' || mountPath === undefined || !totalKibibytes) return null
  if (noDisk.test(device) || totalKibibytes * 1024 < smallestBytes) return null
  return {
    mountPath,
    totalBytes: totalKibibytes * 1024,
    // A reserve that only root may use makes this negative on a full disk.
    freeBytes: (wholeNumber(available) ?? 0) * 1024,
    device,
    isSystem: system.some((path) => path.test(mountPath)),
  }
}

/** A container sees one device under many paths, each a part of it: the shortest path stands for all. */
function oncePerDevice(volumes: readonly Volume[]): Volume[] {
  return volumes.filter(
    (volume) =>
      !volumes.some(
        (other) =>
          other.device === volume.device && other.mountPath.length < volume.mountPath.length,
      ),
  )
}
