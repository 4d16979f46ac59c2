import { randomUUID } from 'node:crypto'
import type { RuntimeState } from '../../preload/contract/models.ts'
import type { SshHostConfig } from '../../preload/contract/settings.ts'
import { errorInfo, StudioloError } from '../core/errors.ts'
import type { LocalFacts } from '../core/ports.ts'
import type { Services } from '../core/services.ts'
import type { Argv, Host } from '../hosts/host.ts'
import { quotePosix } from '../hosts/quote.ts'
import { resolveSshConfig } from '../hosts/ssh/config.ts'
import { findProgram, lookUp, type Tool, tools } from './tools.ts'

/** An editor's command line hands over to a running editor and ends; one that starts anew may stay. */
const openTimeoutMs = 20_000

export function createConnectService(options: {
  /** This machine: the only one on which a program is opened. */
  local(): Host
  host(id: string): Host
  facts(): Promise<LocalFacts>
  configOf(id: string): SshHostConfig | undefined
  runtimeOf(hostId: string, runtimeId: string): RuntimeState | undefined
  homeDir: string
  env: Record<string, string | undefined>
}): Services['connect'] {
  async function find(tool: Tool) {
    const local = options.local()
    const { platform } = await local.identify()
    return findProgram(tool, platform, options.homeDir, async (program) => {
      const { exitCode } = await local.run(lookUp(program), { timeoutMs: 5_000 })
      return exitCode === 0
    })
  }

  /** What goes behind `ssh`: the alias where it says it all, else `account@host`. */
  function destinationOf(host: Host): string | null {
    if (host.kind === 'local') return null
    const config = options.configOf(host.id)
    if (config === undefined) throw refusal('connect.demo-has-no-machine')
    if (config.port !== null) throw refusal('connect.port-needs-alias', { port: config.port })
    const { account, target } = config
    return account === null || target.includes('@') ? target : `${account}@${target}`
  }

  /** Terminal takes a file to run, so that no Automation grant is needed (Apple events would ask for one). */
  async function openTerminal(local: Host, program: string, destination: string | null) {
    if (destination === null) return start(local, [program, '-a', 'Terminal'])
    const path = `~/Library/Caches/Studiolo/connect-${randomUUID()}.command`
    const script = `#!/bin/sh\nrm -f "$0"\nexec ${quotePosix(['ssh', destination])}\n`
    await local.put(path, new TextEncoder().encode(script), { mode: 0o700 })
    return start(local, [program, '-a', 'Terminal', path.replace('~', options.homeDir)])
  }

  async function start(local: Host, argv: Argv) {
    const output = await local.run(argv, { timeoutMs: openTimeoutMs })
    if (output.exitCode !== 0) {
      throw new StudioloError(errorInfo('internal', {}, output.stderr.trim().slice(0, 500)))
    }
  }

  return {
    tools: () =>
      Promise.all(
        tools.map(async (tool) => {
          const isInstalled = await find(tool).then(
            (program) => program !== null,
            () => null,
          )
          return { id: tool.id, name: tool.name, isInstalled }
        }),
      ),
    async open(hostId, toolId) {
      const tool = tools.find(({ id }) => id === toolId)
      if (tool === undefined) throw new StudioloError(errorInfo('not-found'))
      const host = options.host(hostId)
      const destination = destinationOf(host)
      const program = await find(tool)
      if (program === null) {
        throw new StudioloError({
          ...errorInfo('not-installed', { name: tool.name }),
          message: { key: 'connect.not-installed', params: { name: tool.name } },
        })
      }
      const local = options.local()
      const { platform } = await local.identify()
      if (tool.id === 'terminal' && platform === 'darwin')
        return openTerminal(local, program, destination)
      const folderPath = options.configOf(hostId)?.folderPath ?? null
      await start(local, [program, ...tool.args({ destination, folderPath })])
    },
    async modelServerAddress(hostId, runtimeId) {
      const state = options.runtimeOf(hostId, runtimeId)
      if (state?.port == null)
        throw new StudioloError(errorInfo('not-running', { name: state?.name ?? runtimeId }))
      return { url: `http://${bracketed(await addressOf(hostId))}:${state.port}` }
    },
  }

  /** Where others reach this machine. The loopback where it is in no network. */
  async function ownAddress(): Promise<string> {
    const { addresses } = await options.facts()
    return addresses.find((address) => !address.includes(':')) ?? addresses[0] ?? '127.0.0.1'
  }

  async function addressOf(hostId: string): Promise<string> {
    const config = options.configOf(hostId)
    if (config === undefined) return ownAddress()
    const { env, homeDir } = options
    const { account, port, keyPath, target } = config
    const resolved = await resolveSshConfig(target, { account, port, keyPath, env, homeDir })
    return resolved.hostname
  }
}

function refusal(key: string, params: Record<string, string | number> = {}) {
  return new StudioloError({ code: 'invalid-input', message: { key, params } })
}

function bracketed(address: string): string {
  return address.includes(':') ? `[${address}]` : address
}
