import { spawn, spawnSync } from 'node:child_process'
import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { systemClock } from '../../../../main/core/clock.ts'
import {
  compileGauge,
  createTicker,
  type TickerOptions,
} from '../../../../main/hosts/gauge/gauge.ts'
import type { Tick, Ticker } from '../../../../main/hosts/host.ts'
import { FakeClock } from '../../../support/fake-clock.ts'
import { isRunning } from '../../../support/processes.ts'
import { until } from '../../../support/until.ts'

let dir = ''
let tickers: Ticker[] = []

beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), "gauge ' test-"))
  tickers = []
})

afterEach(() => {
  for (const ticker of tickers) ticker.close()
  rmSync(dir, { recursive: true, force: true })
})

interface Shell {
  file: string
  argv0: string
}

function start(list: readonly Tick[], shell: Shell, options: Partial<TickerOptions> = {}) {
  // start files may talk: on both streams, in front of everything
  const script = `echo 'Last login: never'; echo banner >&2\n${compileGauge(list)}`
  const child = spawn(shell.file, ['-c', script], {
    argv0: shell.argv0,
    env: { PATH: process.env.PATH, HOME: '/nonexistent', TMPDIR: dir },
  })
  const ended = new Promise<number | null>((resolve) => child.on('exit', resolve))
  const stream = { stdin: child.stdin, stdout: child.stdout, stderr: child.stderr, close() {} }
  const ticker = createTicker(stream, list, { clock: systemClock, ...options })
  tickers.push(ticker)
  return { ticker, child, ended }
}

function sh(label: string, script: string, more: Partial<Tick> = {}): Tick {
  return { label, argv: ['sh', '-c', script], everyMs: 0, ...more }
}

const shells: [string, Shell][] = [
  ['dash as sh', { file: 'dash', argv0: 'sh' }],
  ['bash as sh (macOS)', { file: 'bash', argv0: 'sh' }],
  ['zsh as sh', { file: 'zsh', argv0: 'sh' }],
]

