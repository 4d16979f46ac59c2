import { describe, expect, it } from 'vitest'
import {
  findTool,
  type OpenRequest,
  type Tool,
  tools,
  type Way,
} from '../../../main/connect/tools.ts'
import type { Platform } from '../../../main/hosts/host.ts'
import { connectToolIdSchema } from '../../../preload/contract/connect.ts'

const tool = (id: Tool['id']): Tool => {
  const found = tools.find((one) => one.id === id)
  if (found === undefined) throw new Error(id)
  return found
}

const plain = { name: 'studio', port: null, keyPath: null, elsewhere: null }
const here: OpenRequest = { destination: null, folderPath: null }
const alias: OpenRequest = { destination: plain, folderPath: null }
const folder: OpenRequest = { destination: plain, folderPath: '/Users/ana/My 模型' }
const account: OpenRequest = { destination: { ...plain, name: 'ana@studio' }, folderPath: '/srv' }
const port: OpenRequest = {
  destination: { ...plain, name: 'ana@studio', port: 2222 },
  folderPath: null,
}
const all: OpenRequest = {
  destination: {
    ...{ name: 'ana@studio', port: 2222, keyPath: '~/.ssh/my key' },
    elsewhere: { hostName: '100.101.20.4', hostKeyAlias: '[studio]:2222' },
  },
  folderPath: null,
}
const whole =
  'ssh|-o|HostName=100.101.20.4|-o|HostKeyAlias=[studio]:2222|-p|2222|-i|~/.ssh/my key|ana@studio'
const address: OpenRequest = {
  destination: { ...plain, name: 'ana@fd7a:115c:a1e0::5', port: 2222 },
  folderPath: '/srv',
}

const encoded = '/Users/ana/My%20%E6%A8%A1%E5%9E%8B'
const code = 'vscode-remote://ssh-remote%2Bstudio'
const terminalApp = '/System/Applications/Utilities/Terminal.app'

/**
 * Each row with what it runs, the best way first; `|` between words. The forms are those of the programs' own documents: VS Code's and
 * Cursor's on remote windows and `--folder-uri`, zed.dev/docs/remote-development, man open, the man pages of the Linux terminals.
 */
const rows: readonly [Tool['id'], Platform, string, OpenRequest, string[]][] = [
  [
    'cursor',
    'darwin',
    'alias',
    alias,
    ['PROG|--remote|ssh-remote+studio', '/usr/bin/open|cursor://vscode-remote/ssh-remote+studio'],
  ],
  [
    'cursor',
    'darwin',
    'folder',
    folder,
    [
      `PROG|--folder-uri|${code}${encoded}`,
      `/usr/bin/open|cursor://vscode-remote/ssh-remote+studio${encoded}`,
    ],
  ],
  [
    'cursor',
    'darwin',
    'account',
    account,
    [
      'PROG|--folder-uri|vscode-remote://ssh-remote%2Bana%40studio/srv',
      '/usr/bin/open|cursor://vscode-remote/ssh-remote+ana@studio/srv',
    ],
  ],
  ['cursor', 'darwin', 'here', here, ['PROG|--new-window', '/usr/bin/open|-a|BUNDLE']],
  [
    'cursor',
    'linux',
    'folder',
    folder,
    [
      `PROG|--folder-uri|${code}${encoded}`,
      `xdg-open|cursor://vscode-remote/ssh-remote+studio${encoded}`,
    ],
  ],
  [
    'vscode',
    'darwin',
    'folder',
    folder,
    [
      `PROG|--folder-uri|${code}${encoded}`,
      `/usr/bin/open|vscode://vscode-remote/ssh-remote+studio${encoded}`,
    ],
  ],
  [
    'vscode',
    'linux',
    'alias',
    alias,
    ['PROG|--remote|ssh-remote+studio', 'xdg-open|vscode://vscode-remote/ssh-remote+studio'],
  ],
  [
    'windsurf',
    'darwin',
    'folder',
    folder,
    [
      `PROG|--folder-uri|${code}${encoded}`,
      `/usr/bin/open|windsurf://vscode-remote/ssh-remote+studio${encoded}`,
    ],
  ],
  ['zed', 'darwin', 'alias', alias, ['PROG|ssh://studio/~', '/usr/bin/open|zed://ssh/studio/~']],
  [
    'zed',
    'darwin',
    'folder',
    folder,
    [`PROG|ssh://studio${encoded}`, `/usr/bin/open|zed://ssh/studio${encoded}`],
  ],
  [
    'zed',
    'darwin',
    'port',
    port,
    ['PROG|ssh://ana@studio:2222/~', '/usr/bin/open|zed://ssh/ana@studio:2222/~'],
  ],
  [
    'zed',
    'linux',
    'address',
    address,
    [
      'PROG|ssh://ana@[fd7a:115c:a1e0::5]:2222/srv',
      'xdg-open|zed://ssh/ana@[fd7a:115c:a1e0::5]:2222/srv',
    ],
  ],
  ['zed', 'linux', 'here', here, ['PROG|--new']],
  ['terminal', 'darwin', 'alias', alias, ['command BUNDLE: ssh|studio']],
  ['terminal', 'darwin', 'all', all, [`command BUNDLE: ${whole}`]],
  ['terminal', 'darwin', 'here', here, ['/usr/bin/open|-a|BUNDLE']],
  ['terminal', 'linux', 'alias', alias, ['apart PROG|-e|ssh|studio']],
  ['terminal', 'linux', 'here', here, ['apart PROG']],
  ['iterm2', 'darwin', 'alias', alias, ['command BUNDLE: ssh|studio']],
  ['ghostty', 'darwin', 'alias', alias, ['command BUNDLE: ssh|studio']],
  ['ghostty', 'linux', 'all', all, [`apart PROG|-e|${whole}`]],
  ['warp', 'darwin', 'alias', alias, ['command BUNDLE: ssh|studio']],
]

