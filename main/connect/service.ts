import { randomUUID } from 'node:crypto'
import type { ConnectTool } from '../../preload/contract/connect.ts'
import type { Link } from '../../preload/contract/hosts.ts'
import type { RuntimeState } from '../../preload/contract/models.ts'
import type { SettingsState, SshHostConfig } from '../../preload/contract/settings.ts'
import { errorInfo, StudioloError } from '../core/errors.ts'
import type { Services } from '../core/services.ts'
import type { Argv, Host } from '../hosts/host.ts'
import { commandVariables, quotePosix } from '../hosts/quote.ts'
import { destinationOf, refusal } from './destination.ts'
import { firstAnswer, isFresh } from './first-answer.ts'
import { type AddressOptions, addressOfOwnServer, addressOfServer } from './model-server-address.ts'
import { type Found, findTool, sshArguments, type Tool, tools, type Way } from './tools.ts'

/** An editor's command line hands over to a running editor and ends; one that starts anew may stay. */
const openTimeoutMs = 20_000
/** The page asks each time it opens, and a look is some twenty processes. */
const lookEveryMs = 60_000

/** What opening a tool needs of the machine it is opened on. */
export interface ConnectOptions extends AddressOptions {
  /** This machine: the only one on which a program is opened. */
  local(): Host
  host(id: string): Host
  settings: { get(): SettingsState }
  configOf(id: string): SshHostConfig | undefined
  linkOf(id: string): Link | undefined
  runtimeOf(hostId: string, runtimeId: string): RuntimeState | undefined
}

