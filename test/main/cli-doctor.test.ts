import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { plainHost } from '../../preload/contract/plain-host.ts'
import { defaultSettings, type SshHostConfig } from '../../preload/contract/settings.ts'
import { makeHome, runCli, runCliHere, writeSettings } from '../support/run-cli.ts'
import { freePort } from '../support/sshd.ts'

async function homeWithStudio(fields: Partial<SshHostConfig> = {}): Promise<string> {
  const homeDir = makeHome()
  const studio = {
    ...{ kind: 'ssh', id: 'studio', name: 'Studio', target: '127.0.0.1', ...plainHost },
    port: await freePort(),
    ...fields,
  }
  writeSettings(homeDir, JSON.stringify({ ...defaultSettings, hosts: [studio] }))
  return homeDir
}

describe('studiolo doctor', () => {
  it('names the broken step to people, and ends with 1', async () => {
    const homeDir = await homeWithStudio()
    const answer = await runCli(['doctor', '--host', 'studio'], { homeDir })
    expect(answer.exitCode).toBe(1)
    expect(answer.stdout).toMatch(/^✗ {2}SSH port .*nothing answers at port/m)
    expect(answer.stdout).toMatch(/→ On Studio: Turn on Remote Login/)
    expect(answer.stderr).toBe('')
  })

  it('names it to programs, in English whatever the language', async () => {
    const homeDir = await homeWithStudio()
    const args = ['doctor', '--host', 'Studio', '--json']
    const answer = await runCli(args, { homeDir, language: 'zh_CN.UTF-8' })
    expect(answer.exitCode).toBe(1)
    const json = JSON.parse(answer.stdout)
    expect(json).toMatchObject({ host: { name: 'Studio' }, brokenStepId: 'tcp' })
    expect(json.steps).toHaveLength(13)
    expect(json.steps[6]).toMatchObject({
      ...{ id: 'tcp', state: 'failed' },
      found: { key: 'doctor.tcp.refused', text: expect.stringContaining('nothing answers') },
    })
  })

  it('tells nobody the page that would log this machine in', async () => {
    const homeDir = await homeWithStudio({ target: 'studio.invalid', tailnetNodeId: 'nStudio' })
    const page = 'https://headscale.example.com/register/nMzX9bN1'
    const binDir = join(homeDir, 'bin')
    mkdirSync(binDir)
    const status = JSON.stringify({ BackendState: 'NeedsLogin', AuthURL: page })
    const script = `#!/bin/sh
case $1 in
status) echo '${status}' ;;
*) echo 'Logged out.'; echo 'Log in at: ${page}'; exit 1 ;;
esac
`
    writeFileSync(join(binDir, 'tailscale'), script, { mode: 0o755 })
    const text = await runCli(['doctor', '--host', 'Studio'], { homeDir, binDir })
    expect(text.stdout).toContain('Log in on this page. (address shown in Studiolo)')
    const json = await runCli(['doctor', '--host', 'Studio', '--json'], { homeDir, binDir })
    const step = JSON.parse(json.stdout).steps.find(
      ({ id }: { id: string }) => id === 'tailscale-logged-in',
    )
    expect(step.remedies[0]).toMatchObject({ kind: 'read', where: 'here' })
    expect(step.remedies[0]).not.toHaveProperty('target')
    expect(text.stdout + json.stdout).not.toContain(page)
  })

  it('says that this computer is cut off, and when the app was told that the host sleeps', async () => {
    const address = '100.101.102.103'
    const homeDir = await homeWithStudio({
      ...{ target: address, port: null, platform: 'darwin', sleepMinutes: 10 },
      sleepReadAt: new Date(Date.now() - 50 * 3_600_000).toISOString(),
    })
    const binDir = join(homeDir, 'bin')
    mkdirSync(binDir)
    mkdirSync(join(homeDir, '.ssh'))
    const sshConfig = `Host ${address}\n  ProxyCommand tailscale nc %h %p\n`
    writeFileSync(join(homeDir, '.ssh/config'), sshConfig, { mode: 0o600 })
    const answerWith = (isOnline: boolean) => {
      const suffix = 'tail1a2b3c.ts.net'
      const status = JSON.stringify({
        ...{ BackendState: 'Running', MagicDNSSuffix: suffix },
        Self: { DNSName: `macbook.${suffix}.`, TailscaleIPs: ['100.75.153.24'], Online: isOnline },
        Peer: { a: { DNSName: `mac-studio.${suffix}.`, TailscaleIPs: [address], Online: true } },
        Health: ['Tailscale could not connect to any relay server.'],
      })
      const script = `#!/bin/sh
case $1 in
status) echo '${status}' ;;
ping) echo 'ping "${address}" timed out'; exit 1 ;;
*) echo 'Dial failed' >&2; exit 1 ;;
esac
`
      writeFileSync(join(binDir, 'tailscale'), script, { mode: 0o755 })
    }
    answerWith(false)
    const json = await runCli(['doctor', '--host', 'Studio', '--json'], { homeDir, binDir })
    const { brokenStepId, steps } = JSON.parse(json.stdout)
    expect(brokenStepId).toBe('tailnet-ping')
    const detail = 'Tailscale could not connect to any relay server.'
    expect(steps[1]).toMatchObject({ id: 'tailscale-running', state: 'attention', detail })
    expect(steps[5].causes.slice(0, 2)).toMatchObject([
      { key: 'doctor.cause.no-internet-here' },
      { text: 'Studio is asleep.' },
    ])

    answerWith(true)
    const { stdout } = await runCli(['doctor', '--host', 'Studio'], { homeDir, binDir })
    expect(stdout).toContain('sleep after 10 min without use when it was last asked (2 days ago).')
  })

  it('ends with 2 for a host that is not in the settings, with 64 without one', async () => {
    const homeDir = makeHome()
    expect((await runCliHere(['doctor', '--host', 'x'], { homeDir })).exitCode).toBe(2)
    const without = await runCliHere(['doctor'], { homeDir })
    expect(without.exitCode).toBe(64)
    expect(without.stderr).toBe('Say which host: doctor --host NAME.\n')
  })
})
