import type { ConnectTool } from '../../preload/contract/connect.ts'
import type { Argv, Platform } from '../hosts/host.ts'

/** What a tool is asked to open. */
export interface OpenRequest {
  /** What ssh would be given: an alias or `account@host`. Null = this machine. */
  destination: string | null
  /** The folder to open there; null = none. */
  folderPath: string | null
}

/** A program that opens a Host. One row per tool; looked for in this order of paths. */
export interface Tool {
  id: ConnectTool['id']
  name: string
  /** Where it is on each platform; a bare name is looked up on the PATH. */
  programs: Partial<Record<Platform, readonly string[]>>
  /** The arguments after the program. */
  args(request: OpenRequest): string[]
}

/** The remote form of both editors: `--folder-uri` with a folder, `--remote` without (see facts on editor links). */
function editorArgs({ destination, folderPath }: OpenRequest): string[] {
  if (destination === null) return folderPath === null ? ['--new-window'] : [folderPath]
  const authority = `ssh-remote+${destination}`
  if (folderPath === null) return ['--remote', authority]
  const path = folderPath.split('/').map(encodeURIComponent).join('/')
  return ['--folder-uri', `vscode-remote://${encodeURIComponent(authority)}${path}`]
}

function editor(id: 'cursor' | 'vscode', name: string, bundle: string, command: string): Tool {
  const inBundle = `${bundle}.app/Contents/Resources/app/bin/${command}`
  return {
    id,
    name,
    programs: {
      darwin: [`/Applications/${inBundle}`, `~/Applications/${inBundle}`, command],
      linux: [command],
    },
    args: editorArgs,
  }
}

export const tools: readonly Tool[] = [
  editor('cursor', 'Cursor', 'Cursor', 'cursor'),
  editor('vscode', 'VS Code', 'Visual Studio Code', 'code'),
  {
    id: 'terminal',
    name: 'Terminal',
    programs: {
      darwin: ['/usr/bin/open'],
      linux: ['x-terminal-emulator', 'gnome-terminal', 'konsole', 'xterm'],
    },
    args: ({ destination }) => (destination === null ? [] : ['-e', 'ssh', destination]),
  },
]

/** The first of a tool's programs that `has` finds. */
export async function findProgram(
  tool: Tool,
  platform: Platform,
  homeDir: string,
  has: (program: string) => Promise<boolean>,
): Promise<string | null> {
  for (const program of tool.programs[platform] ?? []) {
    const path = program.startsWith('~/') ? `${homeDir}${program.slice(1)}` : program
    if (await has(path)) return path
  }
  return null
}

/** Asks for a program without starting it: `test -x` for a path, `which` for a bare name. */
export function lookUp(program: string): Argv {
  return program.startsWith('/') ? ['test', '-x', program] : ['which', program]
}
