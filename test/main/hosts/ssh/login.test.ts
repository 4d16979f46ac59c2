import { type ChildProcess, spawn, spawnSync } from 'node:child_process'
import { mkdirSync, rmSync, writeFileSync } from 'node:fs'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import ssh2 from 'ssh2'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import { HostError } from '../../../../main/hosts/host.ts'
import { parseRecording } from '../../../../main/hosts/recording/recording.ts'
import { parseKey } from '../../../../main/hosts/ssh/agent.ts'
import { listCandidates } from '../../../../main/hosts/ssh/keys.ts'
import type { LinkQuestion } from '../../../../preload/contract/hosts.ts'
import { FakeClock } from '../../../support/fake-clock.ts'
import { makeKeyPair } from '../../../support/key-pair.ts'
import { type MacSshServer, startMacSshServer } from '../../../support/mac-ssh-server.ts'
import { accepting, carriers, createSshHome, type SshHome } from '../../../support/ssh-home.ts'
import { hasSshd, makeKey, readKey, startSshd } from '../../../support/sshd.ts'
import { until } from '../../../support/until.ts'

interface TestAgent extends AsyncDisposable {
  socketPath: string
  add(keyPath: string): void
}

/** A real ssh-agent. */
async function startAgent(dir: string): Promise<TestAgent> {
  const socketPath = join(dir, 'agent.sock')
  const child: ChildProcess = spawn('ssh-agent', ['-D', '-a', socketPath], { stdio: 'ignore' })
  const env = { ...process.env, SSH_AUTH_SOCK: socketPath }
  await until(() => spawnSync('ssh-add', ['-l'], { env }).status === 1)
  return {
    socketPath,
    add(keyPath) {
      expect(spawnSync('ssh-add', ['-q', keyPath], { env }).status).toBe(0)
    },
    async [Symbol.asyncDispose]() {
      child.kill()
      await until(() => child.exitCode !== null || child.signalCode !== null)
    },
  }
}

function emptyRecording() {
  const recordedAt = '2026-11-20T09:00:00Z'
  const host = { name: 'mac-studio', platform: 'darwin', account: 'ana', recordedAt }
  return parseRecording(
    JSON.stringify({ format: 'studiolo-recording/1', host, commands: [], files: [], http: [] }),
  )
}

/** Collects the questions, and answers each secret with the next of these. */
function answers(...secrets: (string | null)[]) {
  const asked: LinkQuestion[] = []
  const answer = (question: LinkQuestion) => {
    asked.push(question)
    const secret = secrets.shift()
    return secret === undefined ? null : { kind: 'secret' as const, secret, isRemembered: true }
  }
  return { asked, answer }
}

let home: SshHome
beforeEach(() => {
  home = createSshHome()
})
afterEach(() => home[Symbol.dispose]())

/** Why nobody was let in: a sentence alone, since nothing but a program's own words may stand beside it. */
async function problemOf(host: ReturnType<SshHome['host']>) {
  const error: unknown = await host.run(['true']).catch((reason: unknown) => reason)
  if (!(error instanceof HostError)) throw new Error('let in')
  expect([error.kind, error.info.detail]).toEqual(['auth', undefined])
  return error.info
}

const stepOf = (host: ReturnType<SshHome['host']>, id: string) =>
  host.link().steps.find((step) => step.id === id)

