/** Typed states of the fleet for pictures and component tests: what cannot be brought about live, or not on time. */
import type { Alert } from '../../preload/contract/alerts.ts'
import type { Remedy } from '../../preload/contract/base.ts'
import type { CheckResult } from '../../preload/contract/checks.ts'
import type { FleetState, HostState, MemoryBar, Sample } from '../../preload/contract/fleet.ts'
import type { Link } from '../../preload/contract/hosts.ts'
import type { Job } from '../../preload/contract/jobs.ts'
import type { LoadedModel, Model, RuntimeState } from '../../preload/contract/models.ts'
import type { Reading } from '../../preload/contract/readings.ts'
import type { Tailnet } from '../../preload/contract/tailnet.ts'
import type { Tunnel } from '../../preload/contract/tunnels.ts'

/** The moment at which all fixtures are looked at. */
export const fixtureNow = Date.parse('2026-11-20T09:00:00.000Z')
const GB = 1_000_000_000

export function isoAt(agoMs: number): string {
  return new Date(fixtureNow - agoMs).toISOString()
}

export function value(of: unknown, agoMs = 800): Reading {
  return { kind: 'value', value: of, at: isoAt(agoMs) }
}

export function unknown(
  reason: Extract<Reading, { kind: 'unknown' }>['reason'],
  detail = '',
): Reading {
  return { kind: 'unknown', reason, detail, at: isoAt(800) }
}

export function link(fields: Partial<Link> = {}): Link {
  return {
    ...{ state: 'live', path: 'tailnet-direct', roundTripMs: 4, lastAnswerAt: isoAt(1_000) },
    ...{ since: isoAt(600_000), problem: null, question: null },
    ...fields,
  }
}

export function model(fields: Partial<Model> = {}): Model {
  const id = fields.id ?? 'qwen3:30b-a3b'
  return {
    ...{ id, name: id, sizeBytes: 26 * GB, format: 'gguf', family: null, parameters: null },
    ...{ quantisation: null, contextTokens: 131_072, isRemote: false },
    ...fields,
  }
}

export function loaded(fields: Partial<LoadedModel> = {}): LoadedModel {
  const modelId = fields.modelId ?? 'qwen3:30b-a3b'
  return {
    ...{
      modelId,
      instanceId: modelId,
      sizeBytes: 26 * GB,
      gpuBytes: 26 * GB,
      contextTokens: 8_192,
    },
    ...{ expiresAt: null, isKept: false, isBusy: false },
    ...fields,
  }
}

export function runtime(fields: Partial<RuntimeState> = {}): RuntimeState {
  return {
    ...{ id: 'ollama', name: 'Ollama', state: 'running', detail: null, version: '0.21.0' },
    ...{ port: 11434, models: [], loaded: [], actions: ['load', 'unload'], at: isoAt(1_000) },
    ...fields,
  }
}

export function job(fields: Partial<Job> = {}): Job {
  const subject = fields.subject ?? 'ollama/gpt-oss:120b'
  const startedAt = fields.startedAt ?? isoAt(14_000)
  const hasEnded = ['done', 'failed', 'cancelled'].includes(fields.state ?? 'running')
  return {
    ...{ id: `job-${subject}-${startedAt}`, hostId: 'demo-studio', kind: 'load-model', subject },
    title: { key: 'job.load-model', params: { model: subject.slice(subject.indexOf('/') + 1) } },
    ...{ state: 'running', startedAt, endedAt: hasEnded ? isoAt(2_000) : null },
    ...{ progress: null, lines: [], error: null },
    ...fields,
  }
}

export function bar(
  pieces: readonly (readonly [MemoryBar['segments'][number]['kind'], string | null, number])[],
  fields: Partial<MemoryBar> = {},
): MemoryBar {
  const segments = pieces.map(([kind, label, gigabytes]) => ({
    ...{ kind, label, bytes: Math.round(gigabytes * GB) },
  }))
  return {
    totalBytes: segments.reduce((sum, { bytes }) => sum + bytes, 0),
    segments,
    ...{ limit: null, roomBytes: 0, disagreement: null, at: isoAt(800) },
    ...fields,
  }
}

