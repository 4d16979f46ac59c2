import {
  existsSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { describe, expect, it, onTestFinished, vi } from 'vitest'
import type { Clock } from '../../../main/core/ports.ts'
import { languageOf } from '../../../main/node/desktop.ts'
import { writeLinkFile } from '../../../main/node/link-file.ts'
import { openLog } from '../../../main/node/log.ts'
import { findRoot } from '../../../main/node/root.ts'
import { createMemorySecrets } from '../../../main/node/secrets.ts'
import { hasScreen } from '../../../main/node/serve.ts'
import { watchForWake } from '../../../main/node/wake.ts'
import { loadWords } from '../../../main/node/words.ts'

function makeDir(): string {
  const dir = mkdtempSync(join(tmpdir(), 'studiolo-node-'))
  onTestFinished(() => rmSync(dir, { recursive: true }))
  return dir
}

describe('languageOf', () => {
  // POSIX, Base Definitions 8.2: LC_ALL before LC_MESSAGES before LANG; empty counts as not set
  it.each([
    [{}, 'en'],
    [{ LANG: 'zh_CN.UTF-8' }, 'zh-CN'],
    [{ LANG: 'zh-Hans' }, 'zh-CN'],
    [{ LANG: 'zh' }, 'zh-CN'],
    [{ LANG: 'de_DE.UTF-8' }, 'en'],
    [{ LANG: 'zha_CN' }, 'en'],
    [{ LANG: 'en_US.UTF-8', LC_MESSAGES: 'zh_CN.UTF-8' }, 'zh-CN'],
    [{ LANG: 'zh_CN.UTF-8', LC_ALL: 'C' }, 'en'],
    [{ LANG: 'zh_CN.UTF-8', LC_ALL: '' }, 'zh-CN'],
  ])('of %o is %s', (env, language) => {
    expect(languageOf(env)).toBe(language)
  })
})

describe('hasScreen', () => {
  it.each([
    ['darwin' as const, {}, true],
    ['linux' as const, {}, false],
    ['linux' as const, { DISPLAY: ':0' }, true],
    ['linux' as const, { WAYLAND_DISPLAY: 'wayland-0' }, true],
    ['linux' as const, { DISPLAY: '' }, false],
  ])('on %s with %o: %s', (platform, env, expected) => {
    expect(hasScreen(platform, env)).toBe(expected)
  })
})

describe('findRoot', () => {
  it('finds package.json and the resources from any depth', () => {
    const root = findRoot(import.meta.dirname)
    expect(root.version).toBe(
      JSON.parse(readFileSync(join(root.dir, 'package.json'), 'utf8')).version,
    )
    expect(existsSync(join(root.resourcesDir, 'locales', 'zh-CN.json'))).toBe(true)
    expect(root.pageDir).toBe(join(root.dir, 'out', 'renderer'))
  })

  it('says when there is none', () => {
    expect(() => findRoot(tmpdir())).toThrow('resources')
  })
})

describe('loadWords', () => {
  const say = loadWords(findRoot(import.meta.dirname).resourcesDir)

  it('says facts as people read them', () => {
    const message = { key: 'cli.value.used-of', params: { usedBytes: 105e9, totalBytes: 206e9 } }
    expect(say(message, 'en')).toBe('105 GB of 206 GB used')
    expect(say(message, 'zh-CN')).toBe('已用 105 GB，共 206 GB')
  })

  it('counts, and leaves what a machine told as it is', () => {
    const updates = (count: number) => say({ key: 'cli.value.updates', params: { count } }, 'en')
    expect([0, 1, 2].map(updates)).toEqual(['none', '1 update', '2 updates'])
    const said = say({ key: 'cli.unknown-command', params: { word: '<b>&"$t(x)' } }, 'en')
    expect(said).toContain('“<b>&"$t(x)”')
  })
})

describe('openLog', () => {
  it('writes lines without secrets, for the owner only', () => {
    const dir = join(makeDir(), 'logs')
    const log = openLog(dir, 'test')
    log.info('asked token=abcdef', { password: 'hunter22', host: 'studio' })
    log.debug('too fine')
    const text = readFileSync(join(dir, 'test.log'), 'utf8')
    expect(text).toMatch(
      /^\d{4}-\d\d-\d\dT[\d:.]+Z info asked token=\[removed\] {"password":"\[removed\]","host":"studio"}\n$/,
    )
    expect(statSync(join(dir, 'test.log')).mode & 0o777).toBe(0o600)
    expect(statSync(dir).mode & 0o777).toBe(0o700)
  })

  it('does without where it cannot write', () => {
    const dir = makeDir()
    writeFileSync(join(dir, 'file'), '')
    // where the library would write of its own accord
    vi.stubEnv('HOME', dir)
    onTestFinished(() => void vi.unstubAllEnvs())
    openLog(join(dir, 'file', 'logs'), 'blocked').error('not lost on anybody')
    expect(readdirSync(dir)).toEqual(['file'])
    expect(readFileSync(join(dir, 'file'), 'utf8')).toBe('')
  })
})

describe('writeLinkFile', () => {
  it('keeps the link from all but its owner, until it is removed', () => {
    const link = 'http://127.0.0.1:4711/#token=a-b_c'
    const file = writeLinkFile(link, makeDir())
    const path = fileURLToPath(file.url)
    expect(readFileSync(path, 'utf8')).toContain(`content="0; url=${link}"`)
    expect(file.url).not.toContain('a-b_c')
    expect(statSync(path).mode & 0o777).toBe(0o600)
    expect(statSync(join(path, '..')).mode & 0o777).toBe(0o700)
    file.remove()
    expect(existsSync(join(path, '..'))).toBe(false)
  })
})

describe('createMemorySecrets', () => {
  it('keeps a secret until it is removed, and no longer than the process', async () => {
    const secrets = createMemorySecrets()
    expect(secrets.isPersistent).toBe(false)
    expect(await secrets.get('password:ana@studio')).toBeNull()
    await secrets.set('password:ana@studio', 'hunter22', { isRemembered: true })
    expect(await secrets.get('password:ana@studio')).toBe('hunter22')
    await secrets.remove('password:ana@studio')
    expect(await secrets.get('password:ana@studio')).toBeNull()
  })
})

describe('watchForWake', () => {
  /** A clock whose timers can be late, as they are after sleep. */
  function makeClock() {
    let now = 0
    const due: { at: number; run: () => void }[] = []
    const clock: Clock = {
      now: () => now,
      monotonic: () => now,
      after(delayMs, run) {
        const timer = { at: now + delayMs, run }
        due.push(timer)
        return () => due.splice(due.indexOf(timer), 1)
      },
    }
    const pass = (ms: number, steps: number) => {
      for (let step = 0; step < steps; step += 1) {
        now += ms
        for (const timer of due.splice(0)) {
          if (timer.at <= now) timer.run()
          else due.push(timer)
        }
      }
    }
    return { clock, pass }
  }

  it('tells sleep from a busy machine', () => {
    const { clock, pass } = makeClock()
    let wakes = 0
    const stop = watchForWake(clock, () => {
      wakes += 1
    })
    pass(1000, 60)
    pass(8000, 3)
    expect(wakes).toBe(0)
    pass(3_600_000, 1)
    expect(wakes).toBe(1)
    pass(1000, 60)
    expect(wakes).toBe(1)
    stop()
    pass(3_600_000, 2)
    expect(wakes).toBe(1)
  })
})
