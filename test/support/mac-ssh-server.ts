import { type ChildProcess, spawn } from 'node:child_process'
import { createHash } from 'node:crypto'
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs'
import { type AddressInfo, connect, createServer, type Socket } from 'node:net'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import ssh2, { type AuthContext, type Connection, type ParsedKey, type ServerChannel } from 'ssh2'
import type { Recording } from '../../main/hosts/recording/recording.ts'
import {
  createInProcessServer,
  createRecordedResponder,
  type InProcessServer,
} from '../../main/hosts/recording/responder.ts'
import { makeKeyPair } from './key-pair.ts'
import { writeRecordingShims } from './recording-shims.ts'

export interface MacSshServerOptions {
  recording: Recording
  /** Another login shell than /bin/sh. */
  loginShell?: string
  /** @default the account of the recording */
  account?: string
  /** Accepts this password, as `password` and as `keyboard-interactive`. */
  password?: string
  /** Accepts the key at {@link MacSshServer.keyPath}. @default true */
  hasKey?: boolean
  /** Also accepts what stands in `.ssh/authorized_keys` of its home folder, unless others may write there, as sshd does. @default false */
  readsAuthorizedKeys?: boolean
  /** Sessions open at once in one connection; more are refused. @default 10 */
  maxSessions?: number
  /** What start files of the login shell print before every command, on both streams. */
  startFileNoise?: string
  /** A key from an earlier start, so that the server is the same one again. */
  hostPrivateKey?: string
  /** @default any free one */
  port?: number
}

export interface MacSshServer {
  readonly port: number
  readonly account: string
  /** `ssh-ed25519 AAAA...`, as known_hosts has it. */
  readonly hostKey: string
  /** `SHA256:...`, as OpenSSH prints it. */
  readonly fingerprint: string
  readonly hostPrivateKey: string
  /** A private key that the server accepts; mode 0600, no passphrase. */
  readonly keyPath: string
  /** The home folder of the account. */
  readonly homeDir: string
  /** Every command line so far, as it came. */
  readonly commandLines: readonly string[]
  /** Process ids of the shells that run now. */
  shells(): number[]
  /** Connections that are open now, logged in or not. */
  connections(): number
  /** Ends every connection without a word. */
  drop(): void
  close(): Promise<void>
}

/**
 * An SSH server that plays a Mac: it hands what it receives to a real shell whose PATH begins with programs that print a
 * recording. Forwarded ports are answered by the recording's HTTP exchanges; a port without any is a real one of this machine.
 */