describe.skipIf(!hasSshd)('keys and agents, with a real sshd and a real ssh-agent', () => {
  let sshd: Awaited<ReturnType<typeof startSshd>>
  let keys: SshHome
  beforeAll(async () => {
    sshd = await startSshd()
    keys = createSshHome()
    makeKey(keys.path('in-agent'))
    makeKey(keys.path('in-other-agent'), { comment: 'of the other agent' })
    makeKey(keys.path('locked'), { passphrase: 'open sesame' })
    makeKey(keys.path('locked-pem'), { type: 'rsa', passphrase: 'open sesame', format: 'PEM' })
    makeKey(keys.path('rsa'), { type: 'rsa' })
    makeKey(keys.path('ecdsa'), { type: 'ecdsa' })
    makeKey(keys.path('stranger'))
    for (const name of ['in-agent', 'in-other-agent', 'locked', 'locked-pem', 'rsa', 'ecdsa']) {
      sshd.authorize(readKey(`${keys.path(name)}.pub`))
    }
  })
  afterAll(async () => {
    keys[Symbol.dispose]()
    await sshd[Symbol.asyncDispose]()
  })

  const hostWith = (options: Parameters<SshHome['host']>[0]) =>
    home.host({ sshd, ...options, config: { keyPath: null, ...options.config } })

  test.each(['rsa', 'ecdsa', 'in-agent'])('a key file without a passphrase: %s', async (name) => {
    const keyPath = keys.path(name)
    const host = hostWith({ config: { keyPath } })
    await host.identify()
    expect(stepOf(host, 'login')).toMatchObject({ state: 'passed', detail: keyPath })
  })

  test('the agent of SSH_AUTH_SOCK', async () => {
    await using agent = await startAgent(keys.dir)
    agent.add(keys.path('stranger'))
    agent.add(keys.path('in-agent'))
    const host = hostWith({ env: { ...process.env, SSH_AUTH_SOCK: agent.socketPath } })
    await host.identify()
    expect(stepOf(host, 'login')?.detail).toBe('test')
  })

  test.each(['rsa', 'ecdsa'])('the agent signs with a key of type %s', async (name) => {
    await using agent = await startAgent(keys.dir)
    agent.add(keys.path(name))
    await hostWith({ env: { ...process.env, SSH_AUTH_SOCK: agent.socketPath } }).identify()
  })

  test('IdentityAgent goes before SSH_AUTH_SOCK', async () => {
    await using configured = await startAgent(keys.dir)
    await using other = await startAgent(home.dir)
    configured.add(keys.path('in-agent'))
    other.add(keys.path('in-other-agent'))
    const env = { ...process.env, SSH_AUTH_SOCK: other.socketPath }
    const loggedInWith = async () => {
      const host = hostWith({ env })
      await host.identify()
      return stepOf(host, 'login')?.detail
    }
    expect(await loggedInWith()).toBe('of the other agent')
    home.write('config', `Host *\n  IdentityAgent ${configured.socketPath}\n`)
    expect(await loggedInWith()).toBe('test')
  })

  test('IdentityAgent none: the agent is not asked', async () => {
    await using agent = await startAgent(keys.dir)
    agent.add(keys.path('in-agent'))
    home.write('config', 'Host *\n  IdentityAgent none\n')
    const host = hostWith({ env: { ...process.env, SSH_AUTH_SOCK: agent.socketPath } })
    await expect(host.identify()).rejects.toMatchObject({ info: { code: 'auth' } })
  })

  test('launchd knows the agent of an app started from Finder', async () => {
    await using agent = await startAgent(keys.dir)
    agent.add(keys.path('in-agent'))
    const { SSH_AUTH_SOCK: _, ...env } = process.env
    mkdirSync(join(home.dir, 'bin'))
    const script = `#!/bin/sh\n[ "$*" = "getenv SSH_AUTH_SOCK" ] && echo '${agent.socketPath}'\n`
    writeFileSync(join(home.dir, 'bin', 'launchctl'), script, { mode: 0o755 })
    const PATH = `${join(home.dir, 'bin')}:${env.PATH}`
    await hostWith({ platform: 'darwin', env: { ...env, PATH } }).identify()
  })

  test('IdentitiesOnly: a key of the agent counts only if a file names it', async () => {
    await using agent = await startAgent(keys.dir)
    agent.add(keys.path('in-agent'))
    const env = { ...process.env, SSH_AUTH_SOCK: agent.socketPath }
    home.write('config', 'Host *\n  IdentitiesOnly yes\n')
    await expect(hostWith({ env }).identify()).rejects.toMatchObject({ info: { code: 'auth' } })
    // the public half is enough, as password managers recommend
    home.write('half.pub', `${readKey(`${keys.path('in-agent')}.pub`)}\n`)
    home.write('config', `Host *\n  IdentitiesOnly yes\n  IdentityFile ${home.path('half.pub')}\n`)
    await hostWith({ env }).identify()
  })

  test('an agent that is gone does not stand in the way of a key file', async () => {
    const env = { ...process.env, SSH_AUTH_SOCK: '/nowhere' }
    await hostWith({ env, config: { keyPath: keys.path('rsa') } }).identify()
  })

  test.each(['locked', 'locked-pem'])('a passphrase is asked and kept: %s', async (name) => {
    const keyPath = keys.path(name)
    const { asked, answer } = answers('open sesame')
    await hostWith({ config: { keyPath }, answer }).identify()
    expect(asked).toEqual([
      { kind: 'secret', what: 'passphrase', subject: keyPath, isRetry: false },
    ])
    expect(home.secrets.all.get(`passphrase:${keyPath}`)).toBe('open sesame')
    expect(home.secrets.kept).toContain(`passphrase:${keyPath}`)
    // and not a second time
    await hostWith({ config: { keyPath } }).identify()
  })

  test('a wrong passphrase is asked again, then right', async () => {
    const { asked, answer } = answers('wrong', 'open sesame')
    await hostWith({ config: { keyPath: keys.path('locked') }, answer }).identify()
    expect(asked.map((question) => question.kind === 'secret' && question.isRetry)).toEqual([
      ...[false, true],
    ])
  })

  test('three wrong ones are an end', async () => {
    const keyPath = keys.path('locked')
    const { asked, answer } = answers('one', 'two', 'three', 'four')
    const identity = hostWith({ config: { keyPath }, answer }).identify()
    await expect(identity).rejects.toMatchObject({
      kind: 'auth',
      info: { code: 'wrong-passphrase', message: { params: { path: keyPath } } },
    })
    expect(asked.length).toBe(3)
    expect(home.secrets.all.size).toBe(0)
  })

  test('given up: no further question, and none by itself later', async () => {
    const { asked, answer } = answers(null)
    const host = hostWith({ config: { keyPath: keys.path('locked') }, answer })
    expect(await problemOf(host)).toMatchObject({
      code: 'auth',
      message: { key: 'error.auth-no-passphrase', params: { path: keys.path('locked') } },
    })
    host.reconnect('retry')
    await expect(host.run(['true'])).rejects.toMatchObject({ kind: 'auth' })
    expect(asked.length).toBe(1)
  })

  test('a passphrase is asked only for a key that the server would take', async () => {
    makeKey(home.path('id_ed25519'), { passphrase: 'x' })
    makeKey(home.path('id_rsa'), { type: 'rsa' })
    sshd.authorize(readKey(`${home.path('id_rsa')}.pub`))
    const { asked, answer } = answers()
    await hostWith({ answer }).identify()
    expect(asked).toEqual([])
  })

  test('a key file that is not there is said at once', async () => {
    const path = home.path('nowhere')
    await expect(hostWith({ config: { keyPath: path } }).identify()).rejects.toMatchObject({
      kind: 'auth',
      info: { code: 'key-not-found', message: { params: { path } } },
    })
  })

  test('no key: said so, with what the server takes', async () => {
    expect(await problemOf(hostWith({}))).toMatchObject({
      code: 'auth',
      message: { key: 'error.auth-no-key', params: { offered: '', accepts: 'publickey' } },
    })
  })

  test('a key of the agent without a name goes by its fingerprint', async () => {
    const path = `${keys.path('in-agent')}.pub`
    const key = parseKey(readKey(path))
    if (key === null) throw new Error('no key')
    const [candidate] = await listCandidates({
      ...{ identityFiles: [], keyPath: null, agent: { socketPath: '/nowhere', keys: [key] } },
      ...{ isIdentitiesOnly: false, secrets: home.secrets, ask: async () => null },
      unlocked: new Map(),
    })
    const { stdout } = spawnSync('ssh-keygen', ['-l', '-f', path], { encoding: 'utf8' })
    expect(candidate?.name).toBe(stdout.split(' ')[1])
  })

  test('a key that is none is skipped', async () => {
    home.write('id_ed25519', 'garbage\0\u0001')
    home.write(
      'id_rsa',
      '-----BEGIN OPENSSH PRIVATE KEY-----\nAAAA\n-----END OPENSSH PRIVATE KEY-----',
    )
    await expect(hostWith({}).identify()).rejects.toMatchObject({ info: { code: 'auth' } })
  })

  test('a stranger’s key: refused, with what was offered; not tried again by itself', async () => {
    const keyPath = keys.path('stranger')
    const host = hostWith({ config: { keyPath } })
    expect(await problemOf(host)).toEqual({
      code: 'auth',
      message: {
        key: 'error.auth-offered',
        params: {
          ...{ account: sshd.account, address: '127.0.0.1', signed: null },
          ...{ offered: keyPath, accepts: 'publickey' },
        },
      },
    })
    expect(stepOf(host, 'login')).toMatchObject({ state: 'failed', error: { code: 'auth' } })
    const logins = () => sshd.log().split('Connection from').length
    const before = logins()
    for (let i = 0; i < 5; i++) host.reconnect('retry')
    await expect(host.run(['true'])).rejects.toMatchObject({ kind: 'auth' })
    expect(logins()).toBe(before)
  })

  test('an agent with nothing but a certificate: the system ssh offers it', async () => {
    await using agent = await startAgent(keys.dir)
    makeKey(home.path('ca'))
    makeKey(home.path('holder'))
    const sign = ['-q', '-s', home.path('ca'), '-I', 'test', home.path('holder.pub')]
    expect(spawnSync('ssh-keygen', sign).status).toBe(0)
    agent.add(home.path('holder'))
    const env = { ...process.env, SSH_AUTH_SOCK: agent.socketPath }
    // the plain key beside the certificate goes; with the certificate at its place, both would
    rmSync(home.path('holder-cert.pub'))
    expect(spawnSync('ssh-add', ['-q', '-d', home.path('holder')], { env }).status).toBe(0)
    await expect(hostWith({ env }).identify()).rejects.toMatchObject({
      info: {
        code: 'auth',
        message: { params: { offered: expect.stringContaining('ED25519-CERT') } },
        detail: expect.stringMatching(/^\S+: Permission denied \(publickey\)\.$/),
      },
    })
  })

  test('more keys than the server has patience for', async () => {
    await using agent = await startAgent(keys.dir)
    for (let i = 0; i < 8; i++) {
      makeKey(home.path(`key-${i}`))
      agent.add(home.path(`key-${i}`))
    }
    const host = hostWith({ env: { ...process.env, SSH_AUTH_SOCK: agent.socketPath } })
    await expect(host.identify()).rejects.toMatchObject({ kind: 'auth', info: { code: 'auth' } })
  })
})

