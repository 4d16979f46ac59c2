import { spawn } from 'node:child_process'
import { createServer } from 'node:net'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { findPortOwner, parseLsof, parseSs } from '../../../main/connect/port-owner.ts'
import { systemClock } from '../../../main/core/clock.ts'
import type { CommandOutput, Host } from '../../../main/hosts/host.ts'
import { createLocalHost } from '../../../main/hosts/local.ts'
import { silentLog } from '../../support/silent-log.ts'
import { freePort } from '../../support/sshd.ts'
import { until } from '../../support/until.ts'

describe('parseLsof', () => {
  // The form of `-F` output is that of lsof(8), OUTPUT FOR OTHER PROGRAMS; the letters and escapes were checked with lsof 4.95.
  it('reads each process with where it listens', () => {
    const text =
      'p812\ncollama\nf4\nn127.0.0.1:11434\np90\ncGoogle\\x20Chrome\nf7\nn*:8888\nf8\nn[::1]:8888\n'
    expect(parseLsof(text)).toEqual([
      { pid: 812, name: 'ollama', address: '127.0.0.1' },
      { pid: 90, name: 'Google Chrome', address: '*' },
      { pid: 90, name: 'Google Chrome', address: '[::1]' },
    ])
  })

  it('reads a name in Chinese, which lsof escapes byte by byte', () => {
    expect(parseLsof('p1\nc\\xe6\\xa8\\xa1\\xe5\\x9e\\x8b 50%\nf1\nn*:80\n')).toEqual([
      { pid: 1, name: '模型 50%', address: '*' },
    ])
  })

  it('finds nothing where there is nothing to find', () => {
    for (const text of [
      '',
      'lsof: status error on /x\n',
      'px\ncname\nn*:80\n',
      'n*:80\n',
      'p1\nn*:1\n',
    ])
      expect(parseLsof(text)).toEqual([])
  })
})

describe('parseSs', () => {
  // Recorded with iproute2 6.1: a Python server of this account, then a listener of another one.
  const own = 'LISTEN 0      5      127.0.0.1:18999 0.0.0.0:* users:(("python3",pid=20539,fd=3))\n'
  const foreign =
    'LISTEN 0      128      0.0.0.0:2024  0.0.0.0:*                                       \n'

  it('reads the process of an own socket, and none for another account’s', () => {
    expect(parseSs(own + foreign)).toEqual([{ pid: 20539, name: 'python3', address: '127.0.0.1' }])
  })

  it('reads a name with blanks, and the address of a device', () => {
    expect(
      parseSs('LISTEN 0 4096 127.0.0.53%lo:53 0.0.0.0:* users:(("my dns",pid=7,fd=1))'),
    ).toEqual([{ pid: 7, name: 'my dns', address: '127.0.0.53%lo' }])
  })
})

it('no text makes a parser throw', () => {
  const words = fc.constantFrom(
    'p',
    'c',
    'n',
    '1',
    '*:80',
    '\n',
    '\\x',
    '\\xff',
    'LISTEN',
    'users:(("',
    'pid=',
    ' ',
  )
  fc.assert(
    fc.property(
      fc.oneof(
        fc.string(),
        fc.array(words).map((all) => all.join('')),
      ),
      (text) => {
        for (const { pid, name, address } of [...parseLsof(text), ...parseSs(text)]) {
          expect([Number.isInteger(pid), name !== '', address !== '']).toEqual([true, true, true])
        }
      },
    ),
  )
})

describe('findPortOwner', () => {
  const local = createLocalHost({ id: 'here', clock: systemClock, log: silentLog })

  it('names a real program that listens here', async () => {
    const port = await freePort()
    const child = spawn('python3', ['-m', 'http.server', String(port), '--bind', '127.0.0.1'])
    try {
      const owner = await until(() => findPortOwner(local, port))
      expect(owner).toEqual({ pid: child.pid, name: expect.stringMatching(/^python3/) })
    } finally {
      child.kill()
    }
  })

  it('understands a real lsof, as on a Mac', async () => {
    const identity = await local.identify()
    const mac: Host = { ...local, identify: async () => ({ ...identity, platform: 'darwin' }) }
    const port = await freePort()
    const child = spawn('python3', ['-m', 'http.server', String(port), '--bind', '127.0.0.1'])
    try {
      const owner = await until(() => findPortOwner(mac, port))
      expect(owner).toEqual({ pid: child.pid, name: expect.stringMatching(/^python3/) })
    } finally {
      child.kill()
    }
  })

  it('says Node, whose threads call themselves otherwise', async () => {
    const server = createServer()
    await new Promise<void>((resolve) => server.listen(0, '0.0.0.0', resolve))
    const { port } = server.address() as { port: number }
    expect(await findPortOwner(local, port)).toEqual({ pid: process.pid, name: 'node' })
    await new Promise((resolve) => server.close(resolve))
  })

  it('leaves out who listens on IPv6 only: that is another port', async () => {
    const server = createServer()
    await new Promise<void>((resolve) => server.listen(0, '::1', resolve))
    const { port } = server.address() as { port: number }
    expect(await findPortOwner(local, port)).toBeNull()
    await new Promise((resolve) => server.close(resolve))
  })

  it('is null where the program for it is missing, or fails', async () => {
    const output: CommandOutput = { stdout: '', stderr: '', exitCode: 127, durationMs: 1 }
    const missing: Host = { ...local, run: async () => output }
    const broken: Host = { ...local, run: () => Promise.reject(new Error('no')) }
    expect(await findPortOwner(missing, 80)).toBeNull()
    expect(await findPortOwner(broken, 80)).toBeNull()
  })

  it('asks lsof on a Mac, and ps for the whole name', async () => {
    const asked: string[] = []
    const mac: Host = {
      ...local,
      identify: async () => ({ ...(await local.identify()), platform: 'darwin' }),
      async run(argv) {
        asked.push(argv.join(' '))
        const stdout =
          argv[0] === 'lsof'
            ? 'p812\ncJetBrains\nf4\nn*:8888\n'
            : '/Applications/JetBrains Toolbox.app/Contents/MacOS/jetbrains-toolbox\n'
        return { stdout, stderr: '', exitCode: 0, durationMs: 1 }
      },
    }
    expect(await findPortOwner(mac, 8888)).toEqual({ pid: 812, name: 'jetbrains-toolbox' })
    expect(asked).toEqual(['lsof -nP -iTCP:8888 -sTCP:LISTEN -Fpcn', 'ps -p 812 -o comm='])
  })
})
