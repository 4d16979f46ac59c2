import { isIPv4 } from 'node:net'
import type { NetworkInterfaceInfo } from 'node:os'
import type { Clock } from '../../main/core/ports.ts'
import { examine } from '../../main/doctor/run.ts'
import type { Instruments } from '../../main/doctor/visit.ts'
import {
  type Argv,
  type CommandOutput,
  type Host,
  HostError,
  type HostLink,
  type Platform,
} from '../../main/hosts/host.ts'
import { parseSshConfig } from '../../main/hosts/ssh/config.ts'
import { cancelled } from '../../main/hosts/ssh/errors.ts'
import { type StepId, Steps } from '../../main/hosts/ssh/steps.ts'
import type { Detected, Runtime } from '../../main/runtimes/runtime.ts'
import type { Message } from '../../preload/contract/base.ts'
import type { DoctorProgress } from '../../preload/contract/doctor.ts'
import type { LinkQuestion } from '../../preload/contract/hosts.ts'
import { plainHost } from '../../preload/contract/plain-host.ts'
import type { SshHostConfig } from '../../preload/contract/settings.ts'
import { FakeClock } from './fake-clock.ts'
import { createScriptedHost } from './scripted-host.ts'

/** What a program answers, and after how long; 'hangs' never does. */
export type Said = Partial<CommandOutput> | 'hangs'

/** One hop of a pretended connection. Without `error`, `question` or `hangs` it passes. */
export interface Hop {
  id: StepId
  ms: number
  detail?: string | null
  isSkipped?: boolean
  error?: HostError
  question?: LinkQuestion
  /** What the server says meanwhile. */
  note?: string
  /** What the person has to do elsewhere meanwhile. */
  task?: Message
  hangs?: boolean
}

