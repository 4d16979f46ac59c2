import type { ConnectTool } from '../../preload/contract/connect.ts'
import { splitTarget } from '../../preload/contract/ssh-target.ts'
import type { Argv, Platform } from '../hosts/host.ts'

/** Where a tool shall go, as ssh would be told. */
export interface Destination {
  /** An alias or `account@host`. */
  name: string
  /** Null where the name says it all. */
  port: number | null
  keyPath: string | null
  /** Where the name leads now that is no longer its node's, and the name under which its key stays known; null = the name is good. */
  elsewhere: { hostName: string; hostKeyAlias: string } | null
}

/** What a tool is asked to open. */
export interface OpenRequest {
  /** Null = this machine. */
  destination: Destination | null
  /** The folder to open there, absolute; null = none. */
  folderPath: string | null
}

/** What was found of a tool on this machine. */
export interface Found {
  /** Its command line: a path, or a name on the PATH. */
  program: string | null
  /** macOS: its bundle. */
  bundlePath: string | null
}

/**
 * One way to open: a program that is run; one that stays as long as its window; or a file that a terminal runs, so that no Automation
 * grant is needed (Apple events would ask for one).
 */
export type Way =
  | { kind: 'run'; argv: Argv }
  | { kind: 'run-apart'; argv: Argv }
  | { kind: 'command-file'; bundlePath: string; command: Argv }

/** A program that opens a Host. One row per tool. */
export interface Tool {
  id: ConnectTool['id']
  name: string
  kind: ConnectTool['kind']
  /** macOS: where its bundle is, the first that is there; `~` is the account's home. */
  bundles: readonly string[]
  /** Its command line in the bundle. */
  inBundle: string | null
  /** Its command line on the PATH, the first that is there. */
  commands: Partial<Record<Platform, readonly string[]>>
  /** What goes in: all that `ssh` is told, a name and a port, or a name alone. What does not needs an alias. */
  takes: 'ssh-arguments' | 'name-and-port' | 'name'
  /** The best first; the next is tried where one fails. */
  ways(request: OpenRequest, found: Found, platform: Platform): Way[]
}

function applications(name: string): string[] {
  return [`/Applications/${name}.app`, `~/Applications/${name}.app`]
}

/** Blanks and characters of other scripts encoded, what the editors' documents show bare left bare. */
function encodePath(path: string): string {
  return path.split('/').map(encodeURIComponent).join('/')
}

function encodeName(name: string): string {
  return encodeURIComponent(name).replaceAll('%40', '@')
}

/** `open` of macOS and `xdg-open` hand an address to whoever its scheme belongs to. */
function openAddress(url: string, { bundlePath }: Found, platform: Platform): Way[] {
  if (platform === 'linux') return [{ kind: 'run', argv: ['xdg-open', url] }]
  return bundlePath === null ? [] : [{ kind: 'run', argv: ['/usr/bin/open', url] }]
}

function openBundle({ bundlePath }: Found, folderPath: string | null): Way[] {
  if (bundlePath === null) return []
  const folder = folderPath === null ? [] : [folderPath]
  return [{ kind: 'run', argv: ['/usr/bin/open', '-a', bundlePath, ...folder] }]
}

/**
 * The remote form of VS Code and of what is built on it: `--folder-uri` with a folder, `--remote` without; as an address
 * `cursor://vscode-remote/ssh-remote+ALIAS/path`. The address comes second: an editor may ask before it follows one (vscode#198336).
 */
function codeEditor(
  id: 'cursor' | 'vscode' | 'windsurf',
  name: string,
  bundle: string,
  command: string,
): Tool {
  const args = ({ destination, folderPath }: OpenRequest): string[] => {
    if (destination === null) return folderPath === null ? ['--new-window'] : [folderPath]
    const authority = `ssh-remote+${destination.name}`
    if (folderPath === null) return ['--remote', authority]
    return [
      '--folder-uri',
      `vscode-remote://${encodeURIComponent(authority)}${encodePath(folderPath)}`,
    ]
  }
  return {
    ...{ id, name, kind: 'editor', bundles: applications(bundle), takes: 'name' },
    inBundle: `Contents/Resources/app/bin/${command}`,
    commands: { darwin: [command], linux: [command] },
    ways(request, found, platform) {
      const { destination, folderPath } = request
      const { program } = found
      const address =
        destination === null
          ? null
          : `${id}://vscode-remote/ssh-remote+${encodeName(destination.name)}${encodePath(folderPath ?? '')}`
      return [
        ...(program === null
          ? []
          : [{ kind: 'run' as const, argv: [program, ...args(request)] as const }]),
        ...(address === null
          ? openBundle(found, folderPath)
          : openAddress(address, found, platform)),
      ]
    },
  }
}

