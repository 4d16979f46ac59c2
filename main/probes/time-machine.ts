import type { UnknownReason } from '../../preload/contract/readings.ts'
import { explain, linesOf, textOf } from './answer.ts'
import { isRecord, stringOf } from './json.ts'
import { parsePlist } from './plist.ts'
import type { Answer, Probe, Unparsed } from './probe.ts'

export interface BackupDestination {
  name: string
  /** `local`, `network` ... in lower case. */
  kind: string | null
  /** Null while it is not mounted. */
  mountPath: string | null
  /** The latest backup went there. */
  isLastUsed: boolean
}

export interface TimeMachineValue {
  destinations: BackupDestination[]
  isRunning: boolean | null
  /** `Copying`, `FindingChanges` ... as backupd calls it. */
  phase: string | null
  /** 0 to 1; null where there is no figure. */
  progressRatio: number | null
  lastBackupAt: string | null
  /** Why `lastBackupAt` is null: null = there is no backup to be seen, else it could not be asked. */
  lastBackupUnknown: { reason: UnknownReason; detail: string } | null
}

/**
 * Backups. tmutil exits with 0 for "No destinations configured", and needs Full Disk Access for the latest backup.
 * Percent sits at the top or inside Progress; `"-1"` means no figure. `> ====` stands above the destination used last.
 *
 *     > ==================================================
 *     Name          : TestBackup
 *     Kind          : Local
 *     Mount Point   : /Volumes/TestBackup
 *
 *     BackupPhase = Copying;
 *         Percent = "0.0004930557076571144";
 *     Running = 1;
 *
 *     /Volumes/.timemachine/F3E1.../2026-11-20-070000.backup/2026-11-20-070000.backup
 *
 * The stamp in a path is the Host's local time: `date +%z` tells its distance from UTC, and without that no age is known.
 */
export const timeMachine: Probe<'time-machine', TimeMachineValue> = {
  id: 'time-machine',
  columns: [
    { field: 'destinations', about: 'The disks that Time Machine backs up to' },
    { field: 'isRunning', about: 'Whether a backup is running' },
    { field: 'phase', about: 'What the running backup does' },
    { field: 'progressRatio', about: 'How far the running backup has come, from 0 to 1' },
    { field: 'lastBackupAt', about: 'When the latest backup was made' },
  ],
  everyMs: 300_000,
  timeoutMs: 20_000,
  questions: {
    darwin: [
      [
        ['tmutil', 'destinationinfo', '-X'],
        ['tmutil', 'destinationinfo'],
      ],
      [
        ['tmutil', 'status', '-X'],
        ['tmutil', 'status'],
      ],
      [['tmutil', 'latestbackup']],
      [['date', '+%z']],
    ],
  },
  isUsable(output, argv) {
    const text = textOf(output)
    if (argv[1] === 'destinationinfo') return destinationsOf(text) !== null
    if (argv[1] === 'status') return statusOf(text) !== null
    return output.exitCode === 0 && output.stdout.trim() !== ''
  },
  parse([info, status, latest, zone], { now }) {
    const destinations = destinationsOf(textOf(info))
    if (destinations === null) return explain(info, 'Name, Kind')
    const running = statusOf(textOf(status))
    return {
      destinations,
      isRunning: running?.isRunning ?? null,
      phase: running?.phase ?? null,
      progressRatio: running?.progressRatio ?? null,
      ...latestOf(latest, zone, now),
    }
  },
}

const noDestinations = /No destinations configured/i

function destinationsOf(text: string): BackupDestination[] | null {
  if (noDestinations.test(text)) return []
  return text.includes('<plist') ? destinationsInPlist(text) : destinationsInText(text)
}

function destinationsInPlist(text: string): BackupDestination[] | null {
  const plist = parsePlist(text)
  if (!isRecord(plist)) return null
  const list: unknown = plist.Destinations ?? []
  if (!Array.isArray(list)) return null
  return list.filter(isRecord).map((one) => ({
    name: stringOf(one.Name) ?? '',
    kind: stringOf(one.Kind)?.toLowerCase() ?? null,
    mountPath: stringOf(one.MountPoint),
    isLastUsed: one.LastDestination === 1 || one.LastDestination === true,
  }))
}

