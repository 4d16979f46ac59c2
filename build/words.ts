import { readFileSync } from 'node:fs'
import { dirname, resolve } from 'node:path'
import type { Plugin } from 'vite'

/** Said only by views that are fetched on demand. */
const laterAreas = ['doctor', 'key-set-up', 'window']
/** Said by other faces than the page. */
const otherAreas = ['cli', 'serve', 'tray']

const prefix = '\0words:'

/**
 * Parts the words of a language for the page: `en.json?first` comes with its first paint, `en.json?later` with the first
 * view that needs it. Without this plugin both are the whole file.
 */
export function partWords(): Plugin {
  return {
    name: 'part-words',
    enforce: 'pre',
    resolveId(source, importer) {
      if (importer === undefined || !/\/locales\/[\w-]+\.json\?(first|later)$/.test(source))
        return null
      return prefix + resolve(dirname(importer), source)
    },
    load(id) {
      if (!id.startsWith(prefix)) return null
      const [path = '', part] = id.slice(prefix.length).split('?')
      this.addWatchFile(path)
      const words = JSON.parse(readFileSync(path, 'utf8')) as Record<string, object>
      const isWanted = (area: string) =>
        laterAreas.includes(area)
          ? part === 'later'
          : part === 'first' && !otherAreas.includes(area)
      const areas = Object.entries(words).filter(([area]) => isWanted(area))
      return `export default ${JSON.stringify(Object.fromEntries(areas))}`
    },
  }
}