export function usedBytesOf({ totalBytes, segments }: MemoryBar): number {
  const available = segments.filter(({ kind }) => kind === 'available')
  return totalBytes - available.reduce((sum, { bytes }) => sum + bytes, 0)
}

/** Two minutes of a busy machine that end as its bar says, the same every time. */
export function samples(of: MemoryBar, options: { hasGpu?: boolean } = {}): Sample[] {
  const { hasGpu = true } = options
  const usedBytes = usedBytesOf(of)
  return Array.from({ length: 120 }, (_, index) => {
    const wave = Math.sin(index / 3.1) * 0.04 + Math.sin(index / 1.3) * 0.025
    const isWorking = index > 34
    const ramp = isWorking ? Math.min(1, (index - 34) / 9) : 0
    return {
      at: fixtureNow - (119 - index) * 1_000 - 400,
      gpuRatio: hasGpu ? 0.07 + ramp * 0.56 + wave * (0.3 + ramp) : null,
      cpuRatio: 0.09 + ramp * 0.05 + Math.abs(wave) * 0.9,
      usedBytes: Math.round(usedBytes * (0.86 + Math.max(0, (index - 70) / 49) * 0.14)),
    }
  })
}

const shields: CheckResult[] = [
  {
    ...{ id: 'filevault', area: 'security', state: 'pass', at: isoAt(40_000) },
    title: { key: 'check.filevault.title.on' },
    reason: { key: 'check.filevault.reason.on' },
  },
  {
    ...{ id: 'updates', area: 'updates', state: 'attention', at: isoAt(3_600_000) },
    title: { key: 'check.updates.title.restart', params: { count: 1 } },
    reason: { key: 'check.updates.reason.restart', params: { count: 1, titles: 'macOS 26.2' } },
    remedy: {
      kind: 'run-command',
      where: 'on-host',
      text: { key: 'check.remedy.updates' },
      target: 'softwareupdate --install --all --restart',
    },
  },
  {
    ...{ id: 'time-machine', area: 'backup', state: 'pass', at: isoAt(40_000) },
    title: { key: 'check.time-machine.title.fresh', params: { ageMs: 7_200_000 } },
    reason: { key: 'check.time-machine.reason.fresh', params: { ageMs: 7_200_000 } },
  },
]

const processes = {
  items: [
    { pid: 812, name: 'llama-server', footprintBytes: 187 * GB, account: 'ana' },
    { pid: 2310, name: 'mlx_lm.server', footprintBytes: 26 * GB, account: 'ana' },
    { pid: 77, name: 'WindowServer', footprintBytes: 2.1 * GB, account: '_windowserver' },
    { pid: 4021, name: 'Xcode', footprintBytes: 1.9 * GB, account: 'ana' },
    { pid: 355, name: 'Google Chrome He', footprintBytes: 1.2 * GB, account: 'ben' },
  ],
}

/** The drawing in the design: 512 GB = models 254 + apps 38 + compressed 7 + free 213. */
export const studioBar = bar(
  [
    ['model', 'deepseek-v3:q3_k_m', 187],
    ['model', 'qwen3:30b-a3b', 26],
    ['loading', 'gpt-oss:120b', 41],
    ['apps', null, 38],
    ['compressed', null, 7],
    ['available', null, 213],
  ],
  { limit: { bytes: 384 * GB, source: 'metal' }, roomBytes: 105 * GB },
)

const studioReadings = (of: MemoryBar): Record<string, Reading> => ({
  memory: value({ totalBytes: of.totalBytes, usedBytes: usedBytesOf(of) }),
  'memory-pressure': value({ level: 'normal' }),
  swap: value({ totalBytes: 2 * GB, usedBytes: 0.4 * GB }),
  gpu: value({ deviceUtilisationRatio: 0.64, inUseBytes: 213 * GB }),
  cpu: value({ loadRatio: 0.12 }),
  processes: value(processes, 3_000),
})

