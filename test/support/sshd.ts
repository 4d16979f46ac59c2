import { type ChildProcess, spawn, spawnSync } from 'node:child_process'
import {
  appendFileSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs'
import { connect, createServer } from 'node:net'
import { tmpdir, userInfo } from 'node:os'
import { join } from 'node:path'
import { until } from './until.ts'

const sshdPath = ['/usr/sbin/sshd', '/usr/local/sbin/sshd', '/usr/bin/sshd'].find(existsSync)

/** False where there is no sshd: tests that need one are skipped, and ./say-what-is-missing.ts says what to install. */
export const hasSshd: boolean = sshdPath !== undefined

export const hostKeyTypes = ['ed25519', 'ecdsa', 'rsa'] as const
export type HostKeyType = (typeof hostKeyTypes)[number]

export interface TestSshd {
  readonly port: number
  /** Of the account that runs the tests, which is the one to log in to. */
  readonly account: string
  /** Private key that authorized_keys names; without a passphrase. */
  readonly keyPath: string
  /** Holds everything of this sshd; removed at the end. */
  readonly dir: string
  /** HOME of the sessions: empty, so that nobody's own start files take part. */
  readonly homeDir: string
  /** `ssh-ed25519 AAAA...` */
  hostKey(type: HostKeyType): string
  authorize(publicKey: string, options?: string): void
  /** What sshd has logged. */
  log(): string
  /** The process ids of the sessions that are served now. */
  sessions(): number[]
  /** Ends the sessions as well, as a crash would. */
  stop(): Promise<void>
  /** On the same port, with the same keys or new ones. */
  start(options?: { newHostKeys?: boolean }): Promise<void>
}

export interface SshdOptions {
  /** Lines of sshd_config; they win over the ones set here. */
  config?: readonly string[]
  hostKeys?: readonly HostKeyType[]
  /** Environment of the sessions, as the account's login would set it. */
  setEnv?: Readonly<Record<string, string>>
}

/** A real OpenSSH server on 127.0.0.1, a free port, run by the account of the tests (root or not). Removed by `await using` or `stop`. */
export async function startSshd(options: SshdOptions = {}): Promise<TestSshd & AsyncDisposable> {
  const dir = mkdtempSync(join(tmpdir(), 'studiolo-sshd-'))
  const port = await freePort()
  const types = options.hostKeys ?? hostKeyTypes
  const account = userInfo().username
  const keyPath = join(dir, 'client')
  const authorizedPath = join(dir, 'authorized_keys')
  const logPath = join(dir, 'log')
  let child: ChildProcess | null = null

  const hostKeyPath = (type: HostKeyType) => join(dir, `host_${type}`)
  const makeHostKeys = () => {
    for (const type of types) {
      rmSync(hostKeyPath(type), { force: true })
      makeKey(hostKeyPath(type), { type })
    }
  }
  makeHostKeys()
  makeKey(keyPath, { type: 'ed25519' })
  writeFileSync(authorizedPath, readFileSync(`${keyPath}.pub`), { mode: 0o600 })
  writeFileSync(logPath, '')
  const homeDir = join(dir, 'home')
  mkdirSync(homeDir)
  const env = Object.entries({ HOME: homeDir, ZDOTDIR: homeDir, ...options.setEnv }).map(
    ([name, value]) => `${name}=${value}`,
  )
  writeFileSync(
    join(dir, 'config'),
    [
      ...(options.config ?? []),
      `Port ${port}`,
      'ListenAddress 127.0.0.1',
      ...types.map((type) => `HostKey ${hostKeyPath(type)}`),
      `AuthorizedKeysFile ${authorizedPath}`,
      'StrictModes no',
      'UsePAM no',
      'PasswordAuthentication no',
      'KbdInteractiveAuthentication no',
      'PermitRootLogin yes',
      'LogLevel DEBUG1',
      `PidFile ${join(dir, 'pid')}`,
      `SetEnv ${env.join(' ')}`,
      '',
    ].join('\n'),
  )

  async function start({ newHostKeys = false } = {}) {
    if (newHostKeys) makeHostKeys()
    if (userInfo().uid === 0) mkdirSync('/run/sshd', { recursive: true })
    const args = ['-D', '-E', logPath, '-f', join(dir, 'config')]
    child = spawn(sshdPath ?? 'sshd', args, { stdio: 'ignore' })
    await until(() => canConnect(port) ?? child?.exitCode !== null)
    if (child.exitCode !== null) throw new Error(`sshd ended: ${readFileSync(logPath, 'utf8')}`)
  }

  function sessions(): number[] {
    const { pid } = child ?? {}
    if (pid === undefined) return []
    const { stdout } = spawnSync('ps', ['-A', '-o', 'pid=,ppid='], { encoding: 'utf8' })
    const pairs = stdout
      .trim()
      .split('\n')
      .map((line) => line.trim().split(/\s+/).map(Number))
    return pairs.flatMap(([one, parent]) => (parent === pid && one !== undefined ? [one] : []))
  }

  async function stop() {
    const running = child
    if (running === null) return
    child = null
    const { pid } = running
    for (const one of pid === undefined ? [] : descendants(pid)) kill(one)
    running.kill('SIGKILL')
    await until(() => running.exitCode !== null || running.signalCode !== null)
  }

  await start()
  return {
    ...{ port, account, keyPath, dir, homeDir, sessions, stop, start },
    hostKey: (type) => readKey(`${hostKeyPath(type)}.pub`),
    authorize(publicKey, keyOptions = '') {
      appendFileSync(authorizedPath, `${`${keyOptions} ${publicKey}`.trim()}\n`)
    },
    log: () => readFileSync(logPath, 'utf8'),
    async [Symbol.asyncDispose]() {
      await stop()
      rmSync(dir, { recursive: true, force: true })
    },
  }
}

/** A key pair: PATH and PATH.pub. */
export function makeKey(
  path: string,
  {
    type = 'ed25519',
    passphrase = '',
    format = '',
    comment = 'test',
  }: { type?: HostKeyType; passphrase?: string; format?: '' | 'PEM'; comment?: string } = {},
): void {
  const bits = type === 'rsa' ? ['-b', '2048'] : []
  const as = format === '' ? [] : ['-m', format]
  const args = ['-q', '-t', type, ...bits, ...as, '-N', passphrase, '-C', comment, '-f', path]
  const { status, stderr } = spawnSync('ssh-keygen', args, { encoding: 'utf8' })
  if (status !== 0) throw new Error(`ssh-keygen: ${stderr}`)
}

/** Type and key of a .pub file, without the comment. */
export function readKey(path: string): string {
  return readFileSync(path, 'utf8').split(' ').slice(0, 2).join(' ').trim()
}

export async function freePort(): Promise<number> {
  const server = createServer()
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const address = server.address()
  await new Promise((resolve) => server.close(resolve))
  if (address === null || typeof address === 'string') throw new Error('No port')
  return address.port
}

function canConnect(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1')
    socket.once('connect', () => {
      socket.destroy()
      resolve(true)
    })
    socket.once('error', () => resolve(false))
  })
}

function descendants(pid: number): number[] {
  const { stdout } = spawnSync('ps', ['-A', '-o', 'pid=,ppid='], { encoding: 'utf8' })
  const pairs = stdout
    .trim()
    .split('\n')
    .map((line) => line.trim().split(/\s+/).map(Number))
  const children = (of: number): number[] =>
    pairs.flatMap(([one, parent]) =>
      parent === of && one !== undefined ? [one, ...children(one)] : [],
    )
  return children(pid)
}

function kill(pid: number): void {
  try {
    process.kill(pid, 'SIGKILL')
  } catch {
    // ended by itself
  }
}
