import type { Message, Remedy } from '../../../preload/contract/base.ts'
import type { DoctorProgress } from '../../../preload/contract/doctor.ts'
import type { SshHostConfig } from '../../../preload/contract/settings.ts'
import { hiddenAddress, withoutLogIns } from '../../../preload/words/doctor-text.ts'
import { createDoctor } from '../../doctor/service.ts'
import { quotePosix } from '../../hosts/quote.ts'
import { clock } from '../compose.ts'
import { CliFailure, type CliIo, exitCodes } from './io.ts'
import { oneLine } from './table.ts'

type Say = (message: Message) => string

/** Tries each hop to a Host, and names each on stderr as it begins where somebody watches. */
export async function tryEachHop(config: SshHostConfig, io: CliIo): Promise<DoctorProgress> {
  const local = io.hosts.local()
  try {
    const service = createDoctor({
      ...{ factory: io.hosts, local: () => local, clock, log: io.log },
      ...{ homeDir: io.homeDir, env: io.env, platform: io.platform },
      // nothing is remembered between two runs
      stateOf: () => undefined,
      configOf: () => config,
    })
    let last: DoctorProgress | null = null
    for await (const progress of service.run(config.id)) {
      last = progress
      const running = progress.steps.at(-1)
      if (io.isWatched && !progress.isDone && running !== undefined) {
        io.err(`${oneLine(io.say({ key: `doctor.step.${running.id}` }))} …\n`)
      }
    }
    if (last === null) throw new CliFailure(exitCodes.unreadable, [{ key: 'error.cancelled' }])
    return last
  } finally {
    await local.close()
  }
}

/** `On Studio: Turn on Remote Login: System Settings, General, Sharing.`; a command or an address stands behind it. */
export function remedyMessage(
  { where, text, kind, target }: Remedy,
  name: string,
  say: Say,
): Message {
  const isShown = target !== undefined && kind !== 'open-settings'
  return {
    key: where === 'here' ? 'doctor.text.do-here' : 'doctor.text.do-there',
    params: { name, what: isShown ? `${say(text)} ${target}` : say(text) },
  }
}

/** The step that broke with its first remedy; `otherwise` where all works by now. The doctor's whole answer is named behind it. */
export async function whereItBreaks(
  config: SshHostConfig,
  io: CliIo,
  otherwise: readonly Message[],
): Promise<Message[]> {
  const say: Say = (message) => io.say(message)
  const { steps, brokenStepId } = withoutLogIns(await tryEachHop(config, io), say(hiddenAddress))
  const broken = steps.find(({ id }) => id === brokenStepId)
  if (broken === undefined) return [...otherwise, { key: 'cli.works-by-now' }]
  const [remedy] = broken.remedies
  const step = say({ key: `doctor.step.${broken.id}` })
  return [
    { key: 'cli.broken-step', params: { step } },
    ...(broken.found === null ? otherwise : [broken.found]),
    ...(remedy === undefined ? [] : [remedyMessage(remedy, config.name, say)]),
    askDoctor(config),
  ]
}

/** How to ask for each step. */
export function askDoctor({ name }: SshHostConfig): Message {
  return { key: 'cli.ask-doctor', params: { name: quotePosix([name]) } }
}