/** A Host whose programs answer by the first words of their command line. */
export function answeringHost(
  clock: Clock,
  platform: Platform,
  answers: Readonly<Record<string, Said>>,
): Host & { ran: string[] } {
  const ran: string[] = []
  return {
    ...createScriptedHost('host', clock),
    ran,
    identify: async () => ({
      ...{ platform, hostName: 'mac-studio', account: 'ana', groups: ['staff'], userId: 501 },
    }),
    run: (argv: Argv, { signal, timeoutMs = 15_000 } = {}) => {
      const line = [argv[0].replace(/^.*\//, ''), ...argv.slice(1)].join(' ')
      ran.push(line)
      const [, said] = Object.entries(answers).find(([start]) => line.startsWith(start)) ?? []
      const missing = { exitCode: 127, isMissing: true }
      const output = { stdout: '', stderr: '', exitCode: 0, durationMs: 15 }
      return new Promise((resolve, reject) => {
        const isHanging = said === 'hangs'
        const disarm = clock.after(isHanging ? timeoutMs : (said?.durationMs ?? 15), () => {
          const late = { code: 'timeout' as const, message: { key: 'error.timeout' } }
          if (isHanging) reject(new HostError('timeout', late))
          else resolve({ ...output, ...(said ?? missing) })
        })
        signal?.addEventListener('abort', () => {
          disarm()
          reject(cancelled())
        })
      })
    },
  }
}

/** A Host that connects as told, hop by hop, and then answers like {@link answeringHost}. */
export function connectingHost(
  clock: Clock,
  { hops, sshG, host: answers = {}, hostPlatform: platform = 'darwin', ...scene }: Scene,
): Host & { isClosed: boolean; ran: string[] } {
  const refusal = sshG instanceof HostError ? sshG : scene.refusal
  const listeners = new Set<(link: HostLink) => void>()
  const link: HostLink = {
    ...{ state: 'connecting', path: 'direct', problem: null, question: null, steps: [] },
  }
  const tell = () => {
    for (const listener of listeners) listener({ ...link })
  }
  const steps = new Steps(clock, (list) => {
    link.steps = list
    tell()
  })
  const base = answeringHost(clock, platform, answers)
  let answered: PromiseWithResolvers<void> | null = null
  const wait = (ms: number, signal?: AbortSignal) =>
    new Promise<void>((resolve, reject) => {
      const disarm = clock.after(ms, resolve)
      const stop = () => {
        disarm()
        reject(cancelled())
      }
      if (signal?.aborted) stop()
      signal?.addEventListener('abort', stop)
    })

  async function connect(signal?: AbortSignal) {
    for (const hop of hops) {
      if (hop.isSkipped) {
        steps.skip(hop.id, hop.detail ?? null)
        continue
      }
      steps.begin(hop.id)
      if (hop.note !== undefined) steps.note(hop.note)
      if (hop.task !== undefined) steps.wait(hop.task)
      await wait(hop.hangs ? 3_600_000 : hop.ms, signal)
      if (hop.question !== undefined) {
        answered = Promise.withResolvers()
        link.question = hop.question
        steps.ask(true)
        await Promise.race([answered.promise, wait(3_600_000, signal)])
        link.question = null
        steps.ask(false)
      }
      if (hop.error !== undefined) {
        steps.fail(hop.error)
        throw hop.error
      }
      steps.pass(hop.id, hop.detail ?? null)
    }
    if (refusal !== undefined) throw refusal
    link.state = 'connected'
  }

  let connecting: Promise<void> | null = null
  const host = {
    ...base,
    isClosed: false,
    async identify({ signal }: { signal?: AbortSignal } = {}) {
      connecting ??= connect(signal)
      await connecting
      return base.identify()
    },
    link: () => link,
    onLink(listener: (link: HostLink) => void) {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
    answer: () => answered?.resolve(),
    async close() {
      host.isClosed = true
    },
  }
  return host
}

export interface Scene {
  config?: Partial<SshHostConfig>
  /** Lines of `ssh -G`, added to `hostname`, `user` and `port`; or that it could not be used. */
  sshG?: string | HostError
  /** This Mac's programs. */
  local?: Readonly<Record<string, Said>>
  hops: readonly Hop[]
  /** After the last hop: no connection. */
  refusal?: HostError
  /** The Host's programs. */
  host?: Readonly<Record<string, Said>>
  hostPlatform?: Platform
  state?: Instruments['state']
  models?: 'ollama' | 'none' | 'hangs' | Error
  platform?: string
  env?: Record<string, string>
  /** This Mac's addresses; without them it is in a home network. */
  addresses?: readonly string[]
}

export const sceneNow = '2026-11-20T09:00:00Z'

/** Sets a scene up and lets the doctor look, on a clock of its own. Answers with everything that was said. */
export async function play(scene: Scene): Promise<{
  last: DoctorProgress
  all: DoctorProgress[]
  /** Fake milliseconds until the broken step was named, and until the end. */
  namedMs: number | null
  endedMs: number
  clock: FakeClock
  isClosed: boolean
  /** Command lines run on this Mac. */
  ran: string[]
}> {
  const { instruments, clock, host, local } = setUp(scene)
  const all: DoctorProgress[] = []
  let namedMs: number | null = null
  const generator = examine(instruments)
  for (;;) {
    const got = await drive(clock, generator.next())
    if (got.done === true) break
    all.push(got.value)
    if (got.value.brokenStepId !== null) namedMs ??= clock.monotonic()
  }
  const last = all.at(-1)
  if (last === undefined) throw new Error('The doctor said nothing')
  const endedMs = clock.monotonic()
  return { last, all, namedMs, endedMs, clock, isClosed: host.isClosed, ran: local.ran }
}

/** Moves the clock on until the promise settles; fails after two hours of its time. */
export async function drive<T>(clock: FakeClock, promise: Promise<T>): Promise<T> {
  let isSettled = false
  const settled = promise.finally(() => {
    isSettled = true
  })
  settled.catch(() => undefined)
  await clock.advance(0)
  for (let ms = 0; !isSettled; ms += 5) {
    if (ms > 7_200_000) throw new Error('Nothing happens any more')
    await clock.advance(5)
  }
  return settled
}

export function setUp(scene: Scene) {
  const clock = new FakeClock(sceneNow)
  const config: SshHostConfig = {
    ...{ kind: 'ssh', id: 'studio', name: 'Mac Studio', ...plainHost },
    ...{ target: 'mac-studio', account: 'ana', ...scene.config },
  }
  const local = answeringHost(clock, 'darwin', scene.local ?? {})
  const host = connectingHost(clock, scene)
  const agentPath = '/private/tmp/com.apple.launchd.Xq3/Listeners'
  const instruments: Instruments = {
    ...{ local, host, config, clock, homeDir: '/Users/ana', state: scene.state },
    env: { SSH_AUTH_SOCK: agentPath, SHELL: '/bin/zsh', ...scene.env },
    platform: scene.platform ?? 'darwin',
    interfaces: () => interfacesWith(scene.addresses ?? ['192.168.1.7']),
    runtimes: [fakeRuntime(scene.models ?? 'ollama')],
    resolve: async (target, { homeDir, keyPath }) => {
      const { sshG: lines = '' } = scene
      if (lines instanceof HostError) throw lines
      const text = `hostname ${target}\nuser ana\nport 22\n`
      return parseSshConfig(`${lines}\n${text}`, { target, homeDir, keyPath })
    },
  }
  return { instruments, clock, host, local, config }
}

/** Tailscale's own are at an interface of its own, as on a Mac. */
function interfacesWith(addresses: readonly string[]): ReturnType<Instruments['interfaces']> {
  const isTailscale = ({ address }: NetworkInterfaceInfo) => /^(100\.|fd7a:)/.test(address)
  const list = addresses.map((address) => {
    const cidr = isIPv4(address) ? `${address}/24` : null
    return { address, internal: false, cidr } as NetworkInterfaceInfo
  })
  return { en0: list.filter((one) => !isTailscale(one)), utun4: list.filter(isTailscale) }
}

function fakeRuntime(models: NonNullable<Scene['models']>): Runtime {
  const refuse = async () => {
    throw new Error('not asked by the doctor')
  }
  return {
    ...{ id: 'ollama', name: 'Ollama', ports: [11434], processNames: ['ollama'] },
    async detect(): Promise<Detected | null> {
      if (models instanceof Error) throw models
      if (models === 'hangs') return new Promise(() => undefined)
      return models === 'ollama' ? { port: 11434, version: '0.17.4' } : null
    },
    models: refuse,
    loaded: refuse,
  }
}
