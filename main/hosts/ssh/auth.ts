import type { AnyAuthMethod, AuthenticationType, AuthHandlerMiddleware, ParsedKey } from 'ssh2'
import type { Clock, SecretStore } from '../../core/ports.ts'
import { HostError } from '../host.ts'
import { findAgent, listAgentKeys, listForeignKinds, OneKeyAgent } from './agent.ts'
import type { SshConfig } from './config.ts'
import { type Destination, sshError } from './errors.ts'
import { type Ask, type Candidate, listCandidates } from './keys.ts'

export interface LoginOptions {
  config: SshConfig
  keyPath: string | null
  to: Destination
  clock: Clock
  secrets: SecretStore
  unlocked: Map<string, ParsedKey>
  env: NodeJS.ProcessEnv
  platform: NodeJS.Platform
}

/** A login in the making: nothing first (Tailscale SSH asks for no more), then keys, then the password. */
export interface Login {
  handler: AuthHandlerMiddleware
  /** Set by who makes the connection: asks the person. */
  ask: Ask
  /** Likewise, called each time that something is sent to the server: its time to answer starts. */
  onTry: () => void
  /** What the latest try was: `none`, a key's path or comment, `password`. */
  method(): string
  /** Why the server let nobody in. */
  failure(): HostError
}

/** What the server would still accept, and whether it has accepted one of several proofs. */
interface Offer {
  methods: readonly string[]
  isPartial: boolean
}

/** Reads keys and asks the agent before the connection is made. Rejects with `key-not-found`. */
export async function prepareLogin(options: LoginOptions): Promise<Login> {
  const { config, keyPath, to, clock, secrets } = options
  const subject = `${to.account}@${to.address}`
  const secretName = `password:${subject}`
  const tried: string[] = []
  let accepts: readonly string[] = []
  let problem: HostError | null = null
  let method = 'none'
  let foreignKinds: readonly string[] = []

  const methods = offerMethods()
  const ask: Ask = (question) => login.ask(question)
  const login: Login = {
    ask: async () => null,
    onTry: () => undefined,
    handler(methodsLeft: AuthenticationType[] | null, isPartial, next) {
      const offer: Offer = { methods: methodsLeft ?? [], isPartial: isPartial === true }
      methods
        .next(offer)
        .then(({ value }) => {
          login.onTry()
          // ssh2 ends the login at `false`, which its types forget
          next((value ?? false) as AnyAuthMethod)
        })
        .catch((error: unknown) => {
          problem = error instanceof HostError ? error : sshError('internal', {}, String(error))
          next(false as unknown as AnyAuthMethod)
        })
    },
    method: () => method,
    failure() {
      if (problem !== null) return problem
      const params = { account: to.account, address: to.address }
      const seen = tried.length === 0 ? 'No key was found' : `Offered: ${tried.join(', ')}`
      const foreign =
        foreignKinds.length === 0
          ? ''
          : ` The agent also holds keys that cannot be used here: ${foreignKinds.join(', ')}.`
      const detail = `${seen}. The host accepts: ${accepts.join(', ')}.${foreign}`
      return sshError('auth', params, detail)
    },
  }
  const candidates = config.hasPublicKeyLogin ? await candidatesOf(options) : []
  return login

  async function* offerMethods(): AsyncGenerator<AnyAuthMethod, void, Offer> {
    let offer = yield { type: 'none', username: to.account }
    for (const candidate of candidates) {
      accepts = offer.methods
      if (!offer.methods.includes('publickey')) break
      tried.push(candidate.name)
      method = candidate.name
      offer = yield offerKey(candidate)
    }
    accepts = offer.methods
    yield* offerPassword(offer)
  }

  function offerKey({ key, name, sign }: Candidate): AnyAuthMethod {
    const agent = new OneKeyAgent(key, async (data, hash) => {
      try {
        return await sign(data, hash)
      } catch (error) {
        if (error instanceof HostError) problem = error
        throw error
      } finally {
        method = name
        login.onTry()
      }
    })
    return { type: 'agent', username: to.account, agent }
  }

  async function* offerPassword(first: Offer): AsyncGenerator<AnyAuthMethod, void, Offer> {
    let offer = first
    let kept = await secrets.get(secretName)
    let isRetry = false
    for (let tries = 0; tries < config.passwordPrompts; ) {
      const type = passwordMethod(offer)
      if (type === null) return
      let secret = kept
      if (secret === null) {
        const answer = await ask({ kind: 'secret', what: 'password', subject, isRetry })
        if (answer?.kind !== 'secret' || answer.secret === null) {
          const params = { account: to.account, address: to.address }
          problem = sshError('auth', params, 'No password was given.')
          return
        }
        secret = answer.secret
        // kept before it is proved: the server may close while the person types, then the next connection starts with it
        await secrets.set(secretName, secret, { isRemembered: answer.isRemembered })
        tries++
      }
      tried.push('password')
      method = 'password'
      offer = yield passwordOffer(type, secret)
      if (offer.isPartial) return
      kept = null
      isRetry = true
      await secrets.remove(secretName)
      problem = sshError('wrong-password', { account: to.account, address: to.address })
    }
  }

  function passwordMethod({ methods: left }: Offer): 'password' | 'keyboard-interactive' | null {
    if (config.hasPasswordLogin && left.includes('password')) return 'password'
    const hasKeyboard = config.hasKeyboardLogin && left.includes('keyboard-interactive')
    return hasKeyboard ? 'keyboard-interactive' : null
  }

  function passwordOffer(type: 'password' | 'keyboard-interactive', secret: string): AnyAuthMethod {
    const username = to.account
    if (type === 'password') return { type, username, password: secret }
    let isAsked = false
    return {
      type,
      username,
      prompt(_name, _instructions, _lang, prompts, finish) {
        // PAM asks for the password without echo; a second round would be something else, or the same again
        finish(prompts.map(({ echo }) => (echo === true || isAsked ? '' : secret)))
        isAsked = true
        login.onTry()
      },
    }
  }

  async function candidatesOf({ env, platform, unlocked }: LoginOptions): Promise<Candidate[]> {
    const socketPath = await findAgent(config, { env, platform })
    const keys = socketPath === null ? [] : await listAgentKeys(socketPath, clock)
    if (socketPath !== null && keys.length === 0) {
      foreignKinds = await listForeignKinds(socketPath, env)
    }
    return listCandidates({
      identityFiles: config.identityFiles,
      keyPath: keyPath === null ? null : (config.identityFiles[0] ?? keyPath),
      agent: socketPath === null ? null : { socketPath, keys },
      isIdentitiesOnly: config.isIdentitiesOnly,
      ...{ secrets, ask, unlocked },
    })
  }
}
