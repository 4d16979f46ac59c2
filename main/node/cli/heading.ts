import type { OpenHost } from './host.ts'
import type { CliIo } from './io.ts'
import { oneLine } from './table.ts'

/** Which Host answers, as whom, and from when its answers are where that is not now. */
export function heading({ host, name, identity }: OpenHost, io: CliIo): string {
  const parts = [name, io.say({ key: 'cli.as-account', params: { account: identity.account } })]
  if (host.kind === 'recorded') {
    const recordedAt = new Date(host.now()).toISOString()
    parts.push(io.say({ key: 'cli.recorded', params: { recordedAt } }))
  }
  return `${oneLine(parts.join(' · '))}\n`
}
