import type { ErrorInfo, Message } from '../../../preload/contract/base.ts'
import { isOfConnection } from '../../../preload/contract/of-connection.ts'
import type { SshHostConfig } from '../../../preload/contract/settings.ts'
import type { Tailnet } from '../../../preload/contract/tailnet.ts'
import { createConnectService } from '../../connect/service.ts'
import { StudioloError } from '../../core/errors.ts'
import { readSettings } from '../../core/settings-store.ts'
import { HostError } from '../../hosts/host.ts'
import { quotePosix } from '../../hosts/quote.ts'
import { clock } from '../compose.ts'
import { readText } from '../settings-backing.ts'
import type { CliArgs } from './args.ts'
import { findSshConfig, openHost } from './host.ts'
import { CliFailure, type CliIo, type ExitCode, exitCodes } from './io.ts'
import { askDoctor, whereItBreaks } from './where-it-breaks.ts'

/** What the command line has for `connect` alone. */
export interface ConnectIo extends CliIo {
  tailnet(): Promise<Tailnet | null>
}

/** Opens a Host in an editor or a terminal once it answers, or prints the command that would. Where the way breaks, it says where. */
export async function connect(args: CliArgs, io: ConnectIo): Promise<ExitCode> {
  const config = findSshConfig(args.hostName ?? '', io)
  try {
    await openOrPrint(config, args, io)
    return exitCodes.ok
  } catch (error) {
    const info = infoOf(error)
    if (info === null) throw error
    throw new CliFailure(exitCodes.unreadable, await words(info), { cause: error })
  }

  async function words({ code, message, remedy }: ErrorInfo): Promise<Message[]> {
    const said = [message, ...(remedy === undefined ? [] : [remedy.text])]
    if (!isOfConnection(code)) return said
    // who asks for a line to run waits for nothing else
    if (args.isPrint) return [...said, askDoctor(config)]
    const noAnswer = { key: 'cli.no-answer', params: { name: config.name } }
    return [noAnswer, ...(await whereItBreaks(config, io, said))]
  }
}

/** Why it did not work, where that is known; what only the person can answer is said already. */
function infoOf(error: unknown): ErrorInfo | null {
  const cause = error instanceof CliFailure ? error.cause : error
  return cause instanceof StudioloError || cause instanceof HostError ? cause.info : null
}

async function openOrPrint(config: SshHostConfig, args: CliArgs, io: ConnectIo): Promise<void> {
  // `openHost` says what a question of the connection would be, which nobody can answer here
  const host = args.isPrint ? io.hosts.ssh(config) : (await openHost(args, io)).host
  const local = io.hosts.local()
  const settings = readSettings({ path: io.settingsPath, read: () => readText(io.settingsPath) })
  const service = createConnectService({
    ...{ local: () => local, host: () => host, configOf: () => config },
    tunnels: () => [],
    ...{ linkOf: () => undefined, runtimeOf: () => undefined, facts: io.hosts.facts },
    ...{ tailnet: io.tailnet, settings: { get: () => settings } },
    ...{ clock, homeDir: io.homeDir, env: io.env },
  })
  const toolId = args.toolId ?? settings.settings.preferredToolId
  try {
    if (args.isPrint) io.out(`${quotePosix(await service.commandLine(config.id, toolId))}\n`)
    else await service.open(config.id, toolId)
  } finally {
    await host.close()
    await local.close()
  }
}