export function demoHost(fields: Partial<HostState> = {}): HostState {
  const memoryBar = fields.memoryBar ?? studioBar
  return {
    ...{ id: 'demo-studio', name: 'Mac Studio', kind: 'demo', platform: 'darwin' },
    ...{ account: 'ana', role: 'admin', link: link({ path: 'demo' }) },
    ...{ readings: studioReadings(memoryBar), samples: samples(memoryBar), memoryBar },
    runtimes: [
      runtime({
        models: [
          model({ id: 'deepseek-v3:q3_k_m', sizeBytes: 187 * GB }),
          model({ id: 'gpt-oss:120b', sizeBytes: 66 * GB }),
          model({ id: 'llama3.3:70b-q8', sizeBytes: 79 * GB }),
          model({ id: 'qwen3-coder:480b', sizeBytes: 290 * GB }),
          ...['bge-m3', 'gemma3:27b', 'mistral-small:24b', 'phi4:14b', 'qwen2.5-vl:72b'].map(
            (id, index) => model({ id, sizeBytes: (index * 9 + 1.2) * GB }),
          ),
        ],
        loaded: [
          loaded({
            modelId: 'deepseek-v3:q3_k_m',
            sizeBytes: 187 * GB,
            isBusy: true,
            isKept: true,
          }),
        ],
      }),
      runtime({
        ...{ id: 'lm-studio', name: 'LM Studio', port: 1234 },
        models: [model({ id: 'qwen3:30b-a3b' })],
        loaded: [loaded({ expiresAt: new Date(fixtureNow + 250_000).toISOString() })],
      }),
    ],
    checks: shields,
    ...fields,
  }
}

export function studioHost(fields: Partial<HostState> = {}): HostState {
  return demoHost({ id: 'studio', kind: 'ssh', link: link(), ...fields })
}

const macBar = bar(
  [
    ['apps', null, 17.6],
    ['compressed', null, 2.3],
    ['available', null, 18.7],
  ],
  { limit: { bytes: 30.2 * GB, source: 'estimate' }, roomBytes: 18.7 * GB },
)

export function thisMac(fields: Partial<HostState> = {}): HostState {
  return demoHost({
    ...{ id: 'this-machine', name: 'This Mac', kind: 'local', memoryBar: macBar },
    link: link({ path: 'this-machine', roundTripMs: 11 }),
    readings: {
      ...studioReadings(macBar),
      processes: value({
        items: [
          { pid: 501, name: 'Cursor Helper', footprintBytes: 3.4 * GB, account: 'ana' },
          { pid: 611, name: 'Safari', footprintBytes: 2.2 * GB, account: 'ana' },
          { pid: 77, name: 'WindowServer', footprintBytes: 1.1 * GB, account: '_windowserver' },
        ],
      }),
    },
    runtimes: [
      runtime({ state: 'not-running', models: [], port: null, version: null }),
      runtime({
        ...{ id: 'lm-studio', name: 'LM Studio', state: 'not-running', port: null, version: null },
      }),
    ],
    ...fields,
  })
}

const loadingJob = job({
  hostId: 'studio',
  progress: { doneBytes: 41 * GB, totalBytes: 66 * GB },
})

function fleet(
  hosts: HostState[],
  jobs: Job[] = [],
  more: Partial<Pick<FleetState, 'alerts' | 'tunnels'>> = {},
): FleetState {
  return { revision: 1, hosts, jobs, alerts: [], tunnels: [], ...more }
}

/** With the words of a rule: `alert.<rule>.<outcome>`. */
export function alert(
  rule: string,
  outcome: string,
  params: Record<string, string>,
  fields: Partial<Alert> = {},
): Alert {
  const key = `alert.${rule}.${outcome}`
  return {
    ...{ id: rule, severity: 'attention', hostId: null, action: null, remedy: null },
    ...{ title: { key: `${key}.title`, params }, reason: { key: `${key}.reason`, params } },
    ...{ since: isoAt(90_000), ...fields },
  }
}

export function tunnel(fields: Partial<Tunnel> = {}): Tunnel {
  const remotePort = fields.remotePort ?? 11434
  return {
    ...{ id: `tunnel-${remotePort}`, hostId: 'studio', name: 'Ollama', remotePort },
    ...{ localPort: remotePort, openedAt: isoAt(260_000), connectionCount: 0, problem: null },
    ...fields,
  }
}

