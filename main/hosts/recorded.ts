import { systemClock } from '../core/clock.ts'
import { errorInfo } from '../core/errors.ts'
import type { Clock } from '../core/ports.ts'
import { createScheduledTicker } from './gauge/schedule.ts'
import {
  type Argv,
  type CommandOutput,
  type Host,
  HostError,
  type HostLink,
  type Identity,
} from './host.ts'
import {
  commandKey,
  createSequence,
  type RecordedCommand,
  type Recording,
} from './recording/recording.ts'
import {
  createInProcessServer,
  createRecordedResponder,
  type InProcessServer,
  type Responder,
} from './recording/responder.ts'

export interface RecordedHostOptions {
  id: string
  recording: Recording
  /** For the intervals of gauges; {@link Host.now} is `recordedAt` all the same. */
  clock?: Clock
}

/**
 * Answers from a recording, and from nothing else: a command that is not in it resolves with `isNotRecorded`, an HTTP request
 * or a file rejects as `not-recorded`.
 */
export function createRecordedHost({
  id,
  recording,
  clock = systemClock,
}: RecordedHostOptions): Host {
  const recordedAt = Date.parse(recording.host.recordedAt)
  const answers = createSequence(recording.commands, ({ argv }) => commandKey(argv))
  return createReplayHost({
    id,
    kind: 'recorded',
    path: 'recording',
    clock,
    now: () => recordedAt,
    recording,
    answer: (argv) => answers.next(commandKey(argv)),
    respond: createRecordedResponder(recording.http),
    isOpen(port) {
      const known = recording.http.filter((exchange) => exchange.port === port)
      return known.length === 0 ? null : known.some(({ status }) => status !== 0)
    },
  })
}

/** An account number that no system gives to people: unknown is not root. */
const noUserId = '65534'

export interface ReplayHostOptions {
  id: string
  kind: 'recorded' | 'demo'
  path: HostLink['path']
  clock: Clock
  now(): number
  recording: Recording
  /** Undefined: there is no answer on record. */
  answer(argv: Argv): Omit<RecordedCommand, 'argv'> | undefined
  respond: Responder
  /** Whether somebody listens on a port; null where that is not on record. */
  isOpen(port: number): boolean | null
}

/** A Host of which every answer is made in this process: the common part of recorded and demo. */
export function createReplayHost(options: ReplayHostOptions): Host {
  const { id, kind, clock, now, recording } = options
  const servers = new Map<number, InProcessServer>()
  let isClosed = false

  function throwIfOver(signal: AbortSignal | undefined): void {
    if (isClosed || signal?.aborted === true) {
      throw new HostError('cancelled', errorInfo('cancelled'))
    }
  }

  function answer(argv: Argv): CommandOutput {
    const found = options.answer(argv)
    if (found === undefined) {
      return { stdout: '', stderr: '', exitCode: 127, durationMs: 0, isNotRecorded: true }
    }
    const { stdout, stderr, exitCode, durationMs } = found
    const output: CommandOutput = { stdout, stderr, exitCode, durationMs }
    if (exitCode === 127) output.isMissing = true
    return output
  }

  function serverOn(port: number): InProcessServer {
    let server = servers.get(port)
    if (server === undefined) {
      server = createInProcessServer(port, options.respond)
      servers.set(port, server)
    }
    return server
  }

  const link: HostLink = {
    state: 'connected',
    path: options.path,
    problem: null,
    question: null,
    steps: [],
  }

  return {
    id,
    kind,
    now,
    async identify({ signal } = {}): Promise<Identity> {
      throwIfOver(signal)
      const { name, platform, account, groups, userId } = recording.host
      const said = (flag: string) =>
        recording.commands
          .find(({ argv }) => commandKey(argv) === commandKey(['id', flag]))
          ?.stdout.trim()
      return {
        platform,
        hostName: name,
        account,
        groups: groups ?? said('-Gn')?.split(/\s+/).filter(Boolean) ?? [],
        userId: userId ?? Number.parseInt(said('-u') ?? noUserId, 10),
      }
    },
    async run(argv, { signal } = {}) {
      throwIfOver(signal)
      return answer(argv)
    },
    async ticks(list, { signal } = {}) {
      throwIfOver(signal)
      const source = {
        async answer(due: typeof list) {
          throwIfOver(undefined)
          return new Map(due.map((tick) => [tick.label, answer(tick.argv)]))
        },
        close: () => undefined,
      }
      return createScheduledTicker(list, source, { clock })
    },
    async connect({ port, address = '127.0.0.1' }, { signal } = {}) {
      throwIfOver(signal)
      const isOpen = options.isOpen(port)
      if (isOpen === null) throw notRecorded(`port ${port}`)
      if (!isOpen) throw new HostError('unreachable', errorInfo('refused', { address, port }))
      return serverOn(port).connect()
    },
    async read(path, { signal } = {}) {
      throwIfOver(signal)
      const file = recording.files.find((one) => one.path === path)
      if (file === undefined) throw notRecorded(path)
      return new TextEncoder().encode(file.text)
    },
    async put(path, _bytes, { signal } = {}) {
      throwIfOver(signal)
      throw new HostError(
        'unreachable',
        errorInfo('not-permitted', { path }, 'A recording cannot be changed'),
      )
    },
    link: () => link,
    onLink: () => () => undefined,
    answer: () => undefined,
    reconnect: () => undefined,
    release: () => undefined,
    async close() {
      isClosed = true
      for (const server of servers.values()) server.close()
    },
  }
}

function notRecorded(what: string): HostError {
  return new HostError(
    'unreachable',
    errorInfo('not-recorded', {}, `Not in this recording: ${what}`),
  )
}
