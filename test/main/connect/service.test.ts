import { describe, expect, it } from 'vitest'
import { createConnectService } from '../../../main/connect/service.ts'
import type { Argv, Host, HostLink, Platform } from '../../../main/hosts/host.ts'
import { HostError } from '../../../main/hosts/host.ts'
import type { Link } from '../../../preload/contract/hosts.ts'
import type { RuntimeState } from '../../../preload/contract/models.ts'
import { defaultSettings, type SshHostConfig } from '../../../preload/contract/settings.ts'
import type { Tailnet } from '../../../preload/contract/tailnet.ts'
import { FakeClock } from '../../support/fake-clock.ts'
import { createScriptedHost } from '../../support/scripted-host.ts'
import { makeConfigHome, sshHostNamed, startSshConfig } from '../../support/ssh-config-home.ts'
import { studioPeer, tailnetOf } from '../../support/tailnet-fixtures.ts'

const cursor = '/Applications/Cursor.app'
const cursorProgram = `${cursor}/Contents/Resources/app/bin/cursor`
const terminal = '/System/Applications/Utilities/Terminal.app'

interface Setting {
  platform?: Platform
  /** Paths and names that are found on this machine. */
  there?: readonly string[]
  /** First words of commands that end with 1. */
  failing?: readonly string[]
  config?: Partial<SshHostConfig> | null
  link?: Partial<Link>
  remote?: Partial<Host>
  homeDir?: string
  tailnet?: Tailnet | null
}

/** This machine and one Host, both written down. */
function setUp({
  platform = 'darwin',
  there = [cursor, cursorProgram, terminal],
  failing = [],
  config = {},
  link,
  remote = {},
  homeDir = '/nowhere',
  tailnet = null,
}: Setting = {}) {
  const clock = new FakeClock()
  const started: string[] = []
  const looks: string[] = []
  const files: { path: string; text: string; mode: number | undefined }[] = []
  const output = { stdout: '', stderr: '', exitCode: 0, durationMs: 1 }
  const local: Host = {
    ...createScriptedHost('this-machine', clock),
    kind: 'local',
    identify: async () => ({
      ...{ platform, hostName: 'mac', account: 'ana', groups: [], userId: 501 },
    }),
    async run(argv: Argv) {
      const isLook = argv[0] === 'test' || argv[0] === 'which'
      if (isLook) looks.push(argv.join(' '))
      if (isLook) return { ...output, exitCode: there.includes(argv.at(-1) ?? '') ? 0 : 1 }
      // what our own commands get is taken back first; that is not what is tested here
      const words = argv.join(' ').replace(/\/usr\/bin\/env( -u \w+)+ /, '')
      started.push(words)
      const isFailing = failing.some((start) => words.startsWith(start))
      return isFailing ? { ...output, exitCode: 1, stderr: `${argv.length} no good\n` } : output
    },
    async put(path, bytes, options) {
      files.push({ path, text: new TextDecoder().decode(bytes), mode: options?.mode })
    },
  }
  const asked: string[] = []
  const host: Host = {
    ...createScriptedHost('studio', clock),
    identify: async () => {
      asked.push('identify')
      return { platform: 'darwin', hostName: 's', account: 'ana', groups: [], userId: 501 }
    },
    run: async (argv) => {
      asked.push(argv.join(' '))
      return { ...output, stdout: '/Users/ana\n' }
    },
    ...remote,
  }
  const sshConfig =
    config === null ? undefined : sshHostNamed('studio', { target: 'mac-studio', ...config })
  const service = createConnectService({
    ...{
      local: () => local,
      host: (id: string) => (id === 'studio' ? host : local),
      clock,
      homeDir,
    },
    configOf: (id) => (id === 'studio' ? sshConfig : undefined),
    linkOf: () => (link === undefined ? undefined : (link as Link)),
    settings: {
      get: () => ({
        settings: { ...defaultSettings, preferredToolId: 'zed' },
        path: '',
        problem: null,
      }),
    },
    tunnels: () => [],
    facts: async () => ({ osName: '', osVersion: '', addresses: [] }),
    runtimeOf: () => ({ name: 'Ollama', port: 11434 }) as RuntimeState,
    tailnet: () => tailnet,
    env: process.env,
  })
  return { service, clock, started, files, asked, looks }
}

