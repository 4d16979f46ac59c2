import { spawn } from 'node:child_process'
import type { Host, Tick } from '../../main/hosts/host.ts'
import { quotePosix } from '../../main/hosts/quote.ts'
import { tickList } from '../../main/probes/tick.ts'
import { processes } from '../real/support/far-side.ts'
import { sshHostOf } from '../real/support/ssh.ts'
import type { Studio } from '../real/support/studio.ts'
import { cpuTicks, type Figure, median, timed } from './measure.ts'

const list = tickList('linux')

/** Connecting to the first complete sample beside OpenSSH, and what a sample costs the far side. */
export async function measureSsh(studio: Studio): Promise<Figure[]> {
  const group = 'SSH'
  const ours: number[] = []
  const plain: number[] = []
  // one known_hosts for both, so that neither asks
  await withHost(studio, (host) => host.run(['true']))
  for (let round = 0; round < 10; round++) {
    ours.push(await timed(() => withHost(studio, firstSample)))
    plain.push(await timed(() => plainSsh(studio)))
  }
  const perSample = await withHost(studio, (host) => farCpuPerSample(studio, host))
  const perExec = await withHost(studio, (host) => farCpuPerExec(studio, host))
  return [
    figure('connect to first complete sample, median of 10', median(ours), 'ms', null),
    figure('`ssh HOST` with the same commands once, median of 10', median(plain), 'ms', null),
    figure('ours against `ssh`', median(ours) / median(plain), 'times', 1.2),
    figure('CPU on the far side for a sample by the gauge', perSample, 'ms', null),
    figure('CPU on the far side for a sample by one exec per value', perExec, 'ms', null),
    figure('gauge against one exec per value', perSample / perExec, 'times', 1),
  ]
  function figure(what: string, value: number, unit: Figure['unit'], most: number | null): Figure {
    return { group, what, value, unit, most }
  }
}

async function withHost<T>(studio: Studio, use: (host: Host) => Promise<T>): Promise<T> {
  const host = sshHostOf(studio)
  try {
    return await use(host)
  } finally {
    await host.close()
  }
}

async function firstSample(host: Host): Promise<void> {
  const { platform } = await host.identify()
  const ticker = await host.ticks(tickList(platform))
  const seen = new Set<string>()
  while (seen.size < list.length) {
    const { outputs } = await ticker.ask()
    for (const label of outputs.keys()) seen.add(label)
  }
}

function plainSsh(studio: Studio): Promise<void> {
  const script = list.map(({ argv }) => quotePosix(argv)).join('; ')
  const child = spawn(
    'ssh',
    [
      ...['-p', String(studio.port), '-i', studio.keyPath, '-o', 'IdentitiesOnly=yes'],
      ...['-o', `UserKnownHostsFile=${studio.clientHome}/.ssh/known_hosts`, '-o', 'BatchMode=yes'],
      ...[`${studio.account.name}@${studio.address}`, script],
    ],
    { stdio: 'ignore' },
  )
  return new Promise((resolve, reject) => {
    child.on('error', reject)
    child.on('exit', (code) => (code === 255 ? reject(new Error('ssh failed')) : resolve()))
  })
}

const sampleCount = 200

async function farCpuPerSample(studio: Studio, host: Host): Promise<number> {
  const always: Tick[] = list.map((tick) => ({ ...tick, everyMs: 0 }))
  const ticker = await host.ticks(always)
  await ticker.ask()
  const before = farCpuMs(studio)
  for (let index = 0; index < sampleCount; index++) await ticker.ask()
  return (farCpuMs(studio) - before) / sampleCount
}

async function farCpuPerExec(studio: Studio, host: Host): Promise<number> {
  const rounds = sampleCount / 10
  await host.run(['true'])
  const before = farCpuMs(studio)
  for (let round = 0; round < rounds; round++) {
    await Promise.all(list.map(({ argv }) => host.run(argv)))
  }
  return (farCpuMs(studio) - before) / rounds
}

/** Of the account's processes, those that ended below a living one included. */
function farCpuMs(studio: Studio): number {
  return processes()
    .filter(({ userId }) => userId === studio.account.userId)
    .reduce((sum, { pid }) => sum + cpuTicks(pid) * 10, 0)
}
