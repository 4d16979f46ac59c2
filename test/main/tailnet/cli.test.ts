import { chmodSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import fc from 'fast-check'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { systemClock } from '../../../main/core/clock.ts'
import type { Argv, Host } from '../../../main/hosts/host.ts'
import { createLocalHost } from '../../../main/hosts/local.ts'
import { parsePing, pingPeer, runTailscale } from '../../../main/tailnet/cli.ts'
import { problemIn, settingsIn } from '../../../main/tailnet/problems.ts'
import { FakeClock } from '../../support/fake-clock.ts'
import { silentLog } from '../../support/silent-log.ts'
import { until } from '../../support/until.ts'

const texts = join(import.meta.dirname, '../../fixtures/tailnet')
const textOf = (name: string) => readFileSync(join(texts, name), 'utf8')
const printed = (stdout: string, exitCode = 0) => ({ stdout, stderr: '', exitCode })

describe('parsePing', () => {
  test.each([
    ['ping/direct.txt', 0, { kind: 'pong', path: 'direct', region: null, latencyMs: 7 }],
    ['ping/relay-only-exit1.txt', 1, { kind: 'pong', path: 'relay', region: 'hel', latencyMs: 71 }],
    ['status/stopped.txt', 1, { kind: 'unknown', detail: '"Tailscale is stopped."' }],
    ['status/logged-out-with-url.txt', 1, { kind: 'unknown', detail: expect.any(String) }],
    ['netcheck/udp-ok-2025.txt', 0, { kind: 'unknown', detail: expect.any(String) }],
  ])('%s', (name, exitCode, result) => {
    expect(parsePing(printed(textOf(name), exitCode))).toEqual(result)
  })

  // the lines as cmd/tailscale/cli/ping.go writes them
  test.each([
    [
      'pong from edge (100.66.162.125) via peer-relay(203.0.113.9:7777:vni:12) in 24ms',
      { kind: 'pong', path: 'peer-relay', latencyMs: 24 },
    ],
    [
      'pong from edge (100.66.162.125) via [2001:db8::5]:41641 in 1.204s',
      { kind: 'pong', path: 'direct', latencyMs: 1204 },
    ],
    [
      'pong from a (100.66.162.1) via DERP(hel) in 81ms\npong from a (100.66.162.1) via 10.0.0.2:41641 in 3ms',
      { kind: 'pong', path: 'direct', latencyMs: 3 },
    ],
    ['pong from edge (100.66.162.125) via TSMP in 24ms', { kind: 'unknown' }],
    [
      'ping "100.66.162.125" timed out\nping "100.66.162.125" timed out\nno reply',
      { kind: 'no-answer' },
    ],
    ['no matching peer', { kind: 'no-answer' }],
    ['100.64.0.1 is local Tailscale IP', { kind: 'unknown' }],
    ["failed to connect to local tailscaled; it doesn't appear to be running", { kind: 'unknown' }],
    ['', { kind: 'unknown' }],
  ])('%j', (text, result) => {
    expect(parsePing(printed(`${text}\n`))).toMatchObject(result)
  })

  test('never throws, and never makes up a time', () => {
    const part = fc.oneof(
      fc.string({ unit: 'binary', maxLength: 20 }),
      fc.constantFrom('pong from ', ' via ', 'DERP(', ')', ' in ', '7ms', '9s', '\n', 'timed out'),
    )
    fc.assert(
      fc.property(fc.array(part, { maxLength: 20 }), (parts) => {
        const result = parsePing(printed(parts.join('')))
        if (result.kind === 'pong') expect(result.latencyMs).toBeGreaterThanOrEqual(0)
      }),
    )
  })
})

describe('problems', () => {
  const denied =
    "Access denied: checkprefs access denied\n\nUse 'sudo tailscale up'.\nTo not require root, use 'sudo tailscale set --operator=$USER' once.\n"
  const reverts = (command: string) =>
    `Error: changing settings via 'tailscale up' requires mentioning all\nnon-default flags. To proceed, either re-run your command with --reset or\nuse the command below to explicitly mention the current value of\nall non-default settings:\n\n\t${command}\n`
  const output = (stderr: string) => ({ stdout: '', stderr, exitCode: 1, durationMs: 1 })

  test('a daemon that obeys root only names the command that changes it', () => {
    expect(problemIn(output(denied))).toMatchObject({
      code: 'not-permitted',
      remedy: { kind: 'run-command', target: 'sudo tailscale set --operator=$USER' },
    })
  })

  test('a daemon that is not there is not running', () => {
    const text = "failed to connect to local tailscaled; it doesn't appear to be running\n"
    expect(problemIn(output(text)).code).toBe('not-running')
    expect(problemIn(output('xyzzy\n'))).toMatchObject({ code: 'unrecognised', detail: '"xyzzy"' })
  })

  test('reads the settings that `up` wants again, where no shell is needed for it', () => {
    expect(
      settingsIn(output(reverts('tailscale up --accept-routes --login-server=https://a.example'))),
    ).toEqual(['--accept-routes', '--login-server=https://a.example'])
    expect(settingsIn(output(reverts("tailscale up --hostname='a b'")))).toBeNull()
    expect(settingsIn(output(reverts('tailscale up; reboot')))).toBeNull()
    expect(settingsIn(output(denied))).toBeNull()
  })
})

describe('on this machine', () => {
  let dir: string
  let host: Host
  const clock = new FakeClock()

  beforeEach(() => {
    dir = mkdtempSync(join(tmpdir(), 'studiolo-tailscale-'))
    const env = { PATH: `${dir}:/usr/bin:/bin` }
    host = createLocalHost({
      id: 'this-machine',
      clock: systemClock,
      log: silentLog,
      homeDir: dir,
      env,
    })
  })
  afterEach(async () => {
    await host.close()
    rmSync(dir, { recursive: true, force: true })
  })

  function write(script: string) {
    writeFileSync(join(dir, 'tailscale'), `#!/bin/sh\n${script}\n`)
    chmodSync(join(dir, 'tailscale'), 0o755)
  }

  test('a ping is bounded in number and time, and knows that no app was clicked', async () => {
    write(
      `echo "$TERM $TAILSCALE_BE_CLI \${SHLVL:+shell} $*" >${dir}/asked\necho 'pong from a (100.64.0.2) via 10.0.0.2:41641 in 3ms'`,
    )
    expect(await pingPeer(host, '100.64.0.2')).toMatchObject({ kind: 'pong', path: 'direct' })
    expect(readFileSync(join(dir, 'asked'), 'utf8')).toBe(
      'dumb 1 shell ping --c=2 --timeout=1500ms 100.64.0.2\n',
    )
  })

  test('a ping that hangs ends after 5 s, as unknown', async () => {
    const slow = createLocalHost({
      ...{ id: 'this-machine', clock, log: silentLog, homeDir: dir },
      env: { PATH: `${dir}:/usr/bin:/bin` },
    })
    write(`echo $$ >${dir}/pid\nexec sleep 600`)
    const result = pingPeer(slow, '100.64.0.2')
    await until(() => pidIn(join(dir, 'pid')))
    await clock.advance(5_000)
    expect(await result).toEqual({
      kind: 'unknown',
      detail: 'tailscale ping did not end within 5 s',
    })
    await slow.close()
  })

  test('a cancelled ping rejects, and its program is gone', async () => {
    write(`echo $$ >${dir}/pid\nexec sleep 600`)
    const stop = new AbortController()
    const result = pingPeer(host, '100.64.0.2', { signal: stop.signal })
    const pid = await until(() => pidIn(join(dir, 'pid')))
    stop.abort()
    await expect(result).rejects.toMatchObject({ kind: 'cancelled' })
    await until(() => !isAlive(pid))
  })

  test('an address that would be an option is never passed on', async () => {
    write(`touch ${dir}/ran`)
    expect(await pingPeer(host, '--help')).toMatchObject({ kind: 'unknown' })
    expect(() => readFileSync(join(dir, 'ran'))).toThrow('ENOENT')
  })
})

/** A Host whose programs answer as told, and the list of what it was asked. */
function scripted(
  answers: (argv: Argv) => { stdout?: string; stderr?: string; exitCode?: number } | null,
) {
  const asked: string[] = []
  const host = {
    identify: async () => ({ platform: 'darwin', userId: 501 }),
    async run(argv: Argv) {
      asked.push(argv.join(' '))
      const given = answers(argv)
      const base = { stdout: '', stderr: '', exitCode: 0, durationMs: 1 }
      return given === null ? { ...base, exitCode: 127, isMissing: true } : { ...base, ...given }
    },
  }
  return { host: host as unknown as Host, asked }
}

describe('finding the program', () => {
  const bundled = '/Applications/Tailscale.app/Contents/MacOS/Tailscale'
  const guiFailed = { stdout: 'The Tailscale GUI failed to start: x\n' }

  test('asks one place after the other, and remembers which one answered', async () => {
    const { host, asked } = scripted(([program]) => (program === bundled ? { stdout: 'ok' } : null))
    expect(await runTailscale(host, ['down'])).toMatchObject({ output: { stdout: 'ok' } })
    expect(asked).toEqual([
      'tailscale down',
      '/usr/local/bin/tailscale down',
      '/opt/homebrew/bin/tailscale down',
      `${bundled} down`,
    ])
    asked.length = 0
    await runTailscale(host, ['up'])
    expect(asked).toEqual([`${bundled} up`])
  })

  test('asks the app in the session of its account when it finds none', async () => {
    const { host, asked } = scripted(([program]) => {
      if (program === '/bin/launchctl') return { stdout: 'ok' }
      return program === bundled ? guiFailed : null
    })
    expect(await runTailscale(host, ['up'])).toMatchObject({ output: { stdout: 'ok' } })
    expect(asked.at(-1)).toBe(`/bin/launchctl asuser 501 ${bundled} up`)
  })

  test('a program without its daemon leaves it to the next, and speaks when there is none', async () => {
    const stderr = "failed to connect to local tailscaled; it doesn't appear to be running\n"
    const { host } = scripted(([program]) =>
      program === '/opt/homebrew/bin/tailscale' ? { stderr, exitCode: 1 } : null,
    )
    expect(await runTailscale(host, ['up'])).toMatchObject({ kind: 'answer', output: { stderr } })
  })

  test('Tailscale that is nowhere is not installed, and launchctl is left alone', async () => {
    const { host, asked } = scripted(() => null)
    expect(await runTailscale(host, ['up'])).toEqual({ kind: 'not-installed' })
    expect(await pingPeer(host, '100.64.0.2')).toMatchObject({ kind: 'unknown' })
    expect(asked.join()).not.toContain('launchctl')
  })
})

function pidIn(path: string): number {
  try {
    return Number(readFileSync(path, 'utf8'))
  } catch {
    return 0
  }
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0)
    return true
  } catch {
    return false
  }
}