describe('tools', () => {
  it('come with the preferred one first, then those that are installed, in the order of the table', async () => {
    const { service } = setUp()
    const tools = await service.tools()
    expect(tools.map(({ id, isInstalled }) => `${id} ${isInstalled}`)).toEqual([
      'zed false',
      'cursor true',
      'terminal true',
      'vscode false',
      'windsurf false',
      'iterm2 false',
      'ghostty false',
      'warp false',
    ])
  })
})

describe('looking for tools', () => {
  it('is done again after a minute, however often the page opens', async () => {
    const { service, clock, looks } = setUp()
    await service.tools()
    const once = looks.length
    await clock.advance(59_999)
    await service.tools()
    expect(looks.length).toBe(once)
    await clock.advance(1)
    await service.tools()
    expect(looks.length).toBe(2 * once)
  })
})

describe('opening', () => {
  it('asks the Host first, then runs the editor’s command line', async () => {
    const { service, started, asked } = setUp({
      config: { account: 'ana', folderPath: '/srv/models' },
    })
    await service.open('studio', 'cursor')
    expect(asked).toEqual(['identify', 'pwd'])
    expect(started).toEqual([
      `${cursorProgram} --folder-uri vscode-remote://ssh-remote%2Bana%40mac-studio/srv/models`,
    ])
  })

  it('finds a folder of the home folder where the Host says that it is', async () => {
    for (const folderPath of ['~/models', 'models']) {
      const { service, started } = setUp({ config: { folderPath } })
      await service.open('studio', 'cursor')
      expect(started[0]).toMatch(/mac-studio\/Users\/ana\/models$/)
    }
  })

  it('follows the address where the command line is missing or fails', async () => {
    const address = '/usr/bin/open cursor://vscode-remote/ssh-remote+mac-studio'
    const without = setUp({ there: [cursor] })
    await without.service.open('studio', 'cursor')
    expect(without.started).toEqual([address])
    const broken = setUp({ failing: [cursorProgram] })
    await broken.service.open('studio', 'cursor')
    expect(broken.started).toEqual([`${cursorProgram} --remote ssh-remote+mac-studio`, address])
  })

  it('says what the program said when nothing opens it', async () => {
    const { service } = setUp({ failing: [cursorProgram, '/usr/bin/open'] })
    await expect(service.open('studio', 'cursor')).rejects.toMatchObject({
      info: { message: { key: 'connect.not-opened' }, detail: expect.stringContaining('no good') },
    })
  })

  it('writes a file that a terminal of macOS runs and that removes itself', async () => {
    const { service, started, files } = setUp({
      homeDir: '/Users/ana',
      config: { account: 'ana', port: 2222, keyPath: '~/.ssh/it’s mine' },
    })
    await service.open('studio', 'terminal')
    const [file] = files
    expect(file?.mode).toBe(0o700)
    expect(file?.text).toBe(
      '#!/bin/sh\nrm -f "$0"\nexec ssh -p 2222 -i \'~/.ssh/it’s mine\' ana@mac-studio\n',
    )
    expect(started).toEqual([
      `/usr/bin/open -a ${terminal} ${file?.path.replace('~', '/Users/ana')}`,
    ])
  })

  it('lets a terminal of Linux outlive the command that starts it', async () => {
    const { service, started } = setUp({ platform: 'linux', there: ['xterm'] })
    await service.open('studio', 'terminal')
    expect(started).toEqual([
      'sh -c setsid "$@" </dev/null >/dev/null 2>&1 & sh xterm -e ssh mac-studio',
    ])
  })

  it('refuses a port to an editor that cannot be given one', async () => {
    const { service, asked } = setUp({ config: { port: 2222 } })
    await expect(service.open('studio', 'cursor')).rejects.toMatchObject({
      info: { message: { key: 'connect.port-needs-alias', params: { port: 2222 } } },
    })
    expect(asked).toEqual([])
  })

  it('uses the alias that ssh knows, which carries port and key', async () => {
    const home = makeConfigHome()
    const config = { alias: 'mac-studio-tailscale', port: 2222, keyPath: '/k', account: 'ana' }
    const before = setUp({ config, homeDir: home.homeDir })
    await expect(before.service.open('studio', 'cursor')).rejects.toThrow()
    const { include, service } = await startSshConfig(home.homeDir, [sshHostNamed('S', config)])
    await include()
    service.close()
    const { started, service: connect } = setUp({ config, homeDir: home.homeDir })
    await connect.open('studio', 'cursor')
    expect(started).toEqual([`${cursorProgram} --remote ssh-remote+mac-studio-tailscale`])
  })

  it('refuses a key to an editor that cannot be given one, and asks nothing of the Host', async () => {
    const { service, asked } = setUp({ config: { keyPath: '~/.ssh/id_ed25519_studiolo' } })
    await expect(service.open('studio', 'cursor')).rejects.toMatchObject({
      info: {
        code: 'invalid-input',
        message: {
          key: 'connect.key-needs-alias',
          params: { path: '~/.ssh/id_ed25519_studiolo' },
        },
      },
    })
    expect(asked).toEqual([])
  })

  it('opens this machine without asking anything of it', async () => {
    const { service, started } = setUp()
    await service.open('this-machine', 'cursor')
    expect(started).toEqual([`${cursorProgram} --new-window`])
  })

  it('says what is not installed, and that the demo has no machine', async () => {
    const { service } = setUp({ config: null })
    await expect(service.open('studio', 'cursor')).rejects.toMatchObject({
      info: { message: { key: 'connect.demo-has-no-machine' } },
    })
    await expect(setUp().service.open('studio', 'warp')).rejects.toMatchObject({
      info: { code: 'not-installed', message: { params: { name: 'Warp' } } },
    })
  })
})