export async function startMacSshServer(
  options: MacSshServerOptions,
): Promise<MacSshServer & AsyncDisposable> {
  const { recording, account = recording.host.account, maxSessions = 10 } = options
  const dir = mkdtempSync(join(tmpdir(), 'studiolo-mac-'))
  const homeDir = join(dir, 'home')
  const binDir = join(dir, 'bin')
  mkdirSync(homeDir)
  writeRecordingShims(binDir, recording)
  const userKey = makeKeyPair()
  const keyPath = join(dir, 'id_ed25519')
  writeFileSync(keyPath, userKey.private, { mode: 0o600 })
  const hostPrivateKey = options.hostPrivateKey ?? makeKeyPair().private
  const { type, blob } = publicKeyOf(hostPrivateKey)

  const commandLines: string[] = []
  const children = new Set<ChildProcess>()
  const sockets = new Set<Socket>()
  const httpServers = new Map<number, InProcessServer>()
  const respond = createRecordedResponder(recording.http)

  const mayLogin = (context: AuthContext): boolean | 'ask' => {
    if (context.username !== account) return false
    switch (context.method) {
      case 'password':
        return options.password !== undefined && context.password === options.password
      case 'keyboard-interactive':
        return options.password !== undefined ? 'ask' : false
      case 'publickey': {
        const blob = context.key.data
        const key = acceptedKeys().find((one) => one.getPublicSSH().equals(blob))
        if (key === undefined) return false
        if (context.signature === undefined || context.blob === undefined) return true
        return key.verify(context.blob, context.signature, context.hashAlgo) === true
      }
      default:
        return false
    }
  }

  /** The server's own, and those of the account. */
  function acceptedKeys(): ParsedKey[] {
    const path = join(homeDir, '.ssh', 'authorized_keys')
    const isRead = options.readsAuthorizedKeys === true && existsSync(path)
    const isSafe = () =>
      [homeDir, dirname(path), path].every((one) => (statSync(one).mode & 0o022) === 0)
    const lines = isRead && isSafe() ? readFileSync(path, 'utf8').split('\n') : []
    if (options.hasKey !== false) lines.push(userKey.public)
    return lines.flatMap((line) => {
      const key = line === '' ? new Error('empty') : ssh2.utils.parseKey(line)
      return key instanceof Error ? [] : [key]
    })
  }

  const methods: AuthMethod[] = []
  if (options.hasKey !== false || options.readsAuthorizedKeys === true) methods.push('publickey')
  if (options.password !== undefined) methods.push('password', 'keyboard-interactive')

  function onClient(client: Connection): void {
    let sessions = 0
    client.on('error', () => undefined)
    client.on('authentication', (context) => {
      const answer = mayLogin(context)
      if (answer === true) context.accept()
      else if (answer === 'ask' && context.method === 'keyboard-interactive') {
        context.prompt({ prompt: 'Password:', echo: false }, ([given]) => {
          if (given === options.password) context.accept()
          else context.reject(methods)
        })
      } else context.reject(methods)
    })
    client.on('session', (accept, reject) => {
      if (sessions >= maxSessions) {
        reject()
        return
      }
      sessions += 1
      const session = accept()
      session.on('close', () => {
        sessions -= 1
      })
      let child: ChildProcess | null = null
      session.on('signal', (acceptSignal, _reject, { name }) => {
        acceptSignal?.()
        if (child?.pid !== undefined) signalGroup(child.pid, `SIG${name}` as NodeJS.Signals)
      })
      session.on('exec', (acceptExec, _reject, { command }) => {
        commandLines.push(command)
        child = run(command, acceptExec())
      })
    })
    client.on('tcpip', (accept, reject, { destIP, destPort }) => {
      const recorded = recording.http.filter(({ port }) => port === destPort)
      if (recorded.some(({ status }) => status !== 0)) {
        let server = httpServers.get(destPort)
        if (server === undefined) {
          server = createInProcessServer(destPort, respond)
          httpServers.set(destPort, server)
        }
        server.serve(accept())
        return
      }
      const socket = connect(destPort, destIP)
      socket.once('error', () => reject())
      socket.once('connect', () => {
        const channel = accept()
        for (const stream of [socket, channel]) stream.on('error', () => undefined)
        socket.pipe(channel).pipe(socket)
        channel.on('close', () => socket.destroy())
      })
    })
  }

  function run(command: string, channel: ServerChannel): ChildProcess {
    const shell = options.loginShell ?? '/bin/sh'
    const child = spawn(shell, ['-c', command], {
      cwd: homeDir,
      detached: true,
      env: {
        HOME: homeDir,
        USER: account,
        LOGNAME: account,
        SHELL: shell,
        PATH: `${binDir}:/usr/bin:/bin:/usr/sbin:/sbin`,
      },
    })
    children.add(child)
    if (options.startFileNoise !== undefined) {
      channel.write(options.startFileNoise)
      channel.stderr.write(options.startFileNoise)
    }
    channel.on('error', () => undefined)
    child.stdin.on('error', () => undefined)
    channel.pipe(child.stdin)
    child.stdout.pipe(channel, { end: false })
    child.stderr.pipe(channel.stderr, { end: false })
    child.on('error', () => channel.close())
    child.on('close', (code, signal) => {
      children.delete(child)
      if (signal === null) channel.exit(code ?? 0)
      else channel.exit(signal.replace(/^SIG/, ''))
      channel.close()
    })
    // as OpenSSH does: the shell sees the end of its input, and is not killed
    channel.on('close', () => child.stdin.end())
    return child
  }

  const sshServer = new ssh2.Server({ hostKeys: [hostPrivateKey] }, onClient)
  const server = createServer((socket) => {
    sockets.add(socket)
    socket.on('error', () => undefined)
    socket.on('close', () => sockets.delete(socket))
    sshServer.injectSocket(socket)
  })
  await new Promise<void>((resolve) => server.listen(options.port ?? 0, '127.0.0.1', resolve))

  const close = async () => {
    for (const socket of sockets) socket.destroy()
    await new Promise((resolve) => server.close(resolve))
    for (const { pid } of children) if (pid !== undefined) signalGroup(pid, 'SIGKILL')
    for (const one of httpServers.values()) one.close()
    rmSync(dir, { recursive: true, force: true })
  }
  return {
    port: (server.address() as AddressInfo).port,
    account,
    hostKey: `${type} ${blob.toString('base64')}`,
    fingerprint: `SHA256:${createHash('sha256').update(blob).digest('base64').replace(/=+$/, '')}`,
    hostPrivateKey,
    keyPath,
    homeDir,
    commandLines,
    shells: () => [...children].flatMap(({ pid }) => pid ?? []),
    connections: () => sockets.size,
    drop() {
      for (const socket of sockets) socket.destroy()
    },
    close,
    [Symbol.asyncDispose]: close,
  }
}

type AuthMethod = 'publickey' | 'password' | 'keyboard-interactive'

function publicKeyOf(privateKey: string): { type: string; blob: Buffer } {
  const key = ssh2.utils.parseKey(privateKey)
  if (key instanceof Error) throw key
  return { type: key.type, blob: key.getPublicSSH() }
}

function signalGroup(pid: number, name: NodeJS.Signals): void {
  try {
    process.kill(-pid, name)
  } catch {
    // it has ended by itself
  }
}
