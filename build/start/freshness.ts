import { readdirSync, statSync } from 'node:fs'
import { join } from 'node:path'

const sources = [
  'main',
  'preload',
  'renderer',
  'resources',
  // plugins of the build
  'build',
  'electron.vite.config.ts',
  'package-lock.json',
]
const results = [
  'out/main/index.js',
  'out/main/serve.js',
  'out/preload/index.cjs',
  'out/renderer/index.html',
]

/** Whether everything was built after the last change of a source. Takes some milliseconds. */
export function isBuilt(rootDir: string): boolean {
  const builtAt = Math.min(...results.map((path) => changedAt(join(rootDir, path)) ?? 0))
  return sources.every((path) => newest(join(rootDir, path)) <= builtAt)
}

function newest(path: string): number {
  const own = changedAt(path) ?? 0
  if (!statSync(path, { throwIfNoEntry: false })?.isDirectory()) return own
  // a folder's own time tells of files that were removed
  return Math.max(own, ...readdirSync(path).map((name) => newest(join(path, name))))
}

function changedAt(path: string): number | null {
  return statSync(path, { throwIfNoEntry: false })?.mtimeMs ?? null
}
