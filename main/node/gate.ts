import { createHash, randomBytes, timingSafeEqual } from 'node:crypto'
import type { Clock } from '../core/ports.ts'

const tokenLifeMs = 60_000
/** Unused tokens and open sessions that are kept; the oldest give way. */
const mostTokens = 16
const mostSessions = 32

/** Who may talk to the browser host. */
export interface Gate {
  /** A token for one link: valid once, and for 60 s. */
  issueToken(): string
  /** Takes the token and answers with a session key; null for one that was used, is too old, or is not ours. */
  redeem(token: string): string | null
  isSession(sessionKey: string): boolean
}

interface Entry {
  digest: Buffer
  endsAt: number
}

export function createGate(clock: Clock): Gate {
  let tokens: Entry[] = []
  let sessions: Entry[] = []

  function issue(endsAt: number): { word: string; entry: Entry } {
    const word = randomBytes(32).toString('base64url')
    return { word, entry: { digest: digest(word), endsAt } }
  }

  return {
    issueToken() {
      const { word, entry } = issue(clock.monotonic() + tokenLifeMs)
      tokens = [...tokens, entry].slice(-mostTokens)
      return word
    },
    redeem(token) {
      const found = find(tokens, token)
      tokens = tokens.filter((entry) => entry !== found && entry.endsAt > clock.monotonic())
      if (found === null || found.endsAt <= clock.monotonic()) return null
      const { word, entry } = issue(Number.POSITIVE_INFINITY)
      sessions = [...sessions, entry].slice(-mostSessions)
      return word
    },
    isSession: (sessionKey) => find(sessions, sessionKey) !== null,
  }
}

function digest(word: string): Buffer {
  return createHash('sha256').update(word).digest()
}

/** Looks at every entry, in constant time, wherever the right one is. */
function find(entries: readonly Entry[], word: string): Entry | null {
  const wanted = digest(word)
  let found: Entry | null = null
  for (const entry of entries) {
    if (timingSafeEqual(entry.digest, wanted)) found = entry
  }
  return found
}