export function tailnet(fields: Partial<Tailnet> = {}): Tailnet {
  return {
    ...{ state: 'running', isDaemonRunning: true, variant: 'standalone', version: '1.90.6' },
    ...{ tailnetName: 'example.com', loginName: 'ana@example.com', authUrl: null, self: null },
    ...{ peers: [], health: [], ...fields },
  }
}

const relayedAlert = alert(
  'host-relayed',
  'region',
  { name: 'Mac Studio', region: 'Frankfurt' },
  { hostId: 'studio', action: 'doctor' },
)

function renewKey(where: 'here' | 'on-host'): Remedy {
  return {
    ...{ kind: 'read', where, text: { key: `alert.remedy.renew-key-${where}` } },
    target: 'https://tailscale.com/kb/1028/key-expiry',
  }
}

function relayedStudio(): HostState {
  const relayed = link({ path: 'tailnet-relay', roundTripMs: 38 })
  return studioHost({ memoryBar: restingBar(), link: relayed })
}

const stoppedAlert = alert(
  'tailnet-stopped',
  'stopped',
  { name: 'Mac Studio' },
  { severity: 'fail', action: 'tailnet-up' },
)

function upJob(fields: Partial<Job> = {}): Job {
  return job({
    ...{ hostId: 'this-machine', kind: 'tailnet-up', subject: 'tailscale' },
    ...{ startedAt: isoAt(4_000), title: { key: 'job.tailnet-up' } },
    ...fields,
  })
}

const refusedUpJob = upJob({
  state: 'failed',
  error: {
    code: 'not-permitted',
    message: { key: 'error.tailnet-not-permitted' },
    detail: 'Access denied: prefs write access denied',
    remedy: {
      ...{ kind: 'run-command', where: 'here', text: { key: 'error.remedy.tailnet-operator' } },
      target: 'sudo tailscale set --operator=ana',
    },
  },
})

/** The Mac Studio behind this Mac's Tailscale, which is stopped, or worse. */
function cutOff(state: Tailnet['state'] = 'stopped', isDaemonRunning = true): HostState[] {
  const here = thisMac()
  const own = value(tailnet({ state, isDaemonRunning }))
  return [
    studioHost({ memoryBar: restingBar(), link: unreachableLink() }),
    { ...here, readings: { ...here.readings, tailnet: own } },
  ]
}

const unreachableProblem = {
  code: 'unreachable' as const,
  message: { key: 'error.unreachable', params: { address: 'mac-studio', port: 22 } },
  detail: 'connect EHOSTUNREACH 100.101.20.4:22',
}

function unreachableLink(): Link {
  return link({
    ...{ state: 'unreachable', lastAnswerAt: isoAt(260_000), since: isoAt(250_000) },
    ...{ roundTripMs: null, problem: unreachableProblem },
  })
}

const nothingKnown: Partial<HostState> = {
  ...{ platform: null, account: null, role: null, readings: {}, samples: [] },
  ...{ memoryBar: null, runtimes: [], checks: [] },
}

const connectingLink = link({
  ...{ state: 'connecting', lastAnswerAt: null, roundTripMs: null, since: isoAt(1_000) },
})

const linuxBar = bar(
  [
    ['model', 'qwen3:8b', 5.9],
    ['apps', null, 9.1],
    ['compressed', null, 0],
    ['available', null, 51.7],
  ],
  { roomBytes: 51.7 * GB },
)

const longName = 'The Mac Studio of the second floor, beside the window'

