import type { Link } from '../../preload/contract/hosts.ts'
import { errorInfo, StudioloError } from '../core/errors.ts'
import type { Clock } from '../core/ports.ts'
import type { Host } from '../hosts/host.ts'

const answerWithinMs = 10_000
/** As long as a link counts as live. */
const freshMs = 3_000

/** The page saw an answer so lately that another question would only cost time. */
export function isFresh(link: Link | undefined, now: number): boolean {
  if (link?.state !== 'live' || link.lastAnswerAt === null) return false
  return now - Date.parse(link.lastAnswerAt) < freshMs
}

/**
 * Makes sure that a Host answers before an editor is left hanging on it; resolves with the account's home folder there, null where it
 * did not say. Rejects as the connection does, after 10 s at the latest.
 */
export async function firstAnswer(host: Host, clock: Clock): Promise<string | null> {
  const bound = new AbortController()
  const late = Promise.withResolvers<never>()
  const stop = clock.after(answerWithinMs, () => {
    late.reject(lateError(host))
    bound.abort()
  })
  try {
    return await Promise.race([ask(host, bound.signal), late.promise])
  } finally {
    stop()
  }
}

async function ask(host: Host, signal: AbortSignal): Promise<string | null> {
  await host.identify({ signal })
  const { stdout } = await host.run(['pwd'], { signal, timeoutMs: answerWithinMs })
  const path = stdout.trim()
  return /^\/[^\n]*$/.test(path) ? path : null
}

/** What the connection itself knows is better than "no answer". */
function lateError(host: Host): StudioloError {
  const { problem, question } = host.link()
  if (problem !== null) return new StudioloError(problem)
  if (question?.kind === 'host-key') {
    const { address, fingerprint } = question
    return new StudioloError(errorInfo('host-key-unknown', { address, fingerprint }))
  }
  return new StudioloError(errorInfo('timeout'))
}
