import type { SecretStore } from '../../../core/ports.ts'
import type { HostError } from '../../host.ts'
import { noPassphrase, noPassword, sshError } from '../errors.ts'
import { changedKeyError } from '../host-key.ts'
import type { Ask } from '../keys.ts'
import { fingerprint, type KnownKeys } from '../known-hosts.ts'
import { type Accepted, type LoginPlan, loginName } from '../login-options.ts'
import type { Prompt } from './prompt.ts'

export interface AnswerOptions extends LoginPlan {
  secrets: SecretStore
  /** As fingerprints. */
  accepted: Accepted
  ask: Ask
  /** Type of the key that the host shows, as `ssh -v` says it; empty before. */
  keyType(): string
}

/** Answers one attempt's prompts, from what is kept or by the person. */
export interface Answers {
  /** The line for ssh; null gives none. */
  answer(prompt: Prompt): Promise<string | null>
  /** What an answer, or the lack of one, means for the attempt, once ssh has given up. */
  problem(): HostError | null
  /** A login that was refused takes the secrets back that were given for it. */
  forget(): Promise<void>
}

export function createAnswers(options: AnswerOptions): Answers {
  const { to, name, known, secrets, accepted, ask } = options
  const subject = loginName(options)
  /** How often a secret was given, by its name in the store. */
  const given = new Map<string, number>()
  let hostKeyProblem: HostError | null = null
  let loginProblem: HostError | null = null

  async function answerHostKey(shown: string, shortType: string): Promise<string | null> {
    if (known.problem !== null) {
      hostKeyProblem = known.problem
      return null
    }
    // ssh refuses a changed key by itself; should it have looked under another name than we did, a known host is still not asked about
    const plain = known.keys.filter(({ marker }) => marker === null)
    const keyType = options.keyType() || shortType
    const other = plain.find(({ type }) => type === keyType) ?? plain[0]
    if (other !== undefined) {
      hostKeyProblem = changedKeyError(name, shown, other)
      return null
    }
    if (accepted.has(shown)) return shown
    const question = { address: name.name, keyType, fingerprint: shown }
    const reply = await ask({ kind: 'host-key', ...question })
    if (reply?.kind === 'host-key' && reply.isAccepted) {
      accepted.add(shown)
      // not `yes`: ssh compares it with the key that it was shown
      return shown
    }
    hostKeyProblem = sshError(reply === null ? 'host-key-unknown' : 'host-key-rejected', question)
    return null
  }

  /** Like keys.ts and auth.ts: what is kept first, then the person, and kept before it is proved. */
  async function answerKept(
    storeName: string,
    what: 'password' | 'passphrase',
    about: string,
    problems: { wrong: HostError; none: HostError },
  ): Promise<string | null> {
    const tries = given.get(storeName) ?? 0
    given.set(storeName, tries + 1)
    const kept = tries === 0 ? await secrets.get(storeName) : null
    if (kept !== null) return kept
    if (tries > 0) {
      await secrets.remove(storeName)
      loginProblem = problems.wrong
    }
    const reply = await ask({ kind: 'secret', what, subject: about, isRetry: tries > 0 })
    if (reply?.kind !== 'secret' || reply.secret === null) {
      loginProblem = problems.none
      given.delete(storeName)
      return null
    }
    await secrets.set(storeName, reply.secret, { isRemembered: reply.isRemembered })
    return reply.secret
  }

  /** Asked anew each time: a code is good once, and a wrong PIN that is repeated locks the key. */
  async function answerOnce(what: 'pin' | 'code', about: string): Promise<string | null> {
    const tries = given.get(what) ?? 0
    given.set(what, tries + 1)
    const reply = await ask({ kind: 'secret', what, subject: about, isRetry: tries > 0 })
    return reply?.kind === 'secret' ? reply.secret : null
  }

  return {
    async answer(prompt) {
      switch (prompt.kind) {
        case 'host-key':
          return answerHostKey(prompt.fingerprint, prompt.keyType)
        case 'passphrase': {
          const { path } = prompt
          const wrong = sshError('wrong-passphrase', { path })
          const problems = { wrong, none: noPassphrase(path) }
          return answerKept(`passphrase:${path}`, 'passphrase', path, problems)
        }
        case 'password': {
          const wrong = sshError('wrong-password', { account: to.account, address: to.address })
          const problems = { wrong, none: noPassword(to) }
          return answerKept(`password:${subject}`, 'password', subject, problems)
        }
        case 'pin':
          return answerOnce('pin', prompt.subject)
        case 'code':
          return answerOnce('code', prompt.text)
        case 'presence':
        case 'refuse':
          return null
      }
    },
    problem: () => hostKeyProblem ?? loginProblem ?? wrongSecret(),
    async forget() {
      for (const storeName of given.keys()) {
        if (storeName.includes(':')) await secrets.remove(storeName)
      }
    },
  }

  function wrongSecret(): HostError | null {
    const params = { account: to.account, address: to.address }
    return given.has(`password:${subject}`) ? sshError('wrong-password', params) : null
  }
}

/** For a host whose key is not the one that is known: the key to compare with. Null where none is. */
export function knownKeyFor(known: KnownKeys, keyType: string, shown: string) {
  const plain = [...known.keys, ...known.bareKeys].filter(({ marker }) => marker === null)
  const others = plain.filter(({ key }) => fingerprint(Buffer.from(key, 'base64')) !== shown)
  return others.find(({ type }) => type === keyType) ?? others[0] ?? null
}