describe('passwords, with a server that plays a Mac', () => {
  const password = 'correct horse'
  let server: MacSshServer & AsyncDisposable
  beforeAll(async () => {
    server = await startMacSshServer({ recording: emptyRecording(), password, hasKey: false })
  })
  afterAll(() => server[Symbol.asyncDispose]())

  function hostWith(options: Parameters<SshHome['host']>[0] = {}) {
    home.write('known_hosts', `[127.0.0.1]:${server.port} ${server.hostKey}\n`)
    return home.host({ config: { account: 'ana', port: server.port }, ...options })
  }
  const subject = () => `ana@[127.0.0.1]:${server.port}`
  const question = () => ({ kind: 'secret', what: 'password', subject: subject() })
  const login = async (host: ReturnType<SshHome['host']>) => {
    await host.run(['true'])
    return stepOf(host, 'login')?.detail
  }

  test('asked, accepted, kept', async () => {
    const { asked, answer } = answers(password)
    expect(await login(hostWith({ answer }))).toBe('password')
    expect(asked).toEqual([{ ...question(), isRetry: false }])
    expect(home.secrets.all.get(`password:${subject()}`)).toBe(password)
    expect(await login(hostWith())).toBe('password')
  })

  describe.each(carriers)('over $carrier', ({ isAlwaysOpenSsh }) => {
    test('one that is kept is not shown to a server on another port, or by another alias', async () => {
      await login(hostWith({ isAlwaysOpenSsh, answer: answers(password).answer }))
      await using other = await startMacSshServer({
        ...{ recording: emptyRecording(), password: 'another', hasKey: false },
      })
      const lines = [server, other].map(({ port, hostKey }) => `[127.0.0.1]:${port} ${hostKey}\n`)
      home.write('known_hosts', `${lines.join('')}the-guest ${other.hostKey}\n`)
      const ask = async (name: string) => {
        const { asked, answer } = answers('another')
        const config = { account: 'ana', port: other.port }
        await login(home.host({ isAlwaysOpenSsh, answer, config }))
        expect(asked).toEqual([{ ...question(), subject: `ana@${name}`, isRetry: false }])
      }
      await ask(`[127.0.0.1]:${other.port}`)
      home.write('config', 'Host *\n  HostKeyAlias the-guest\n')
      await ask('the-guest')
      expect(home.secrets.all.get(`password:${subject()}`)).toBe(password)
    })
  })

  test('kept under the name of the configuration, whatever the address is by now', async () => {
    const target = 'mac-studio.tail1a2b3c.ts.net'
    const config = { account: 'ana', port: server.port, target }
    const renamed = (options: Parameters<SshHome['host']>[0] = {}) => {
      const host = hostWith({ config, addressNow: () => '127.0.0.1', ...options })
      home.write('known_hosts', `[${target}]:${server.port} ${server.hostKey}\n`)
      return host
    }
    const { asked, answer } = answers(password)
    expect(await login(renamed({ answer }))).toBe('password')
    expect(asked).toEqual([
      { ...question(), subject: `ana@[${target}]:${server.port}`, isRetry: false },
    ])
    expect([...home.secrets.all.keys()]).toEqual([`password:ana@[${target}]:${server.port}`])
    expect(await login(renamed())).toBe('password')
    expect(await login(renamed({ isAlwaysOpenSsh: true }))).toContain('(ssh: ')
  })

  test('where only keyboard-interactive is allowed', async () => {
    home.write('config', 'Host *\n  PasswordAuthentication no\n')
    expect(await login(hostWith({ answer: accepting(password) }))).toBe('password')
  })

  test('not remembered, if the person does not want that', async () => {
    await login(hostWith({ answer: accepting(password, false) }))
    expect(home.secrets.kept.size).toBe(0)
  })

  test('wrong, then right', async () => {
    const { asked, answer } = answers('wrong', password)
    await login(hostWith({ answer }))
    expect(asked).toEqual([
      { ...question(), isRetry: false },
      { ...question(), isRetry: true },
    ])
  })

  test('a kept one that no longer works is forgotten, and asked again', async () => {
    await home.secrets.set(`password:${subject()}`, 'old', { isRemembered: true })
    const { asked, answer } = answers(password)
    await login(hostWith({ answer }))
    expect(asked).toEqual([{ ...question(), isRetry: true }])
    expect(home.secrets.all.get(`password:${subject()}`)).toBe(password)
  })

  test('three wrong ones are an end; none of them is kept, or said', async () => {
    const { asked, answer } = answers('hunter-1', 'hunter-2', 'hunter-3', 'hunter-4')
    const host = hostWith({ answer })
    await expect(host.run(['true'])).rejects.toMatchObject({
      kind: 'auth',
      info: {
        code: 'wrong-password',
        message: { params: { account: 'ana', address: '127.0.0.1' } },
      },
    })
    expect(asked.length).toBe(3)
    expect(home.secrets.all.size).toBe(0)
    expect(JSON.stringify(host.link())).not.toContain('hunter')
  })

  test('the connection is lost while the person types: the answer goes with the next one', async () => {
    const { asked, answer } = answers()
    const host = hostWith({ answer })
    const output = host.run(['echo', 'in'])
    await until(() => host.link().question)
    server.drop()
    await until(() => server.connections() === 0)
    expect(host.link().state).toBe('asking')
    host.answer({ kind: 'secret', secret: password, isRemembered: false })
    expect((await output).stdout).toBe('in\n')
    expect(asked.length).toBe(1)
  })

  test('given up', async () => {
    const host = hostWith({ answer: answers(null).answer })
    expect(await problemOf(host)).toMatchObject({
      code: 'auth',
      message: { key: 'error.auth-no-password', params: { account: 'ana', address: '127.0.0.1' } },
    })
  })

  test('a call waits while the person types, beyond its own time-out', async () => {
    const clock = new FakeClock()
    const host = hostWith({ clock })
    const output = host.run(['echo', 'in'], { timeoutMs: 300 })
    await until(() => host.link().question)
    await clock.advance(60_000)
    expect(host.link().state).toBe('asking')
    host.answer({ kind: 'secret', secret: password, isRemembered: false })
    expect((await output).stdout).toBe('in\n')
  })
})

test('what a banner asks the person to do elsewhere is shown while the server waits', async () => {
  const { private: hostKey } = makeKeyPair()
  const banner = 'To authenticate, visit: https://login.example.com/a/1234'
  let letIn: (() => void) | null = null
  const server = new ssh2.Server({ hostKeys: [hostKey], banner }, (client) => {
    client.on('error', () => undefined)
    client.on('authentication', (context) => {
      letIn = () => context.accept()
    })
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  const clock = new FakeClock()
  const host = home.host({ clock, config: { port, account: 'ana' }, answer: accepting() })
  host.identify().catch(() => undefined)
  await until(() => stepOf(host, 'login')?.detail)
  expect(stepOf(host, 'login')).toMatchObject({ state: 'running', detail: banner })
  // longer than a login may take otherwise
  const accept = await until(() => letIn)
  await clock.advance(60_000)
  accept()
  await until(() => stepOf(host, 'login')?.state === 'passed')
  await host.close()
  server.close()
})