/** What follows `ssh`. */
export function sshArguments({ name, port, keyPath, elsewhere }: Destination): string[] {
  return [
    ...(elsewhere === null
      ? []
      : [
          ...['-o', `HostName=${elsewhere.hostName}`],
          ...['-o', `HostKeyAlias=${elsewhere.hostKeyAlias}`],
        ]),
    ...(port === null ? [] : ['-p', String(port)]),
    ...(keyPath === null ? [] : ['-i', keyPath]),
    name,
  ]
}

/**
 * `zed ssh://[account@]host[:port]/path`, or the same behind `zed://ssh/` as an address; `/~` is the home folder (zed#17939). The key
 * is not part of it.
 */
function zedAddress({ name, port }: Destination, folderPath: string | null): string {
  const { account, host } = splitTarget(name)
  const user = account === null ? '' : `${encodeURIComponent(account)}@`
  const authority = host.includes(':') ? `[${host}]` : encodeName(host)
  return `${user}${authority}${port === null ? '' : `:${port}`}${encodePath(folderPath ?? '/~')}`
}

/**
 * On macOS every one of them runs a `.command` file: Terminal and iTerm2 always did; Ghostty since 1.0 (ghostty#1316), where `--args -e` runs
 * the command twice (local-operator#572); Warp but for a time in 2026 (warp#9020, mended by warp#10543), and its addresses cannot run a
 * command at all. Of these Terminal's form is in daily use; the others stand as their projects describe them.
 */
function terminal(
  id: 'terminal' | 'iterm2' | 'ghostty' | 'warp',
  name: string,
  bundles: readonly string[],
  linux: Readonly<Record<string, (ssh: Argv) => string[]>> = {},
): Tool {
  return {
    ...{ id, name, kind: 'terminal', bundles, inBundle: null, takes: 'ssh-arguments' },
    commands: { linux: Object.keys(linux) },
    ways({ destination, folderPath }, found, platform) {
      const { program, bundlePath } = found
      const ssh: Argv | null = destination === null ? null : ['ssh', ...sshArguments(destination)]
      if (platform === 'darwin') {
        if (ssh === null) return openBundle(found, folderPath)
        return bundlePath === null ? [] : [{ kind: 'command-file', bundlePath, command: ssh }]
      }
      if (program === null) return []
      const args = ssh === null ? [] : (linux[program]?.(ssh) ?? [])
      return [{ kind: 'run-apart', argv: [program, ...args] }]
    },
  }
}

const afterE = (ssh: Argv) => ['-e', ...ssh]

export const tools: readonly Tool[] = [
  codeEditor('cursor', 'Cursor', 'Cursor', 'cursor'),
  codeEditor('vscode', 'VS Code', 'Visual Studio Code', 'code'),
  codeEditor('windsurf', 'Windsurf', 'Windsurf', 'windsurf'),
  {
    ...{
      id: 'zed',
      name: 'Zed',
      kind: 'editor',
      bundles: applications('Zed'),
      takes: 'name-and-port',
    },
    inBundle: 'Contents/MacOS/cli',
    // zeditor: where another program is called zed (zed.dev/docs/linux)
    commands: { darwin: ['zed'], linux: ['zed', 'zeditor'] },
    ways({ destination, folderPath }, found, platform) {
      const { program } = found
      const remote = destination === null ? null : zedAddress(destination, folderPath)
      const args =
        remote !== null ? [`ssh://${remote}`] : folderPath === null ? ['--new'] : [folderPath]
      return [
        ...(program === null ? [] : [{ kind: 'run' as const, argv: [program, ...args] as const }]),
        ...(remote === null
          ? openBundle(found, folderPath)
          : openAddress(`zed://ssh/${remote}`, found, platform)),
      ]
    },
  },
  terminal('terminal', 'Terminal', ['/System/Applications/Utilities/Terminal.app'], {
    'x-terminal-emulator': afterE,
    // its own -e takes one word and is deprecated
    'gnome-terminal': (ssh) => ['--', ...ssh],
    konsole: afterE,
    xterm: afterE,
  }),
  terminal('iterm2', 'iTerm2', applications('iTerm')),
  terminal('ghostty', 'Ghostty', applications('Ghostty'), { ghostty: afterE }),
  terminal('warp', 'Warp', applications('Warp')),
]

/** Looks for a tool without starting it. `has` runs a program and says whether it ended well. */
export async function findTool(
  tool: Tool,
  platform: Platform,
  homeDir: string,
  has: (argv: Argv) => Promise<boolean>,
): Promise<Found> {
  const here = (path: string) => path.replace(/^~(?=\/)/, homeDir)
  let bundlePath: string | null = null
  for (const bundle of platform === 'darwin' ? tool.bundles.map(here) : []) {
    if (!(await has(['test', '-d', bundle]))) continue
    bundlePath = bundle
    break
  }
  if (bundlePath !== null && tool.inBundle !== null) {
    const program = `${bundlePath}/${tool.inBundle}`
    if (await has(['test', '-x', program])) return { program, bundlePath }
  }
  for (const program of tool.commands[platform] ?? []) {
    if (await has(['which', program])) return { program, bundlePath }
  }
  return { program: null, bundlePath }
}
