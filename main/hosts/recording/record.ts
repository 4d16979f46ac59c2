import { probes as allProbes } from '../../probes/index.ts'
import { forAccount, type Probe } from '../../probes/probe.ts'
import { type Argv, type CommandOutput, type Host, HostError, type Identity } from '../host.ts'
import { hostFetch, textOf } from '../http.ts'
import { commandKey, type RecordedCommand, type RecordedHttp, type Recording } from './recording.ts'
import { createRedactor, type Redactor } from './redact.ts'

export interface RecordOptions {
  /** @default all */
  probes?: readonly Probe[]
  /** Only GETs that change nothing. @default what the runtimes ask to see who is there */
  http?: readonly Pick<RecordedHttp, 'port' | 'path'>[]
  signal?: AbortSignal
}

const identityCommands: readonly Argv[] = [
  ['uname', '-s'],
  ['hostname'],
  ['id', '-un'],
  ['id', '-u'],
  ['id', '-Gn'],
]

const defaultHttp: NonNullable<RecordOptions['http']> = [
  { port: 11434, path: '/api/version' },
  { port: 11434, path: '/api/tags' },
  { port: 11434, path: '/api/ps' },
  { port: 1234, path: '/api/v1/models' },
  { port: 1234, path: '/api/v0/models' },
  ...[9931, 8080].flatMap((port) =>
    ['/health', '/props', '/models', '/v1/models'].map((path) => ({ port, path })),
  ),
]

/** Ollama's list of loaded models waits for a load in progress; the recording does not. */
const httpTimeoutMs = 5_000
/** Larger answers are not what we ask for. */
const maxBodyBytes = 4_000_000
const atOnce = 4

/**
 * Asks a Host everything that the probes ask, every alternative of it, and writes down the answers with what is private taken
 * out. Takes as long as the slowest command (softwareupdate: minutes). What could not be run is left out, and is then
 * `not-recorded`; rejects only where the Host cannot be reached at all.
 */
export async function recordHost(
  host: Host,
  { probes = allProbes, http = defaultHttp, signal }: RecordOptions = {},
): Promise<Recording> {
  const asking = signal === undefined ? {} : { signal }
  const identity = await host.identify(asking)
  const { platform, account, hostName, groups, userId } = identity
  const recordedAt = new Date(host.now()).toISOString()
  const wanted = commandsOf(probes, identity)
  const first = await inTurns(wanted, (command) => runOne(host, command, asking))
  const compared = wanted.filter(({ isCompared }) => isCompared)
  // counters need time in between
  if (compared.length > 0) await host.run(['sleep', '1'], asking)
  const again = await inTurns(compared, (command) => runOne(host, command, asking))
  const exchanges = await inTurns(http, (one) => getOne(host, one, signal))
  const redactor = createRedactor([account])
  for (const command of first) redactor.learn(command?.stdout ?? '')
  for (const exchange of exchanges) redactor.learn(exchange?.body ?? '')
  return {
    format: 'studiolo-recording/1',
    host: {
      name: redactor.text(hostName),
      platform,
      account: redactor.account(account),
      recordedAt,
      groups: groups.map((group) => (group === account ? redactor.account(account) : group)),
      userId,
    },
    commands: [...first, ...again].flatMap((one) =>
      one === null ? [] : redactCommand(one, redactor),
    ),
    files: [],
    http: exchanges.flatMap((one) =>
      one === null ? [] : { ...one, body: redactor.text(one.body) },
    ),
  }
}

function redactCommand(command: RecordedCommand, redactor: Redactor): RecordedCommand {
  const { stdout, stderr } = command
  // roles are read from the groups: their names are no secret, but one can be the account's own
  return { ...command, stdout: redactor.text(stdout), stderr: redactor.text(stderr) }
}

interface Wanted {
  argv: Argv
  timeoutMs: number
  /** Its value is the difference between two answers. */
  isCompared: boolean
}

function commandsOf(probes: readonly Probe[], identity: Identity): Wanted[] {
  const { platform } = identity
  const byKey = new Map<string, Wanted>()
  const add = (argv: Argv, timeoutMs: number, isCompared: boolean) => {
    const known = byKey.get(commandKey(argv))
    byKey.set(commandKey(argv), {
      argv: known?.argv ?? argv,
      timeoutMs: Math.max(timeoutMs, known?.timeoutMs ?? 0),
      isCompared: isCompared || known?.isCompared === true,
    })
  }
  for (const argv of identityCommands) add(argv, 15_000, false)
  for (const { questions, timeoutMs = 15_000, comparesOn } of probes) {
    const isCompared = comparesOn?.includes(platform) ?? false
    for (const argv of (questions[platform] ?? []).flat()) {
      add(forAccount(argv, identity), timeoutMs, isCompared)
    }
  }
  return [...byKey.values()]
}

async function runOne(
  host: Host,
  { argv, timeoutMs }: Wanted,
  options: { signal?: AbortSignal },
): Promise<RecordedCommand | null> {
  let output: CommandOutput
  try {
    output = await host.run(argv, { ...options, timeoutMs })
  } catch (error) {
    if (error instanceof HostError && error.kind === 'timeout') return null
    throw error
  }
  if (output.isNotRecorded === true) return null
  const { stdout, stderr, exitCode, durationMs } = output
  return { argv: [...argv], stdout, stderr, exitCode, durationMs: Math.round(durationMs) }
}

async function getOne(
  host: Host,
  { port, path }: Pick<RecordedHttp, 'port' | 'path'>,
  signal: AbortSignal | undefined,
): Promise<RecordedHttp | null> {
  const asked = { port, method: 'GET', path, requestBody: '' }
  const timeout = AbortSignal.timeout(httpTimeoutMs)
  try {
    const response = await hostFetch(host, port)(path, {
      signal: signal === undefined ? timeout : AbortSignal.any([signal, timeout]),
    })
    const body = await textOf(response.body, maxBodyBytes)
    return body === null ? null : { ...asked, status: response.status, body }
  } catch (error) {
    signal?.throwIfAborted()
    const isRefused = error instanceof HostError && error.info.code === 'refused'
    return isRefused ? { ...asked, status: 0, body: '' } : null
  }
}

/** The results in the order of the items; a few at the same time. */
async function inTurns<Item, Result>(
  items: readonly Item[],
  work: (item: Item) => Promise<Result>,
): Promise<Result[]> {
  const results: Result[] = new Array(items.length)
  let next = 0
  async function takeTurns(): Promise<void> {
    for (let i = next++; i < items.length; i = next++) {
      const item = items[i]
      if (item !== undefined) results[i] = await work(item)
    }
  }
  await Promise.all(Array.from({ length: atOnce }, takeTurns))
  return results
}