describe.each(shells)('%s', (_name, shell) => {
  const there = spawnSync(shell.file, ['-c', 'exit 0']).error === undefined
  const run = test.skipIf(!there)

  run('tells stdout, stderr and exit code of each command apart', async () => {
    const { ticker } = start(
      [
        sh('plain', 'echo one'),
        sh('bare', 'printf "no newline"'),
        sh('both', 'printf out; printf err >&2; exit 3'),
        sh('silent', 'exit 113'),
        { label: 'missing', argv: ['no-such-program', "it's"], everyMs: 0 },
        { label: 'words', argv: ['printf', '%s|', "it's", '$HOME', 'a\nb', '!', '*'], everyMs: 0 },
        sh('stdin', 'cat; echo read nothing'),
        sh('variables', 'echo "$LC_ALL $TERM $TAILSCALE_BE_CLI"'),
      ],
      shell,
    )
    for (let round = 0; round < 2; round++) {
      const { outputs, roundTripMs } = await ticker.ask()
      const seen = Object.fromEntries(
        [...outputs].map(([label, { stdout, stderr, exitCode }]) => [
          label,
          [stdout, stderr, exitCode],
        ]),
      )
      expect(seen).toMatchObject({
        plain: ['one\n', '', 0],
        bare: ['no newline', '', 0],
        both: ['out', 'err', 3],
        silent: ['', '', 113],
        missing: ['', expect.stringContaining('no-such-program'), 127],
        words: ["it's|$HOME|a\nb|!|*|", '', 0],
        stdin: ['read nothing\n', '', 0],
        variables: ['C dumb 1\n', '', 0],
      })
      expect(outputs.get('missing')?.isMissing).toBe(true)
      expect(outputs.get('plain')?.isMissing).toBeUndefined()
      expect(roundTripMs).toBeGreaterThan(0)
    }
  })

  run('files are read by one cat, each with its own answer', async () => {
    const plain = mkdtempSync(join(tmpdir(), 'gauge-test-'))
    const path = join(plain, 'one')
    const odd = join(dir, "a 'b' $c")
    writeFileSync(odd, 'odd')
    writeFileSync(path, 'first\nsecond\n')
    writeFileSync(join(plain, 'empty'), '')
    const cat = (label: string, file: string): Tick => ({ label, argv: ['cat', file], everyMs: 0 })
    const { ticker } = start(
      [
        cat('one', path),
        cat('none', join(plain, 'none')),
        cat('empty', join(plain, 'empty')),
        cat('folder', plain),
        cat('odd', odd),
        cat('again', path),
      ],
      shell,
    )
    const { outputs } = await ticker.ask()
    rmSync(plain, { recursive: true })
    expect(outputs.get('odd')).toMatchObject({ stdout: 'odd', exitCode: 0 })
    expect(outputs.get('one')).toMatchObject({ stdout: 'first\nsecond\n', stderr: '', exitCode: 0 })
    expect(outputs.get('again')).toMatchObject({ stdout: 'first\nsecond\n', exitCode: 0 })
    expect(outputs.get('empty')).toMatchObject({ stdout: '', stderr: '', exitCode: 0 })
    expect(outputs.get('none')).toMatchObject({ stdout: '', exitCode: 1 })
    expect(outputs.get('none')?.stderr).toContain('No such file')
    expect(outputs.get('folder')).toMatchObject({ stdout: '', exitCode: 1 })
    expect(outputs.get('folder')?.stderr).toContain('directory')
  })

  run('a slow command does not hold the others up; its answer comes with a later ask', async () => {
    const gate = join(dir, 'gate')
    const { ticker } = start(
      [
        sh('quick', 'echo quick'),
        sh('slow', `until [ -e "${gate}" ]; do sleep 0.01; done; echo slow; echo err >&2; exit 4`, {
          isSlow: true,
        }),
      ],
      shell,
    )
    for (let round = 0; round < 3; round++) {
      expect([...(await ticker.ask()).outputs.keys()]).toEqual(['quick'])
    }
    writeFileSync(gate, '')
    const answer = await until(async () => (await ticker.ask()).outputs.get('slow'))
    expect(answer).toMatchObject({ stdout: 'slow\n', stderr: 'err\n', exitCode: 4 })
    const again = await until(async () => (await ticker.ask()).outputs.get('slow'))
    expect(again).toMatchObject({ stdout: 'slow\n', exitCode: 4 })
  })

  run(
    'at the end of its input it ends, ends what runs beside it and removes its folder',
    async () => {
      const pidPath = join(dir, 'pid')
      const { ticker, ended } = start(
        [
          sh(
            'slow',
            `echo $$ >"${pidPath}.new"; mv "${pidPath}.new" "${pidPath}"; exec sleep 600`,
            { isSlow: true },
          ),
        ],
        shell,
      )
      await ticker.ask()
      await until(() => readdirSync(dir).includes('pid'))
      expect(readdirSync(dir).some((name) => name.startsWith('studiolo.'))).toBe(true)
      ticker.close()
      expect(await ended).toBe(0)
      expect(readdirSync(dir).filter((name) => name.startsWith('studiolo.'))).toEqual([])
      const pid = Number(spawnSync('cat', [pidPath], { encoding: 'utf8' }).stdout)
      await until(() => !isRunning(pid))
    },
  )

  run('without a place for its folder everything still answers', async () => {
    const list = [
      sh('slow', 'echo slow', { isSlow: true }),
      { label: 'file', argv: ['cat', '/etc/hostname'], everyMs: 0 } as const,
    ]
    const child = spawn(shell.file, ['-c', compileGauge(list)], {
      argv0: shell.argv0,
      env: { PATH: process.env.PATH, HOME: '/nonexistent', TMPDIR: join(dir, 'none') },
    })
    const stream = { stdin: child.stdin, stdout: child.stdout, stderr: child.stderr, close() {} }
    const ticker = createTicker(stream, list, { clock: systemClock })
    tickers.push(ticker)
    const { outputs } = await ticker.ask()
    expect(outputs.get('slow')?.stdout).toBe('slow\n')
    expect(outputs.get('file')?.exitCode).toBe(0)
  })

  run('a megabyte of garbage is cut and leaves the next answer alone', async () => {
    const { ticker } = start(
      [sh('garbage', 'head -c 3000000 /dev/urandom'), sh('after', 'echo after')],
      shell,
      { maxOutputBytes: 10_000 },
    )
    const { outputs } = await ticker.ask()
    expect(Buffer.byteLength(outputs.get('garbage')?.stdout ?? '', 'utf8')).toBeGreaterThan(9_000)
    expect(outputs.get('garbage')?.stderr).toContain('cut after 10000 bytes')
    expect(outputs.get('after')?.stdout).toBe('after\n')
  })
})

