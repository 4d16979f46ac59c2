import { existsSync, readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'

export interface Root {
  dir: string
  /** Of package.json. */
  version: string
  resourcesDir: string
  /** The built page. */
  pageDir: string
}

/** The folder of Studiolo that `fromDir` lies in: of the sources, or inside the packed app. Throws where there is none. */
export function findRoot(fromDir: string): Root {
  let dir = fromDir
  while (!existsSync(join(dir, 'resources', 'locales', 'en.json'))) {
    const parent = dirname(dir)
    if (parent === dir) throw new Error(`no resources/locales above ${fromDir}`)
    dir = parent
  }
  const { version } = JSON.parse(readFileSync(join(dir, 'package.json'), 'utf8'))
  return {
    dir,
    version: String(version),
    resourcesDir: join(dir, 'resources'),
    pageDir: join(dir, 'out', 'renderer'),
  }
}
