import { spawnSync } from 'node:child_process'
import {
  chmodSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs'
import { hostname, userInfo } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { createKeySetUp } from '../../../main/connect/key-set-up.ts'
import { systemClock } from '../../../main/core/clock.ts'
import type { Clock, Log } from '../../../main/core/ports.ts'
import type { NewHost } from '../../../main/core/services.ts'
import type { LinkAnswer } from '../../../main/hosts/host.ts'
import { createLocalHost } from '../../../main/hosts/local.ts'
import { parseRecording } from '../../../main/hosts/recording/recording.ts'
import { createSshHost } from '../../../main/hosts/ssh.ts'
import type { KeySetUpProgress, LinkQuestion } from '../../../preload/contract/hosts.ts'
import { plainHost } from '../../../preload/contract/plain-host.ts'
import { FakeClock } from '../../support/fake-clock.ts'
import { type MacSshServer, startMacSshServer } from '../../support/mac-ssh-server.ts'
import { createSshHome, type SshHome } from '../../support/ssh-home.ts'
import {
  freePort,
  hasSshd,
  makeKey,
  readKey,
  startSshd,
  type TestSshd,
} from '../../support/sshd.ts'
import { until } from '../../support/until.ts'

const password = 'opens the door 模型 $HOME'
const testId = 'test-of-a-set-up'
/** A far side that answers with its real programs: only who it is was recorded. */
const recording = parseRecording(
  JSON.stringify({
    format: 'studiolo-recording/1',
    host: {
      ...{ name: 'mac-studio', platform: 'darwin', account: 'ana' },
      recordedAt: '2026-11-20T09:00:00Z',
    },
    ...{ commands: [], http: [] },
  }),
)

let home: SshHome
/** Everything that was logged, and the arguments of every program that ran while somebody was asked. */
let said: string[]
let agentPath: string | undefined

beforeEach(() => {
  home = createSshHome()
  said = []
  agentPath = undefined
})
afterEach(() => home[Symbol.dispose]())

function compose(clock: Clock = systemClock) {
  const note = (message: string, fields?: object) =>
    void said.push(`${message} ${JSON.stringify(fields)}`)
  const log: Log = { debug: note, info: note, warn: note, error: note }
  const { SSH_AUTH_SOCK: _, ...env } = process.env
  const hostEnv = agentPath === undefined ? env : { ...env, SSH_AUTH_SOCK: agentPath }
  const local = createLocalHost({ id: 'here', clock: systemClock, log, homeDir: home.dir, env })
  const unused = () => {
    throw new Error('no part of this test')
  }
  return createKeySetUp({
    factory: {
      ...{ local: () => local, facts: unused, demo: unused },
      ssh: (config) =>
        createSshHost({
          ...{ config, clock: systemClock, log, secrets: home.secrets },
          ...{ homeDir: home.dir, env: hostEnv },
        }),
    },
    ...{ local: () => local, secrets: home.secrets, clock, homeDir: home.dir, env },
  })
}

const studio = (server: { port: number; account: string }, fields: Partial<NewHost> = {}) => ({
  ...{ ...plainHost, name: 'Studio', target: '127.0.0.1', account: server.account },
  ...{ port: server.port, ...fields },
})

/** Runs to the end, answering with `secrets` in turn (null: the person gives up) and accepting every host key. */
async function setUp(host: NewHost, secrets: (string | null)[] = []) {
  const keySetUp = compose()
  const questions: LinkQuestion[] = []
  const left = [...secrets]
  let last: KeySetUpProgress | undefined
  for await (const progress of keySetUp.run(testId, host)) {
    last = progress
    const { question } = progress
    if (question === null || questions.at(-1) === question) continue
    questions.push(question)
    said.push(spawnSync('ps', ['-A', '-o', 'args='], { encoding: 'utf8' }).stdout)
    if (question.kind === 'secret' && left.length === 0) throw new Error('asked once too often')
    const answer: LinkAnswer =
      question.kind === 'host-key'
        ? { kind: 'host-key', fingerprint: question.fingerprint, isAccepted: true }
        : { kind: 'secret', secret: left.shift() ?? null, isRemembered: true }
    expect(keySetUp.answer(testId, answer)).toBe(true)
  }
  if (last === undefined) throw new Error('said nothing')
  expect(last.isDone).toBe(true)
  const states = Object.fromEntries(last.steps.map(({ id, state }) => [id, state]))
  const step = (id: string) => last.steps.find((one) => one.id === id)
  return { keyPath: last.keyPath, states, step, questions }
}

const filesIn = (dir: string) =>
  readdirSync(dir, { recursive: true, withFileTypes: true }).filter((file) => file.isFile())
const textsIn = (dir: string) =>
  filesIn(dir).map(({ parentPath, name }) => readFileSync(join(parentPath, name), 'utf8'))
const modeOf = (path: string) => statSync(path).mode & 0o7777
const keysOf = (server: MacSshServer) => join(server.homeDir, '.ssh', 'authorized_keys')
const opensOnce = { recording, hasKey: false, readsAuthorizedKeys: true, password }

describe('a Studio that takes a password', () => {
  test('a key is made, put there with the password, and logs in alone', async () => {
    await using server = await startMacSshServer(opensOnce)
    const { keyPath, states, step, questions } = await setUp(studio(server), ['wrong', password])

    expect(states).toEqual({
      ...{ 'make-key': 'passed', 'log-in': 'passed', 'put-key': 'passed', 'test-key': 'passed' },
    })
    expect(questions).toEqual([
      {
        ...{ kind: 'host-key', address: `[127.0.0.1]:${server.port}`, keyType: 'ssh-ed25519' },
        fingerprint: server.fingerprint,
      },
      {
        kind: 'secret',
        what: 'password',
        subject: `ana@[127.0.0.1]:${server.port}`,
        isRetry: false,
      },
      {
        kind: 'secret',
        what: 'password',
        subject: `ana@[127.0.0.1]:${server.port}`,
        isRetry: true,
      },
    ])
    expect(keyPath).toBe(home.path('id_ed25519'))
    const publicText = home.read('id_ed25519.pub')
    const comment = `${userInfo().username}@${hostname()}`
    expect(publicText).toMatch(/^ssh-ed25519 [A-Za-z0-9+/]{68} /)
    expect(publicText.split(' ').slice(2).join(' ')).toBe(`${comment}\n`)
    expect(readFileSync(keysOf(server), 'utf8')).toBe(publicText)
    expect(modeOf(home.path('id_ed25519'))).toBe(0o600)
    expect(modeOf(keysOf(server))).toBe(0o600)
    expect(modeOf(join(server.homeDir, '.ssh'))).toBe(0o700)
    const { stdout } = spawnSync('ssh-keygen', ['-lf', `${keyPath}`], { encoding: 'utf8' })
    expect(step('make-key')?.detail).toBe(`${keyPath} (${stdout.split(' ')[1]})`)
    expect(step('put-key')?.detail).toBe(keysOf(server))
  })

  test('the password is nowhere afterwards, nor in any argument, file or log on the way', async () => {
    await using server = await startMacSshServer(opensOnce)
    await setUp(studio(server), [password])
    expect([home.secrets.all.size, home.secrets.kept.size]).toEqual([0, 0])
    expect(said.length).toBeGreaterThan(1)
    const everything = [said, server.commandLines, textsIn(home.dir), textsIn(server.homeDir)]
    expect(everything.flat().filter((text) => text.includes('opens the door'))).toEqual([])
  })

  test('a second time asks nothing and changes nothing', async () => {
    await using server = await startMacSshServer(opensOnce)
    await setUp(studio(server), [password])
    const before = statSync(keysOf(server))
    const files = filesIn(home.dir).map(({ name }) => name)
    const { keyPath, states, questions } = await setUp(studio(server))
    expect(states).toEqual({
      ...{ 'make-key': 'skipped', 'log-in': 'passed', 'put-key': 'skipped', 'test-key': 'passed' },
    })
    expect([keyPath, questions]).toEqual([home.path('id_ed25519'), []])
    const { ino, mtimeMs } = statSync(keysOf(server))
    expect([ino, mtimeMs]).toEqual([before.ino, before.mtimeMs])
    expect(filesIn(home.dir).map(({ name }) => name)).toEqual(files)
  })

  test.each(['/usr/bin/fish', '/usr/bin/tcsh', '/usr/bin/zsh'].filter(existsSync))(
    'its login shell may be %s',
    async (loginShell) => {
      await using server = await startMacSshServer({ ...opensOnce, loginShell })
      const { keyPath } = await setUp(studio(server), [password])
      expect(keyPath).toBe(home.path('id_ed25519'))
    },
  )

  test('a password that was remembered before is used, and stays remembered', async () => {
    await using server = await startMacSshServer(opensOnce)
    const name = `password:ana@[127.0.0.1]:${server.port}`
    await home.secrets.set(name, password, { isRemembered: true })
    const { keyPath, questions } = await setUp(studio(server))
    expect(keyPath).not.toBeNull()
    expect(questions.map(({ kind }) => kind)).toEqual(['host-key'])
    expect(home.secrets.kept).toEqual(new Set([name]))
  })

  test('who gives no password ends it, with nothing put there', async () => {
    await using server = await startMacSshServer(opensOnce)
    const { keyPath, states, step } = await setUp(studio(server), [null])
    expect([keyPath, states]).toEqual([null, { 'make-key': 'passed', 'log-in': 'failed' }])
    expect(step('log-in')?.error).toMatchObject({
      code: 'auth',
      message: { key: 'error.auth-no-password' },
    })
    expect(existsSync(keysOf(server))).toBe(false)
  })

  test('a home folder that others may write into is the reason said, with the command', async () => {
    await using server = await startMacSshServer(opensOnce)
    chmodSync(server.homeDir, 0o775)
    const { keyPath, states, step } = await setUp(studio(server), [password])
    expect([keyPath, states['put-key'], states['test-key']]).toEqual([null, 'passed', 'failed'])
    expect(step('test-key')?.error).toMatchObject({
      message: { key: 'key-set-up.home-open', params: { account: 'ana' } },
      remedy: { kind: 'run-command', where: 'on-host', target: 'chmod go-w ~' },
    })
    chmodSync(server.homeDir, 0o755)
    expect((await setUp(studio(server))).keyPath).toBe(home.path('id_ed25519'))
  })

  test('a server that looks for no keys at all is not believed to have taken one', async () => {
    await using server = await startMacSshServer({ recording, hasKey: false, password })
    const { keyPath, step } = await setUp(studio(server), [password])
    expect(keyPath).toBeNull()
    expect(step('test-key')).toMatchObject({
      ...{ state: 'failed', error: { code: 'auth', message: { key: 'key-set-up.not-accepted' } } },
    })
  })
})

describe('a Studio that takes no password', () => {
  test('says what somebody there can run, and that does it', async () => {
    await using server = await startMacSshServer({ ...opensOnce, password: undefined } as never)
    const { keyPath, states, step, questions } = await setUp(studio(server))
    expect([keyPath, states['log-in'], questions.length]).toEqual([null, 'failed', 1])
    const remedy = step('log-in')?.error?.remedy
    expect(remedy).toMatchObject({ kind: 'run-command', where: 'on-host' })
    spawnSync('sh', ['-c', remedy?.target ?? ''], { env: { ...process.env, HOME: server.homeDir } })
    expect(readFileSync(keysOf(server), 'utf8')).toBe(home.read('id_ed25519.pub'))
    expect((await setUp(studio(server))).keyPath).toBe(home.path('id_ed25519'))
  })
})

describe('which key', () => {
  let server: MacSshServer & AsyncDisposable
  beforeEach(async () => {
    server = await startMacSshServer(opensOnce)
  })
  afterEach(() => server[Symbol.asyncDispose]())

  test('an ed25519 key that is there, not the RSA key before it', async () => {
    makeKey(home.path('id_rsa'), { type: 'rsa' })
    makeKey(home.path('id_ed25519'))
    const { keyPath, states } = await setUp(studio(server), [password])
    expect([keyPath, states['make-key']]).toEqual([home.path('id_ed25519'), 'skipped'])
    expect(readFileSync(keysOf(server), 'utf8')).toBe(home.read('id_ed25519.pub'))
  })

  test('a new one beside an RSA key', async () => {
    makeKey(home.path('id_rsa'), { type: 'rsa' })
    const before = home.read('id_rsa')
    expect((await setUp(studio(server), [password])).keyPath).toBe(home.path('id_ed25519'))
    expect(home.read('id_rsa')).toBe(before)
  })

  test('one that the configuration names for this machine', async () => {
    makeKey(home.path('work'))
    home.write(
      'config',
      `Host studio\n  HostName 127.0.0.1\n  IdentityFile ${home.path('work')}\n  UserKnownHostsFile ${home.path('known_hosts')}\n`,
    )
    const host = studio(server, { target: 'studio' })
    expect((await setUp(host, [password])).keyPath).toBe(home.path('work'))
  })

  test('the one that the person has chosen, of any type', async () => {
    makeKey(home.path('id_ed25519'))
    makeKey(home.path('chosen'), { type: 'ecdsa' })
    const host = studio(server, { keyPath: '~/.ssh/chosen' })
    expect((await setUp(host, [password])).keyPath).toBe(home.path('chosen'))
    expect(readFileSync(keysOf(server), 'utf8')).toBe(home.read('chosen.pub'))
  })

  test('none where the chosen one is not there: nothing is made, nobody is asked', async () => {
    const host = studio(server, { keyPath: home.path('gone') })
    const { states, step, questions } = await setUp(host)
    expect([states, questions]).toEqual([{ 'make-key': 'failed' }, []])
    expect(step('make-key')?.error).toMatchObject({
      ...{ code: 'key-not-found', message: { params: { path: home.path('gone') } } },
    })
    expect(filesIn(home.dir)).toEqual([])
  })

  test('a key without its public file is used, since that can be had from it', async () => {
    makeKey(home.path('id_ed25519'))
    const publicKey = readKey(home.path('id_ed25519.pub'))
    rmSync(home.path('id_ed25519.pub'))
    expect((await setUp(studio(server), [password])).keyPath).toBe(home.path('id_ed25519'))
    expect(readKey(keysOf(server))).toBe(publicKey)
  })

  test('the public file of another key beside it is not believed', async () => {
    makeKey(home.path('id_ed25519'))
    const publicKey = readKey(home.path('id_ed25519.pub'))
    makeKey(home.path('other'))
    home.write('id_ed25519.pub', home.read('other.pub'))
    expect((await setUp(studio(server), [password])).keyPath).toBe(home.path('id_ed25519'))
    expect(readKey(keysOf(server))).toBe(publicKey)
  })

  test('where the usual name is taken by something else, another name; nothing is overwritten', async () => {
    home.write('id_ed25519', 'not a key')
    expect((await setUp(studio(server), [password])).keyPath).toBe(home.path('id_ed25519_studiolo'))
    expect(home.read('id_ed25519')).toBe('not a key')
    // the second time it is found again
    expect((await setUp(studio(server))).states['make-key']).toBe('skipped')
  })

  test('where both names are taken nothing is made', async () => {
    home.write('id_ed25519', 'not a key')
    home.write('id_ed25519_studiolo.pub', 'a note')
    const { step } = await setUp(studio(server))
    expect(step('make-key')?.error?.message.key).toBe('key-set-up.no-free-name')
    expect(filesIn(home.dir)).toHaveLength(2)
  })

  test('a home without .ssh gets one for itself alone', async () => {
    rmSync(home.path('.'), { recursive: true })
    await setUp(studio(server), [password])
    expect(modeOf(home.path('.'))).toBe(0o700)
  })

  test('one with a passphrase: asked for when the key is tried', async () => {
    makeKey(home.path('id_ed25519'), { passphrase: 'of the key' })
    const { keyPath, questions } = await setUp(studio(server), [password, 'of the key'])
    expect(keyPath).toBe(home.path('id_ed25519'))
    expect(questions.slice(1)).toMatchObject([
      { what: 'password', subject: `ana@[127.0.0.1]:${server.port}` },
      { what: 'passphrase', subject: home.path('id_ed25519') },
    ])
    expect([...home.secrets.all.keys()]).toEqual([`passphrase:${home.path('id_ed25519')}`])
  })
})

describe('cancelling', () => {
  async function cancelAt(server: MacSshServer, kind: LinkQuestion['kind']) {
    const keySetUp = compose()
    const abort = new AbortController()
    for await (const { question } of keySetUp.run(testId, studio(server), abort.signal)) {
      if (question?.kind === kind) abort.abort()
      else if (question?.kind === 'host-key') {
        const { fingerprint } = question
        keySetUp.answer(testId, { kind: 'host-key', fingerprint, isAccepted: true })
      }
    }
    expect(keySetUp.answer(testId, { kind: 'secret', secret: 'late', isRemembered: false })).toBe(
      false,
    )
    return keySetUp
  }

  test.each(['host-key', 'secret'] as const)(
    'at a question (%s) closes everything',
    async (kind) => {
      await using server = await startMacSshServer(opensOnce)
      const keySetUp = await cancelAt(server, kind)
      await until(() => server.connections() === 0)
      expect([existsSync(keysOf(server)), home.secrets.all.size]).toEqual([false, 0])
      // the key that was made stays
      expect(existsSync(home.path('id_ed25519'))).toBe(true)
      // and the same id may be used again
      const abort = new AbortController()
      for await (const { steps } of keySetUp.run(testId, studio(server), abort.signal)) {
        if (steps.length > 1) abort.abort()
        if (steps.length === 1) expect(steps[0]?.state).not.toBe('failed')
      }
    },
  )

  test('while the key is being put ends the programs there and changes nothing', async () => {
    await using server = await startMacSshServer(opensOnce)
    // a far side whose disk hangs: `cat` never returns
    mkdirSync(join(server.homeDir, '.ssh'), { mode: 0o700 })
    const pipe = join(server.homeDir, 'hangs')
    spawnSync('mkfifo', [pipe])
    writeFileSync(keysOf(server), 'ssh-rsa AAAA bob\n', { mode: 0o600 })
    const bin = join(server.homeDir, '..', 'bin')
    writeFileSync(join(bin, 'tail'), `#!/bin/sh\nexec cat '${pipe}'\n`, { mode: 0o755 })
    const keySetUp = compose()
    const abort = new AbortController()
    for await (const { question, steps } of keySetUp.run(testId, studio(server), abort.signal)) {
      if (question?.kind === 'host-key') {
        const { fingerprint } = question
        keySetUp.answer(testId, { kind: 'host-key', fingerprint, isAccepted: true })
      } else if (question?.kind === 'secret') {
        keySetUp.answer(testId, { kind: 'secret', secret: password, isRemembered: false })
      }
      if (steps.at(-1)?.id !== 'put-key') continue
      await until(() => filesIn(join(server.homeDir, '.ssh')).length === 2)
      abort.abort()
    }
    await until(() => server.shells().length === 0)
    await until(() => server.connections() === 0)
    expect(readFileSync(keysOf(server), 'utf8')).toBe('ssh-rsa AAAA bob\n')
    await until(() => filesIn(join(server.homeDir, '.ssh')).length === 1)
    expect(home.secrets.all.size).toBe(0)
  })

  test('nobody is waited for longer than ten minutes', async () => {
    await using server = await startMacSshServer(opensOnce)
    const clock = new FakeClock()
    let last: KeySetUpProgress | undefined
    for await (const progress of compose(clock).run(testId, studio(server))) {
      last = progress
      if (progress.question !== null) await clock.advance(600_000)
    }
    expect(last).toMatchObject({ isDone: true, keyPath: null, question: null })
    expect(last?.steps.at(-1)).toMatchObject({ id: 'log-in', error: { code: 'timeout' } })
    await until(() => server.connections() === 0)
    expect(clock.pending).toBe(0)
  })
})

test('a machine that is not there fails at log-in, and the key that was made is said', async () => {
  const port = await freePort()
  const { states, step } = await setUp(studio({ port, account: 'ana' }))
  expect(states).toEqual({ 'make-key': 'passed', 'log-in': 'failed' })
  expect(step('log-in')?.error?.code).toBe('refused')
  expect(step('make-key')?.detail).toContain(home.path('id_ed25519'))
})

describe.skipIf(!hasSshd)('a real sshd, where another key lets us in already', () => {
  /** Its sessions, and where it looks for keys, have this home folder. */
  async function startWith(keyFile: string): Promise<TestSshd & AsyncDisposable> {
    makeKey(home.path('id_rsa'), { type: 'rsa' })
    const farHome = join(home.dir, 'far')
    mkdirSync(join(farHome, '.ssh'), { recursive: true })
    writeFileSync(join(farHome, '.ssh', 'first_keys'), home.read('id_rsa.pub'))
    const files = ['first_keys', keyFile].map((name) => join(farHome, '.ssh', name)).join(' ')
    const sshd = await startSshd({
      ...{ config: [`AuthorizedKeysFile ${files}`], setEnv: { HOME: farHome } },
    })
    return sshd
  }

  test('a new key is put there and is the one that is tested', async () => {
    await using sshd = await startWith('authorized_keys')
    const { keyPath, states, step } = await setUp(studio(sshd))
    expect([keyPath, states['put-key']]).toEqual([home.path('id_ed25519'), 'passed'])
    expect(step('log-in')?.detail).toBe(home.path('id_rsa'))
    const { stdout } = spawnSync('ssh-keygen', ['-lf', `${keyPath}`], { encoding: 'utf8' })
    const accepted = sshd.log().match(/Accepted publickey for .*/g) ?? []
    expect(accepted.at(-1)).toContain(stdout.split(' ')[1])
  })

  test('where it looks elsewhere, another key’s login does not pass for this one’s', async () => {
    await using sshd = await startWith('somewhere_else')
    const { keyPath, states } = await setUp(studio(sshd))
    expect([keyPath, states['put-key'], states['test-key']]).toEqual([null, 'passed', 'failed'])
  })
})
