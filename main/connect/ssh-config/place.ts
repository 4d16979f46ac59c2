import { userInfo } from 'node:os'
import { join } from 'node:path'
import { includedPattern } from '../../hosts/ssh/includes.ts'
import { isIncluding } from './edit.ts'
import { type FileSystem, lookAtConfig, readTextIfThere } from './files.ts'
import { ownFileMark } from './render.ts'
import { parseConfigLines, quoteArgument } from './syntax.ts'

export interface ConfigPaths {
  /** The folder, as ssh is told of it. */
  sshDir: string
  configPath: string
  /** Studiolo's own file: beside the person's, so that no `Include config.d/*` takes it in twice. */
  ownPath: string
  /** The line that includes it. */
  includeLine: string
  isOwn(argument: string): boolean
}

export function configPaths(homeDir: string): ConfigPaths {
  const dir = join(homeDir, '.ssh')
  // ssh takes `~` from the account, not from HOME; `~` also holds where the file is shared between machines
  const sshDir = userInfo().homedir === homeDir ? '~/.ssh' : dir
  const ownPath = join(dir, 'studiolo.config')
  return {
    ...{ sshDir, configPath: join(dir, 'config'), ownPath },
    includeLine: `Include ${quoteArgument(`${sshDir}/studiolo.config`)}`,
    isOwn: (argument) => includedPattern(argument, homeDir) === ownPath,
  }
}

/** Whether a file at our own path is ours; null where there is none. */
export function isOurs(text: string | null): boolean | null {
  return text === null ? null : text.startsWith(ownFileMark)
}

/** Whether `ssh ALIAS` reads our file now, and finds this alias there. Only reads. */
export function isAliasInUse(fs: FileSystem, homeDir: string, alias: string): boolean {
  const { configPath, ownPath, isOwn } = configPaths(homeDir)
  try {
    const { bytes } = lookAtConfig(fs, configPath)
    if (bytes === null || !isIncluding(bytes, isOwn)) return false
    const text = readTextIfThere(fs, ownPath)
    if (text === null || !isOurs(text)) return false
    return parseConfigLines(text).some(
      ({ keyword, args }) => keyword === 'host' && args.includes(alias),
    )
  } catch {
    return false
  }
}
