import type { Message, Remedy } from '../contract/base.ts'
import type { DoctorProgress, DoctorStep } from '../contract/doctor.ts'

type Say = (message: Message) => string

/**
 * What the doctor found, as plain text for a colleague: each step with its state, and all that is known of those that are not simply good.
 *
 *     Connection to Mac Studio, tried 2026-11-20 09:00 UTC
 *
 *     [Passed] Tailscale running
 *     [Failed] SSH port (5 ms)
 *         The machine at 100.101.102.103 is there, but nothing answers at port 22.
 *         Possible cause: Remote Login is off on Mac Studio.
 *         On Mac Studio: Turn on Remote Login: System Settings, General, Sharing.
 */
export function doctorText(progress: DoctorProgress, say: Say): string {
  const { hostName: name, startedAt, steps } = withoutLogIns(progress, say(hiddenAddress))
  const time = `${startedAt.slice(0, 16).replace('T', ' ')} UTC`
  const heading = say({ key: 'doctor.text.heading', params: { name, time } })
  const lines = steps.flatMap((step) => linesOf(step, name, say))
  return `${[heading, '', ...lines].join('\n')}\n`
}

/** What stands in a text for an address that {@link withoutLogIns} takes out. */
export const hiddenAddress: Message = { key: 'doctor.text.hidden-address' }

const address = /https?:\/\/[^\s"'<>]+/gi
const ownPage = /^https:\/\/(?:tailscale\.com\/|login\.tailscale\.com\/admin\/(?:machines|acls)$)/

/**
 * The findings as they may leave this computer: of addresses only those of Tailscale's fixed pages stay. Any other can be a
 * live log-in, by which whoever opens it gets this computer into a tailnet of theirs, or into a Host.
 */
export function withoutLogIns(progress: DoctorProgress, standIn: string): DoctorProgress {
  return inTexts(progress, (text) =>
    text.replaceAll(address, (found) => (ownPage.test(found) ? found : standIn)),
  )
}

function inTexts<T>(value: T, change: (text: string) => string): T {
  if (typeof value === 'string') return change(value) as T
  if (Array.isArray(value)) return value.map((one) => inTexts(one, change)) as T
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(
    Object.entries(value).map(([name, one]) => [name, inTexts(one, change)]),
  ) as T
}

function linesOf(step: DoctorStep, name: string, say: Say): string[] {
  const { id, state, durationMs, found, meaning, causes, remedies, detail } = step
  const took = durationMs === null ? '' : ` (${durationMs} ms)`
  const title = `[${say({ key: `doctor.view.state.${state}` })}] ${say({ key: `doctor.step.${id}` })}${took}`
  const causeKey = causes.length === 1 ? 'doctor.text.cause' : 'doctor.text.possible-cause'
  const more = [
    ...(found === null ? [] : [say(found)]),
    ...(meaning === null ? [] : [say(meaning)]),
    ...causes.map((cause) => say({ key: causeKey, params: { cause: say(cause) } })),
    ...remedies.map((remedy) => remedyText(remedy, name, say)),
    ...(detail === null ? [] : [say({ key: 'doctor.text.said', params: { words: detail } })]),
  ]
  return [title, ...more.flatMap((text) => text.split('\n')).map((line) => `    ${line}`)]
}

function remedyText({ where, text, kind, target }: Remedy, name: string, say: Say): string {
  const key = where === 'here' ? 'doctor.text.do-here' : 'doctor.text.do-there'
  const what = say({ key, params: { name, what: say(text) } })
  const isShown = target !== undefined && kind !== 'open-settings'
  return isShown ? `${what}\n    ${target}` : what
}