export function createConnectService(options: ConnectOptions): Services['connect'] & {
  /** What `open` would run, for the person to run. The Host is asked only for what a relative folder is relative to. */
  commandLine(hostId: string, toolId: Tool['id']): Promise<Argv>
} {
  const { clock, homeDir } = options
  let looked: { at: number; tools: Promise<ConnectTool[]> } | null = null

  async function find(tool: Tool): Promise<Found> {
    const local = options.local()
    const { platform } = await local.identify()
    return findTool(tool, platform, homeDir, async (argv) => {
      const { exitCode } = await local.run(argv, { timeoutMs: 5_000 })
      return exitCode === 0
    })
  }

  function lookAll(): Promise<ConnectTool[]> {
    return Promise.all(
      tools.map(async (tool) => {
        const isInstalled = await find(tool).then(isFound, () => null)
        return { id: tool.id, name: tool.name, kind: tool.kind, isInstalled }
      }),
    )
  }

  /** Undefined for this machine. */
  function configOfMachine(hostId: string): SshHostConfig | undefined {
    const config = options.configOf(hostId)
    if (config === undefined && options.host(hostId).kind !== 'local') {
      throw refusal('connect.demo-has-no-machine')
    }
    return config
  }

  async function waysTo(
    hostId: string,
    toolId: Tool['id'],
    answer: (host: Host, isHomeNeeded: boolean) => Promise<string | null>,
  ): Promise<{ tool: Tool; ways: [Way, ...Way[]] }> {
    const tool = tools.find(({ id }) => id === toolId)
    if (tool === undefined) throw new StudioloError(errorInfo('not-found'))
    const host = options.host(hostId)
    const config = configOfMachine(hostId)
    const found = await find(tool)
    if (!isFound(found)) throw notInstalled(tool)
    const destination =
      config === undefined ? null : await destinationOf(config, tool.takes, options)
    const folder = config?.folderPath ?? null
    const isRelative = folder !== null && !folder.startsWith('/')
    const home = destination === null ? homeDir : await answer(host, isRelative)
    const { platform } = await options.local().identify()
    const folderPath = folder === null ? null : absoluteFolder(folder, home)
    const [first, ...more] = tool.ways({ destination, folderPath }, found, platform)
    if (first === undefined) throw notInstalled(tool)
    return { tool, ways: [first, ...more] }
  }

  async function go(way: Way): Promise<string | null> {
    const local = options.local()
    const argv = way.kind === 'command-file' ? await writeCommandFile(local, way) : way.argv
    const output = await local.run(way.kind === 'run-apart' ? apart(argv) : unchanged(argv), {
      timeoutMs: openTimeoutMs,
    })
    return output.exitCode === 0 ? null : output.stderr.trim().slice(0, 500)
  }

  async function writeCommandFile(
    local: Host,
    { bundlePath, command }: Extract<Way, { kind: 'command-file' }>,
  ): Promise<Argv> {
    const path = `~/Library/Caches/Studiolo/connect-${randomUUID()}.command`
    const script = `#!/bin/sh\nrm -f "$0"\nexec ${quotePosix(command)}\n`
    await local.put(path, new TextEncoder().encode(script), { mode: 0o700 })
    return ['/usr/bin/open', '-a', bundlePath, path.replace('~', homeDir)]
  }

  return {
    async tools() {
      const { preferredToolId } = options.settings.get().settings
      const now = clock.monotonic()
      if (looked === null || now - looked.at >= lookEveryMs) looked = { at: now, tools: lookAll() }
      const all = await looked.tools
      if (all.some(({ isInstalled }) => isInstalled === null)) looked = null
      const rank = ({ id, isInstalled }: (typeof all)[number]) =>
        id === preferredToolId ? 0 : isInstalled === true ? 1 : 2
      return all.toSorted((a, b) => rank(a) - rank(b))
    },
    async open(hostId, toolId) {
      const { tool, ways } = await waysTo(hostId, toolId, async (host, isHomeNeeded) => {
        const isKnown = !isHomeNeeded && isFresh(options.linkOf(host.id), clock.now())
        return isKnown ? null : firstAnswer(host, clock)
      })
      let complaint = ''
      for (const way of ways) {
        const said = await go(way)
        if (said === null) return
        complaint ||= said
      }
      throw new StudioloError({
        ...errorInfo('internal', {}, complaint),
        message: { key: 'connect.not-opened', params: { name: tool.name } },
      })
    },
    async commandLine(hostId, toolId) {
      const { ways } = await waysTo(hostId, toolId, async (host, isHomeNeeded) =>
        isHomeNeeded ? firstAnswer(host, clock) : null,
      )
      const [way] = ways
      return way.kind === 'command-file' ? way.command : way.argv
    },
    async sshCommand(hostId) {
      const config = options.configOf(hostId)
      if (config === undefined) throw new StudioloError(errorInfo('not-found'))
      const destination = await destinationOf(config, 'ssh-arguments', options)
      return { command: quotePosix(['ssh', ...sshArguments(destination)]) }
    },
    async modelServerAddress(hostId, runtimeId) {
      const config = configOfMachine(hostId)
      const state = options.runtimeOf(hostId, runtimeId)
      if (state?.port == null)
        throw new StudioloError(errorInfo('not-running', { name: state?.name ?? runtimeId }))
      const server = { name: state.name, port: state.port }
      return config === undefined
        ? addressOfOwnServer(server, options)
        : addressOfServer(config, server, options)
    },
  }
}

function isFound({ program, bundlePath }: Found): boolean {
  return program !== null || bundlePath !== null
}

/** `~/models` and `models` are in the account's home; null where that is not known. */
function absoluteFolder(folder: string, home: string | null): string | null {
  if (folder.startsWith('/')) return folder
  if (home === null) return null
  const inside = folder.replace(/^~(\/|$)/, '')
  return inside === '' ? home : `${home.replace(/\/$/, '')}/${inside}`
}

/** What an editor starts must not inherit what our own commands get: its terminals would be dumb and speak C. */
function unchanged(argv: Argv): Argv {
  const names = Object.keys(commandVariables).flatMap((name) => ['-u', name])
  return ['/usr/bin/env', ...names, ...argv]
}

/** In a session of its own, so that the window outlives the time-out of the command. */
function apart(argv: Argv): Argv {
  return ['sh', '-c', 'setsid "$@" </dev/null >/dev/null 2>&1 &', 'sh', ...unchanged(argv)]
}

function notInstalled({ name }: Tool) {
  return new StudioloError({
    ...errorInfo('not-installed', { name }),
    message: { key: 'connect.not-installed', params: { name } },
  })
}
