import type { LinkQuestion } from '../../../preload/contract/hosts.ts'
import type { SshHostConfig } from '../../../preload/contract/settings.ts'
import { errorInfo, StudioloError, toErrorInfo } from '../../core/errors.ts'
import type { NewHost } from '../../core/services.ts'
import { type Host, HostError } from '../../hosts/host.ts'
import { resolveSshConfig, type SshConfig } from '../../hosts/ssh/config.ts'
import { putKey } from './authorized-keys.ts'
import { findOrMakeKey, type LocalKey } from './local-key.ts'
import type { Progress, StepId } from './progress.ts'
import { fingerprintOf } from './public-key.ts'
import { readSshdSettings } from './sshd-settings.ts'
import { byHand, notAccepted } from './words.ts'

export interface SetUpContext {
  testId: string
  newHost: NewHost
  local: Host
  homeDir: string
  env: Record<string, string | undefined>
  progress: Progress
  signal: AbortSignal
  /** A Host that is closed at the end; `onQuestion` gets what it asks, and null when that is over. */
  open(config: SshHostConfig, onQuestion: (question: LinkQuestion | null) => void): Host
  /** Whether a password was given, which is then forgotten. */
  forgetPassword(): Promise<boolean>
}

/** Goes through the steps; says each in `progress`, also the one that fails. Never rejects. */
export async function setUpKey(context: SetUpContext): Promise<void> {
  const { progress } = context
  try {
    progress.end(await allSteps(context))
  } catch (error) {
    progress.fail(toErrorInfo(error))
    progress.end(null)
  }
}

/** The path of the private key that logs in from now on; null where the machine wants none. */
async function allSteps(context: SetUpContext): Promise<string | null> {
  const { progress, signal } = context

  progress.begin('make-key')
  const config = await configOf(context)
  const key = await findOrMakeKey({
    ...context,
    chosenPath: context.newHost.keyPath === null ? null : (config.identityFiles[0] ?? null),
    identityFiles: config.identityFiles,
  })
  const said = `${key.path} (${fingerprintOf(key.publicKey)})`
  if (key.isNew) progress.pass('make-key', said)
  else progress.skip('make-key', said)

  progress.begin('log-in')
  const { host, method } = await logIn(context, config, key)
  progress.pass('log-in', method)
  if (method === 'none') {
    const message = { key: 'key-set-up.no-key-needed', params: { address: config.hostname } }
    progress.skip('put-key', null)
    progress.skip('test-key', null, { code: 'invalid-input', message })
    return null
  }

  progress.begin('put-key')
  let isHomeOpen = false
  if (method === key.path) progress.skip('put-key', null)
  else {
    const put = await putKey(host, key.publicKey, signal)
    isHomeOpen = put.isHomeOpen
    if (put.state === 'added') progress.pass('put-key', put.path)
    else progress.skip('put-key', put.path)
  }

  progress.begin('test-key')
  try {
    progress.pass('test-key', await testKey(context, key))
  } catch (error) {
    if (!(error instanceof HostError) || error.kind !== 'auth') throw error
    const settings = await readSshdSettings(host, signal)
    throw new StudioloError(notAccepted(error.info, config, { isHomeOpen, settings }))
  }
  return key.path
}

function configOf({ newHost, homeDir, env, signal }: SetUpContext): Promise<SshConfig> {
  const { target, account, port, keyPath } = newHost
  return resolveSshConfig(target, { account, port, keyPath, homeDir, env, signal })
}

/** The key comes first, so that nobody is asked for a password where it is accepted already. */
async function logIn(context: SetUpContext, config: SshConfig, key: LocalKey) {
  const { testId, newHost, progress, signal } = context
  const host = context.open(
    { ...newHost, kind: 'ssh', id: `key-${testId}`, keyPath: key.path },
    progress.ask,
  )
  try {
    await host.identify({ signal })
  } catch (error) {
    const wasAsked = await context.forgetPassword()
    const isRefused = error instanceof HostError && error.info.code === 'auth'
    if (!isRefused || wasAsked || signal.aborted) throw error
    throw new StudioloError(byHand(error.info, config, key.publicKey))
  }
  await context.forgetPassword()
  return { host, method: methodOf(host) }
}

/** With this key and nothing else: a password is not given, and another way in does not count. Rejects as {@link Host.identify}. */
async function testKey(context: SetUpContext, { path }: LocalKey): Promise<string> {
  const { testId, newHost, progress, signal } = context
  const id: `${StepId}-${string}` = `test-key-${testId}`
  const host = context.open({ ...newHost, kind: 'ssh', id, keyPath: path }, (question) => {
    if (question?.kind !== 'secret' || question.what !== 'password') progress.ask(question)
    else queueMicrotask(() => host.answer({ kind: 'secret', secret: null, isRemembered: false }))
  })
  const { account, hostName } = await host.identify({ signal })
  const method = methodOf(host)
  if (method === path) return `${account}@${hostName}`
  throw new HostError('auth', errorInfo('auth', {}, `Logged in by ${method} instead.`))
}

/** How a Host has logged in: a key's path, the comment of a key of the agent, `password` or `none`. */
function methodOf(host: Host): string | null {
  const detail = host.link().steps.find(({ id }) => id === 'login')?.detail ?? null
  // where the system's own ssh is used, its name and why stand behind
  return detail?.replace(/ \(ssh: .*\)$/, '') ?? null
}
