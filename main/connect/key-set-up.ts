import { errorInfo, StudioloError } from '../core/errors.ts'
import type { Clock, HostFactory, SecretStore } from '../core/ports.ts'
import type { Services } from '../core/services.ts'
import type { Host, LinkAnswer } from '../hosts/host.ts'
import { createProgress } from './key-set-up/progress.ts'
import { setUpKey } from './key-set-up/run.ts'

/** The person's thinking included: a set-up that nobody watches still ends. */
const timeoutMs = 600_000

/** First contact: a key is made and put on the Host, with the password asked once. */
export function createKeySetUp(options: {
  factory: HostFactory
  local(): Host
  secrets: SecretStore
  clock: Clock
  homeDir: string
  env: Record<string, string | undefined>
}): {
  run: Services['hosts']['setUpKey']
  /** False where no set-up of this id is asking. */
  answer(testId: string, answer: LinkAnswer): boolean
} {
  const { factory, local, secrets, clock, homeDir, env } = options
  const running = new Map<string, (answer: LinkAnswer) => void>()

  return {
    async *run(testId, newHost, signal) {
      if (running.has(testId)) throw new StudioloError(errorInfo('invalid-input'))
      const progress = createProgress()
      const ending = new AbortController()
      let isOver = false
      const hosts: Host[] = []
      const passwords = new Set<string>()
      const cancelTimeout = clock.after(timeoutMs, () => {
        progress.fail(errorInfo('timeout', { timeoutMs }))
        progress.end(null)
      })

      async function forgetPassword() {
        for (const name of passwords) await secrets.remove(name)
        return passwords.size > 0
      }

      running.set(testId, (answer) => {
        const host = hosts.at(-1)
        const question = host?.link().question
        if (answer.kind === 'host-key' || question?.kind !== 'secret') return host?.answer(answer)
        if (question.what !== 'password') return host?.answer(answer)
        // under this name a Host keeps a password for its next connection; see main/hosts/ssh/auth.ts
        passwords.add(`password:${question.subject}`)
        host?.answer({ ...answer, isRemembered: false })
      })
      const done = setUpKey({
        ...{ testId, newHost, local: local(), homeDir, env, progress, signal: ending.signal },
        open(config, onQuestion) {
          if (isOver) throw new StudioloError(errorInfo('cancelled'))
          const host = factory.ssh(config)
          hosts.push(host)
          host.onLink(({ question }) => {
            if (host === hosts.at(-1)) onQuestion(question)
          })
          return host
        },
        forgetPassword,
      })
      try {
        yield* progress.read(signal ?? new AbortController().signal)
      } finally {
        running.delete(testId)
        cancelTimeout()
        isOver = true
        // before the abort: a Host that closes ends its programs and waits for that
        await Promise.all(hosts.map((host) => host.close()))
        ending.abort()
        await done
        await forgetPassword()
      }
    },
    answer(testId, answer) {
      const tell = running.get(testId)
      tell?.(answer)
      return tell !== undefined
    },
  }
}
