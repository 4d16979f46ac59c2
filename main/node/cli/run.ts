import { askTailnetOnce, followNodes } from '../../tailnet/follow.ts'
import { clock } from '../compose.ts'
import { parseCliArgs } from './args.ts'
import { check } from './check.ts'
import { connect } from './connect.ts'
import { doctor } from './doctor.ts'
import { openHost } from './host.ts'
import { CliFailure, type CliIo, type ExitCode, exitCodes } from './io.ts'
import { models } from './models.ts'
import { record } from './record.ts'
import { status } from './status.ts'
import { oneLine } from './table.ts'

/**
 * The command line: `status`, `check`, `models`, `record`, `doctor`, `connect`. Never rejects; `argv` is what comes after the program's
 * name. Changes nothing but the file of `--out`.
 */
export async function run(argv: readonly string[], outer: CliIo): Promise<ExitCode> {
  const parsed = parseCliArgs(argv)
  switch (parsed.kind) {
    case 'help':
      outer.out(`${outer.say({ key: 'cli.usage' })}\n`)
      return exitCodes.ok
    case 'version':
      outer.out(`${outer.version}\n`)
      return exitCodes.ok
    case 'wrong':
      outer.err(`${oneLine(outer.say(parsed.message))}\n`)
      return exitCodes.usage
  }
  const { args } = parsed
  const tailnet = askTailnetOnce(() => outer.hosts.local(), clock)
  const io = { ...outer, hosts: followNodes(outer.hosts, { tailnet }) }
  try {
    // a Host that does not answer is what it is for
    if (args.command === 'doctor') return await doctor(args, io)
    if (args.command === 'connect') return await connect(args, { ...io, tailnet })
    const open = await openHost(args, io)
    try {
      switch (args.command) {
        case 'status':
          return await status(open, io, args.isJson)
        case 'check':
          return await check(open, io, args.isJson)
        case 'models':
          return await models(open, io, args.isJson)
        case 'record':
          return await record(open, io, args.outPath ?? '')
      }
    } finally {
      await open.close()
    }
  } catch (error) {
    const failure =
      error instanceof CliFailure
        ? error
        : new CliFailure(exitCodes.unreadable, [
            {
              key: 'cli.failed',
              params: { detail: error instanceof Error ? error.message : String(error) },
            },
          ])
    io.err(`${oneLine(failure.messages.map((message) => io.say(message)).join(' '))}\n`)
    return failure.exitCode
  }
}