const sh0: Shell = { file: '/bin/sh', argv0: 'sh' }

test('asks what is due, and no more', async () => {
  const clock = new FakeClock()
  const list = [
    sh('always', 'echo', { everyMs: 1000 }),
    sh('rarely', 'echo', { everyMs: 60_000 }),
    sh('other', 'echo', { everyMs: 1000 }),
  ]
  const { ticker } = start(list, sh0, { clock })
  const ask = async (labels?: string[]) => [
    ...(await ticker.ask(labels === undefined ? {} : { labels })).outputs.keys(),
  ]
  expect(await ask(['always', 'rarely'])).toEqual(['always', 'rarely'])
  expect(await ask()).toEqual(['other'])
  expect(await ask()).toEqual([])
  await clock.advance(950)
  expect(await ask()).toEqual(['always', 'other'])
  await clock.advance(60_000)
  expect(await ask(['rarely'])).toEqual(['rarely'])
})

test('an ask that hangs ends with its time-out; the next one waits for the same shell and answers', async () => {
  const gate = join(dir, 'gate')
  const { ticker } = start(
    [sh('hangs', `until [ -e "${gate}" ]; do sleep 0.01; done; echo done`, { everyMs: 60_000 })],
    sh0,
  )
  await expect(ticker.ask({ timeoutMs: 50 })).rejects.toMatchObject({ kind: 'timeout' })
  const next = ticker.ask()
  writeFileSync(gate, '')
  expect((await next).outputs.get('hangs')?.stdout).toBe('done\n')
})

test('cancelling, closing and the end of the shell reject what is open', async () => {
  const list = [sh('hangs', 'exec sleep 20')]
  const first = start(list, sh0)
  const abort = new AbortController()
  const open = first.ticker.ask({ signal: abort.signal })
  abort.abort()
  await expect(open).rejects.toMatchObject({ kind: 'cancelled' })
  await expect(first.ticker.ask({ signal: abort.signal })).rejects.toMatchObject({
    kind: 'cancelled',
  })
  first.child.kill('SIGKILL')

  const second = start(list, sh0)
  const closed = second.ticker.ask()
  second.ticker.close()
  await expect(closed).rejects.toMatchObject({ kind: 'cancelled' })
  second.child.kill('SIGKILL')

  const third = start([sh('quick', 'echo')], sh0)
  await third.ticker.ask()
  third.child.kill('SIGKILL')
  await third.ended
  await expect(third.ticker.ask()).rejects.toMatchObject({
    kind: 'unreachable',
    info: { code: 'closed-by-host' },
  })
})

test('the same command under two labels is asked once', async () => {
  const path = join(dir, 'count')
  const { ticker } = start([sh('a', `echo >>"${path}"`), sh('b', `echo >>"${path}"`)], sh0)
  const { outputs } = await ticker.ask()
  expect([...outputs.keys()]).toEqual(['a', 'b'])
  expect(spawnSync('wc', ['-l', path], { encoding: 'utf8' }).stdout).toMatch(/^1 /)
})

test('the labels of a list are unique', () => {
  expect(() => start([sh('a', 'echo'), sh('a', 'echo 2')], sh0)).toThrow(TypeError)
})
