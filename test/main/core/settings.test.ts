import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  logsDir,
  migrate,
  parseSettings,
  settingsPath,
  settingsVersion,
} from '../../../main/core/settings.ts'
import {
  defaultSettings,
  type SshHostConfig,
  settingsSchema,
} from '../../../preload/contract/settings.ts'

const fixturesDir = join(import.meta.dirname, '../../fixtures/settings')
/** The newest version. */
const v2 = readFileSync(join(fixturesDir, 'v2.json'), 'utf8')

describe('settings of every released version', () => {
  const names = readdirSync(fixturesDir).filter((name) => name.endsWith('.json'))

  it('has one for each', () => {
    const expected = Array.from({ length: settingsVersion }, (_, index) => `v${index + 1}.json`)
    expect(names.toSorted()).toEqual(expected)
  })

  it.each(names)('%s is read whole', (name) => {
    const parsed = parseSettings(readFileSync(join(fixturesDir, name), 'utf8'))
    expect(parsed.kind).toBe('ok')
    expect(parsed.settings.version).toBe(settingsVersion)
    expect(parsed.settings.hosts.map((host) => host.name)).toEqual([
      'Studio in the corner',
      '二号工作室',
    ])
    // no field of these files has its default, except those that came later than the file
    for (const [field, value] of Object.entries(defaultSettings)) {
      const isLater = name === 'v1.json' && ['isSshConfigOffered', 'isNotified'].includes(field)
      if (field !== 'version' && !isLater) expect(parsed.settings).not.toHaveProperty(field, value)
    }
  })

  it('keeps the editor of version 1 as the preferred tool, and its hosts with nothing new known of them', () => {
    const { settings } = parseSettings(readFileSync(join(fixturesDir, 'v1.json'), 'utf8'))
    expect(settings.preferredToolId).toBe('vscode')
    expect(settings.hosts[1]).toEqual({
      ...{ kind: 'ssh', id: 'h-71aa', name: '二号工作室', target: '192.168.4.20', account: 'ana' },
      ...{ port: 2222, keyPath: '~/.ssh/id_ed25519_studio', folderPath: null, alias: null },
      ...{
        isControlMasterOn: false,
        tailnetNodeId: null,
        tailnetName: null,
        lanAddress: null,
        macAddress: null,
      },
      ...{ platform: null, sleepMinutes: null, sleepReadAt: null, isKeyOffered: false },
    })
  })
})

describe('parseSettings', () => {
  it('reads the newest version as it stands', () => {
    expect(parseSettings(v2)).toEqual({ kind: 'ok', settings: JSON.parse(v2) })
  })

  it('reads a file of this version from before some of a Host’s fields', () => {
    const { hosts, ...rest } = JSON.parse(v2)
    const later = { platform: null, sleepMinutes: null, sleepReadAt: null, isKeyOffered: false }
    const before = hosts.map((host: SshHostConfig) =>
      Object.fromEntries(Object.entries(host).filter(([field]) => !(field in later))),
    )
    const parsed = parseSettings(JSON.stringify({ ...rest, hosts: before }))
    expect(parsed.kind).toBe('ok')
    expect(parsed.settings.hosts).toEqual(
      before.map((host: Partial<SshHostConfig>) => ({ ...host, ...later })),
    )
  })

  it('reads past a byte order mark', () => {
    expect(parseSettings(`\uFEFF${v2}`).kind).toBe('ok')
  })

  it.each([
    ['nothing', ''],
    ['zeros', '\0'.repeat(512)],
    ['half of a file', v2.slice(0, v2.length / 2)],
    ['a list', '[]'],
    ['null', 'null'],
    ['no version', '{}'],
    ['version 0', v2.replace('"version": 2', '"version": 0')],
    ['a version in quotes', v2.replace('"version": 2', '"version": "2"')],
    ['a wrong type', v2.replace('2000', '"often"')],
    ['a figure out of range', v2.replace('2000', '1')],
    ['a host without a target', v2.replace('"target": "mac-studio",', '')],
    ['a target that ssh would read as an option', v2.replace('"mac-studio"', '"-oProxyCommand=x"')],
    ['two hosts with one id', v2.replace('h-71aa"', 'h-3f9c"')],
  ])('calls %s corrupt', (_name, text) => {
    expect(parseSettings(text).kind).toBe('corrupt')
  })

  it('saves every field of a corrupt file that is right by itself', () => {
    const { settings } = parseSettings(v2.replace('2000', '"often"').replace('"mac-studio"', '7'))
    expect(settings).toEqual({
      ...JSON.parse(v2),
      openEveryMs: defaultSettings.openEveryMs,
      hosts: [JSON.parse(v2).hosts[1]],
    })
  })

  it('reads what it knows of a newer version', () => {
    const newer = JSON.stringify({ ...JSON.parse(v2), version: 7, theme: 'sepia', colour: 'red' })
    const parsed = parseSettings(newer)
    expect(parsed).toMatchObject({ kind: 'newer', version: 7 })
    expect(parsed.settings).toEqual({ ...JSON.parse(v2), theme: 'system' })
  })

  it('has usable settings for any text', async () => {
    const texts = fc.oneof(
      fc.string(),
      fc.json(),
      fc.record({ version: fc.constantFrom(1, 2), hosts: fc.array(fc.anything()) }).map((value) => {
        return JSON.stringify(value) ?? ''
      }),
      fc.nat(v2.length).map((end) => v2.slice(0, end)),
    )
    await fc.assert(
      fc.property(texts, (text) => {
        expect(settingsSchema.safeParse(parseSettings(text).settings).success).toBe(true)
      }),
    )
  })
})