/** One state per picture. The first host is the one on display. */
export const fleets = {
  live: fleet([studioHost({ memoryBar: restingBar() }), thisMac()]),
  demo: fleet([demoHost(), thisMac()], [{ ...loadingJob, hostId: 'demo-studio' }]),
  loading: fleet([studioHost(), thisMac()], [loadingJob]),
  stale: fleet([
    studioHost({
      memoryBar: restingBar(),
      link: link({ state: 'stale', lastAnswerAt: isoAt(6_000), since: isoAt(3_000) }),
    }),
    thisMac(),
  ]),
  unreachable: fleet([
    studioHost({
      memoryBar: restingBar(),
      link: unreachableLink(),
    }),
    thisMac(),
  ]),
  'never-reached': fleet([
    studioHost({
      ...nothingKnown,
      link: link({
        ...{ state: 'unreachable', path: 'direct', lastAnswerAt: null, since: isoAt(20_000) },
        ...{ roundTripMs: null },
        problem: {
          code: 'unknown-host-name',
          message: { key: 'error.unknown-host-name', params: { address: 'mac-studo' } },
        },
      }),
    }),
    thisMac(),
  ]),
  connecting: fleet([
    studioHost({
      ...nothingKnown,
      link: connectingLink,
    }),
    thisMac(),
  ]),
  here: fleet([thisMac()]),
  'here-connecting': fleet([thisMac({ ...nothingKnown, link: connectingLink })]),
  'asking-host-key': fleet([
    studioHost({
      ...nothingKnown,
      link: link({
        ...{ state: 'asking', lastAnswerAt: null, roundTripMs: null },
        question: {
          ...{ kind: 'host-key', address: 'mac-studio.local', keyType: 'ssh-ed25519' },
          fingerprint: 'SHA256:uNiVztksCsDhcc0u9e8BrCODrD8mVkIBzDhGNOVDc0E',
        },
      }),
    }),
    thisMac(),
  ]),
  'asking-password': fleet([
    studioHost({
      ...nothingKnown,
      link: link({
        ...{ state: 'asking', lastAnswerAt: null, roundTripMs: null },
        question: { kind: 'secret', what: 'password', subject: 'ana@mac-studio', isRetry: true },
      }),
    }),
    thisMac(),
  ]),
  'first-run': fleet([thisMac()]),
  'models-unknown': fleet([
    studioHost({
      memoryBar: restingBar(),
      runtimes: [
        runtime({
          ...{ state: 'unknown', port: null, version: null },
          detail: 'RuntimeError: no answer within 5000 ms',
        }),
        runtime({
          ...{
            id: 'lm-studio',
            name: 'LM Studio',
            state: 'not-running',
            port: null,
            version: null,
          },
        }),
      ],
    }),
    thisMac(),
  ]),
  'no-models': fleet([studioHost({ runtimes: [runtime()], memoryBar: restingBar() }), thisMac()]),
  linux: fleet([
    thisMac({
      ...{ name: 'This computer', platform: 'linux', checks: [] },
      memoryBar: linuxBar,
      samples: samples(linuxBar, { hasGpu: false }),
      readings: {
        memory: value({ totalBytes: 66.7 * GB, usedBytes: 15 * GB }),
        'memory-pressure': value({ level: 'normal' }),
        swap: value({ totalBytes: 0, usedBytes: 0 }),
        gpu: unknown('not-supported'),
        cpu: value({ loadRatio: 0.12 }),
        processes: value(processes),
      },
      runtimes: [
        runtime({
          models: [
            model({ id: 'qwen3:8b', sizeBytes: 5.2 * GB }),
            model({ id: 'bge-m3', sizeBytes: 1.2 * GB }),
          ],
          loaded: [loaded({ modelId: 'qwen3:8b', sizeBytes: 5.9 * GB, isKept: true })],
        }),
      ],
    }),
  ]),
  failed: fleet(
    [
      studioHost({
        memoryBar: restingBar(),
        readings: {
          ...studioReadings(restingBar()),
          'memory-pressure': value({ level: 'warning' }),
        },
      }),
      thisMac(),
    ],
    [
      job({
        ...{ hostId: 'studio', state: 'failed', endedAt: isoAt(4_000) },
        error: {
          code: 'out-of-memory',
          message: { key: 'error.out-of-memory', params: { model: 'gpt-oss:120b' } },
          detail: 'llama runner process has terminated: Insufficient Memory (00000008)',
        },
      }),
    ],
  ),
  'alert-one': fleet([relayedStudio(), thisMac()], [], { alerts: [relayedAlert] }),
  'alerts-three': fleet(
    [
      relayedStudio(),
      studioHost({ ...{ id: 'berlin', name: 'Studio Berlin' }, link: unreachableLink() }),
      thisMac(),
    ],
    [],
    {
      alerts: [
        relayedAlert,
        alert(
          'tailnet-key',
          'soon',
          {
            name: 'Mac Studio',
            keyExpiresAt: new Date(fixtureNow + 9 * 86_400_000).toISOString(),
          },
          { since: isoAt(200_000), remedy: renewKey('here') },
        ),
        alert(
          'host-key',
          'expired',
          { name: 'Studio Berlin' },
          { severity: 'fail', hostId: 'berlin', remedy: renewKey('on-host') },
        ),
      ],
    },
  ),
  'alert-job': fleet(cutOff().toReversed(), [upJob()], { alerts: [stoppedAlert] }),
  'alert-job-failed': fleet(cutOff().toReversed(), [refusedUpJob], { alerts: [stoppedAlert] }),
  'tailnet-stopped': fleet(cutOff(), [], { alerts: [stoppedAlert] }),
  'tailnet-job': fleet(cutOff(), [upJob()], { alerts: [stoppedAlert] }),
  'tailnet-job-failed': fleet(cutOff(), [refusedUpJob], { alerts: [stoppedAlert] }),
  'tailnet-not-started': fleet(cutOff('stopped', false), [], {
    alerts: [
      alert(
        'tailnet-stopped',
        'not-running',
        { name: 'Mac Studio' },
        {
          severity: 'fail',
          remedy: {
            ...{ kind: 'run-command', where: 'here', target: 'sudo brew services start tailscale' },
            text: { key: 'alert.remedy.start-daemon' },
          },
        },
      ),
    ],
  }),
  'tailnet-log-in': fleet(cutOff('needs-login'), [
    upJob({ kind: 'tailnet-log-in', title: { key: 'job.tailnet-log-in' } }),
  ]),
  tunnels: fleet([studioHost({ memoryBar: restingBar() }), thisMac()], [], {
    tunnels: [
      tunnel({ connectionCount: 2 }),
      tunnel({ name: 'JupyterLab', remotePort: 8888, localPort: 8889, openedAt: isoAt(7_300_000) }),
      tunnel({
        ...{ name: 'Port 50051', remotePort: 50051, connectionCount: 1 },
        problem: {
          code: 'refused',
          message: { key: 'tunnels.nothing-listens', params: { name: 'Mac Studio', port: 50051 } },
        },
      }),
    ],
  }),
  'many-hosts': fleet([
    studioHost({ name: longName, memoryBar: restingBar() }),
    thisMac(),
    studioHost({ id: 'b', name: 'Studio Berlin', link: link({ state: 'stale' }) }),
    studioHost({ id: 'c', name: 'render-node-07.example.internal', link: link({ state: 'idle' }) }),
    demoHost(),
  ]),
  'long-names': fleet([
    studioHost({
      name: longName,
      memoryBar: bar(
        [
          ['model', 'hf.co/bartowski/Llama-3.3-70B-Instruct-GGUF:Q8_0', 79],
          ['apps', null, 38],
          ['compressed', null, 7],
          ['available', null, 388],
        ],
        { limit: { bytes: 330 * GB, source: 'estimate' }, roomBytes: 251 * GB },
      ),
      runtimes: [
        runtime({
          models: [
            model({
              id: 'hf.co/unsloth/Qwen3-Coder-480B-A35B-Instruct-1M-GGUF:UD-Q4_K_XL',
              sizeBytes: 276 * GB,
            }),
            model({ id: 'qwen3-coder:480b-cloud', sizeBytes: null, isRemote: true }),
          ],
          loaded: [
            loaded({
              modelId: 'hf.co/bartowski/Llama-3.3-70B-Instruct-GGUF:Q8_0',
              ...{ sizeBytes: 79 * GB, expiresAt: isoAt(60_000), contextTokens: 1_048_576 },
            }),
          ],
        }),
      ],
    }),
    thisMac({ name: '二楼靠窗的那台 MacBook Pro' }),
  ]),
} satisfies Record<string, FleetState>

export type FleetName = keyof typeof fleets

function restingBar(): MemoryBar {
  return bar(
    [
      ['model', 'deepseek-v3:q3_k_m', 187],
      ['model', 'qwen3:30b-a3b', 26],
      ['apps', null, 38],
      ['compressed', null, 7],
      ['available', null, 254],
    ],
    { limit: { bytes: 384 * GB, source: 'metal' }, roomBytes: 171 * GB },
  )
}
