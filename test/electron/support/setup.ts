import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { chmodSync, cpSync, existsSync, readFileSync, rmSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { createInterface } from 'node:readline'
import { FuseV1Options, FuseVersion, flipFuses } from '@electron/fuses'
import type { TestProject } from 'vitest/node'
import { buildForOlderElectron } from '../../../build/older/build.ts'
import { isOlder, pack, versionOf } from '../../../build/pack.ts'

declare module 'vitest' {
  interface ProvidedContext {
    /** An Electron executable, and the folder that it is to start. */
    sources: { executablePath: string; appDir: string }
    /** The packed app as it ships. */
    packed: { executablePath: string }
    /** The same, but for one fuse: a debugger may attach, so that a test can drive it. */
    drivable: { executablePath: string }
    /** Nobody else's X server, so that a test may press keys on it. */
    hasOwnDisplay: boolean
  }
}

const root = join(import.meta.dirname, '..', '..', '..')
const packDir = join(root, 'out-packed')
const isMac = process.platform === 'darwin'

/**
 * Builds and packs once. Electron is the one of `npx install-electron`, or, by the environment:
 *
 *     STUDIOLO_ELECTRON       its executable, which starts an app folder
 *     STUDIOLO_ELECTRON_DIST  the bare distribution to pack; default: the folder of the executable
 *
 * One older than 28 brings `newer-globals.cjs` beside the executable.
 */
export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  const executablePath = findElectron()
  if (executablePath === null) {
    console.error(
      'There is no Electron here. Run "npx install-electron", or set STUDIOLO_ELECTRON to an Electron executable.',
    )
    process.exit(1)
  }
  const electronDist = process.env.STUDIOLO_ELECTRON_DIST ?? distOf(executablePath)
  const stopDisplay = await startDisplay()
  project.provide('hasOwnDisplay', stopDisplay !== null)
  const projectDir = await build(executablePath, electronDist)

  rmSync(packDir, { recursive: true, force: true })
  const appDir = await pack({ projectDir, outputDir: join(packDir, 'shipped'), electronDist })
  const drivableDir = join(packDir, 'drivable')
  cpSync(appDir, drivableDir, { recursive: true, verbatimSymlinks: true })
  const inside = isMac ? 'Studiolo.app/Contents/MacOS/Studiolo' : 'studiolo'
  const drivable = join(drivableDir, inside)
  chmodSync(drivable, 0o755)
  await flipFuses(isMac ? join(drivableDir, 'Studiolo.app') : drivable, {
    version: FuseVersion.V1,
    resetAdHocDarwinSignature: isMac,
    [FuseV1Options.EnableNodeCliInspectArguments]: true,
  })

  project.provide('sources', { executablePath, appDir: projectDir })
  project.provide('packed', { executablePath: join(appDir, inside) })
  project.provide('drivable', { executablePath: drivable })
  return async () => await stopDisplay?.()
}

function findElectron(): string | null {
  const given = process.env.STUDIOLO_ELECTRON
  if (given !== undefined && existsSync(given)) return given
  const packageDir = join(root, 'node_modules/electron')
  const pathFile = join(packageDir, 'path.txt')
  const installed = existsSync(pathFile)
    ? join(packageDir, 'dist', readFileSync(pathFile, 'utf8').trim())
    : null
  return installed !== null && existsSync(installed) ? installed : null
}

function distOf(executablePath: string): string {
  return isMac ? join(executablePath, '..', '..', '..', '..') : dirname(executablePath)
}

/** Answers the folder that Electron starts. */
async function build(executablePath: string, electronDist: string): Promise<string> {
  if (isOlder(versionOf(electronDist))) {
    const projectDir = join(root, 'out-electron22')
    await buildForOlderElectron(projectDir, join(dirname(executablePath), 'newer-globals.cjs'))
    return projectDir
  }
  const vite = join(root, 'node_modules/electron-vite/bin/electron-vite.js')
  const child = spawn(process.execPath, [vite, 'build', '--logLevel', 'warn'], {
    cwd: root,
    stdio: 'inherit',
  })
  const [exitCode] = await once(child, 'exit')
  if (exitCode !== 0) throw new Error('The build failed.')
  return root
}

/** Where there is no screen, one in memory. Answers its end; null where there is a screen. */
async function startDisplay(): Promise<(() => Promise<void>) | null> {
  if (isMac || process.env.DISPLAY) return null
  const args = ['-displayfd', '3', '-screen', '0', '1280x900x24', '-nolisten', 'tcp']
  const server = spawn('Xvfb', args, { stdio: ['ignore', 'ignore', 'ignore', 'pipe'] })
  const number = await new Promise<string>((resolve, reject) => {
    const fail = () =>
      reject(new Error('There is no screen, and Xvfb did not start: apt-get install xvfb'))
    server.once('error', fail)
    server.once('exit', fail)
    const lines = server.stdio[3]
    if (lines) createInterface(lines as NodeJS.ReadableStream).once('line', resolve)
  })
  process.env.DISPLAY = `:${number}`
  return async () => {
    const isGone = once(server, 'exit')
    server.kill()
    await isGone
  }
}
