import nodeFs, {
  chmodSync,
  lstatSync,
  mkdirSync,
  readlinkSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { isAliasInUse } from '../../../../main/connect/ssh-config/place.ts'
import { makeConfigHome, sshHostNamed, startSshConfig } from '../../../support/ssh-config-home.ts'
import { until } from '../../../support/until.ts'

const studio = sshHostNamed('Mac Studio', { target: 'mac-studio.tail1a2b3c.ts.net' })
const mode = (path: string) => (statSync(path).mode & 0o7777).toString(8)
const includeOf = (homeDir: string) => `Include ${homeDir}/.ssh/studiolo.config\n`

describe('including', () => {
  it('shows first, then changes exactly what was shown', async () => {
    const home = makeConfigHome()
    home.write('config', '# mine\nHost nas\n')
    const { service } = await startSshConfig(home.homeDir, [studio])
    const shown = await service.read()
    expect(shown).toMatchObject({
      ...{ state: 'not-included', path: home.path('config'), resolvedPath: home.path('config') },
      ...{ ownPath: home.path('studiolo.config'), conflicts: [], unwritable: [], problem: null },
    })
    expect(shown.diff.map(({ kind, text }) => `${kind} ${text}`)).toEqual([
      `added ${includeOf(home.homeDir).trim()}`,
      'same # mine',
      'same Host nas',
    ])
    expect(home.names()).toEqual(['config'])

    const after = await service.include(shown.revision)
    expect(after).toMatchObject({ state: 'included', diff: [] })
    expect(home.read('config').toString()).toBe(`${includeOf(home.homeDir)}# mine\nHost nas\n`)
    expect(home.read('studiolo.config').toString()).toBe(after.ownText)
    expect(mode(home.path('studiolo.config'))).toBe('600')
  })

  it('refuses a file that is another one than was shown', async () => {
    const home = makeConfigHome()
    home.write('config', 'Host nas\n')
    const { service } = await startSshConfig(home.homeDir, [studio])
    const { revision } = await service.read()
    home.write('config', 'Host nas\n  Port 1\n')
    await expect(service.include(revision)).rejects.toMatchObject({
      info: { code: 'changed-meanwhile' },
    })
    expect(home.names()).toEqual(['config'])
  })

  it('refuses one that changes right before it is replaced', async () => {
    const home = makeConfigHome()
    home.write('config', 'Host nas\n')
    const fs = {
      ...nodeFs,
      fsyncSync(file: number) {
        nodeFs.fsyncSync(file)
        home.write('config', 'Host nas\n# an editor saved\n')
      },
    }
    const { include } = await startSshConfig(home.homeDir, [studio], { fs })
    await expect(include()).rejects.toMatchObject({ info: { code: 'changed-meanwhile' } })
    expect(home.read('config').toString()).toBe('Host nas\n# an editor saved\n')
    expect(home.names().filter((name) => name.endsWith('.tmp'))).toEqual([])
  })

  it('makes what is missing, for its owner only, and takes it away again', async () => {
    const home = makeConfigHome()
    rmSync(home.path(''), { recursive: true })
    const { service, include } = await startSshConfig(home.homeDir, [studio])
    expect(await include()).toMatchObject({ state: 'included' })
    expect([mode(home.path('')), mode(home.path('config'))]).toEqual(['700', '600'])
    await service.remove()
    expect(home.names()).toEqual([])
  })

  it('leaves an empty file where there was one', async () => {
    const home = makeConfigHome()
    home.write('config', '')
    const { service, include } = await startSshConfig(home.homeDir, [studio])
    await include()
    await service.remove()
    expect(home.read('config')).toEqual(Buffer.alloc(0))
  })

  it.each([0o600, 0o644, 0o640])('keeps the mode %o, of the backup too', async (bits) => {
    const home = makeConfigHome()
    home.write('config', 'Host nas\n')
    chmodSync(home.path('config'), bits)
    const { include } = await startSshConfig(home.homeDir, [studio])
    await include()
    const backup = home.names().find((name) => name.startsWith('config.studiolo-backup-')) ?? ''
    expect(backup).toBe('config.studiolo-backup-2026-11-20T09-00-00.000Z')
    expect(home.read(backup).toString()).toBe('Host nas\n')
    expect([mode(home.path('config')), mode(home.path(backup))]).toEqual([
      bits.toString(8),
      bits.toString(8),
    ])
  })

  it.skipIf(process.getuid?.() !== 0)('keeps the owner', async () => {
    const home = makeConfigHome()
    home.write('config', 'Host nas\n')
    nodeFs.chownSync(home.path('config'), 4711, 4712)
    const { include } = await startSshConfig(home.homeDir, [studio])
    await include()
    const { uid, gid } = statSync(home.path('config'))
    expect([uid, gid]).toEqual([4711, 4712])
  })

  it('keeps three backups', async () => {
    const home = makeConfigHome()
    home.write('config', 'Host nas\n')
    const { service, clock, include } = await startSshConfig(home.homeDir, [studio])
    for (let round = 0; round < 3; round++) {
      await include()
      await clock.advance(1000)
      await service.remove()
      await clock.advance(1000)
    }
    const backups = home.names().filter((name) => name.includes('backup'))
    expect(backups.map((name) => name.slice(-13))).toEqual([
      '09-00-03.000Z',
      '09-00-04.000Z',
      '09-00-05.000Z',
    ])
  })

  it('hides its backup from an Include that would take it in', async () => {
    const home = makeConfigHome()
    home.write('config', `Include ${home.path('config.*')}\n`)
    const { include } = await startSshConfig(home.homeDir, [studio])
    await include()
    expect(home.names().filter((name) => name.includes('backup'))).toEqual([
      '.config.studiolo-backup-2026-11-20T09-00-00.000Z',
    ])
  })
})

describe('where the file is a link', () => {
  it('changes what a chain of relative links leads to, beside it', async () => {
    const home = makeConfigHome()
    const dotfiles = join(home.homeDir, 'dotfiles/ssh')
    mkdirSync(dotfiles, { recursive: true })
    writeFileSync(join(dotfiles, 'config'), 'Host nas\n', { mode: 0o644 })
    symlinkSync('../dotfiles/current', home.path('config'))
    symlinkSync('ssh/config', join(home.homeDir, 'dotfiles/current'))
    const { service, include } = await startSshConfig(home.homeDir, [studio])
    const state = await include()
    expect(state.path).toBe(home.path('config'))
    expect(state.resolvedPath).toBe(nodeFs.realpathSync(join(dotfiles, 'config')))
    expect(readlinkSync(home.path('config'))).toBe('../dotfiles/current')
    expect(nodeFs.readFileSync(join(dotfiles, 'config'), 'utf8')).toContain('Include ')
    expect(nodeFs.readdirSync(dotfiles)).toEqual(['config'])
    await service.remove()
    expect(lstatSync(home.path('config')).isSymbolicLink()).toBe(true)
    expect(nodeFs.readFileSync(join(dotfiles, 'config'), 'utf8')).toBe('Host nas\n')
  })

  it('makes what it leads to where that is not there yet', async () => {
    const home = makeConfigHome()
    symlinkSync('real-config', home.path('config'))
    const { include } = await startSshConfig(home.homeDir, [studio])
    await include()
    expect(readlinkSync(home.path('config'))).toBe('real-config')
    expect(home.read('real-config').toString()).toBe(includeOf(home.homeDir))
  })

  it('says where it leads in a circle', async () => {
    const home = makeConfigHome()
    symlinkSync('other', home.path('config'))
    symlinkSync('config', home.path('other'))
    const { service } = await startSshConfig(home.homeDir, [studio])
    const state = await service.read()
    expect(state).toMatchObject({
      state: 'blocked',
      problem: { message: { key: 'connect.ssh-config.unreadable' } },
    })
  })
})

describe('where it cannot be changed', () => {
  it.each([
    ['file-read-only', (path: string) => chmodSync(join(path, 'config'), 0o444)],
    ['folder-read-only', (path: string) => chmodSync(path, 0o500)],
    [
      'not-a-file',
      (path: string) => {
        rmSync(join(path, 'config'))
        mkdirSync(join(path, 'config'))
      },
    ],
    [
      'own-path-taken',
      (path: string) => writeFileSync(join(path, 'studiolo.config'), 'Host mine\n'),
    ],
  ])('%s: says so, shows the line and leaves everything alone', async (kind, spoil) => {
    const home = makeConfigHome()
    home.write('config', 'Host nas\n')
    spoil(home.path(''))
    const before = home.names()
    const { service } = await startSshConfig(home.homeDir, [studio])
    const state = await service.read()
    expect(state).toMatchObject({
      state: 'blocked',
      problem: { code: 'file-unwritable', message: { key: `connect.ssh-config.${kind}` } },
    })
    expect(state.diff[0]?.kind).toBe('added')
    await expect(service.include(state.revision)).rejects.toMatchObject({
      info: { message: { key: `connect.ssh-config.${kind}` } },
    })
    await service.remove()
    expect(home.names()).toEqual(before)
    chmodSync(home.path(''), 0o700)
  })
})

describe('aliases', () => {
  it('gives one to each Host that has none, when it includes', async () => {
    const home = makeConfigHome()
    home.write('config', 'Host lab lab-2\n')
    const { settings, include } = await startSshConfig(home.homeDir, [
      studio,
      sshHostNamed('Lab', { target: '10.0.0.5' }),
      sshHostNamed('Named already', { target: 'lab-2' }),
      sshHostNamed('Chosen', { alias: 'mine' }),
    ])
    await include()
    expect(settings.get().settings.hosts.map(({ alias }) => alias)).toEqual([
      ...['mac-studio-tailscale', 'lab-3', null, 'mine'],
    ])
  })

  it('never overwrites one that exists, wherever it stands', async () => {
    const home = makeConfigHome()
    mkdirSync(home.path('config.d'))
    home.write('config.d/work', 'Match all\n  Include more\n')
    home.write('more', 'Host nas Studio-A\n')
    home.write('config', `Host *\n  Include ${home.path('config.d')}/*\nHost studio-* !studio-c\n`)
    const { include } = await startSshConfig(home.homeDir, [
      sshHostNamed('A', { alias: 'studio-a' }),
      sshHostNamed('B', { alias: 'studio-b' }),
      sshHostNamed('C', { alias: 'studio-c' }),
      sshHostNamed('Twice', { alias: 'studio-b' }),
    ])
    const { conflicts, ownText } = await include()
    expect(conflicts).toEqual([
      { hostId: 'A', alias: 'studio-a', path: home.path('more') },
      { hostId: 'Twice', alias: 'studio-b', path: home.path('studiolo.config') },
    ])
    expect(ownText.match(/^Host .*/gm)).toEqual(['Host studio-b', 'Host studio-c'])
    const inUse = (alias: string) => isAliasInUse(nodeFs, home.homeDir, alias)
    expect(['studio-a', 'studio-b', 'studio-c', 'studio-*'].map(inUse)).toEqual([
      ...[false, true, true, false],
    ])
  })

  it('shows in advance what it would name', async () => {
    const home = makeConfigHome()
    const { service, settings } = await startSshConfig(home.homeDir, [studio])
    const { ownText, revision } = await service.read()
    expect(ownText).toContain('Host mac-studio-tailscale\n')
    expect(settings.get().settings.hosts[0]?.alias).toBeNull()
    expect((await service.include(revision)).ownText).toBe(ownText)
  })

  it('looks through files that include each other, and through ours by another name', async () => {
    const home = makeConfigHome()
    const rest = join(home.homeDir, 'same-folder')
    symlinkSync(home.path(''), rest)
    const all = `Include ${home.path('*.conf')}\n`.repeat(3)
    for (const name of 'abcdefgh') home.write(`${name}.conf`, `Host ${name}\n${all}`)
    home.write('config', `${all}Include ${rest}/studiolo.config\n`)
    const { include } = await startSshConfig(home.homeDir, [
      sshHostNamed('H', { alias: 'h' }),
      sshHostNamed('Z', { alias: 'z' }),
    ])
    await include()
    const { conflicts, ownText } = await include()
    expect(conflicts.map(({ alias }) => alias)).toEqual(['h'])
    expect(ownText).toMatch(/^Host z$/m)
  })

  it('are in use only while the line is in place', async () => {
    const home = makeConfigHome()
    const { service, include } = await startSshConfig(home.homeDir, [
      sshHostNamed('A', { alias: 'a' }),
    ])
    expect(isAliasInUse(nodeFs, home.homeDir, 'a')).toBe(false)
    await include()
    expect(isAliasInUse(nodeFs, home.homeDir, 'a')).toBe(true)
    home.write('config', 'Host other\n')
    expect(isAliasInUse(nodeFs, home.homeDir, 'a')).toBe(false)
    expect((await service.read()).state).toBe('not-included')
  })

  it('leaves out a Host whose values would begin another line', async () => {
    const home = makeConfigHome()
    const { include } = await startSshConfig(home.homeDir, [
      sshHostNamed('Bad', { alias: 'bad', keyPath: '/k\nHost *\n  ProxyCommand evil' }),
      sshHostNamed('Good', { alias: 'good' }),
    ])
    expect((await include()).ownText).not.toMatch(/evil|Host bad/)
  })
})

describe('our own file', () => {
  it('follows the settings once it is included, and not before', async () => {
    const home = makeConfigHome()
    home.write('config', 'Host nas\n')
    const { service, setHosts, include } = await startSshConfig(home.homeDir, [
      sshHostNamed('A', { alias: 'a' }),
    ])
    await setHosts([sshHostNamed('A', { alias: 'a', port: 2001 })])
    await service.read()
    expect(home.names()).toEqual(['config'])
    await include()
    const config = home.read('config')
    await setHosts([sshHostNamed('A', { alias: 'a', port: 2002 })])
    await until(() => home.read('studiolo.config').includes('Port 2002'))
    expect(home.read('config')).toEqual(config)
    service.close()
  })

  it('is brought up to date at the start, when another face changed the settings', async () => {
    const home = makeConfigHome()
    const first = await startSshConfig(home.homeDir, [sshHostNamed('A', { alias: 'a' })])
    await first.include()
    first.service.close()
    const { service } = await startSshConfig(home.homeDir, [sshHostNamed('B', { alias: 'b' })])
    await service.read()
    expect(home.read('studiolo.config').toString()).toMatch(/^Host b$/m)
  })

  it('comes away with the line, and what the person changed since stays', async () => {
    const home = makeConfigHome()
    home.write('config', 'Host nas\n')
    const { service, include } = await startSshConfig(home.homeDir, [studio])
    await include()
    home.write('config', Buffer.concat([Buffer.from('# new\n'), home.read('config')]))
    await service.remove()
    expect(home.read('config').toString()).toBe('# new\nHost nas\n')
    expect(home.names()).not.toContain('studiolo.config')
  })
})
