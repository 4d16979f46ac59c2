import { spawnSync } from 'node:child_process'
import {
  chmodSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  utimesSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { describe, expect, it, onTestFinished } from 'vitest'
import { reasonForBrowser } from '../../build/start/choose-face.ts'
import { fetchElectron, findElectron } from '../../build/start/electron-binary.ts'
import { isBuilt } from '../../build/start/freshness.ts'
import { runElectron } from '../../build/start/run-electron.ts'
import { findRoot } from '../../main/node/root.ts'
import { loadWords } from '../../main/node/words.ts'

const startPath = join(import.meta.dirname, '../../build/start.ts')
const say = loadWords(findRoot(import.meta.dirname).resourcesDir)

function makeDir(): string {
  const dir = mkdtempSync(join(tmpdir(), 'studiolo-start-'))
  onTestFinished(() => rmSync(dir, { recursive: true }))
  return dir
}

function writeAt(path: string, seconds: number, text = ''): void {
  mkdirSync(dirname(path), { recursive: true })
  writeFileSync(path, text)
  utimesSync(path, seconds, seconds)
}

describe('npm start', () => {
  it.each([
    [['--help'], 0, /^Usage: npm start/, /^$/],
    [['--port', 'x'], 64, /^$/, /“x”/],
    [['--bogus', '--browser'], 64, /^$/, /--bogus/],
  ])('%j', (args, status, stdout, stderr) => {
    const ended = spawnSync(process.execPath, [startPath, ...args], {
      encoding: 'utf8',
      env: { PATH: process.env.PATH, LANG: 'C' },
    })
    expect(ended.status).toBe(status)
    expect(ended.stdout).toMatch(stdout)
    expect(ended.stderr).toMatch(stderr)
  })
})

describe('npm run pack', () => {
  const { scripts } = JSON.parse(
    readFileSync(join(import.meta.dirname, '../../package.json'), 'utf8'),
  )

  /** What the script starts, where each program only writes down how it was called. */
  function startedBy(script: string, buildExitCode: number): string[] {
    const dir = makeDir()
    const logPath = join(dir, 'log')
    for (const [name, exitCode] of Object.entries({ npm: buildExitCode, node: 0 })) {
      writeFileSync(
        join(dir, name),
        `#!/bin/sh\necho "${name} $*" >> '${logPath}'\nexit ${exitCode}\n`,
      )
      chmodSync(join(dir, name), 0o755)
    }
    spawnSync('/bin/sh', ['-c', script], { env: { PATH: dir } })
    return readFileSync(logPath, 'utf8').trim().split('\n')
  }

  it('packs what it has just built, and nothing after a build that failed', () => {
    expect(startedBy(scripts.pack, 0)).toEqual(['npm run -s build', 'node build/pack.ts'])
    expect(startedBy(scripts.pack, 1)).toEqual(['npm run -s build'])
  })
})

describe('reasonForBrowser', () => {
  const desk = {
    isBrowserWanted: false,
    platform: 'linux' as const,
    env: { DISPLAY: ':0' },
    userId: 1000,
  }

  it('is none where a window can be', () => {
    expect(reasonForBrowser(desk)).toBeNull()
    expect(reasonForBrowser({ ...desk, env: { WAYLAND_DISPLAY: 'wayland-0' } })).toBeNull()
    expect(reasonForBrowser({ ...desk, platform: 'darwin', env: {} })).toBeNull()
  })

  it.each([
    [{ isBrowserWanted: true }, 'serve.browser-wanted'],
    [{ env: {} }, 'serve.browser-no-screen'],
    [{ userId: 0 }, 'serve.browser-root'],
  ])('with %o is %s', (change, key) => {
    const message = reasonForBrowser({ ...desk, ...change })
    expect(message?.key).toBe(key)
    for (const language of ['en', 'zh-CN'] as const) {
      expect(say(message ?? { key: '' }, language)).toMatch(/browser|浏览器/)
    }
  })
})

describe('isBuilt', () => {
  const results = [
    'out/main/index.js',
    'out/main/serve.js',
    'out/preload/index.cjs',
    'out/renderer/index.html',
  ]
  const sources = [
    ...['main/core/a.ts', 'preload/b.ts', 'renderer/c.tsx', 'resources/d.json'],
    ...['build/plugin.ts', 'electron.vite.config.ts', 'package-lock.json'],
  ]

  function makeTree(): string {
    const dir = makeDir()
    for (const path of sources) writeAt(join(dir, path), 1000)
    for (const path of results) writeAt(join(dir, path), 2000)
    for (const path of ['main/core', 'main', 'preload', 'renderer', 'resources', 'build']) {
      utimesSync(join(dir, path), 1000, 1000)
    }
    return dir
  }

  it('is true when nothing changed since', () => {
    expect(isBuilt(makeTree())).toBe(true)
  })

  it.each(results)('is false without %s', (path) => {
    const dir = makeTree()
    rmSync(join(dir, path))
    expect(isBuilt(dir)).toBe(false)
  })

  it.each(sources)('is false after a change of %s', (path) => {
    const dir = makeTree()
    writeAt(join(dir, path), 3000)
    expect(isBuilt(dir)).toBe(false)
  })

  it('is false after a source was added or removed', () => {
    const added = makeTree()
    writeAt(join(added, 'renderer/new/e.tsx'), 3000)
    expect(isBuilt(added)).toBe(false)
    const removed = makeTree()
    rmSync(join(removed, 'preload/b.ts'))
    expect(isBuilt(removed)).toBe(false)
  })
})

describe('Electron', () => {
  function makePackage(script: string): string {
    const dir = makeDir()
    writeAt(join(dir, 'node_modules/electron/install.js'), 1000, script)
    return dir
  }

  it('is found where its program is', () => {
    const dir = makePackage('')
    expect(findElectron(dir)).toBeNull()
    writeAt(join(dir, 'node_modules/electron/path.txt'), 1000, 'electron')
    expect(findElectron(dir)).toBeNull()
    writeAt(join(dir, 'node_modules/electron/dist/electron'), 1000)
    expect(findElectron(dir)).toBe(join(dir, 'node_modules/electron/dist/electron'))
  })

  it('is fetched by its own installer', async () => {
    const dir = makePackage('console.log("installed")')
    expect(await fetchElectron(dir)).toBeNull()
  })

  it('says in a few words why it could not be fetched', async () => {
    // as Node prints it without a network
    const dir = makePackage(`console.error(new TypeError('fetch failed').stack); process.exit(1)`)
    expect(await fetchElectron(dir)).toBe('fetch failed')
    expect(await fetchElectron(makeDir())).toMatch(/Cannot find module/)
  })

  it('tells an app that ran from one that never came up', async () => {
    const dir = makeDir()
    const program = (name: string, script: string) => {
      const path = join(dir, name)
      writeFileSync(path, `#!/bin/sh\n${script}\n`)
      chmodSync(path, 0o755)
      return path
    }
    const run = (path: string) =>
      runElectron(path, ['--demo'], {
        cwd: dir,
        env: { ...process.env, ELECTRON_RUN_AS_NODE: '1' },
      })
    expect(await run(program('fine', 'exit 0'))).toEqual({ hasStarted: true, exitCode: 0 })
    expect(await run(program('broken', 'exit 127'))).toEqual({ hasStarted: false, exitCode: 127 })
    expect(await run(join(dir, 'missing'))).toEqual({ hasStarted: false, exitCode: 1 })
    const checks = '[ "$1" = . ] && [ "$2" = --demo ] && [ -z "$ELECTRON_RUN_AS_NODE" ]'
    expect(await run(program('asked', checks))).toEqual({ hasStarted: true, exitCode: 0 })
  })
})
