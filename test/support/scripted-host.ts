import type { Clock } from '../../main/core/ports.ts'
import type { Argv, CommandOutput, Host, HostLink, Tick } from '../../main/hosts/host.ts'

const mebibyteKiB = 1024

/** A Linux machine of 16 GiB with 4 GiB in use, as `/proc/meminfo` would say it. */
const meminfo = `MemTotal: ${16 * 1024 * mebibyteKiB} kB\nMemFree: ${8 * 1024 * mebibyteKiB} kB\nMemAvailable: ${12 * 1024 * mebibyteKiB} kB\nBuffers: 0 kB\nCached: ${4 * 1024 * mebibyteKiB} kB\nSReclaimable: 0 kB\nSwapTotal: 0 kB\nSwapFree: 0 kB\n`

/** A Host that answers by the fake clock and writes down what it was asked. For tests of who asks what, when. */
export interface ScriptedHost extends Host {
  /** Labels of each tick, in order. */
  asks: string[][]
  /** Programs that were run beside the ticks. */
  runs: Argv[]
  openTickers(): number
  reconnects: number
  releases: number
  /** From now on nothing is answered; asks wait until `heal`. */
  cut(): void
  heal(): void
}

export function createScriptedHost(id: string, clock: Clock): ScriptedHost {
  let open = 0
  let healed: PromiseWithResolvers<void> | null = null
  const link: HostLink = {
    state: 'connected',
    path: 'direct',
    problem: null,
    question: null,
    steps: [],
  }
  const output = (stdout: string): CommandOutput => ({
    stdout,
    stderr: '',
    exitCode: 0,
    durationMs: 1,
  })

  function answer(argv: Argv): CommandOutput {
    if (argv.join(' ') === 'cat /proc/meminfo') return output(meminfo)
    return { ...output(''), exitCode: 127, isMissing: true }
  }

  const host: ScriptedHost = {
    ...{ id, kind: 'ssh', asks: [], runs: [], reconnects: 0, releases: 0 },
    openTickers: () => open,
    cut: () => {
      healed = Promise.withResolvers()
    },
    heal: () => {
      healed?.resolve()
      healed = null
    },
    now: () => clock.now(),
    identify: async () => ({
      platform: 'linux',
      hostName: id,
      account: 'ana',
      groups: ['ana'],
      userId: 1000,
    }),
    run: async (argv) => {
      host.runs.push(argv)
      return answer(argv)
    },
    ticks: async (list: readonly Tick[]) => {
      open++
      let isOpen = true
      return {
        async ask({ labels } = {}) {
          const asked = list.filter(({ label }) => labels === undefined || labels.includes(label))
          host.asks.push(asked.map(({ argv }) => argv.join(' ')))
          await healed?.promise
          return {
            roundTripMs: 4,
            outputs: new Map(asked.map(({ label, argv }) => [label, answer(argv)])),
          }
        },
        close() {
          if (isOpen) open--
          isOpen = false
        },
      }
    },
    connect: async () => {
      throw new Error('no ports here')
    },
    read: async () => null,
    put: async () => {},
    link: () => link,
    onLink: () => () => {},
    answer() {},
    reconnect: () => void host.reconnects++,
    release: () => void host.releases++,
    close: async () => {},
  }
  return host
}
