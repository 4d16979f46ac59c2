import { parseArgs } from 'node:util'
import type { Message } from '../../../preload/contract/base.ts'
import { type ConnectToolId, connectToolIdSchema } from '../../../preload/contract/connect.ts'

const commands = ['status', 'check', 'models', 'record', 'doctor', 'connect'] as const
type Command = (typeof commands)[number]

export interface CliArgs {
  command: Command
  /** Null = this machine, unless there is a recording; never null for `connect`. */
  hostName: string | null
  recordingPath: string | null
  outPath: string | null
  isJson: boolean
  /** Of `connect`: null = the preferred one. */
  toolId: ConnectToolId | null
  isPrint: boolean
}

export type ParsedCliArgs =
  | { kind: 'run'; args: CliArgs }
  | { kind: 'help' }
  | { kind: 'version' }
  | { kind: 'wrong'; message: Message }

/** Everything after the program's name. */
export function parseCliArgs(argv: readonly string[]): ParsedCliArgs {
  let parsed: ReturnType<typeof parse>
  try {
    parsed = parse(argv)
  } catch (error) {
    const detail = error instanceof Error ? error.message : String(error)
    // parseArgs goes on to explain `--` to the person; its first sentence is enough
    return wrong('cli.wrong-usage', { detail: detail.split(/\.\s/)[0]?.replace(/\.$/, '') ?? '' })
  }
  const { values, positionals } = parsed
  if (values.help) return { kind: 'help' }
  if (values.version) return { kind: 'version' }
  const [word, ...rest] = positionals
  if (word === undefined) return wrong('cli.no-command')
  const command = commands.find((one) => one === word)
  if (command === undefined) return wrong('cli.unknown-command', { word })
  if (command === 'connect') return parseConnect(rest, values)
  if (rest[0] !== undefined) return wrong('cli.too-many-words', { word: rest[0] })
  if (values.with !== undefined || values.print) return wrong('cli.connect-only')
  const { host: hostName = null, recording: recordingPath = null, out: outPath = null } = values
  if (hostName !== null && recordingPath !== null) return wrong('cli.host-and-recording')
  if (hostName === '' || recordingPath === '' || outPath === '') return wrong('cli.empty-value')
  if (command === 'record' && outPath === null) return wrong('cli.no-out')
  if (command !== 'record' && outPath !== null) return wrong('cli.out-without-record')
  if (command === 'doctor' && hostName === null) return wrong('cli.no-host')
  return {
    kind: 'run',
    args: {
      ...{ command, hostName, recordingPath, outPath, isJson: values.json },
      ...{ toolId: null, isPrint: false },
    },
  }
}

/** `connect HOST [--with TOOL] [--print]`, nothing else. */
function parseConnect(
  [hostName, extra]: readonly string[],
  values: ReturnType<typeof parse>['values'],
): ParsedCliArgs {
  if (hostName === undefined || hostName === '') return wrong('cli.no-connect-host')
  if (extra !== undefined) return wrong('cli.too-many-words', { word: extra })
  const { host, recording, out, json, with: tool, print } = values
  if (host !== undefined || recording !== undefined || out !== undefined || json) {
    return wrong('cli.connect-options')
  }
  const known = connectToolIdSchema.options
  const toolId = known.find((id) => id === tool) ?? null
  if (tool !== undefined && toolId === null) {
    return wrong('cli.unknown-tool', { word: tool, names: known.join(', ') })
  }
  return {
    kind: 'run',
    args: {
      ...{ command: 'connect', hostName, recordingPath: null, outPath: null, isJson: false },
      ...{ toolId, isPrint: print },
    },
  }
}

function parse(argv: readonly string[]) {
  return parseArgs({
    args: [...argv],
    strict: true,
    allowPositionals: true,
    options: {
      host: { type: 'string' },
      recording: { type: 'string' },
      out: { type: 'string' },
      json: { type: 'boolean', default: false },
      with: { type: 'string' },
      print: { type: 'boolean', default: false },
      help: { type: 'boolean', short: 'h', default: false },
      version: { type: 'boolean', short: 'v', default: false },
    },
  })
}

function wrong(key: string, params: NonNullable<Message['params']> = {}): ParsedCliArgs {
  return { kind: 'wrong', message: { key, params } }
}
