import { chmodSync, copyFileSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { type AddressInfo, createServer } from 'node:net'
import { delimiter, join } from 'node:path'
import ssh2 from 'ssh2'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { systemClock } from '../../../main/core/clock.ts'
import { createDoctor } from '../../../main/doctor/service.ts'
import type { Host } from '../../../main/hosts/host.ts'
import { createLocalHost } from '../../../main/hosts/local.ts'
import { createSshHost } from '../../../main/hosts/ssh.ts'
import type { DoctorProgress } from '../../../preload/contract/doctor.ts'
import { plainHost } from '../../../preload/contract/plain-host.ts'
import type { SshHostConfig } from '../../../preload/contract/settings.ts'
import { makeKeyPair } from '../../support/key-pair.ts'
import { silentLog } from '../../support/silent-log.ts'
import { createSshHome, type SshHome } from '../../support/ssh-home.ts'
import { freePort, hasSshd, makeKey, startSshd, type TestSshd } from '../../support/sshd.ts'
import { until } from '../../support/until.ts'

/** The doctor with a real `ssh -G`, real connections, and a `tailscale` that says what was recorded. */
const recordings = join(import.meta.dirname, '../../fixtures/probes/tailnet')

let home: SshHome
let env: NodeJS.ProcessEnv
let local: Host

beforeEach(() => {
  home = createSshHome()
  const binDir = join(home.dir, 'bin')
  mkdirSync(binDir)
  const { SSH_AUTH_SOCK: _, ...rest } = process.env
  env = { ...rest, SHELL: '/bin/sh', PATH: `${binDir}${delimiter}${process.env.PATH}` }
  local = createLocalHost({
    id: 'here',
    clock: systemClock,
    log: silentLog,
    homeDir: home.dir,
    env,
  })
})

afterEach(async () => {
  await local.close()
  home[Symbol.dispose]()
})

/** Puts a `tailscale` first on the PATH. `ping` and `nc` are shell commands. */
function shim(status: string, { ping = 'exit 1', nc = 'exit 1' } = {}) {
  const path = join(home.dir, 'bin', 'tailscale')
  copyFileSync(join(recordings, status), join(home.dir, 'status.json'))
  writeFileSync(
    path,
    `#!/bin/sh
case "$1" in
  status) cat '${join(home.dir, 'status.json')}' ;;
  ping) ${ping} ;;
  nc) ${nc} ;;
esac
`,
  )
  chmodSync(path, 0o755)
}

function configOf(sshd: TestSshd | null, fields: Partial<SshHostConfig> = {}): SshHostConfig {
  return {
    ...{ kind: 'ssh', id: 'studio', name: 'Studio', target: '127.0.0.1', ...plainHost },
    ...(sshd && { account: sshd.account, port: sshd.port, keyPath: sshd.keyPath }),
    ...fields,
  }
}

function trust(sshd: TestSshd, name = `[127.0.0.1]:${sshd.port}`) {
  home.write('known_hosts', `${name} ${sshd.hostKey('ed25519')}\n`)
}

async function visit(
  config: SshHostConfig,
  { signal, onProgress }: { signal?: AbortSignal; onProgress?(seen: DoctorProgress): void } = {},
): Promise<DoctorProgress> {
  const doctor = createDoctor({
    factory: {
      local: () => local,
      ssh: (wanted) =>
        createSshHost({
          config: wanted,
          ...{ clock: systemClock, log: silentLog, secrets: home.secrets, homeDir: home.dir, env },
        }),
      facts: () => Promise.reject(new Error('not asked')),
      demo: () => {
        throw new Error('not asked')
      },
    },
    local: () => local,
    stateOf: () => undefined,
    configOf: () => config,
    ...{ clock: systemClock, log: silentLog, homeDir: home.dir, env, platform: process.platform },
  })
  let last: DoctorProgress | undefined
  for await (const progress of doctor.run('studio', signal)) {
    last = progress
    onProgress?.(progress)
  }
  if (last === undefined) throw new Error('The doctor said nothing')
  return last
}

/** The broken step, what it found, and that nothing behind it looks as if it worked. */
function verdict({ steps, brokenStepId }: DoctorProgress) {
  const at = steps.findIndex(({ id }) => id === brokenStepId)
  const isQuietAfter = steps.slice(at + 1).every(({ state }) => state === 'skipped')
  return { broken: brokenStepId, found: steps[at]?.found?.key, isQuietAfter }
}

const broken = (id: string, found: string) => ({ broken: id, found, isQuietAfter: true })

describe.skipIf(!hasSshd)('a real sshd', () => {
  it('is found well, and reached past Tailscale', async () => {
    await using sshd = await startSshd()
    trust(sshd)
    const { steps, brokenStepId } = await visit(configOf(sshd))
    expect(brokenStepId).toBeNull()
    const states = Object.fromEntries(steps.map(({ id, state }) => [id, state]))
    expect(states).toMatchObject({
      ...{ 'tailscale-installed': 'off', 'tailnet-ping': 'off', tcp: 'passed' },
      ...{ 'ssh-banner': 'passed', 'host-key': 'passed', authentication: 'passed' },
      'first-command': 'passed',
    })
    const banner = steps.find(({ id }) => id === 'ssh-banner')?.found?.params?.banner
    expect(banner).toMatch(/^SSH-2\.0-OpenSSH_/)
  })

  it('is stopped', async () => {
    await using sshd = await startSshd()
    trust(sshd)
    await sshd.stop()
    const seen = await visit(configOf(sshd))
    expect(verdict(seen)).toEqual(broken('tcp', 'doctor.tcp.refused'))
  })

  it('has another host key than before, and the known one stays', async () => {
    await using sshd = await startSshd()
    trust(sshd)
    const before = home.read('known_hosts')
    await sshd.stop()
    await sshd.start({ newHostKeys: true })
    const seen = await visit(configOf(sshd))
    expect(verdict(seen)).toEqual(broken('host-key', 'doctor.host-key.changed'))
    expect(home.read('known_hosts')).toBe(before)
  })

  it('is not known yet: nobody is asked, nothing is written', async () => {
    await using sshd = await startSshd()
    const seen = await visit(configOf(sshd))
    expect(verdict(seen)).toEqual(broken('host-key', 'doctor.host-key.unknown'))
    expect(home.read('known_hosts')).toBe('')
  })

  it('does not know the key, which is named', async () => {
    await using sshd = await startSshd()
    trust(sshd)
    makeKey(home.path('other'))
    const seen = await visit(configOf(sshd, { keyPath: home.path('other') }))
    expect(verdict(seen)).toEqual(broken('authentication', 'doctor.authentication.refused'))
    const step = seen.steps.find(({ id }) => id === 'authentication')
    expect(step?.found?.params?.offered).toBe(home.path('other'))
  })

  it('lets the account in no longer', async () => {
    await using sshd = await startSshd({ config: ['DenyUsers *'] })
    trust(sshd)
    const seen = await visit(configOf(sshd))
    expect(verdict(seen)).toEqual(broken('authentication', 'doctor.authentication.refused'))
    const step = seen.steps.find(({ id }) => id === 'authentication')
    expect(step?.causes.map(({ key }) => key)).toEqual(
      expect.arrayContaining(['doctor.cause.key-not-there', 'doctor.cause.account-not-allowed']),
    )
  })

  it('would take a key that is locked with a passphrase', async () => {
    await using sshd = await startSshd()
    trust(sshd)
    makeKey(home.path('locked'), { passphrase: 'correct horse' })
    sshd.authorize(readFileSync(home.path('locked.pub'), 'utf8').trim())
    const seen = await visit(configOf(sshd, { keyPath: home.path('locked') }))
    expect(verdict(seen)).toEqual(broken('authentication', 'doctor.authentication.passphrase'))
  })

  it('misses the key that was set', async () => {
    await using sshd = await startSshd()
    trust(sshd)
    const seen = await visit(configOf(sshd, { keyPath: home.path('gone') }))
    expect(verdict(seen)).toEqual(broken('authentication', 'doctor.authentication.key-not-found'))
  })

  it('runs no commands', async () => {
    await using sshd = await startSshd({ config: ['ForceCommand /bin/false'] })
    trust(sshd)
    const seen = await visit(configOf(sshd))
    expect(verdict(seen)).toEqual(broken('first-command', 'doctor.first-command.not-permitted'))
  })

  it('lets nothing through to model servers', async () => {
    await using sshd = await startSshd({ config: ['AllowTcpForwarding no'] })
    trust(sshd)
    const seen = await visit(configOf(sshd))
    expect(verdict(seen)).toEqual(broken('model-port', 'doctor.model-port.no-forwarding'))
  })

  it('leaves no session behind when the doctor is sent away', async () => {
    await using sshd = await startSshd()
    trust(sshd)
    const cancel = new AbortController()
    let sessions = 0
    const seen = await visit(configOf(sshd), {
      signal: cancel.signal,
      onProgress({ steps }) {
        const login = steps.find(({ id }) => id === 'authentication')
        if (login?.state !== 'passed' || cancel.signal.aborted) return
        sessions = sshd.sessions().length
        cancel.abort()
      },
    })
    expect(seen.isDone).toBe(false)
    expect(sessions).toBeGreaterThan(0)
    await until(() => sshd.sessions().length === 0)
  })
})

describe('a port with something else behind it', () => {
  it('answers with HTTP', async () => {
    const server = createServer((socket) => {
      socket.on('error', () => undefined)
      socket.end('HTTP/1.1 400 Bad Request\r\n\r\n')
    })
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
    const { port } = server.address() as AddressInfo
    const seen = await visit(configOf(null, { port }))
    expect(verdict(seen)).toEqual(broken('ssh-banner', 'doctor.ssh-banner.not-ssh'))
    server.close()
  })

  it('accepts the key and hangs up, as com.apple.access_ssh has it', async () => {
    makeKey(home.path('id'))
    const hostKey = makeKeyPair()
    const server = new ssh2.Server({ hostKeys: [hostKey.private] }, (client) => {
      client.on('error', () => undefined)
      client.on('authentication', (context) => {
        if (context.method !== 'publickey') return context.reject(['publickey'])
        if (context.signature === undefined) return context.accept()
        client.end()
      })
    })
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
    const { port } = server.address() as AddressInfo
    const [type, key] = hostKey.public.split(' ')
    home.write('known_hosts', `[127.0.0.1]:${port} ${type} ${key}\n`)
    const seen = await visit(configOf(null, { port, keyPath: home.path('id') }))
    expect(verdict(seen)).toEqual(
      broken('authentication', 'doctor.authentication.closed-after-key'),
    )
    server.close()
  })
})

describe('a name that nobody knows', () => {
  it('is said to be that', async () => {
    const seen = await visit(configOf(null, { target: 'no-such-machine.invalid' }))
    expect(verdict(seen)).toEqual(broken('tcp', 'doctor.tcp.no-name'))
  })
})

describe.skipIf(!hasSshd)('through a recorded Tailscale', () => {
  const target = 'mac-studio.tail0a1b2c.ts.net'

  async function through(
    sshd: TestSshd,
    status: string,
    options: { ping?: string; nc?: string } = {},
  ) {
    const client = join(home.dir, 'nc.mjs')
    writeFileSync(
      client,
      `import { connect } from 'node:net'
const socket = connect(${sshd.port}, '127.0.0.1')
process.stdin.pipe(socket).pipe(process.stdout)
socket.on('close', () => process.exit())
socket.on('error', (error) => { console.error(error.message); process.exit(1) })
`,
    )
    shim(status, { nc: `exec '${process.execPath}' '${client}'`, ...options })
    home.write('config', `Host *.ts.net\n  ProxyCommand tailscale nc %h %p\n`)
    trust(sshd, target)
    const { account, keyPath } = sshd
    return visit(configOf(null, { target, account, keyPath, tailnetNodeId: null }))
  }

  it('is asked to sign in, on the page that Tailscale names', async () => {
    await using sshd = await startSshd()
    const nc = "echo 'Tailscale is not logged in' >&2; exit 1"
    const seen = await through(sshd, 'linux-any-needs-login.json', { nc })
    expect(verdict(seen)).toEqual(
      broken('tailscale-logged-in', 'doctor.tailscale-logged-in.signed-out'),
    )
    const step = seen.steps.find(({ id }) => id === 'tailscale-logged-in')
    expect(step?.remedies[0]?.target).toMatch(/^https:\/\/login\.tailscale\.com\//)
  })

  it('does not know the Studio', async () => {
    await using sshd = await startSshd()
    const nc = "echo 'no matching peer' >&2; exit 1"
    const seen = await through(sshd, 'windows-any-two-phones.json', { nc })
    expect(verdict(seen)).toEqual(broken('peer-known', 'doctor.peer-known.missing'))
  })

  it('carries the connection although it knows no such peer: nothing is broken', async () => {
    await using sshd = await startSshd()
    const seen = await through(sshd, 'windows-any-two-phones.json')
    expect(seen.brokenStepId).toBeNull()
    const states = Object.fromEntries(seen.steps.map(({ id, state }) => [id, state]))
    expect(states).toMatchObject({ 'peer-known': 'attention', tcp: 'passed' })
    expect(states).toMatchObject({ authentication: 'passed', 'first-command': 'passed' })
  })

  it('finds nothing at all where there is no Tailscale', async () => {
    const port = await freePort()
    const seen = await visit(configOf(null, { target: '100.99.98.97', port }))
    expect(seen.brokenStepId).toBe('tailscale-installed')
  })
})
