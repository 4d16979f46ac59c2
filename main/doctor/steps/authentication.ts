import type { Message, Remedy } from '../../../preload/contract/base.ts'
import { quotePosix } from '../../hosts/quote.ts'
import { otherAgent } from '../agents.ts'
import { judgeAsked } from '../asked.ts'
import type { Stop } from '../attempt.ts'
import { isPasswordOnly } from '../lan.ts'
import { platformOf } from '../platform.ts'
import { doIt, runIt } from '../remedies.ts'
import { type DoctorStep, type Outcome, outcome } from '../step.ts'
import { unforeseen } from '../unforeseen.ts'
import { isErrorInfo, type Visit } from '../visit.ts'

/** Passes where the account is let in; says which keys were offered, and from which agent. */
export const authentication: DoctorStep = {
  id: 'authentication',
  async look(visit) {
    const hop = await visit.attempt.hop('login')
    if (hop.kind === 'stopped') return explain(visit, hop.stop)
    const { detail, durationMs } = hop.step
    // over the system's ssh the kind of login stands before a bracket
    const [kind = null] = detail?.split(' (ssh:') ?? []
    const key = kind === 'none' || kind === 'password' ? kind : 'key'
    const params = { account: await accountOf(visit), method: detail }
    return outcome('passed', { key: `doctor.authentication.${key}`, params }, { durationMs })
  },
}

async function explain(visit: Visit, stop: Stop): Promise<Outcome> {
  const { error } = stop
  const { name } = visit.config
  const account = await accountOf(visit)
  const tried = triedOf(error.message.params ?? {})
  const params = { name, account }
  const detail = error.detail ?? null
  const asked = judgeAsked(stop, params)
  if (asked !== null) return asked
  switch (error.code) {
    case 'key-not-found':
      return outcome(
        'failed',
        { key: 'doctor.authentication.key-not-found', params: error.message.params ?? {} },
        { remedies: [doIt('here', 'doctor.remedy.choose-key', { name })] },
      )
    case 'auth':
    case 'wrong-password':
    case 'wrong-passphrase':
      return refused(visit, { ...params, ...tried }, stop)
    case 'closed-by-host':
      if (tried.signed !== null) return closedAfterKey(params, tried.signed, detail)
      return outcome(
        'failed',
        { key: 'doctor.authentication.closed-by-host', params },
        {
          causes: [
            { key: 'doctor.cause.too-many-tries', params },
            { key: 'doctor.cause.account-not-allowed', params },
          ],
          remedies: [...allowAccount(params), doIt('here', 'doctor.remedy.wait-and-try')],
          detail,
        },
      )
    case 'timeout':
      return outcome(
        'failed',
        { key: 'doctor.authentication.timeout', params },
        {
          causes: [{ key: 'doctor.cause.agent-waits' }, { key: 'doctor.cause.login-slow', params }],
          remedies: [
            doIt('here', 'doctor.remedy.allow-agent'),
            doIt('here', 'doctor.remedy.wait-and-try'),
          ],
          detail,
        },
      )
    default:
      return unforeseen(error)
  }
}

interface Tried {
  /** Keys by path or comment, in order; null where the program that logs in does not tell. */
  offered: string | null
  /** Kinds of login that the server still takes. */
  accepts: string
  /** The key that the server would take: a login was signed with it. */
  signed: string | null
}

function triedOf(params: NonNullable<Message['params']>): Tried {
  const text = (value: unknown) => (typeof value === 'string' ? value : '')
  return {
    offered: typeof params.offered === 'string' ? params.offered : null,
    accepts: text(params.accepts),
    signed: text(params.signed) || null,
  }
}

/** The server took the key and then hung up: what `com.apple.access_ssh` does to an account that is not in it. */
function closedAfterKey(
  params: { name: string; account: string },
  signed: string,
  detail: string | null,
): Outcome {
  return outcome(
    'failed',
    { key: 'doctor.authentication.closed-after-key', params: { ...params, signed } },
    {
      meaning: { key: 'doctor.meaning.closed-after-key', params },
      causes: [{ key: 'doctor.cause.account-not-allowed', params }],
      remedies: allowAccount(params),
      detail,
    },
  )
}

