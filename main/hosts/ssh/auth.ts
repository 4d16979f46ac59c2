import type { AnyAuthMethod, AuthenticationType, AuthHandlerMiddleware, ParsedKey } from 'ssh2'
import type { Clock, SecretStore } from '../../core/ports.ts'
import { HostError } from '../host.ts'
import { findAgent, listAgentKeys, listForeignKinds, OneKeyAgent } from './agent.ts'
import { loginParams, loginRefused, noPassword, sshError } from './errors.ts'
import { type Ask, type Candidate, listCandidates } from './keys.ts'
import { type LoginPlan, loginName } from './login-options.ts'

export interface LoginOptions extends Omit<LoginPlan, 'known'> {
  keyPath: string | null
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
  /** Kinds of keys in the agent that ssh2 cannot use; empty where it holds another one. */
  readonly foreignKinds: readonly string[]
  /** Why the server let nobody in; the facts are among its parameters. */
  failure(): HostError
  /** Adds to an error, as parameters, what was `offered`, what the server `accepts`, and the key that it took: `signed`. */
  withFacts(error: HostError): HostError
}

/** What the server would still accept, and whether it has accepted one of several proofs. */
interface Offer {
  methods: readonly string[]
  isPartial: boolean
}

/** Reads keys and asks the agent before the connection is made. Rejects with `key-not-found`. */
export async function prepareLogin(options: LoginOptions): Promise<Login> {
  const { config, keyPath, to, clock, secrets } = options
  const subject = loginName(options)
  const secretName = `password:${subject}`
  const tried: string[] = []
  let accepts: readonly string[] = []
  let problem: HostError | null = null
  let method = 'none'
  let signed: string | null = null
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
    get foreignKinds() {
      return foreignKinds
    },
    failure() {
      if (problem !== null) return login.withFacts(problem)
      return loginRefused(to, { offered: tried, accepts, signed })
    },
    withFacts(error) {
      const facts = loginParams({ offered: tried, accepts, signed })
      error.info.message.params = { ...error.info.message.params, ...facts }
      return error
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
        const signature = await sign(data, hash)
        signed = name
        return signature
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
          problem = noPassword(to)
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
