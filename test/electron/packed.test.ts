import { readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { extractFile, listPackage } from '@electron/asar'
import { FuseState, FuseV1Options, getCurrentFuseWire } from '@electron/fuses'
import { describe, expect, inject, it } from 'vitest'
import { Home, runBeside } from './support/app.ts'

const { executablePath } = inject('packed')
const isMac = process.platform === 'darwin'
const resourcesDir = isMac
  ? join(executablePath, '../../Resources')
  : join(dirname(executablePath), 'resources')
const asarPath = join(resourcesDir, 'app.asar')

describe('what ships', () => {
  it('is what the allow list names', () => {
    const files = listPackage(asarPath, { isPack: false }).map((path) => path.replaceAll('\\', '/'))
    const allowed = /^\/(package\.json|(out|resources)(\/.*)?)$/
    expect(files.filter((path) => !allowed.test(path))).toEqual([])
    expect(files.filter((path) => /node_modules|\.map$|\.tsx?$|\.test\./.test(path))).toEqual([])
    for (const needed of [
      '/out/preload/index.cjs',
      '/out/renderer/index.html',
      '/resources/locales/en.json',
      '/resources/locales/zh-CN.json',
      '/resources/demo/mac-studio.json',
      '/resources/tray/trayTemplate.png',
      '/resources/tray/trayTemplate@2x.png',
    ]) {
      expect(files).toContain(needed)
    }
  })

  it('names the version and nothing of how it is built', () => {
    const shipped = JSON.parse(extractFile(asarPath, 'package.json').toString())
    const ours = JSON.parse(readFileSync(join(import.meta.dirname, '../../package.json'), 'utf8'))
    expect(shipped.version).toBe(ours.version)
    expect(shipped.devDependencies).toBeUndefined()
    expect(shipped.scripts).toBeUndefined()
  })

  it('has its fuses as decided', async () => {
    const wire = await getCurrentFuseWire(isMac ? join(executablePath, '../../..') : executablePath)
    const isOn = (fuse: FuseV1Options) => wire[fuse] === FuseState.ENABLE
    expect({
      runAsNode: isOn(FuseV1Options.RunAsNode),
      cookieEncryption: isOn(FuseV1Options.EnableCookieEncryption),
      nodeOptions: isOn(FuseV1Options.EnableNodeOptionsEnvironmentVariable),
      inspect: isOn(FuseV1Options.EnableNodeCliInspectArguments),
      asarIntegrity: isOn(FuseV1Options.EnableEmbeddedAsarIntegrityValidation),
      onlyAsar: isOn(FuseV1Options.OnlyLoadAppFromAsar),
    }).toEqual({
      runAsNode: false,
      cookieEncryption: true,
      nodeOptions: false,
      inspect: false,
      asarIntegrity: true,
      onlyAsar: true,
    })
  })

  it('is no Node for whoever starts it', async () => {
    const home = new Home()
    Object.assign(home.env, { ELECTRON_RUN_AS_NODE: '1' })
    const sandbox = process.getuid?.() === 0 ? ['--no-sandbox'] : []
    const { stdout } = await runBeside(executablePath, home, [
      ...sandbox,
      ...['--cli', 'dance', '-e', 'console.log("a node")', '-p', '"a node"'],
    ])
    expect(stdout).not.toContain('a node')
    home.remove()
  })
})
