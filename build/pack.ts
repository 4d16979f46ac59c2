/**
 * `npm run pack`: on a Mac the app bundle, elsewhere the app as a folder. The script builds `out/` first.
 *
 *     STUDIOLO_ELECTRON_DIST     a folder with an Electron distribution, where its own cannot be downloaded
 *     STUDIOLO_ELECTRON_GLOBALS  for a distribution older than 28: the module that its main process loads first
 */
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Configuration } from 'electron-builder'
import { buildForOlderElectron, firstWithModules } from './older/build.ts'

const root = join(import.meta.dirname, '..')

export interface PackOptions {
  /** A folder with `out/`, `resources/` and package.json. */
  projectDir: string
  outputDir: string
  /** Null: the Electron that the package names, downloaded by electron-builder where it is not there yet. */
  electronDist: string | null
}

/** Packs, and answers the folder that holds the app. */
export async function pack({ projectDir, outputDir, electronDist }: PackOptions): Promise<string> {
  const electronVersion = electronDist === null ? null : versionOf(electronDist)
  const isMac = process.platform === 'darwin'
  const config: Configuration = {
    extends: join(root, 'build/electron-builder.yml'),
    directories: { output: outputDir, buildResources: join(root, 'build') },
  }
  if (electronDist !== null) Object.assign(config, { electronDist, electronVersion })
  // not in electron-builder.yml: older distributions do not have this fuse, and refuse
  if (!isOlder(electronVersion)) {
    Object.assign(config, { electronFuses: { grantFileProtocolExtraPrivileges: false } })
  }
  await keepingExitCode(async () => {
    const { build } = await import('electron-builder')
    await build({
      projectDir,
      config,
      publish: 'never',
      ...(isMac ? { mac: [] } : { linux: ['dir'] }),
    })
  })
  return join(outputDir, isMac ? `mac-${process.arch}` : 'linux-unpacked')
}

/**
 * electron-builder brings async-exit-hook, which ends a process that has nothing more to do with 0, whatever its exit code is: a failed run
 * of tests that packed first would pass for a good one.
 */
async function keepingExitCode(run: () => Promise<void>): Promise<void> {
  const before = process.listeners('beforeExit')
  try {
    await run()
  } finally {
    for (const listener of process.listeners('beforeExit')) {
      if (!before.includes(listener)) process.off('beforeExit', listener)
    }
  }
}

export function versionOf(electronDist: string): string {
  return readFileSync(join(electronDist, 'version'), 'utf8').trim().replace(/^v/, '')
}

export function isOlder(electronVersion: string | null): boolean {
  return electronVersion !== null && Number.parseInt(electronVersion, 10) < firstWithModules
}

async function main() {
  const electronDist = process.env.STUDIOLO_ELECTRON_DIST ?? null
  const outputDir = join(root, 'dist')
  if (electronDist !== null && isOlder(versionOf(electronDist))) {
    const globalsPath = process.env.STUDIOLO_ELECTRON_GLOBALS
    if (globalsPath === undefined) {
      return fail(`Electron ${versionOf(electronDist)} needs STUDIOLO_ELECTRON_GLOBALS as well.`)
    }
    const projectDir = join(root, 'out-electron22')
    await buildForOlderElectron(projectDir, globalsPath)
    return await packAndSay({ projectDir, outputDir, electronDist })
  }
  if (!existsSync(join(root, 'out/main/index.js'))) return fail('Run "npm run build" first.')
  return await packAndSay({ projectDir: root, outputDir, electronDist })
}

async function packAndSay(options: PackOptions) {
  try {
    console.log(`Packed into ${await pack(options)}`)
  } catch (error) {
    fail(
      `${error instanceof Error ? error.message : String(error)}\n` +
        'If Electron cannot be downloaded here, set STUDIOLO_ELECTRON_DIST to a folder that holds its distribution.',
    )
  }
}

function fail(text: string) {
  console.error(text)
  process.exitCode = 1
}

if (import.meta.main) await main()
