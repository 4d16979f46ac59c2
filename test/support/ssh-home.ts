import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { systemClock } from '../../main/core/clock.ts'
import type { SecretStore } from '../../main/core/ports.ts'
import type { Host, LinkAnswer } from '../../main/hosts/host.ts'
import { createSshHost, type SshHostOptions } from '../../main/hosts/ssh.ts'
import type { LinkQuestion } from '../../preload/contract/hosts.ts'
import { plainHost } from '../../preload/contract/plain-host.ts'
import type { SshHostConfig } from '../../preload/contract/settings.ts'
import { silentLog } from './silent-log.ts'
import type { TestSshd } from './sshd.ts'

/** Secrets in a map; `kept` are those that were to be remembered. */
export function memorySecrets(): SecretStore & { all: Map<string, string>; kept: Set<string> } {
  const all = new Map<string, string>()
  const kept = new Set<string>()
  return {
    ...{ isPersistent: false, all, kept },
    get: async (key) => all.get(key) ?? null,
    async set(key, secret, { isRemembered }) {
      all.set(key, secret)
      if (isRemembered) kept.add(key)
    },
    async remove(key) {
      all.delete(key)
      kept.delete(key)
    },
  }
}

export interface SshHome extends Disposable {
  readonly dir: string
  /** In `.ssh`. */
  path(name: string): string
  write(name: string, text: string): void
  /** Empty where there is no such file. */
  read(name: string): string
  secrets: ReturnType<typeof memorySecrets>
  /** A Host of this home; closed with it. */
  host(options: TestHostOptions): Host
}

export interface TestHostOptions extends Partial<Omit<SshHostOptions, 'config'>> {
  config?: Partial<SshHostConfig>
  /** The one to log in to, with its key; its host key is written to known_hosts unless `isUnknown`. */
  sshd?: TestSshd
  isUnknown?: boolean
  /** Answers each question; without it a question is an error of the test. */
  answer?(question: LinkQuestion): LinkAnswer | null
}

/** The same tests run over each; see `isAlwaysOpenSsh`. */
export const carriers = [
  { carrier: 'ssh2', isAlwaysOpenSsh: false },
  { carrier: "the system's ssh", isAlwaysOpenSsh: true },
] as const

/** A home folder with nothing but `.ssh`; the agent of whoever runs the tests is not seen. Its Hosts take `defaults`. */
export function createSshHome(defaults: Partial<SshHostOptions> = {}): SshHome {
  const dir = mkdtempSync(join(tmpdir(), 'studiolo-home-'))
  mkdirSync(join(dir, '.ssh'), { mode: 0o700 })
  const hosts: Host[] = []
  const secrets = memorySecrets()
  const path = (name: string) => join(dir, '.ssh', name)
  const { SSH_AUTH_SOCK: _, ...env } = process.env

  return {
    ...{ dir, path, secrets },
    write: (name, text) => writeFileSync(path(name), text, { mode: 0o600 }),
    read: (name) => (existsSync(path(name)) ? readFileSync(path(name), 'utf8') : ''),
    host({ config, sshd, isUnknown = false, answer, ...options }) {
      if (sshd !== undefined && !isUnknown && !existsSync(path('known_hosts'))) {
        const line = `[127.0.0.1]:${sshd.port} ${sshd.hostKey('ed25519')}\n`
        writeFileSync(path('known_hosts'), line)
      }
      const host = createSshHost({
        config: {
          ...{ kind: 'ssh', id: 'studio', name: 'Studio', target: '127.0.0.1' },
          ...{ ...plainHost, account: sshd?.account ?? null, port: sshd?.port ?? null },
          ...{ keyPath: sshd?.keyPath ?? null, ...config },
        },
        ...{ clock: systemClock, log: silentLog, secrets, homeDir: dir, env },
        ...{ ...defaults, ...options },
      })
      if (answer !== undefined) {
        host.onLink(({ question }) => {
          const reply = question === null ? null : answer(question)
          if (reply !== null) setImmediate(() => host.answer(reply))
        })
      }
      hosts.push(host)
      return host
    },
    [Symbol.dispose]() {
      for (const host of hosts) host.close().catch(() => undefined)
      rmSync(dir, { recursive: true, force: true })
    },
  }
}

/** Accepts every host key, and gives one secret. */
export function accepting(secret: string | null = null, isRemembered = false) {
  return (question: LinkQuestion): LinkAnswer =>
    question.kind === 'host-key'
      ? { kind: 'host-key', fingerprint: question.fingerprint, isAccepted: true }
      : { kind: 'secret', secret, isRemembered }
}
