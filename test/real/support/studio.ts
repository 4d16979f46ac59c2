import { type ChildProcess, spawn } from 'node:child_process'
import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { isRunning } from '../../support/processes.ts'
import { until } from '../../support/until.ts'
import {
  type Account,
  accountNames,
  addAccount as addAccountTo,
  kill,
  makeKey,
  removeAccount,
  removeAccounts,
} from './accounts.ts'
import { attempt, command } from './commands.ts'

export type { Account }

/**
 * "The Studio": an OpenSSH server in a network namespace of its own, reached over a link that can be cut. It shares disk,
 * memory and processes with this machine; its loopback and its address are its own.
 */
export interface Studio {
  address: string
  port: number
  account: Account
  /** The client's private key; every account accepts it. */
  keyPath: string
  /** A folder for the client: an empty home, with nothing known of any host. */
  clientHome: string
  /** For whatever a test needs to keep; goes with the Studio. */
  scratchDir: string
  /** What `ssh-keygen -lf` says of a host key: `SHA256:…`. */
  fingerprint(type: 'ed25519' | 'ecdsa' | 'rsa'): string
  /** Adds an account with this login shell. */
  addAccount(shell: string): Account
  /** Starts a program inside the Studio, as root or as an account; it ends with the Studio at the latest. */
  spawn(
    argv: readonly string[],
    options?: { as?: Account; env?: Record<string, string> },
  ): ChildProcess
  /** The Studio vanishes from the network, as with a pulled cable: nothing is refused, nothing answers. */
  cut(): void
  mend(): void
  close(): Promise<void>
}

const hostKeyTypes = ['ed25519', 'ecdsa', 'rsa'] as const
/** With the process id after it, the name of whatever a run makes. */
export const prefix = 'studiolo-t'

export async function startStudio(): Promise<Studio> {
  // two runs at once on one machine must not meet: everything carries the process id
  const space = `${prefix}${process.pid}`
  const [near, far] = [`sn${process.pid}`, `sf${process.pid}`]
  const net = `10.231.${process.pid % 250}`
  const [hostAddress, address] = [`${net}.1`, `${net}.2`]
  const port = 2222
  const dir = mkdtempSync(join(tmpdir(), `${prefix}${process.pid}-`))
  chmodSync(dir, 0o755)
  const accounts: Account[] = []
  const children = new Set<ChildProcess>()

  command('ip', 'netns', 'add', space)
  command('ip', 'link', 'add', near, 'type', 'veth', 'peer', 'name', far, 'netns', space)
  command('ip', 'addr', 'add', `${hostAddress}/30`, 'dev', near)
  command('ip', 'link', 'set', near, 'up')
  command('ip', '-n', space, 'addr', 'add', `${address}/30`, 'dev', far)
  for (const device of [far, 'lo']) command('ip', '-n', space, 'link', 'set', device, 'up')

  for (const type of hostKeyTypes) makeKey(join(dir, `host_${type}`), type)
  const clientHome = join(dir, 'client')
  mkdirSync(join(clientHome, '.ssh'), { recursive: true, mode: 0o700 })
  const keyPath = join(clientHome, '.ssh', 'id_ed25519')
  makeKey(keyPath, 'ed25519')
  writeFileSync(join(dir, 'authorized_keys'), readFileSync(`${keyPath}.pub`))
  const configPath = join(dir, 'sshd_config')
  writeFileSync(
    configPath,
    [
      `Port ${port}`,
      `ListenAddress ${address}`,
      ...hostKeyTypes.map((type) => `HostKey ${join(dir, `host_${type}`)}`),
      `PidFile ${join(dir, 'sshd.pid')}`,
      `AuthorizedKeysFile ${join(dir, 'authorized_keys')}`,
      'StrictModes no',
      'UsePAM no',
      'PasswordAuthentication no',
      'MaxSessions 10',
      // the benchmark connects twenty hosts at once
      'MaxStartups 100',
      'PrintMotd no',
      'Subsystem sftp internal-sftp',
    ].join('\n'),
  )
  mkdirSync('/run/sshd', { recursive: true })

  const studio: Studio = {
    ...{ address, port, keyPath, clientHome, scratchDir: dir },
    account: addAccount('/bin/zsh'),
    fingerprint(type) {
      const printed = command('ssh-keygen', '-lf', join(dir, `host_${type}.pub`))
      return printed.split(' ')[1] ?? ''
    },
    addAccount,
    spawn(argv, { as, env } = {}) {
      const program =
        as === undefined
          ? argv
          : ['setpriv', '--reuid', as.name, '--regid', as.name, '--init-groups', ...argv]
      const child = spawn('ip', ['netns', 'exec', space, ...program], {
        stdio: ['ignore', 'pipe', 'pipe'],
        env: { PATH: process.env.PATH ?? '', ...env },
      })
      children.add(child)
      return child
    },
    cut: () => void command('ip', '-n', space, 'link', 'set', far, 'down'),
    mend: () => void command('ip', '-n', space, 'link', 'set', far, 'up'),
    async close() {
      // everything that runs in our namespace is ours
      const inside = attempt('ip', 'netns', 'pids', space)
        .stdout.split('\n')
        .filter(Boolean)
        .map(Number)
      for (const pid of inside) kill(pid)
      for (const child of children) child.kill('SIGKILL')
      await until(() => inside.every((pid) => !isRunning(pid)))
      await removeAccounts(accounts)
      removeSpace(space, near)
      rmSync(dir, { recursive: true, force: true })
    },
  }

  function addAccount(shell: string): Account {
    const index = accounts.length
    const account = addAccountTo(
      `${prefix}${process.pid}-${index}`,
      join(dir, `home-${index}`),
      shell,
    )
    accounts.push(account)
    return account
  }

  const sshd = studio.spawn(['/usr/sbin/sshd', '-D', '-f', configPath, '-E', join(dir, 'sshd.log')])
  await until(() => {
    if (sshd.exitCode !== null) throw new Error(readFileSync(join(dir, 'sshd.log'), 'utf8'))
    return existsSync(join(dir, 'sshd.pid'))
  })
  return studio
}

/** Namespaces, accounts and folders of runs whose process is gone. */
export function removeLeftovers(): void {
  const pidOf = (name: string) => Number(/^studiolo-t(\d+)/.exec(name)?.[1] ?? 0)
  const isLeft = (name: string) => pidOf(name) > 0 && !existsSync(`/proc/${pidOf(name)}`)
  for (const line of attempt('ip', 'netns', 'list').stdout.split('\n')) {
    const space = line.split(' ')[0] ?? ''
    if (!isLeft(space)) continue
    for (const pid of attempt('ip', 'netns', 'pids', space).stdout.split('\n').filter(Boolean))
      kill(Number(pid))
    removeSpace(space, `sn${pidOf(space)}`)
  }
  for (const name of accountNames(isLeft)) removeAccount(name)
  for (const name of readdirSync(tmpdir()).filter(isLeft)) {
    rmSync(join(tmpdir(), name), { recursive: true, force: true })
  }
}

function removeSpace(space: string, near: string): void {
  attempt('ip', 'link', 'del', near)
  attempt('ip', 'netns', 'del', space)
}
