import type { ChildProcess } from 'node:child_process'
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { isRunning } from '../../support/processes.ts'
import { until } from '../../support/until.ts'
import { type Account, kill, makeKey } from './accounts.ts'
import { command } from './commands.ts'
import type { RealTailnet, TailnetNode } from './tailnet.ts'

/** An OpenSSH server on the loopback of a node, on port 22: what comes through the tailnet, its tailscaled passes on to there. */
export interface FarSshd {
  account: Account
  /** The person's private key, which is accepted. */
  keyPath: string
  /** As a line of known_hosts, without the name. */
  hostKey(): string
  stop(): Promise<void>
  /** Starts it, or starts it again, with further lines in its configuration. */
  start(...lines: string[]): Promise<void>
  /** As if the machine had been set up anew; from the next start. */
  changeHostKey(): void
}

export async function startFarSshd(tailnet: RealTailnet, node: TailnetNode): Promise<FarSshd> {
  const dir = join(tailnet.scratchDir, `${node.name}-sshd`)
  mkdirSync(dir)
  mkdirSync('/run/sshd', { recursive: true })
  const path = (name: string) => join(dir, name)
  const [keyPath, hostKeyPath, pidPath] = [path('person'), path('host'), path('pid')]
  makeKey(keyPath, 'ed25519')
  makeKey(hostKeyPath, 'ed25519')
  let server: ChildProcess | undefined

  const sshd: FarSshd = {
    account: tailnet.addAccount('/bin/bash'),
    keyPath,
    hostKey: () => readFileSync(`${hostKeyPath}.pub`, 'utf8').trim(),
    async stop() {
      const pid = server?.pid
      if (pid === undefined) return
      kill(pid)
      await until(() => !isRunning(pid))
      rmSync(pidPath, { force: true })
    },
    async start(...lines) {
      await sshd.stop()
      const config = [
        ...['Port 22', 'ListenAddress 127.0.0.1', `HostKey ${hostKeyPath}`, `PidFile ${pidPath}`],
        ...[`AuthorizedKeysFile ${keyPath}.pub`, 'StrictModes no', 'UsePAM no'],
        ...['PasswordAuthentication no', 'KbdInteractiveAuthentication no', 'PrintMotd no'],
        ...lines,
      ]
      writeFileSync(path('config'), config.join('\n'))
      // what it refuses would be found only in its words, among others
      command('/usr/sbin/sshd', '-t', '-f', path('config'))
      server = node.spawn(['/usr/sbin/sshd', '-D', '-f', path('config'), '-E', path('log')])
      await until(() => existsSync(pidPath))
    },
    changeHostKey() {
      for (const name of [hostKeyPath, `${hostKeyPath}.pub`]) rmSync(name)
      makeKey(hostKeyPath, 'ed25519')
    },
  }
  await sshd.start()
  return sshd
}

interface ClientHome {
  far: TailnetNode
  sshd: FarSshd
  /** @default the one that is accepted */
  keyPath?: string
  name?: string
}

/**
 * A home folder from which `ssh studio` leads to the server through the own machine's Tailscale. Its PATH is `<own>.binDir` and
 * then this machine's.
 */
export function makeClientHome(
  tailnet: RealTailnet,
  { far, sshd, keyPath = sshd.keyPath, name = 'client' }: ClientHome,
): string {
  const homeDir = join(tailnet.scratchDir, name)
  mkdirSync(join(homeDir, '.ssh'), { recursive: true, mode: 0o700 })
  const config = [
    ...['Host studio', `HostName ${far.address}`, `User ${sshd.account.name}`],
    ...[`IdentityFile ${keyPath}`, 'IdentitiesOnly yes', 'ProxyCommand tailscale nc %h %p'],
  ]
  writeFileSync(join(homeDir, '.ssh/config'), `${config.join('\n')}\n`)
  writeFileSync(join(homeDir, '.ssh/known_hosts'), `${far.address} ${sshd.hostKey()}\n`)
  return homeDir
}
