import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import type { LocalFacts, SettingsStore } from '../../../main/core/ports.ts'
import type { Argv, Host } from '../../../main/hosts/host.ts'
import { createSuggestions } from '../../../main/tailnet/suggestions.ts'
import type { SshHostConfig } from '../../../preload/contract/settings.ts'

let homeDir: string

beforeEach(() => {
  homeDir = mkdtempSync(join(tmpdir(), 'studiolo-suggestions-'))
  mkdirSync(join(homeDir, '.ssh'))
})
afterEach(() => rmSync(homeDir, { recursive: true, force: true }))

const node = (name: string, last: number, fields: Record<string, unknown> = {}) => ({
  ...{ ID: `n${last}`, DNSName: `${name}.tail1.ts.net.`, OS: 'macOS', Online: true },
  ...{ TailscaleIPs: [`fd7a:115c:a1e0::${last}`, `100.64.0.${last}`], ...fields },
})

const someNodes = [
  node('mac-studio', 2),
  node('archive', 3, { Online: false }),
  node('phone', 4, { OS: 'iOS' }),
  node('desk', 5, { OS: 'windows' }),
]

function suggestions(hosts: Partial<SshHostConfig>[] = [], peers = someNodes) {
  const stdout = JSON.stringify({
    BackendState: 'Running',
    MagicDNSSuffix: 'tail1.ts.net',
    Peer: { ...peers },
  })
  const local = {
    now: () => 0,
    identify: async () => ({ platform: 'linux', userId: 501 }),
    run: async (_argv: Argv) => ({ stdout, stderr: '', exitCode: 0, durationMs: 1 }),
  } as unknown as Host
  const settings = { get: () => ({ settings: { hosts } }) } as unknown as SettingsStore
  const facts = async () => ({ addresses: [] }) as unknown as LocalFacts
  return createSuggestions({ local: () => local, facts, settings, homeDir })()
}

const studio = {
  ...{ source: 'tailnet', name: 'mac-studio', target: '100.64.0.2', account: null },
  ...{ detail: 'mac-studio.tail1.ts.net', tailnetNodeId: 'n2' },
}

test('an online peer that takes logins is offered by its address, which a rename leaves alone', async () => {
  expect(await suggestions()).toEqual([studio])
})

test.each([
  [{ target: 'mac-studio', tailnetNodeId: null }],
  [{ target: 'mac-studio.tail1.ts.net', tailnetNodeId: null }],
  [{ target: '100.64.0.2', tailnetNodeId: null }],
  [{ target: 'some-alias', tailnetNodeId: 'n2' }],
])('not where it is a Host already: %j', async (host) => {
  expect(await suggestions([host])).toEqual([])
})

test('peers and entries take turns, so that neither crowds out the other', async () => {
  const entries = ['a', 'b', 'c'].map((name) => `Host ${name}\n  HostName ${name}.example.com\n`)
  writeFileSync(join(homeDir, '.ssh/config'), entries.join(''))
  const peers = [node('mac-studio', 2), node('mac-mini', 3)]
  const found = await suggestions([], peers)
  expect(found.map(({ name }) => name)).toEqual(['mac-mini', 'a', 'mac-studio', 'b', 'c'])
})

test.each([
  'Host github.com\n  IdentityFile ~/.ssh/github',
  'Host work\n  HostName ssh.github.com\n  Port 443',
  'Host forge\n  HostName forge.example.com\n  User git',
])('not a place that only keeps repositories: %j', async (entry) => {
  writeFileSync(join(homeDir, '.ssh/config'), `${entry}\nHost studio\n  User ana\n`)
  expect((await suggestions([], [])).map(({ name }) => name)).toEqual(['studio'])
})

test('not beside an entry of ~/.ssh/config that leads there, which comes first', async () => {
  const config = 'Host other\n  HostName other.example.com\nHost work\n  HostName 100.64.0.2\n'
  writeFileSync(join(homeDir, '.ssh/config'), config)
  expect((await suggestions()).map(({ name }) => name)).toEqual(['work', 'other'])
})