function destinationsInText(text: string): BackupDestination[] | null {
  const destinations: BackupDestination[] = []
  let isLastUsed = false
  for (const line of linesOf(text)) {
    if (/^(> ?)?={10,}/.test(line)) {
      isLastUsed = line.startsWith('>')
      continue
    }
    const [, label, value = ''] = /^([A-Z][A-Za-z ]{0,30}?)\s*:\s(.*)$/.exec(line) ?? []
    if (label === 'Name') {
      destinations.push({ name: value.trim(), kind: null, mountPath: null, isLastUsed })
    }
    const current = destinations.at(-1)
    if (current === undefined) continue
    if (label === 'Kind') current.kind = value.trim().toLowerCase() || null
    if (label === 'Mount Point') current.mountPath = value.trim() || null
  }
  return destinations.length === 0 ? null : destinations
}

type BackupStatus = Pick<TimeMachineValue, 'phase' | 'progressRatio'> & { isRunning: boolean }

function statusOf(text: string): BackupStatus | null {
  const fields = text.includes('<plist') ? statusFields(parsePlist(text)) : statusLines(text)
  if (fields === null) return null
  const { running, phase, percent } = fields
  if (running === null) return null
  const share = percent === null ? Number.NaN : Number(percent)
  return {
    isRunning: running,
    phase: running ? phase : null,
    progressRatio: running && share >= 0 ? Math.min(1, share) : null,
  }
}

interface StatusFields {
  running: boolean | null
  phase: string | null
  percent: string | number | null
}

function statusFields(plist: unknown): StatusFields | null {
  if (!isRecord(plist)) return null
  const progress = isRecord(plist.Progress) ? plist.Progress : {}
  const percent = progress.Percent ?? plist.Percent
  const { Running: running } = plist
  return {
    running: typeof running === 'boolean' || typeof running === 'number' ? Boolean(running) : null,
    phase: stringOf(plist.BackupPhase),
    percent: typeof percent === 'number' || typeof percent === 'string' ? percent : null,
  }
}

function statusLines(text: string): StatusFields {
  const textAfter = (label: string) =>
    new RegExp(`^[ \\t]{0,40}${label} = "?([^";\\n]{1,100})"?;`, 'm').exec(text)?.[1] ?? null
  const running = textAfter('Running')
  return {
    running: running === '1' ? true : running === '0' ? false : null,
    phase: textAfter('BackupPhase'),
    percent: textAfter('Percent'),
  }
}

/** The clock may have changed between summer and winter time since, so that a stamp can seem to lie ahead by so much. */
export const mostAheadMs = 3_600_000

type Latest = Pick<TimeMachineValue, 'lastBackupAt' | 'lastBackupUnknown'>

function latestOf(latest: Answer | undefined, zone: Answer | undefined, now: number): Latest {
  const stamp = /(\d{4})-(\d\d)-(\d\d)-(\d\d)(\d\d)(\d\d)(?:\.backup)?\s*$/m.exec(
    latest?.stdout ?? '',
  )
  if (stamp !== null) {
    const [, year, month, day, hour, minute, second] = stamp
    const local = Date.parse(`${year}-${month}-${day}T${hour}:${minute}:${second}Z`)
    if (!Number.isNaN(local)) {
      const offset = offsetMs(zone)
      if (offset === null) return withoutDate(explain(zone, '+hhmm'))
      const time = local - offset
      const isAhead = time > now && time - now <= mostAheadMs
      return { lastBackupAt: new Date(isAhead ? now : time).toISOString(), lastBackupUnknown: null }
    }
  }
  const text = textOf(latest)
  const hasNone =
    noDestinations.test(text) || /No machine directory found|no backups? found/i.test(text)
  if (hasNone) return { lastBackupAt: null, lastBackupUnknown: null }
  return withoutDate(explain(latest, 'a path that ends in a date'))
}

function withoutDate({ reason, detail }: Unparsed): Latest {
  return { lastBackupAt: null, lastBackupUnknown: { reason, detail } }
}

/** `+0530` → 19,800,000 */
function offsetMs(zone: Answer | undefined): number | null {
  const [, sign, hours, minutes] = /^([+-])(\d\d)(\d\d)\s*$/.exec(zone?.stdout ?? '') ?? []
  if (hours === undefined || minutes === undefined) return null
  const size = (Number(hours) * 60 + Number(minutes)) * 60_000
  return sign === '-' ? -size : size
}