describe('migrate', () => {
  const steps = {
    1: ({ lang, ...rest }: Record<string, unknown>) => ({ ...rest, language: lang }),
    2: (raw: Record<string, unknown>) => ({ ...raw, hosts: [] }),
  }

  it('goes step by step', () => {
    expect(migrate({ version: 1, lang: 'en' }, 1, steps, 3)).toEqual({
      version: 3,
      language: 'en',
      hosts: [],
    })
    expect(migrate({ version: 2, language: 'en' }, 2, steps, 3)).toEqual({
      version: 3,
      language: 'en',
      hosts: [],
    })
  })

  it('leaves what it was given as it was', () => {
    const raw = Object.freeze({ version: 1, lang: 'en' })
    migrate(raw, 1, steps, 3)
    expect(raw).toEqual({ version: 1, lang: 'en' })
  })

  it('refuses a gap', () => {
    expect(() => migrate({ version: 1 }, 1, { 2: steps[2] }, 3)).toThrow('version 1')
  })
})

describe('places', () => {
  it.each([
    [
      'darwin' as const,
      { XDG_CONFIG_HOME: '/elsewhere' },
      '/Users/ana/Library/Application Support/Studiolo/settings.json',
    ],
    ['linux' as const, {}, '/Users/ana/.config/studiolo/settings.json'],
    ['linux' as const, { XDG_CONFIG_HOME: '' }, '/Users/ana/.config/studiolo/settings.json'],
    // XDG Base Directory Specification: "All paths set in these environment variables must be absolute"
    ['linux' as const, { XDG_CONFIG_HOME: 'a/b' }, '/Users/ana/.config/studiolo/settings.json'],
    ['linux' as const, { XDG_CONFIG_HOME: '/conf/' }, '/conf/studiolo/settings.json'],
  ])('settings on %s with %o', (platform, env, path) => {
    expect(settingsPath({ platform, env, homeDir: '/Users/ana' })).toBe(path)
  })

  it('logs', () => {
    const homeDir = '/h'
    expect(logsDir({ platform: 'darwin', env: {}, homeDir })).toBe('/h/Library/Logs/Studiolo')
    expect(logsDir({ platform: 'linux', env: {}, homeDir })).toBe('/h/.local/state/studiolo/logs')
    expect(logsDir({ platform: 'linux', env: { XDG_STATE_HOME: '/s' }, homeDir })).toBe(
      '/s/studiolo/logs',
    )
  })
})
