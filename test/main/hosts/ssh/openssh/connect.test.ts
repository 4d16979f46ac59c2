import { spawn, spawnSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import type { Host } from '../../../../../main/hosts/host.ts'
import { parseRecording } from '../../../../../main/hosts/recording/recording.ts'
import type { LinkQuestion } from '../../../../../preload/contract/hosts.ts'
import { type MacSshServer, startMacSshServer } from '../../../../support/mac-ssh-server.ts'
import { isRunning } from '../../../../support/processes.ts'
import { accepting, createSshHome, type SshHome } from '../../../../support/ssh-home.ts'
import { hasSshd, makeKey, readKey, startSshd, type TestSshd } from '../../../../support/sshd.ts'
import { startTcpProxy } from '../../../../support/tcp-proxy.ts'
import { until } from '../../../../support/until.ts'

let home: SshHome
/** Where the masters of a test keep their sockets. */
let rooms: string
beforeEach(() => {
  home = createSshHome()
  rooms = mkdtempSync(join(tmpdir(), 'rooms-'))
})
afterEach(() => {
  home[Symbol.dispose]()
  rmSync(rooms, { recursive: true, force: true })
})

function keygen(...args: string[]) {
  const { status, stderr } = spawnSync('ssh-keygen', args, { encoding: 'utf8' })
  if (status !== 0) throw new Error(stderr)
}

const stepOf = (host: Host, id: string) => host.link().steps.find((step) => step.id === id)

/** Process ids of the ssh programs that have this in their command line. */
function masters(text: string): number[] {
  const { stdout } = spawnSync('ps', ['-A', '-ww', '-o', 'pid=,args='], { encoding: 'utf8' })
  return stdout
    .split('\n')
    .filter((line) => line.includes(text) && / ssh /.test(line))
    .map((line) => Number.parseInt(line, 10))
}

const env = () => {
  const { SSH_AUTH_SOCK: _, ...rest } = process.env
  return { ...rest, XDG_RUNTIME_DIR: rooms }
}

describe.skipIf(!hasSshd)('chosen by itself, with a real sshd', () => {
  let sshd: TestSshd & AsyncDisposable
  let keys: SshHome
  beforeAll(async () => {
    keys = createSshHome()
    for (const name of ['user-ca', 'host-ca', 'client', 'locked']) {
      makeKey(keys.path(name), name === 'locked' ? { passphrase: 'open sesame' } : {})
    }
    const account = spawnSync('id', ['-un'], { encoding: 'utf8' }).stdout.trim()
    const certificate = ['-q', '-s', keys.path('user-ca'), '-I', 'ana', '-n', account]
    keygen(...certificate, keys.path('client.pub'))
    // the server's key is made with it: its certificate lies where the configuration says
    sshd = await startSshd({
      config: [`TrustedUserCAKeys ${keys.path('user-ca.pub')}`],
      hostKeys: ['ed25519'],
    })
    sshd.authorize(readKey(keys.path('locked.pub')))
  })
  afterAll(async () => {
    keys[Symbol.dispose]()
    await sshd[Symbol.asyncDispose]()
  })

  const name = () => `[127.0.0.1]:${sshd.port}`

  test('a plain key stays with ssh2', async () => {
    const host = home.host({ sshd, env: env() })
    await host.identify()
    expect(stepOf(host, 'login')?.detail).toBe(sshd.keyPath)
    expect(readdirSync(rooms)).toEqual([])
  })

  test("a user's certificate, which the server knows by its authority alone", async () => {
    const host = home.host({ sshd, env: env(), config: { keyPath: keys.path('client') } })
    expect((await host.run(['echo', 'in'])).stdout).toBe('in\n')
    expect(stepOf(host, 'login')).toMatchObject({
      ...{ state: 'passed', detail: expect.stringMatching(/client.*\(ssh: certificate\)$/) },
    })
    expect(host.link().steps.map(({ id, state }) => `${id} ${state}`)).toEqual(
      ['name', 'tcp', 'ssh', 'host-key', 'login', 'first-answer'].map((id) => `${id} passed`),
    )
    expect(sshd.log()).toContain('Accepted certificate ID "ana"')
  })

  test('CertificateFile of the configuration', async () => {
    const { host } = withConfig(`IdentityFile ${keys.path('client')}`)
    await host.identify()
    const elsewhere = withConfig(
      `IdentityFile ${keys.path('locked')}\n  CertificateFile ${keys.path('client-cert.pub')}\n  IdentityFile ${keys.path('client')}`,
    ).host
    await elsewhere.identify()
    expect(stepOf(elsewhere, 'login')?.detail).toContain('certificate')
  })

  function withConfig(lines: string, options: Parameters<SshHome['host']>[0] = {}) {
    home.write('config', `Host *\n  ${lines}\n`)
    const host = home.host({
      ...{ sshd, env: env(), ...options, config: { keyPath: null, ...options.config } },
    })
    return { host }
  }

  test("a host's certificate, by the authority in known_hosts; without it the key is unknown", async () => {
    const authority = readKey(keys.path('host-ca.pub'))
    await using certified = await startSshd({
      config: [`HostCertificate ${home.path('host-cert.pub')}`],
      hostKeys: ['ed25519'],
    })
    writeFileSync(home.path('host.pub'), certified.hostKey('ed25519'))
    const sign = ['-q', '-h', '-s', keys.path('host-ca'), '-I', 'studio', '-n', '127.0.0.1']
    keygen(...sign, home.path('host.pub'))
    await certified.stop()
    await certified.start()
    home.write('known_hosts', `@cert-authority [127.0.0.1]:${certified.port} ${authority}\n`)
    const host = home.host({ sshd: certified, isUnknown: true, env: env() })
    await host.identify()
    expect(stepOf(host, 'login')?.detail).toContain('@cert-authority')
    // another authority vouches for nothing: then the key itself is asked about
    const other = readKey(keys.path('user-ca.pub'))
    home.write('known_hosts', `@cert-authority [127.0.0.1]:${certified.port} ${other}\n`)
    const unknown = home.host({ sshd: certified, isUnknown: true, env: env() })
    unknown.identify().catch(() => undefined)
    const question = await until(() => unknown.link().question)
    expect(question).toMatchObject({ kind: 'host-key', address: `[127.0.0.1]:${certified.port}` })
  })

  test('RevokedHostKeys: refused though it is known, and let in with another key in the list', async () => {
    home.write('known_hosts', `${name()} ${sshd.hostKey('ed25519')}\n`)
    home.write('revoked', `${sshd.hostKey('ed25519')}\n`)
    const { host } = withConfig(`RevokedHostKeys ${home.path('revoked')}`, {
      config: { keyPath: sshd.keyPath },
    })
    await expect(host.identify()).rejects.toMatchObject({
      kind: 'host-key',
      info: { code: 'host-key-revoked', message: { params: { path: home.path('revoked') } } },
    })
    expect(stepOf(host, 'host-key')).toMatchObject({ state: 'failed' })
    home.write('revoked', `${readKey(keys.path('client.pub'))}\n`)
    host.reconnect()
    await host.identify()
    expect(stepOf(host, 'login')?.detail).toContain('RevokedHostKeys')
  })

  test('a key of another type than the known one is a changed key, and nobody is asked', async () => {
    const ecdsa = home.path('earlier')
    makeKey(ecdsa, { type: 'ecdsa' })
    const text = `${name()} ${readKey(`${ecdsa}.pub`)}\n`
    home.write('known_hosts', text)
    const host = home.host({ sshd, env: env(), isAlwaysOpenSsh: true })
    host.onLink(({ question }) => expect(question).toBeNull())
    await expect(host.identify()).rejects.toMatchObject({
      kind: 'host-key',
      info: { code: 'host-key-changed', message: { params: { line: 1 } } },
    })
    expect(home.read('known_hosts')).toBe(text)
  })

  test('a passphrase: asked, kept for the next time, and asked again when it was wrong', async () => {
    const questions: LinkQuestion[] = []
    const secrets = ['wrong', 'open sesame']
    const ask = (question: LinkQuestion) => {
      questions.push(question)
      return accepting(secrets.shift() ?? null, true)(question)
    }
    const options = { isAlwaysOpenSsh: true, answer: ask, config: { keyPath: keys.path('locked') } }
    const host = home.host({ sshd, env: env(), ...options })
    await host.identify()
    const subject = keys.path('locked')
    expect(questions).toEqual([
      { kind: 'secret', what: 'passphrase', subject, isRetry: false },
      { kind: 'secret', what: 'passphrase', subject, isRetry: true },
    ])
    expect([...home.secrets.all]).toEqual([[`passphrase:${subject}`, 'open sesame']])
    host.release()
    await host.identify()
    expect(questions.length).toBe(2)
  })

  test('no passphrase, or three wrong ones: the key stays shut, and nothing is kept', async () => {
    const hostWith = (secret: string | null) =>
      home.host({
        ...{ sshd, env: env(), isAlwaysOpenSsh: true, answer: accepting(secret) },
        config: { keyPath: keys.path('locked') },
      })
    await expect(hostWith(null).identify()).rejects.toMatchObject({
      info: {
        code: 'auth',
        message: { key: 'error.auth-no-passphrase', params: { path: keys.path('locked') } },
      },
    })
    await expect(hostWith('wrong').identify()).rejects.toMatchObject({
      info: { code: 'wrong-passphrase' },
    })
    expect([...home.secrets.all]).toEqual([])
  })

  test('a secret is in no argument and no variable of any program here, nor in a file', async () => {
    const secret = 'open sesame'
    const seen: string[] = []
    const host = home.host({
      ...{ sshd, env: env(), isAlwaysOpenSsh: true },
      config: { keyPath: keys.path('locked') },
      answer(question) {
        setImmediate(() => seen.push(everyProgram(), everyFile(rooms)))
        return accepting(secret)(question)
      },
    })
    await host.identify()
    seen.push(everyProgram(), everyFile(rooms))
    expect(seen.length).toBe(4)
    for (const text of seen) expect(text).not.toContain(secret)
  })

  test('through a ProxyCommand, and through a jump host', async () => {
    const script = home.path('through')
    const relay = `const s = require('node:net').connect(${sshd.port}, '127.0.0.1'); process.stdin.pipe(s).pipe(process.stdout)`
    writeFileSync(script, relay)
    const proxied = withConfig(`ProxyCommand ${process.execPath} ${script}`, {
      ...{ isAlwaysOpenSsh: true, config: { keyPath: sshd.keyPath } },
    }).host
    await proxied.identify()
    expect(stepOf(proxied, 'tcp')).toMatchObject({ state: 'skipped', detail: 'ProxyCommand' })
    expect(stepOf(proxied, 'ssh')).toMatchObject({ state: 'passed' })
    const broken = withConfig("ProxyCommand sh -c 'echo out of order >&2; exit 1'", {
      ...{ isAlwaysOpenSsh: true, config: { keyPath: sshd.keyPath } },
    }).host
    await expect(broken.identify()).rejects.toMatchObject({
      info: {
        ...{ code: 'proxy-failed', detail: expect.stringContaining('out of order') },
        remedy: { kind: 'run-command', target: 'ssh -- 127.0.0.1' },
      },
    })
    home.write(
      'config',
      `Host jump\n  HostName 127.0.0.1\n  Port ${sshd.port}\n  User ${sshd.account}\n  IdentityFile ${sshd.keyPath}\n  UserKnownHostsFile ${home.path('known_hosts')}\nHost far\n  HostName 127.0.0.1\n  ProxyJump jump\n`,
    )
    const jumped = home.host({
      ...{ sshd, env: env(), isAlwaysOpenSsh: true, config: { target: 'far' } },
    })
    expect((await jumped.run(['echo', 'there'])).stdout).toBe('there\n')
  })

  test('a ProxyCommand that is an ssh of its own asks nobody in our name', async () => {
    const inner = `ssh -F /dev/null -o UserKnownHostsFile=${home.path('inner')} -i ${keys.path('locked')} -p ${sshd.port} -W 127.0.0.1:${sshd.port} ${sshd.account}@127.0.0.1`
    const asked: LinkQuestion[] = []
    const { host } = withConfig(`ProxyCommand ${inner}`, {
      ...{ isAlwaysOpenSsh: true, config: { keyPath: sshd.keyPath } },
      answer(question) {
        asked.push(question)
        return accepting('open sesame')(question)
      },
    })
    await expect(host.identify()).rejects.toMatchObject({ info: { code: 'proxy-failed' } })
    expect(asked).toEqual([])
    expect(home.read('inner')).toBe('')
  })

  test('what the configuration starts on the side stays away', async () => {
    const mark = home.path('ran-here')
    const { host } = withConfig(
      `PermitLocalCommand yes\n  LocalCommand touch ${mark}\n  RemoteCommand echo remote\n  LocalForward 1 127.0.0.1:1\n  ControlMaster auto\n  ControlPath ${home.path('theirs')}\n  LogLevel QUIET\n  BatchMode yes`,
      { isAlwaysOpenSsh: true, config: { keyPath: sshd.keyPath } },
    )
    expect((await host.run(['echo', 'mine'])).stdout).toBe('mine\n')
    expect(readdirSync(home.path('.'))).not.toContain('ran-here')
    expect(readdirSync(home.path('.'))).not.toContain('theirs')
  })

  test('a PIN is asked and never kept; a touch is said while ssh waits for it', async () => {
    // no security key is here: the real ssh runs after something that asks as ssh does with one
    const bin = home.path('bin')
    mkdirSync(bin)
    const touched = home.path('touched')
    const shim = `#!/bin/sh
case " $* " in *' -M '*)
  [ "$("$SSH_ASKPASS" 'Enter PIN for ED25519-SK key /k: ')" = 1234 ] || exit 1
  SSH_ASKPASS_PROMPT=none "$SSH_ASKPASS" 'Confirm user presence for key ED25519-SK SHA256:abc'
  until [ -e ${touched} ]; do sleep 0.02; done
esac
PATH=\${PATH#*:} exec ssh "$@"
`
    writeFileSync(join(bin, 'ssh'), shim, { mode: 0o755 })
    const asked: LinkQuestion[] = []
    const host = home.host({
      ...{ sshd, isAlwaysOpenSsh: true, env: { ...env(), PATH: `${bin}:${process.env.PATH}` } },
      answer(question) {
        asked.push(question)
        return accepting('1234', true)(question)
      },
    })
    const identity = host.identify()
    await until(() => host.link().steps.some(({ task }) => task !== undefined))
    expect(host.link().steps.at(-1)).toMatchObject({
      ...{ state: 'running', task: { params: { securityKey: 'ED25519-SK SHA256:abc' } } },
    })
    writeFileSync(touched, '')
    await identity
    expect(host.link().steps.some(({ task }) => task !== undefined)).toBe(false)
    const subject = 'ED25519-SK key /k'
    expect(asked).toEqual([{ kind: 'secret', what: 'pin', subject, isRetry: false }])
    expect([...home.secrets.all]).toEqual([])
  })

  test('nothing is left after close: no program, no socket, no folder', async () => {
    const host = home.host({ sshd, env: env(), isAlwaysOpenSsh: true })
    await host.run(['true'])
    expect(masters(rooms).length).toBe(1)
    const [room = ''] = readdirSync(rooms)
    const { stdout } = spawnSync('ls', ['-ld', join(rooms, room)], { encoding: 'utf8' })
    expect(stdout).toMatch(/^drwx------/)
    await host.close()
    await until(() => masters(rooms).length === 0)
    expect(readdirSync(rooms)).toEqual([])
  })

  test('nor after an attempt that was given up while ssh asked', async () => {
    const host = home.host({
      ...{ sshd, env: env(), isAlwaysOpenSsh: true, config: { keyPath: keys.path('locked') } },
    })
    host.identify().catch(() => undefined)
    await until(() => host.link().question)
    await host.close()
    await until(() => masters(rooms).length === 0 && readdirSync(rooms).length === 0)
    const { stdout } = spawnSync('ps', ['-A', '-ww', '-o', 'args='], { encoding: 'utf8' })
    expect(stdout).not.toContain(`${rooms}/`)
  })

  test('a master that is killed is a lost connection, and the next call makes another', async () => {
    const host = home.host({ sshd, env: env(), isAlwaysOpenSsh: true })
    await host.run(['true'])
    const [pid = 0] = masters(rooms)
    process.kill(pid, 'SIGKILL')
    await until(() => host.link().state === 'failed')
    expect(host.link().problem?.code).toBe('closed-by-host')
    expect((await host.run(['echo', 'again'])).stdout).toBe('again\n')
    await until(() => readdirSync(rooms).length === 1)
  })

  test('a link that is cut without a word is given up, and its master with it', async () => {
    await using proxy = await startTcpProxy(sshd.port)
    home.write('known_hosts', `[127.0.0.1]:${proxy.port} ${sshd.hostKey('ed25519')}\n`)
    const host = home.host({
      ...{ sshd, env: env(), isAlwaysOpenSsh: true, config: { port: proxy.port } },
    })
    await host.run(['true'])
    const [pid = 0] = masters(rooms)
    // a link that is alive outlasts a slow command
    await expect(host.run(['sleep', '5'], { timeoutMs: 300 })).rejects.toMatchObject({
      kind: 'timeout',
    })
    expect((await host.run(['echo', 'alive'])).stdout).toBe('alive\n')
    expect(masters(rooms)).toEqual([pid])
    proxy.freeze()
    await expect(host.run(['true'], { timeoutMs: 300 })).rejects.toMatchObject({ kind: 'timeout' })
    await until(() => host.link().state === 'failed')
    await until(() => !isRunning(pid))
    proxy.thaw()
    expect((await host.run(['echo', 'again'])).stdout).toBe('again\n')
  })

  test('an app that crashes leaves no master behind', { timeout: 60_000 }, async () => {
    const script = home.path('app.ts')
    const path = (name: string) => JSON.stringify(join(import.meta.dirname, '../../../../..', name))
    const knownHosts = `${name()} ${sshd.hostKey('ed25519')}\n`
    home.write('known_hosts', knownHosts)
    writeFileSync(
      script,
      `import { createSshHost } from ${path('main/hosts/ssh.ts')}
import { systemClock } from ${path('main/core/clock.ts')}
import { plainHost } from ${path('preload/contract/plain-host.ts')}
const host = createSshHost({
  config: { ...plainHost, kind: 'ssh', id: 'a', name: 'a', target: '127.0.0.1', port: ${sshd.port}, keyPath: ${JSON.stringify(sshd.keyPath)} },
  clock: systemClock, log: { info() {}, warn() {}, error() {}, debug() {} }, secrets: {}, homeDir: ${JSON.stringify(home.dir)}, env: process.env, isAlwaysOpenSsh: true,
})
await host.run(['true'])
console.log('connected')
setInterval(() => undefined, 1000)
`,
    )
    const child = spawn(process.execPath, ['--experimental-strip-types', script], {
      env: env(),
      stdio: ['ignore', 'pipe', 'pipe'],
    })
    let said = ''
    for (const stream of [child.stdout, child.stderr]) {
      stream.on('data', (chunk: Buffer) => {
        said += chunk.toString()
      })
    }
    await until(() => said.includes('connected') || child.exitCode !== null)
    expect(said).toContain('connected')
    expect(masters(rooms).length).toBe(1)
    child.kill('SIGKILL')
    await until(() => masters(rooms).length === 0, { withinMs: 30_000, everyMs: 100 })
  })

  test('a temporary folder with a long path: the socket goes where it fits', async () => {
    const deep = join(rooms, 'a'.repeat(90))
    mkdirSync(deep)
    const host = home.host({
      sshd,
      env: { ...env(), XDG_RUNTIME_DIR: deep },
      isAlwaysOpenSsh: true,
    })
    await host.identify()
    expect(readdirSync(deep)).toEqual([])
  })
})

describe('passwords and codes, of a server that asks for them', () => {
  let server: MacSshServer & AsyncDisposable
  const password = "p'a ss$\\word"
  beforeAll(async () => {
    const recordedAt = '2026-11-20T09:00:00Z'
    const machine = { name: 'mac-studio', platform: 'darwin', account: 'ana', recordedAt }
    const recording = parseRecording(
      JSON.stringify({
        format: 'studiolo-recording/1',
        host: machine,
        commands: [],
        files: [],
        http: [],
      }),
    )
    server = await startMacSshServer({ recording, account: 'ana', password, hasKey: false })
  })
  afterAll(() => server[Symbol.asyncDispose]())

  function hostWith(secrets: (string | null)[], lines = '') {
    home.write('config', `Host *\n  ${lines}\n`)
    home.write('known_hosts', `[127.0.0.1]:${server.port} ${server.hostKey}\n`)
    const asked: LinkQuestion[] = []
    const host = home.host({
      ...{ config: { account: 'ana', port: server.port }, env: env(), isAlwaysOpenSsh: true },
      answer(question) {
        asked.push(question)
        return accepting(secrets.shift() ?? null)(question)
      },
    })
    return { host, asked }
  }
  const subject = () => `ana@[127.0.0.1]:${server.port}`
  const question = () => ({ kind: 'secret', what: 'password', subject: subject() })

  test.each([
    ['password', 'PreferredAuthentications password'],
    ['keyboard-interactive', 'PreferredAuthentications keyboard-interactive'],
  ])('%s: asked, wrong, asked again, and kept', async (method, lines) => {
    const { host, asked } = hostWith(['wrong', password], lines)
    await host.identify()
    expect(asked).toEqual([
      { ...question(), isRetry: false },
      { ...question(), isRetry: true },
    ])
    expect(stepOf(host, 'login')?.detail).toContain(method)
    expect(home.secrets.all.get(`password:${subject()}`)).toBe(password)
    host.release()
    await host.identify()
    expect(asked.length).toBe(2)
  })

  test('three wrong ones end it, and none is kept', async () => {
    const { host, asked } = hostWith(['a', 'b', 'c', 'd', 'e', 'f'])
    await expect(host.identify()).rejects.toMatchObject({ info: { code: 'wrong-password' } })
    expect(asked.length).toBeGreaterThanOrEqual(3)
    expect([...home.secrets.all]).toEqual([])
  })

  test('none given', async () => {
    const { host } = hostWith([])
    await expect(host.identify()).rejects.toMatchObject({ kind: 'auth' })
  })
})

/** What `ps` shows of every program: arguments and variables. */
function everyProgram(): string {
  return spawnSync('ps', ['-A', '-ww', 'e', '-o', 'args='], { encoding: 'utf8' }).stdout
}

/** The texts of the plain files below a folder. */
function everyFile(dir: string): string {
  return readdirSync(dir, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => readFileSync(join(entry.parentPath, entry.name), 'utf8'))
    .join('\n')
}