describe('the first answer', () => {
  const at = (agoMs: number): Partial<Link> => ({
    state: 'live',
    lastAnswerAt: new Date(new FakeClock().now() - agoMs).toISOString(),
  })

  it('is not asked for where one is less than 3 s old', async () => {
    const fresh = setUp({ link: at(2_900) })
    await fresh.service.open('studio', 'cursor')
    expect(fresh.asked).toEqual([])
    for (const link of [at(3_000), { ...at(0), state: 'stale' as const }]) {
      const old = setUp({ link })
      await old.service.open('studio', 'cursor')
      expect(old.asked).toEqual(['identify', 'pwd'])
    }
  })

  it('fails as the connection fails, and nothing is opened', async () => {
    const info = { code: 'refused' as const, message: { key: 'error.refused' } }
    const { service, started } = setUp({
      remote: { identify: () => Promise.reject(new HostError('unreachable', info)) },
    })
    await expect(service.open('studio', 'cursor')).rejects.toMatchObject({ info })
    expect(started).toEqual([])
  })

  const link: HostLink = {
    ...{ state: 'connecting', path: 'direct', problem: null, question: null, steps: [] },
  }
  it.each<[string, HostLink, string]>([
    ['nothing but silence', link, 'timeout'],
    [
      'a problem of the connection',
      {
        ...link,
        problem: { code: 'unknown-host-name', message: { key: 'error.unknown-host-name' } },
      },
      'unknown-host-name',
    ],
    [
      'a question that nobody answered',
      {
        ...link,
        question: {
          kind: 'host-key',
          address: 's',
          keyType: 'ssh-ed25519',
          fingerprint: 'SHA256:x',
        },
      },
      'host-key-unknown',
    ],
  ])('is waited for 10 s: %s', async (_, state, code) => {
    const { service, clock, started } = setUp({
      remote: { identify: () => new Promise(() => {}), link: () => state },
    })
    let isOver = false
    const opening = service.open('studio', 'cursor').finally(() => {
      isOver = true
    })
    opening.catch(() => {})
    await clock.advance(9_999)
    expect(isOver).toBe(false)
    await clock.advance(1)
    await expect(opening).rejects.toMatchObject({ info: { code } })
    expect([started, clock.pending]).toEqual([[], 0])
  })
})