function words(way: Way): string {
  if (way.kind === 'command-file') return `command ${way.bundlePath}: ${way.command.join('|')}`
  return `${way.kind === 'run-apart' ? 'apart ' : ''}${way.argv.join('|')}`
}

/** What `findTool` asks, and what of it is there. */
async function find(id: Tool['id'], platform: Platform, there: readonly string[]) {
  const asked: string[] = []
  const found = await findTool(tool(id), platform, '/Users/ana', async (argv) => {
    asked.push(argv.join(' '))
    return there.includes(argv.at(-1) ?? '')
  })
  return { found, asked }
}

describe('tools', () => {
  it('are the ones that the contract knows, each of them tried here', () => {
    expect(tools.map(({ id }) => id)).toEqual(connectToolIdSchema.options)
    expect(new Set(rows.map(([id]) => id))).toEqual(new Set(connectToolIdSchema.options))
  })

  it.each(rows)('%s on %s: %s', (id, platform, _, request, expected) => {
    const program = id === 'terminal' ? 'xterm' : id === 'ghostty' ? 'ghostty' : 'PROG'
    const found =
      platform === 'darwin'
        ? { program: tool(id).kind === 'editor' ? 'PROG' : null, bundlePath: 'BUNDLE' }
        : { program, bundlePath: null }
    const ways = tool(id).ways(request, found, platform)
    expect(ways.map(words)).toEqual(
      expected.map((one) => one.replace('apart PROG', `apart ${program}`)),
    )
  })

  it('follow an address alone where an editor has no command line', () => {
    const found = { program: null, bundlePath: '/Applications/Cursor.app' }
    expect(tool('cursor').ways(alias, found, 'darwin').map(words)).toEqual([
      '/usr/bin/open|cursor://vscode-remote/ssh-remote+studio',
    ])
  })

  it('give each terminal of Linux the words in its own way', () => {
    const ways = ['x-terminal-emulator', 'gnome-terminal', 'konsole', 'xterm'].map((program) =>
      tool('terminal').ways(alias, { program, bundlePath: null }, 'linux').map(words),
    )
    expect(ways).toEqual([
      ['apart x-terminal-emulator|-e|ssh|studio'],
      ['apart gnome-terminal|--|ssh|studio'],
      ['apart konsole|-e|ssh|studio'],
      ['apart xterm|-e|ssh|studio'],
    ])
  })

  it.each([
    ['cursor', '/Applications/Cursor.app', 'Contents/Resources/app/bin/cursor'],
    ['vscode', '/Applications/Visual Studio Code.app', 'Contents/Resources/app/bin/code'],
    ['windsurf', '/Applications/Windsurf.app', 'Contents/Resources/app/bin/windsurf'],
    ['zed', '/Applications/Zed.app', 'Contents/MacOS/cli'],
  ] as const)(
    'find %s in its bundle, in either folder of applications',
    async (id, bundle, inside) => {
      const own = `/Users/ana${bundle}`
      const here = await find(id, 'darwin', [bundle, `${bundle}/${inside}`])
      expect(here.found).toEqual({ program: `${bundle}/${inside}`, bundlePath: bundle })
      const there = await find(id, 'darwin', [own, `${own}/${inside}`])
      expect(there.found).toEqual({ program: `${own}/${inside}`, bundlePath: own })
      expect(there.asked.slice(0, 2)).toEqual([`test -d ${bundle}`, `test -d ${own}`])
    },
  )

  it('find a command line on the PATH after the bundle, and say when there is neither', async () => {
    expect((await find('vscode', 'darwin', ['code'])).found).toEqual({
      ...{ program: 'code', bundlePath: null },
    })
    expect((await find('zed', 'linux', ['zeditor'])).found.program).toBe('zeditor')
    const { found, asked } = await find('cursor', 'linux', [])
    expect(found).toEqual({ program: null, bundlePath: null })
    expect(asked).toEqual(['which cursor'])
  })

  it.each([
    ['terminal', terminalApp],
    ['iterm2', '/Applications/iTerm.app'],
    ['ghostty', '/Users/ana/Applications/Ghostty.app'],
    ['warp', '/Applications/Warp.app'],
  ] as const)('find %s by its bundle alone', async (id, bundle) => {
    expect((await find(id, 'darwin', [bundle])).found).toEqual({
      ...{ program: null, bundlePath: bundle },
    })
    // macOS only, where the row names no program of Linux
    const isOnLinux = id === 'terminal' || id === 'ghostty'
    expect((await find(id, 'linux', [bundle])).asked.length > 0).toBe(isOnLinux)
  })
})
