import type { Message } from '../../../preload/contract/base.ts'
import type { ProbeId, ProbeValue } from '../../probes/index.ts'
import { isProbeId } from '../../probes/index.ts'

/** A name that a machine told, or words of ours. */
type Part = string | Message | false | null

type Describe<Value> = (value: Value) => readonly Part[]

/** How many names of a list are said before it is cut. */
const namesShown = 5

function words(key: string, params: NonNullable<Message['params']> = {}): Message {
  return { key: `cli.value.${key}`, params }
}

function onOff(isOn: boolean): Message {
  return words(isOn ? 'on' : 'off')
}

/** The value of each probe for people, in parts. */
const describers: { readonly [Id in ProbeId]: Describe<ProbeValue<Id>> } = {
  memory: ({ usedBytes, totalBytes, compressedBytes }) => [
    words('used-of', { usedBytes, totalBytes }),
    compressedBytes !== null && words('compressed', { compressedBytes }),
  ],
  'memory-pressure': ({ level }) => [words(`pressure-${level}`)],
  swap: ({ usedBytes, totalBytes }) => [words('used-of', { usedBytes, totalBytes })],
  gpu: ({ deviceUtilisationRatio, inUseBytes, modelName }) => [
    deviceUtilisationRatio !== null && words('busy', { busyRatio: deviceUtilisationRatio }),
    inUseBytes !== null && words('in-use', { usedBytes: inUseBytes }),
    modelName,
  ],
  'gpu-limit': ({ limitBytes, source }) => [
    words('bytes', { sizeBytes: limitBytes }),
    source === 'estimate' && words('estimate'),
  ],
  cpu: ({ loadRatio }) => [words('busy', { busyRatio: loadRatio })],
  processes: ({ items }) =>
    items
      .slice(0, namesShown)
      .map(({ name, footprintBytes }) => words('process', { name, footprintBytes })),
  disk: ({ volumes }) =>
    volumes
      .filter(({ isSystem }) => !isSystem)
      .map(({ mountPath, freeBytes, totalBytes }) =>
        words('volume', { mountPath, freeBytes, totalBytes }),
      ),
  hardware: ({ modelName, chipName, memoryBytes, coreCount }) => [
    modelName,
    chipName,
    memoryBytes !== null && words('bytes', { sizeBytes: memoryBytes }),
    coreCount !== null && words('cores', { count: coreCount }),
  ],
  os: ({ name, version, build }) => [
    [name, version, build === null ? null : `(${build})`].filter((part) => part !== null).join(' '),
  ],
  tailnet: ({ state, self, peers }) => [
    words(`tailnet-${state}`),
    self?.name ?? null,
    self?.isKeyExpired === true && words('key-expired'),
    words('peers-online', { count: peers.filter(({ isOnline }) => isOnline).length }),
  ],
  filevault: ({ state, progressRatio }) => [
    words(`filevault-${state}`),
    progressRatio !== null && words('done', { doneRatio: progressRatio }),
  ],
  'time-machine': ({ destinations, isRunning, progressRatio, lastBackupAt, lastBackupUnknown }) => [
    destinations.length === 0 && words('no-destination'),
    lastBackupAt !== null && words('last-backup', { lastBackupAt }),
    lastBackupUnknown !== null && words('last-backup-unknown'),
    isRunning === true && words('backup-runs'),
    progressRatio !== null && words('done', { doneRatio: progressRatio }),
    ...destinations.map(({ name }) => name),
  ],
  updates: ({ items }) => [
    words('updates', { count: items.length }),
    ...items
      .slice(0, namesShown)
      .map(({ title, version }) =>
        version === null || title.includes(version) ? title : `${title} ${version}`,
      ),
  ],
  firewall: ({ state }) => [state === 'blocking-all' ? words('blocking-all') : words(state)],
  'firewall-stealth': ({ isOn }) => [onOff(isOn)],
  sip: ({ state }) => [state === 'custom' ? words('sip-custom') : words(state)],
  gatekeeper: ({ isOn }) => [onOff(isOn)],
  'remote-login': ({ isOn }) => [onOff(isOn)],
  power: ({ source, sleepMinutes, isAutoRestartOn, batteryRatio }) => [
    source !== null && words(`power-${source}`),
    batteryRatio !== null && words('battery', { chargeRatio: batteryRatio }),
    sleepMinutes !== null &&
      (sleepMinutes === 0
        ? words('sleeps-never')
        : words('sleeps-after', { idleMs: sleepMinutes * 60_000 })),
    isAutoRestartOn !== null && words(isAutoRestartOn ? 'restarts' : 'restarts-not'),
  ],
  thermal: ({ isWarned, speedLimitRatio }) => [
    words(isWarned ? 'heat-warned' : 'heat-none'),
    speedLimitRatio !== null &&
      speedLimitRatio < 1 &&
      words('slowed', { speedRatio: speedLimitRatio }),
  ],
}

/** Total: a value that is not what the probe promises is told as it stands. */
export function describeValue(id: string, value: unknown): (string | Message)[] {
  const parts = isProbeId(id)
    ? (describers[id] as Describe<unknown>)(value)
    : [JSON.stringify(value)]
  const said = parts.flatMap((part) =>
    part === false || part === null || part === '' ? [] : [part],
  )
  return said.length === 0 ? [words('nothing')] : said
}
