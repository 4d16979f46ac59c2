import { mkdirSync } from 'node:fs'
import { userInfo } from 'node:os'
import { join } from 'node:path'
import fc from 'fast-check'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { HostError } from '../../../../main/hosts/host.ts'
import {
  parseSshConfig,
  resolveSshConfig,
  suggestionsFromConfig,
} from '../../../../main/hosts/ssh/config.ts'
import { createSshHome, type SshHome } from '../../../support/ssh-home.ts'

let home: SshHome
beforeEach(() => {
  home = createSshHome()
})
afterEach(() => home[Symbol.dispose]())

function resolve(
  target: string,
  overrides: { account?: string; port?: number; keyPath?: string } = {},
) {
  const { account = null, port = null, keyPath = null } = overrides
  return resolveSshConfig(target, { account, port, keyPath, env: process.env, homeDir: home.dir })
}

describe('what ssh -G answers', () => {
  test('without a configuration: the name itself, port 22, the usual files', async () => {
    expect(await resolve('studio.local')).toMatchObject({
      ...{ hostname: 'studio.local', user: userInfo().username, port: 22 },
      ...{ proxyJump: null, proxyCommand: null, hostKeyAlias: null, identityAgent: undefined },
      ...{ isIdentitiesOnly: false, isStrict: false, connectTimeoutMs: null },
      userKnownHostsFiles: [home.path('known_hosts'), home.path('known_hosts2')],
    })
    expect((await resolve('studio.local')).identityFiles).toContain(home.path('id_ed25519'))
  })

  test('an alias with everything', async () => {
    home.write(
      'config',
      `Host studio
        HostName 10.0.0.5
        User ana
        Port 2222
        IdentityFile "~/.ssh/my key"
        IdentityFile ~/.ssh/%r-%h
        IdentityAgent ~/agent.sock
        IdentitiesOnly yes
        HostKeyAlias the-studio
        UserKnownHostsFile ~/.ssh/known "/tmp/with space/known"
        HashKnownHosts yes
        StrictHostKeyChecking yes
        ConnectTimeout 7
        PasswordAuthentication no
        ProxyJump bob@gate:2200`,
    )
    expect(await resolve('studio')).toMatchObject({
      ...{ target: 'studio', hostname: '10.0.0.5', user: 'ana', port: 2222 },
      identityFiles: [home.path('my key'), home.path('ana-10.0.0.5')],
      identityAgent: expect.stringMatching(/\/agent\.sock$/),
      ...{ isIdentitiesOnly: true, hostKeyAlias: 'the-studio', isKnownHostsHashed: true },
      userKnownHostsFiles: [home.path('known'), '/tmp/with space/known'],
      ...{ isStrict: true, connectTimeoutMs: 7000, hasPasswordLogin: false },
      proxyJump: 'bob@gate:2200',
    })
  })

  test('the person’s own settings win', async () => {
    home.write('config', 'Host studio\n  User ana\n  Port 2222\n  IdentityFile ~/.ssh/other')
    const config = await resolve('bob@studio', { account: 'eva', port: 99, keyPath: '~/k' })
    expect(config).toMatchObject({ hostname: 'studio', user: 'eva', port: 99 })
    expect(config.identityFiles).toEqual([join(home.dir, 'k'), home.path('other')])
  })

  test('no agent, and an agent named by a variable', async () => {
    home.write('config', 'Host a\n  IdentityAgent none\nHost b\n  IdentityAgent $MY_AGENT')
    expect((await resolve('a')).identityAgent).toBeNull()
    expect((await resolve('b')).identityAgent).toBe('$MY_AGENT')
  })

  test('a mistake in the file is said with its line', async () => {
    home.write('config', 'Host studio\n  HostNam 10.0.0.5\n')
    const error: unknown = await resolve('studio').catch((reason: unknown) => reason)
    expect(error).toBeInstanceOf(HostError)
    expect(error).toMatchObject({
      kind: 'unreachable',
      info: { code: 'ssh-config', message: { params: { target: 'studio' } } },
    })
    expect((error as HostError).info.detail).toMatch(/config: line 2: .*hostnam/i)
  })

  test.each(['$(touch /tmp/x)', '-oProxyCommand=id', 'a;b'])(
    'a target that is no name is refused: %s',
    async (target) => {
      await expect(resolve(target)).rejects.toMatchObject({ info: { code: 'ssh-config' } })
    },
  )

  test('a program that is not there is said', async () => {
    const options = { account: null, port: null, keyPath: null, homeDir: home.dir }
    await expect(
      resolveSshConfig('studio', { ...options, env: { PATH: home.dir } }),
    ).rejects.toMatchObject({ info: { code: 'ssh-config', detail: expect.stringMatching(/ssh/) } })
  })

  test('any text either parses or is an error', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => {
        try {
          parseSshConfig(`hostname h\nuser u\n${text}`, {
            ...{ target: 't', homeDir: '/home/u', keyPath: null },
          })
        } catch (error) {
          expect(error).toBeInstanceOf(HostError)
        }
      }),
    )
  })
})

describe('suggestions', () => {
  const suggestions = () => suggestionsFromConfig({ homeDir: home.dir })

  test('each Host entry once, in order, without patterns and negations', async () => {
    home.write(
      'config',
      `Host *
        User all
      Host studio mini !bad *.example.com
        HostName 10.0.0.5
        User ana
      Match host other
        User x
      Host studio
        HostName ignored
      Host "quoted"
      host=equals`,
    )
    expect(await suggestions()).toEqual([
      ...['studio', 'mini'].map((name) => ({
        ...{ source: 'ssh-config', name, target: name, account: 'ana', detail: '10.0.0.5' },
        tailnetNodeId: null,
      })),
      ...['quoted', 'equals'].map((name) => ({
        ...{ source: 'ssh-config', name, target: name, account: null, detail: null },
        tailnetNodeId: null,
      })),
    ])
  })

  test('included files, by pattern, by home and relative, are followed where they stand', async () => {
    mkdirSync(home.path('conf.d'))
    home.write('config', 'Host first\nHost holder\n  Include conf.d/*.conf\nHost last\n')
    home.write('conf.d/b.conf', 'Host from-b\nInclude ~/.ssh/more\n')
    home.write('conf.d/a.conf', 'Host from-a\n')
    home.write('more', 'Host more\n')
    const names = (await suggestions()).map(({ name }) => name)
    expect(names.filter((name) => name.startsWith('from') || name === 'more')).toEqual([
      ...['from-a', 'from-b', 'more'],
    ])
    expect(new Set(names)).toEqual(new Set(['first', 'holder', 'from-a', 'from-b', 'more', 'last']))
  })

  test('files that include each other end', async () => {
    home.write('config', 'Include other\nHost a\n')
    home.write('other', 'Include config\nHost b\n')
    expect((await suggestions()).map(({ name }) => name).sort()).toEqual(['a', 'b'])
  })

  test('no file, an empty one and garbage give none', async () => {
    expect(await suggestions()).toEqual([])
    home.write('config', '')
    expect(await suggestions()).toEqual([])
    home.write('config', '\0\u0001"""\nHost -bad\n')
    expect(await suggestions()).toEqual([])
  })
})