async function refused(
  visit: Visit,
  params: { name: string; account: string } & Tried,
  { error, question }: Stop,
): Promise<Outcome> {
  const { name, account, offered, accepts, signed } = params
  const who = { name, account }
  const detail = error.detail ?? null
  const asked = question?.kind === 'secret' && question.what === 'password' ? question : null
  // asked again, although nobody answered: the one that was kept was tried first
  if (error.code === 'wrong-password' || asked?.isRetry === true) {
    return outcome(
      'failed',
      { key: 'doctor.authentication.wrong-password', params: who },
      { remedies: [doIt('here', 'doctor.remedy.give-password', who)], detail },
    )
  }
  const methods = accepts.split(', ').filter((method) => method !== '')
  if (isPasswordOnly(methods)) {
    return outcome(
      'failed',
      { key: 'doctor.authentication.password-only', params: who },
      {
        meaning: { key: 'doctor.meaning.password-only', params: who },
        causes: [
          ...(platformOf(visit) === 'linux'
            ? []
            : [{ key: 'doctor.cause.filevault', params: who }]),
          { key: 'doctor.cause.password-only', params: who },
        ],
        remedies: [
          runIt('here', 'doctor.remedy.unlock-filevault', await sshCommand(visit), who),
          doIt('here', 'doctor.remedy.enter-password', who),
        ],
        detail,
      },
    )
  }
  if (signed !== null) return closedAfterKey(who, signed, detail)
  const { mine, other } = await agents(visit)
  const causes: Message[] = []
  const remedies: Remedy[] = []
  if (other !== null) {
    const { path, count } = other
    causes.push({ key: 'doctor.cause.other-agent', params: { path, count, mine: mine ?? '–' } })
    remedies.push(doIt('here', 'doctor.remedy.other-agent', { path, name }))
  }
  const takesPassword =
    asked !== null || methods.includes('password') || methods.includes('keyboard-interactive')
  if (takesPassword) remedies.push(doIt('here', 'doctor.remedy.give-password', who))
  remedies.push(doIt('here', 'doctor.remedy.set-up-key', who))
  if (offered === '') {
    if (other === null) causes.push({ key: 'doctor.cause.no-key-here' })
    const meaning =
      mine === null
        ? { key: 'doctor.meaning.no-key-no-agent' }
        : { key: 'doctor.meaning.no-key', params: { path: mine } }
    const found = {
      key: takesPassword ? 'doctor.authentication.key-or-password' : 'doctor.authentication.no-key',
      params: who,
    }
    return outcome('failed', found, { meaning, causes, remedies, detail })
  }
  causes.push(
    { key: 'doctor.cause.key-not-there', params: who },
    { key: 'doctor.cause.account-not-allowed', params: who },
    { key: 'doctor.cause.wrong-account', params: who },
  )
  const meaning =
    mine === null
      ? { key: 'doctor.meaning.no-agent' }
      : { key: 'doctor.meaning.agent', params: { path: mine } }
  const found =
    offered === null
      ? { key: 'doctor.authentication.refused-plainly', params: who }
      : { key: 'doctor.authentication.refused', params: { ...who, offered } }
  return outcome('failed', found, {
    ...{ meaning, causes, detail, remedies: [...remedies, ...allowAccount(who)] },
  })
}

/** Remote Login can be for some accounts only: the group `com.apple.access_ssh`. */
function allowAccount({ name, account }: { name: string; account: string }): Remedy[] {
  return [doIt('on-host', 'doctor.remedy.allow-account', { name, account })]
}

async function agents(visit: Visit) {
  const resolved = await visit.ssh
  if (isErrorInfo(resolved)) return { mine: null, other: null }
  return otherAgent(visit, resolved)
}

async function accountOf({ ssh, config }: Visit): Promise<string> {
  const resolved = await ssh
  return isErrorInfo(resolved) ? (config.account ?? '–') : resolved.user
}

async function sshCommand(visit: Visit): Promise<string> {
  const { target, port } = visit.config
  const command = quotePosix(['ssh', '-l', await accountOf(visit), '--', target])
  return port === null ? command : command.replace(' -l ', ` -p ${port} -l `)
}
