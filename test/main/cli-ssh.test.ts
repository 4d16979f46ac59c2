import { appendFileSync, mkdirSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it, onTestFinished } from 'vitest'
import { defaultSettings } from '../../preload/contract/settings.ts'
import { type MacSshServer, startMacSshServer } from '../support/mac-ssh-server.ts'
import { demoRecording, makeHome, runCli, writeSettings } from '../support/run-cli.ts'
import { sshHost } from '../support/settings-hosts.ts'

/** A Mac that answers over SSH, and a home whose settings name it. */
async function prepare(options: { isKnown: boolean; hasKey?: boolean; password?: string }) {
  const { isKnown, ...server } = options
  const mac = await startMacSshServer({ recording: demoRecording(), ...server })
  onTestFinished(() => mac.close())
  const homeDir = makeHome()
  mkdirSync(join(homeDir, '.ssh'), { mode: 0o700 })
  if (isKnown) {
    appendFileSync(join(homeDir, '.ssh/known_hosts'), `[127.0.0.1]:${mac.port} ${mac.hostKey}\n`)
  }
  writeSettings(homeDir, JSON.stringify({ ...defaultSettings, hosts: [configOf(mac)] }))
  return { mac, homeDir }
}

function configOf({ port, account, keyPath }: MacSshServer) {
  return { ...sshHost('studio'), name: 'Studio', target: '127.0.0.1', account, port, keyPath }
}

describe('a Host over SSH', () => {
  it('answers as its recording does', async () => {
    const { homeDir } = await prepare({ isKnown: true })
    const { exitCode, stdout, stderr } = await runCli(['check', '--host', 'studio', '--json'], {
      homeDir,
    })
    expect(stderr).toBe('')
    expect(exitCode).toBe(1)
    const { host, checks } = JSON.parse(stdout)
    expect(host).toMatchObject({ name: 'Studio', kind: 'ssh', platform: 'darwin', account: 'ana' })
    const states = Object.fromEntries(
      checks.map(({ id, state }: Record<string, string>) => [id, state]),
    )
    expect(states).toMatchObject({ filevault: 'pass', updates: 'attention', sip: 'pass' })
  })

  it('with an unknown key is not trusted: the person compares it in the app', async () => {
    const { mac, homeDir } = await prepare({ isKnown: false })
    const { exitCode, stdout, stderr } = await runCli(['status', '--host', 'studio'], { homeDir })
    expect({ exitCode, stdout }).toEqual({ exitCode: 2, stdout: '' })
    expect(stderr).toMatch(/^[^\n]+\n$/)
    expect(stderr).toContain(mac.fingerprint)
    expect(stderr).toContain('in the app')
    expect(readdirSync(join(homeDir, '.ssh'))).toEqual([])
    expect(mac.commandLines).toEqual([])
  })

  it('that wants a password gets none', async () => {
    const { homeDir } = await prepare({ isKnown: true, hasKey: false, password: 'correct horse' })
    const { exitCode, stderr } = await runCli(['models', '--host', 'studio'], {
      homeDir,
      language: 'zh_CN.UTF-8',
    })
    expect(exitCode).toBe(2)
    expect(stderr).toMatch(/^[^\n]+\n$/)
    expect(stderr).toContain('密码')
    expect(stderr).not.toMatch(/cli\.|error\.|\{\{/)
  })

  it('with another key than the known one is refused', async () => {
    const { mac, homeDir } = await prepare({ isKnown: false })
    const other = await startMacSshServer({ recording: demoRecording() })
    onTestFinished(() => other.close())
    const line = `[127.0.0.1]:${mac.port} ${other.hostKey}\n`
    appendFileSync(join(homeDir, '.ssh/known_hosts'), line)
    const { exitCode, stderr } = await runCli(['check', '--host', 'studio'], { homeDir })
    expect(exitCode).toBe(2)
    expect(stderr).toMatch(/^[^\n]+\n$/)
    expect(stderr).toContain(mac.fingerprint)
    expect(stderr).not.toMatch(/cli\.|error\.|\{\{/)
  })
})
