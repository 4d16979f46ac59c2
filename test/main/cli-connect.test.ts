import { chmodSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { delimiter, join } from 'node:path'
import { beforeEach, describe, expect, it } from 'vitest'
import { run, systemIo } from '../../main/cli.ts'
import { settingsPath } from '../../main/core/settings.ts'
import { type Host, HostError } from '../../main/hosts/host.ts'
import { clock, createHostFactory } from '../../main/node/compose.ts'
import { createMemorySecrets } from '../../main/node/secrets.ts'
import { defaultSettings, type SshHostConfig } from '../../preload/contract/settings.ts'
import { makeHome, runCli, runCliHere, writeSettings } from '../support/run-cli.ts'
import { silentLog } from '../support/silent-log.ts'
import { sshHostNamed } from '../support/ssh-config-home.ts'
import { freePort, hasSshd, startSshd } from '../support/sshd.ts'
import { until } from '../support/until.ts'

/** A home with one Host, and a `code` on the PATH that writes down its arguments. */
function makeDesk(config: Partial<SshHostConfig>) {
  const homeDir = makeHome()
  const binDir = join(homeDir, 'bin')
  mkdirSync(binDir)
  writeProgram(join(binDir, 'code'), `printf '%s\\n' "$@" > ${homeDir}/opened\n`)
  process.env.PATH = `${binDir}${delimiter}${path}`
  const hosts = [sshHostNamed('Mac Studio', { target: 'mac-studio', ...config })]
  writeSettings(homeDir, JSON.stringify({ ...defaultSettings, hosts }))
  return { homeDir, binDir, opened: () => readFileSync(join(homeDir, 'opened'), 'utf8') }
}

function writeProgram(path: string, script: string) {
  writeFileSync(path, `#!/bin/sh\n${script}`)
  chmodSync(path, 0o755)
}

const path = process.env.PATH ?? ''
beforeEach(() => () => {
  process.env.PATH = path
})

describe('connect', () => {
  it('prints one line for a shell, and runs nothing', async () => {
    const { homeDir, opened } = makeDesk({ folderPath: "/srv/it's here" })
    const args = ['connect', 'mac studio', '--with', 'vscode', '--print']
    const { exitCode, stdout, stderr } = await runCli(args, { homeDir })
    expect([exitCode, stderr]).toEqual([0, ''])
    // encodeURIComponent leaves the apostrophe, so that the shell's quotes are needed
    expect(stdout).toBe(
      "code --folder-uri 'vscode-remote://ssh-remote%2Bmac-studio/srv/it'\\''s%20here'\n",
    )
    expect(opened).toThrow()
  })

  it.skipIf(process.platform === 'darwin')('names the program that is not here', async () => {
    const { homeDir } = makeDesk({})
    const args = ['connect', 'mac-studio', '--print']
    const { exitCode, stdout, stderr } = await runCli(args, { homeDir })
    // Cursor is the preferred one of new settings
    expect([exitCode, stdout]).toEqual([2, ''])
    expect(stderr).toBe('Cursor is not installed on this computer.\n')
  })

  it('prints the address of a node that has another name by now', async () => {
    const { homeDir, binDir } = makeDesk({
      ...{ target: 'mac-studio.tail1a2b3c.ts.net', account: 'ana' },
      tailnetNodeId: 'nStudioCNTRL',
    })
    const peer = {
      ...{ ID: 'nStudioCNTRL', HostName: 'atelier', DNSName: 'atelier.tail1a2b3c.ts.net.' },
      ...{ TailscaleIPs: ['100.101.20.4'], OS: 'macOS', Online: true },
    }
    const self = {
      ...{ ID: 'nSelf1CNTRL', HostName: 'laptop', DNSName: 'laptop.tail1a2b3c.ts.net.' },
      ...{ TailscaleIPs: ['100.75.153.24'], OS: 'macOS', Online: true },
    }
    const status = { BackendState: 'Running', Self: self, Peer: { 'nodekey:1': peer } }
    writeProgram(join(binDir, 'tailscale'), `cat <<'JSON'\n${JSON.stringify(status)}\nJSON\n`)
    const args = ['connect', 'mac studio', '--with', 'vscode', '--print']
    expect(await runCli(args, { homeDir })).toEqual({
      ...{ exitCode: 0, stderr: '' },
      stdout: 'code --remote ssh-remote+ana@100.101.20.4\n',
    })
  })

  it('refuses a key that ssh would not offer, and prints nothing', async () => {
    const { homeDir } = makeDesk({ keyPath: '~/.ssh/id_ed25519_studiolo' })
    const args = ['connect', 'mac studio', '--with', 'vscode', '--print']
    const { exitCode, stdout, stderr } = await runCli(args, { homeDir })
    expect([exitCode, stdout]).toEqual([2, ''])
    expect(stderr).toMatch(
      /^Editors cannot be given the key ~\/\.ssh\/id_ed25519_studiolo\.[^\n]+\n$/,
    )
  })

  it.skipIf(!hasSshd)('opens once the Host has answered', async () => {
    await using sshd = await startSshd()
    const { homeDir, opened } = makeDesk({
      ...{ target: '127.0.0.1', account: sshd.account, keyPath: sshd.keyPath },
      folderPath: '/srv',
    })
    mkdirSync(join(homeDir, '.ssh'), { mode: 0o700 })
    const key = sshd.hostKey('ed25519')
    writeFileSync(join(homeDir, '.ssh/known_hosts'), `[127.0.0.1]:${sshd.port} ${key}\n`)
    const configure = (lines: string) =>
      writeFileSync(join(homeDir, '.ssh/config'), `Host 127.0.0.1\n  Port ${sshd.port}\n${lines}`)
    const args = ['connect', 'Mac Studio', '--with', 'vscode']
    configure('')
    const lost = await runCli(args, { homeDir })
    expect([lost.exitCode, lost.stdout]).toEqual([2, ''])
    expect(lost.stderr).toMatch(/^Editors cannot be given the key [^\n]+\n$/)
    expect(opened).toThrow()

    // port and key come from the configuration, since an editor takes neither
    configure(`  IdentityFile ${sshd.keyPath}\n`)
    expect(await runCli(args, { homeDir })).toEqual({ exitCode: 0, stdout: '', stderr: '' })
    expect(await until(() => opened())).toContain('ssh-remote%2B')
  })

  it('says where the way to a Host breaks and what to do first, in one line', async () => {
    const { homeDir, opened } = makeDesk({ target: '127.0.0.1', port: await freePort() })
    const args = ['connect', 'Mac Studio', '--with', 'vscode']
    const { exitCode, stdout, stderr } = await runCli(args, { homeDir })
    expect([exitCode, stdout]).toEqual([2, ''])
    expect(stderr).toMatch(
      /^Mac Studio does not answer\. It stops at this step: SSH port\. [^\n]*nothing answers at port[^\n]* On this computer: Check its port[^\n]* More: studiolo doctor --host 'Mac Studio'\n$/,
    )
    expect(opened).toThrow()
  })

  it.skipIf(!hasSshd)('says so where nothing is broken any more', async () => {
    await using sshd = await startSshd()
    const { homeDir } = makeDesk({
      ...{ target: '127.0.0.1', account: sshd.account, port: sshd.port, keyPath: sshd.keyPath },
    })
    mkdirSync(join(homeDir, '.ssh'), { mode: 0o700 })
    const key = sshd.hostKey('ed25519')
    writeFileSync(join(homeDir, '.ssh/known_hosts'), `[127.0.0.1]:${sshd.port} ${key}\n`)
    const io = systemIo()
    const hosts = createHostFactory({
      ...{ resourcesDir: '', env: process.env, homeDir, clock },
      ...{ log: silentLog, secrets: createMemorySecrets() },
    })
    const info = { code: 'timeout' as const, message: { key: 'error.timeout' } }
    const away: Partial<Host> = { identify: () => Promise.reject(new HostError('timeout', info)) }
    const tried: string[] = []
    const said: string[] = []
    const exitCode = await run(['connect', 'Mac Studio', '--with', 'vscode'], {
      ...{ ...io, homeDir, isWatched: true, err: (text: string) => void said.push(text) },
      settingsPath: settingsPath({ platform: process.platform, env: {}, homeDir }),
      say: (message) => io.say(message, 'en'),
      hosts: {
        ...hosts,
        ssh: (config, addressNow) => {
          tried.push(config.id)
          const host = hosts.ssh(config, addressNow)
          return tried.length === 1 ? { ...host, ...away } : host
        },
      },
    })
    expect(exitCode).toBe(2)
    expect(said).toContain('SSH port …\n')
    expect(said.at(-1)).toMatch(
      /^Mac Studio does not answer\. .* nothing on the way is broken.*\n$/,
    )
  })

  it('names the command that would say so where only a line is asked for', async () => {
    const config = { target: '127.0.0.1', port: await freePort(), folderPath: '~/models' }
    const { homeDir } = makeDesk(config)
    const args = ['connect', 'Mac Studio', '--with', 'zed', '--print']
    writeProgram(join(homeDir, 'bin/zed'), '')
    const { exitCode, stdout, stderr } = await runCli(args, { homeDir })
    expect([exitCode, stdout]).toEqual([2, ''])
    expect(stderr).toMatch(
      /^Nothing answers at 127[^\n]* More: studiolo doctor --host 'Mac Studio'\n$/,
    )
    expect(stderr).not.toContain('It stops at')
  })

  it.each([
    [['connect'], 'Say which host to open'],
    [['connect', 'a', 'b'], '“b” is one word too many'],
    [['connect', 'a', '--with', 'emacs'], '“emacs”. Use one of: cursor, vscode'],
    [['connect', 'a', '--json'], 'connect takes a host'],
    [['connect', 'a', '--host', 'b'], 'connect takes a host'],
    [['status', '--print'], 'connect only'],
    [['status', '--with', 'cursor'], 'connect only'],
  ])('%j is wrong usage', async (args, words) => {
    const { exitCode, stdout, stderr } = await runCliHere(args, { homeDir: makeHome() })
    expect([exitCode, stdout]).toEqual([64, ''])
    expect(stderr).toContain(words)
  })

  it('names the Hosts that there are', async () => {
    const { homeDir } = makeDesk({})
    const { exitCode, stderr } = await runCli(['connect', 'nobody'], { homeDir })
    expect(exitCode).toBe(2)
    expect(stderr).toContain('Mac Studio')
  })
})
