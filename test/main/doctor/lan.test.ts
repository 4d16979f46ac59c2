import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { askLan, isPasswordOnly } from '../../../main/doctor/lan.ts'
import { parseSshConfig } from '../../../main/hosts/ssh/config.ts'
import { plainHost } from '../../../preload/contract/plain-host.ts'
import type { SshHostConfig } from '../../../preload/contract/settings.ts'
import { answeringHost, drive, type Said } from '../../support/doctor-scene.ts'
import { FakeClock } from '../../support/fake-clock.ts'

const config: SshHostConfig = {
  ...{ kind: 'ssh', id: 'studio', name: 'Studio', target: '100.64.0.2', ...plainHost },
  lanAddress: '192.168.1.20',
}

function ask(said: Said, lanAddress: string | null = '192.168.1.20', hostname = '100.64.0.2') {
  const clock = new FakeClock()
  const local = answeringHost(clock, 'darwin', { ssh: said })
  const text = `hostname ${hostname}\nuser ana\nport 2222\n`
  const ssh = parseSshConfig(text, { target: hostname, homeDir: '/Users/ana', keyPath: null })
  const asked = askLan(
    local,
    { ...config, lanAddress },
    Promise.resolve(ssh),
    new AbortController().signal,
  )
  return drive(clock, asked).then((answer) => ({ answer, ran: local.ran }))
}

const denied = (methods: string) => ({
  stderr: `ana@192.168.1.20: Permission denied (${methods}).\r\n`,
  exitCode: 255,
})

describe('the question to the local network', () => {
  it('is answered with the kinds of login that the server takes', async () => {
    const { answer, ran } = await ask(denied('publickey,password,keyboard-interactive'))
    expect(answer).toEqual({
      ...{ kind: 'ssh', address: '192.168.1.20', account: 'ana' },
      methods: ['publickey', 'password', 'keyboard-interactive'],
    })
    expect(ran[0]).toMatch(/-l ana -p 2222 -- 192\.168\.1\.20 true$/)
  })

  it('is not asked where no such address is known, or where the connection goes there anyway', async () => {
    expect(await ask(denied('password'), null)).toEqual({ answer: null, ran: [] })
    expect(await ask(denied('password'), '192.168.1.20', '192.168.1.20')).toEqual({
      ...{ answer: null, ran: [] },
    })
  })

  it('ends in silence where nobody answers', async () => {
    const stderr = 'ssh: connect to host 192.168.1.20 port 2222: Host is down\r\n'
    expect((await ask({ stderr, exitCode: 255 })).answer).toEqual({
      ...{ kind: 'silent', detail: stderr.trim() },
    })
    expect((await ask('hangs')).answer).toMatchObject({ kind: 'silent' })
    expect((await ask({ exitCode: 127, isMissing: true })).answer).toMatchObject({ kind: 'silent' })
  })

  it('never throws for what ssh says', async () => {
    await fc.assert(
      fc.asyncProperty(fc.string(), fc.integer({ min: 0, max: 255 }), async (stderr, exitCode) => {
        expect((await ask({ stderr, exitCode })).answer).not.toBeNull()
      }),
      { numRuns: 50 },
    )
  })
})

describe('a server that takes passwords only', () => {
  it('is one without keys', () => {
    expect(isPasswordOnly(['password'])).toBe(true)
    expect(isPasswordOnly(['keyboard-interactive'])).toBe(true)
    expect(isPasswordOnly(['publickey', 'password'])).toBe(false)
    expect(isPasswordOnly(['none'])).toBe(false)
    expect(isPasswordOnly([])).toBe(false)
  })
})