describe('the command line', () => {
  it('is what would be run, and the Host is not asked for it', async () => {
    const { service, asked, started } = setUp()
    expect(await service.commandLine('studio', 'cursor')).toEqual([
      ...[cursorProgram, '--remote', 'ssh-remote+mac-studio'],
    ])
    expect(await service.commandLine('studio', 'terminal')).toEqual(['ssh', 'mac-studio'])
    expect([asked, started]).toEqual([[], []])
  })
})

describe('a node that was renamed', () => {
  const config = {
    ...{ target: 'mac-studio.tail1a2b3c.ts.net', account: 'ana' },
    tailnetNodeId: 'nStudioCNTRL',
  }
  const peers = [studioPeer({ name: 'atelier', dnsName: 'atelier.tail1a2b3c.ts.net' })]
  const renamed = { config, tailnet: tailnetOf({ peers }) }

  it('is opened in an editor at its address', async () => {
    const { service, started } = setUp(renamed)
    await service.open('studio', 'cursor')
    expect(started).toEqual([`${cursorProgram} --remote ssh-remote+ana@100.101.20.4`])
  })

  it('is opened in a terminal by the name that its key is known under, led to its address', async () => {
    const { service, files } = setUp(renamed)
    await service.open('studio', 'terminal')
    expect(files[0]?.text.split('\n')[2]).toBe(
      "exec ssh -o 'HostName=100.101.20.4' -o 'HostKeyAlias=mac-studio.tail1a2b3c.ts.net' ana@mac-studio.tail1a2b3c.ts.net",
    )
  })
})

describe('the ssh command to copy', () => {
  it('is what a terminal would be given', async () => {
    const commandOf = async (config: Partial<SshHostConfig>, setting: Setting = {}) =>
      (await setUp({ config, ...setting }).service.sshCommand('studio')).command
    expect(await commandOf({})).toBe('ssh mac-studio')
    const config = { account: 'ana', port: 2222, keyPath: "/keys/ana's" }
    expect(await commandOf(config)).toBe("ssh -p 2222 -i '/keys/ana'\\''s' ana@mac-studio")
    const tailnet = tailnetOf({
      peers: [studioPeer({ name: 'atelier', dnsName: 'atelier.tail1a2b3c.ts.net' })],
    })
    expect(await commandOf({ tailnetNodeId: 'nStudioCNTRL' }, { tailnet })).toBe(
      "ssh -o 'HostName=100.101.20.4' -o 'HostKeyAlias=mac-studio' mac-studio",
    )
  })

  it('names the alias where ssh knows it', async () => {
    const home = makeConfigHome()
    const config = { alias: 'mac-studio-tailscale', port: 2222, keyPath: '/k', account: 'ana' }
    const { include, service } = await startSshConfig(home.homeDir, [sshHostNamed('S', config)])
    await include()
    service.close()
    const { service: connect } = setUp({ config, homeDir: home.homeDir })
    expect(await connect.sshCommand('studio')).toEqual({ command: 'ssh mac-studio-tailscale' })
  })

  it('is there only for a Host that SSH reaches', async () => {
    const { service } = setUp({ config: null })
    await expect(service.sshCommand('studio')).rejects.toMatchObject({
      info: { code: 'not-found' },
    })
  })
})

describe('the address of a model server', () => {
  it('is none of this machine’s for the demo Studio', async () => {
    const { service } = setUp({ config: null })
    await expect(service.modelServerAddress('studio', 'ollama')).rejects.toMatchObject({
      info: { message: { key: 'connect.demo-has-no-machine' } },
    })
  })

  it('is this machine’s own on this machine', async () => {
    const { service } = setUp()
    expect(await service.modelServerAddress('this-machine', 'ollama')).toEqual({
      ...{ url: 'http://127.0.0.1:11434', caveat: null },
    })
  })
})
