import { glob } from 'node:fs/promises'
import { isAbsolute, join } from 'node:path'

/** As ssh reads the argument of an Include in a person's file: without a folder it is in `~/.ssh`. */
export function includedPattern(argument: string, homeDir: string): string {
  const expanded = argument.replace(/^~(?=\/)/, homeDir)
  return isAbsolute(expanded) ? expanded : join(homeDir, '.ssh', expanded)
}

/** The files of a pattern in the order in which a shell would give them, as ssh does; a folder that may not be read has none. */
export async function includedFiles(pattern: string): Promise<string[]> {
  const paths: string[] = []
  try {
    for await (const path of glob(pattern)) paths.push(path)
  } catch {
    // a folder that may not be read
  }
  return paths.sort()
}
