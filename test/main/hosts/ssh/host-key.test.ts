import { spawnSync } from 'node:child_process'
import { mkdirSync, writeFileSync } from 'node:fs'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import type { LinkQuestion } from '../../../../preload/contract/hosts.ts'
import { accepting, carriers, createSshHome, type SshHome } from '../../../support/ssh-home.ts'
import {
  type HostKeyType,
  hasSshd,
  hostKeyTypes,
  startSshd,
  type TestSshd,
} from '../../../support/sshd.ts'
import { until } from '../../../support/until.ts'

/** What `ssh-keygen -l` says of one of the server's keys. */
function fingerprintOf(sshd: TestSshd, type: HostKeyType): string {
  const { stdout } = spawnSync('ssh-keygen', ['-l', '-f', '-'], {
    input: sshd.hostKey(type),
    encoding: 'utf8',
  })
  return stdout.split(' ')[1] ?? ''
}

describe.skipIf(!hasSshd).each(carriers)(
  'host keys, with a real sshd that has three, over $carrier',
  ({ isAlwaysOpenSsh }) => {
    let sshd: Awaited<ReturnType<typeof startSshd>>
    let home: SshHome
    beforeAll(async () => {
      sshd = await startSshd()
    })
    afterAll(() => sshd[Symbol.asyncDispose]())
    beforeEach(() => {
      home = createSshHome({ isAlwaysOpenSsh })
    })
    afterEach(() => home[Symbol.dispose]())

    const name = () => `[127.0.0.1]:${sshd.port}`
    const connect = (options: Partial<Parameters<SshHome['host']>[0]> = {}) => {
      const host = home.host({ sshd, isUnknown: true, ...options })
      return { host, identity: host.identify() }
    }

    test.each(hostKeyTypes)('known_hosts with only the %s key is enough', async (type) => {
      home.write('known_hosts', `${name()} ${sshd.hostKey(type)}\n`)
      const { host, identity } = connect()
      await identity
      const step = host.link().steps.find(({ id }) => id === 'host-key')
      expect(step).toMatchObject({ state: 'passed', detail: fingerprintOf(sshd, type) })
    })

    test.each(hostKeyTypes)('and so is a hashed line with only the %s key', async (type) => {
      home.write('known_hosts', `${name()} ${sshd.hostKey(type)}\n`)
      spawnSync('ssh-keygen', ['-q', '-H', '-f', home.path('known_hosts')])
      await connect().identity
    })

    test('HostKeyAlias is what is looked up, and what is written', async () => {
      home.write('config', 'Host *\n  HostKeyAlias the-studio\n')
      home.write('known_hosts', `the-studio ${sshd.hostKey('rsa')}\n`)
      await connect().identity
      home.write('known_hosts', '')
      await connect({ answer: accepting() }).identity
      expect(home.read('known_hosts')).toBe(`the-studio ${sshd.hostKey('ed25519')}\n`)
    })

    test('other files than the usual one', async () => {
      home.write('config', `Host *\n  UserKnownHostsFile ${home.path('one')} ${home.path('two')}\n`)
      home.write('two', `${name()} ${sshd.hostKey('ecdsa')}\n`)
      await connect().identity
    })

    test('unknown: asked, accepted, written; then the real ssh takes it as known', async () => {
      const questions: LinkQuestion[] = []
      const { host, identity } = connect()
      host.onLink(({ question }) => question !== null && questions.push(question))
      const question = await until(() => host.link().question)
      expect(host.link().state).toBe('asking')
      expect(host.link().steps.at(-1)).toMatchObject({ id: 'host-key', state: 'asking' })
      const fingerprint = fingerprintOf(sshd, 'ed25519')
      expect(question).toEqual({
        ...{ kind: 'host-key', address: name(), keyType: 'ssh-ed25519', fingerprint },
      })
      // answers to other questions are not taken
      host.answer({ kind: 'host-key', fingerprint: fingerprintOf(sshd, 'rsa'), isAccepted: true })
      host.answer({ kind: 'secret', secret: 'x', isRemembered: false })
      expect(host.link().state).toBe('asking')
      expect(home.read('known_hosts')).toBe('')
      host.answer({ kind: 'host-key', fingerprint, isAccepted: true })
      await identity
      expect(home.read('known_hosts')).toBe(`${name()} ${sshd.hostKey('ed25519')}\n`)
      const { status, stdout } = spawnSync(
        'ssh',
        [
          ...['-F', '/dev/null', '-o', 'BatchMode=yes', '-o', 'StrictHostKeyChecking=yes'],
          ...['-o', `UserKnownHostsFile=${home.path('known_hosts')}`, '-i', sshd.keyPath],
          ...['-p', String(sshd.port), `${sshd.account}@127.0.0.1`, 'echo in'],
        ],
        { encoding: 'utf8' },
      )
      expect({ status, stdout }).toEqual({ status: 0, stdout: 'in\n' })
      // and the next connection does not ask
      await connect().identity
    })

    test('HashKnownHosts is kept to', async () => {
      home.write('config', 'Host *\n  HashKnownHosts yes\n')
      await connect({ answer: accepting() }).identity
      expect(home.read('known_hosts')).toMatch(/^\|1\|[^ ]+ ssh-ed25519 /)
      await connect().identity
    })

    test('rejected: nothing is written, and nobody is asked again by itself', async () => {
      let asked = 0
      const { host, identity } = connect({
        answer(question) {
          asked++
          const fingerprint = question.kind === 'host-key' ? question.fingerprint : ''
          return { kind: 'host-key', fingerprint, isAccepted: false }
        },
      })
      await expect(identity).rejects.toMatchObject({
        kind: 'host-key',
        info: { code: 'host-key-rejected' },
      })
      expect(host.link()).toMatchObject({ state: 'failed', problem: { code: 'host-key-rejected' } })
      expect(home.read('known_hosts')).toBe('')
      host.reconnect('retry')
      await expect(host.run(['true'])).rejects.toMatchObject({
        info: { code: 'host-key-rejected' },
      })
      expect(asked).toBe(1)
      // but when the person wants it
      host.reconnect()
      await until(() => asked === 2 && host.link().state === 'failed')
    })

    test('StrictHostKeyChecking yes: unknown is refused without a question', async () => {
      home.write('config', 'Host *\n  StrictHostKeyChecking yes\n')
      await expect(connect().identity).rejects.toMatchObject({ info: { code: 'host-key-unknown' } })
    })

    test.each(['no', 'accept-new'])(
      'StrictHostKeyChecking %s: we ask all the same',
      async (value) => {
        home.write('config', `Host *\n  StrictHostKeyChecking ${value}\n`)
        const { host, identity } = connect()
        identity.catch(() => undefined)
        await until(() => host.link().question)
        expect(home.read('known_hosts')).toBe('')
      },
    )

    test('changed: refused, with both fingerprints, the line and the way out; the file stays', async () => {
      const text = `# mine\n${name()} ${otherKey}\n`
      home.write('known_hosts', text)
      const { host, identity } = connect({ answer: accepting() })
      await expect(identity).rejects.toMatchObject({
        kind: 'host-key',
        info: {
          code: 'host-key-changed',
          message: {
            params: {
              ...{ address: name(), fingerprint: fingerprintOf(sshd, 'ed25519'), line: 2 },
              ...{ knownFingerprint: otherFingerprint, path: home.path('known_hosts') },
            },
          },
          remedy: { kind: 'run-command', where: 'here' },
        },
      })
      expect(host.link().steps.at(-1)).toMatchObject({
        ...{ id: 'host-key', state: 'failed', error: { code: 'host-key-changed' } },
      })
      expect(home.read('known_hosts')).toBe(text)
      // the remedy's command does what it says
      const command = host.link().problem?.remedy?.target ?? ''
      expect(spawnSync('/bin/sh', ['-c', command]).status).toBe(0)
      expect(home.read('known_hosts')).toBe('# mine\n')
    })

    test('revoked: refused, even where it is known as well', async () => {
      const key = sshd.hostKey('ed25519')
      home.write('known_hosts', `${name()} ${key}\n@revoked ${name()} ${key}\n`)
      await expect(connect({ answer: accepting() }).identity).rejects.toMatchObject({
        kind: 'host-key',
        info: { code: 'host-key-revoked', message: { params: { line: 2 } } },
      })
    })

    test('a revoked key of another type does not matter', async () => {
      home.write(
        'known_hosts',
        `${name()} ${sshd.hostKey('ed25519')}\n@revoked ${name()} ${sshd.hostKey('rsa')}\n`,
      )
      await connect().identity
    })

    test.each([
      ['known', () => sshd.hostKey('ed25519')],
      ['changed', () => otherKey],
    ])('a %s key where ssh-keygen fails: nobody is asked, nothing is written', async (_, key) => {
      const text = `${name()} ${key()}\n`
      home.write('known_hosts', text)
      mkdirSync(home.path('bin'))
      writeFileSync(home.path('bin/ssh-keygen'), '#!/bin/sh\nexit 255\n', { mode: 0o755 })
      const { SSH_AUTH_SOCK: _socket, ...env } = process.env
      const questions: LinkQuestion[] = []
      const { host, identity } = connect({
        env: { ...env, PATH: `${home.path('bin')}:${env.PATH}` },
        answer(question) {
          questions.push(question)
          return accepting()(question)
        },
      })
      if (isAlwaysOpenSsh && key() !== otherKey) await identity
      else {
        await expect(identity).rejects.toMatchObject({
          kind: 'host-key',
          info: {
            code: 'host-keys-unreadable',
            message: { params: { path: home.path('known_hosts') } },
          },
        })
        expect(host.link().steps.at(-1)).toMatchObject({ id: 'host-key', state: 'failed' })
      }
      expect(questions).toEqual([])
      expect(home.read('known_hosts')).toBe(text)
    })

    test('a server that hangs up while the person thinks: the answer still counts', async () => {
      await using hasty = await startSshd({ config: ['LoginGraceTime 1'] })
      const host = home.host({ sshd: hasty, isUnknown: true })
      const identity = host.identify()
      const question = await until(() => host.link().question)
      await until(() => hasty.sessions().length === 0)
      expect(host.link().state).toBe('asking')
      if (question.kind !== 'host-key') throw new Error('another question')
      host.answer({ kind: 'host-key', fingerprint: question.fingerprint, isAccepted: true })
      await identity
      expect(home.read('known_hosts')).toBe(
        `[127.0.0.1]:${hasty.port} ${hasty.hostKey('ed25519')}\n`,
      )
    })
  },
)

/** An ed25519 key that no server here has, and its fingerprint, both made by ssh-keygen. */
const otherKey = 'ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIIPMwIzUPFDaNLWjOYkJMAnv3Jh8xDdnIgfdvRC26EUa'
const otherFingerprint = 'SHA256:4UYuKqpZ7CbPTPcFsh0D/rJw0X03B3hnNlUXrL/AK8Q'
