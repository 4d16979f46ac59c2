import { chmodSync, mkdirSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import {
  fixturesDir,
  hasSsh,
  makeConfigHome,
  sshHostNamed,
  startSshConfig,
} from '../../../support/ssh-config-home.ts'

/** Each configuration, and names of which ssh is asked before and after; a name that no file holds is asked of all. */
const cases: Readonly<Record<string, readonly string[]>> = {
  plain: ['studio', 'nas'],
  'star-first': ['studio'],
  wildcards: ['build-7', 'build-old', 'gpu.lab.example.org', '10.1.2.3', 'mac-mini'],
  match: ['studio', 'studio-lan', 'ana@studio.tail1a2b3c.ts.net'],
  'match-exec': ['studio'],
  'match-first': ['studio', 'root@studio'],
  includes: ['studio', 'nas', 'work', 'lab'],
  crlf: ['studio', 'nas'],
  'mixed-line-breaks': ['studio', 'nas'],
  tabs: ['studio', 'nas'],
  'no-final-line-break': ['studio', 'nas'],
  empty: [],
  'comments-only': ['ghost'],
  'blank-lines': ['studio'],
  'ignore-unknown': ['studio'],
  quoted: ['studio', 'nas'],
  jump: ['studio', 'bastion'],
  'global-first': ['studio'],
  'lower-case': ['studio', 'nas'],
  canonical: ['studio.canonical.test', 'studio'],
  utf8: ['studio', 'größe'],
  'no-keys': ['studio'],
  long: ['node000', 'node059'],
}

function place(name: string) {
  const home = makeConfigHome()
  home.write('config', home.fixture(`${name}.conf`))
  if (name === 'includes') {
    mkdirSync(home.path('config.d'))
    home.write('config.d/work.conf', home.fixture('includes-second.conf'))
    home.write('keys.conf', home.fixture('includes-keys.conf'))
  }
  return home
}

describe.skipIf(!hasSsh)('~/.ssh/config, as OpenSSH reads it', () => {
  it('is tried with every configuration of the folder', () => {
    const all = readdirSync(fixturesDir).filter((name) => /^(?!includes-).*\.conf$/.test(name))
    expect(all.toSorted()).toEqual(
      Object.keys(cases)
        .map((name) => `${name}.conf`)
        .toSorted(),
    )
    expect(all.length).toBeGreaterThanOrEqual(20)
  })

  it.each(Object.entries(cases))(
    '%s: leaves the person’s hosts as they were',
    async (name, own) => {
      const home = place(name)
      const names = [...own, 'some-other-host']
      const original = home.read('config')
      const before = names.map(home.resolve)
      const ours = sshHostNamed('Mac Studio', {
        account: 'ana.b',
        port: 2207,
        alias: 'mac-studio-x',
      })
      const { service, include } = await startSshConfig(home.homeDir, [ours])

      expect(await include()).toMatchObject({ state: 'included', conflicts: [], problem: null })
      expect(names.map(home.resolve)).toEqual(before)
      expect(home.resolve('mac-studio-x')).toEqual(
        expect.arrayContaining(['hostname 100.64.0.7', 'user ana.b', 'port 2207']),
      )
      const now = home.read('config')
      expect(now.subarray(now.length - original.length)).toEqual(original)

      expect(await service.remove()).toMatchObject({ state: 'not-included' })
      expect(home.read('config')).toEqual(original)
      expect(names.map(home.resolve)).toEqual(before)
      expect(
        home.names().filter((one) => one.includes('studiolo') && !one.includes('backup')),
      ).toEqual([])
    },
  )

  it('writes each value so that ssh reads it back', async () => {
    const home = makeConfigHome()
    home.write('config', 'Host *\n  User somebody\n  Port 99\n')
    const keyPath = `${home.homeDir}/keys/my "own" \\ #1 key`
    const { service } = await startSshConfig(home.homeDir, [])
    service.close()
    const host = sshHostNamed('Studio', {
      ...{ target: 'mac-studio.tail1a2b3c.ts.net', account: 'ana#1', port: 22, keyPath },
      ...{ alias: 'mac-studio-tailscale', isControlMasterOn: true },
    })
    const { include } = await startSshConfig(home.homeDir, [host])
    await include()
    const resolved = home.resolve('mac-studio-tailscale')
    expect(resolved).toEqual(
      expect.arrayContaining([
        'hostname mac-studio.tail1a2b3c.ts.net',
        'user ana#1',
        'port 22',
        `identityfile ${keyPath}`,
        'serveraliveinterval 30',
        'controlmaster auto',
        'controlpersist 600',
      ]),
    )
    // %C: 40 hexadecimal digits, so that the socket's path stays short whatever the name
    const control = resolved.find((line) => line.startsWith('controlpath '))
    expect(control).toMatch(/\/\.ssh\/studiolo-[0-9a-f]{40}$/)
  })

  it('leads where a name of the person’s own configuration leads', async () => {
    const home = place('jump')
    const host = sshHostNamed('Studio', { target: 'studio', account: 'ben', alias: 'my-studio' })
    const { include } = await startSshConfig(home.homeDir, [host])
    await include()
    expect(home.resolve('my-studio')).toEqual(
      expect.arrayContaining([
        'hostname 10.0.0.5',
        'user ben',
        'proxyjump bastion',
        'hostkeyalias studio.lab',
        expect.stringMatching(/^identityagent .*\/\.1password\/agent\.sock$/),
      ]),
    )
  })

  it('keeps the agent and keys that hold for all where they are', async () => {
    const home = makeConfigHome()
    home.write('config', 'IdentityFile ~/.ssh/everywhere\nIdentityAgent none\nPort 2022\n')
    const { service, include } = await startSshConfig(home.homeDir, [
      sshHostNamed('Studio', { alias: 'a-studio' }),
    ])
    const { ownText } = await include()
    expect(ownText).not.toMatch(/IdentityFile|IdentityAgent|Proxy/)
    expect(home.resolve('a-studio')).toEqual(expect.arrayContaining(['identityagent none']))
    service.close()
  })

  it('is still read where nobody but its owner may read it', async () => {
    const home = place('plain')
    chmodSync(home.path('config'), 0o600)
    const { include } = await startSshConfig(home.homeDir, [sshHostNamed('S', { alias: 's' })])
    await include()
    expect(home.resolve('s')).toContain('hostname 100.64.0.7')
    expect(readFileSync(join(home.homeDir, '.ssh/studiolo.config'), 'utf8')).toContain('Host s\n')
  })

  it('refuses a file that ssh refuses, instead of pretending', async () => {
    const home = makeConfigHome()
    const bytes = Buffer.concat([Buffer.from([0xef, 0xbb, 0xbf]), Buffer.from('Host a\n Port 3\n')])
    home.write('config', bytes)
    expect(() => home.resolve('a')).toThrow(/Bad configuration option/)
    const { service } = await startSshConfig(home.homeDir, [])
    const state = await service.read()
    expect(state).toMatchObject({ state: 'blocked', problem: { code: 'file-unwritable' } })
    expect(state.problem?.message.key).toBe('connect.ssh-config.byte-order-mark')
    await expect(service.include(state.revision)).rejects.toThrow()
    expect(home.read('config')).toEqual(bytes)
  })
})
