import { describe, expect, test } from 'vitest'
import { errorInfo } from '../../../main/core/errors.ts'
import { type Argv, type CommandOutput, type Host, HostError } from '../../../main/hosts/host.ts'
import { cpu } from '../../../main/probes/cpu.ts'
import { filevault } from '../../../main/probes/filevault.ts'
import { gpu } from '../../../main/probes/gpu.ts'
import { readProbe } from '../../../main/probes/read.ts'
import { remoteLogin } from '../../../main/probes/remote-login.ts'
import { tailnet } from '../../../main/probes/tailnet.ts'
import { timeMachine } from '../../../main/probes/time-machine.ts'
import { fixture, now } from '../../support/probe-answers.ts'

type Script = (argv: Argv) => Partial<CommandOutput> | HostError

/** The part of a Host that `readProbe` uses, and a list of what it was asked. */
function scripted(platform: 'darwin' | 'linux', script: Script) {
  const asked: string[] = []
  const host = {
    now: () => now,
    identify: async () => ({ platform, hostName: 'x', account: 'ana', groups: [], userId: 501 }),
    run: async (argv: Argv) => {
      asked.push(argv.join(' '))
      const answer = script(argv)
      if (answer instanceof HostError) throw answer
      return { stdout: '', stderr: '', exitCode: 0, durationMs: 1, ...answer }
    },
  }
  return { host: host as unknown as Host, asked }
}

function hostError(kind: HostError['kind']): HostError {
  return new HostError(kind, errorInfo('internal', {}, `failed: ${kind}`))
}

const at = '2026-11-20T09:00:00.000Z'
const missing = { exitCode: 127, isMissing: true }

describe('readProbe', () => {
  test('gives the value with the time of the Host', async () => {
    const { host } = scripted('darwin', () => ({ stdout: 'FileVault is On.\n' }))
    expect(await readProbe(host, filevault)).toEqual({
      kind: 'value',
      value: { state: 'on', progressRatio: null },
      at,
    })
  })

  test('asks nothing where there is no such question', async () => {
    const { host, asked } = scripted('linux', () => ({}))
    expect(await readProbe(host, gpu)).toMatchObject({
      kind: 'unknown',
      reason: 'not-supported',
      at,
    })
    expect(asked).toEqual([])
  })

  test('asks the next place until one has a usable answer', async () => {
    const status = fixture('tailnet', 'macos26-any-no-peers.json')
    const { host, asked } = scripted('darwin', ([program]) => {
      if (program === '/opt/homebrew/bin/tailscale') return { stdout: status }
      if (program === 'tailscale') return { stdout: 'The Tailscale GUI failed to start: no TERM\n' }
      return missing
    })
    expect(await readProbe(host, tailnet)).toMatchObject({ value: { state: 'running' } })
    expect(asked.filter((line) => line.includes('status'))).toEqual([
      'tailscale status --json',
      '/usr/local/bin/tailscale status --json',
      '/opt/homebrew/bin/tailscale status --json',
    ])
  })

  test('an app that finds no session is asked in the one of its account, and only then', async () => {
    const status = fixture('tailnet', 'macos26-any-no-peers.json')
    const bundled = '/Applications/Tailscale.app/Contents/MacOS/Tailscale'
    const failed = { stdout: fixture('tailnet', 'synthetic/macos-any-gui-failed.txt') }
    const { host, asked } = scripted('darwin', ([program]) => {
      if (program === '/bin/launchctl') return { stdout: status }
      return program === bundled ? failed : missing
    })
    expect(await readProbe(host, tailnet)).toMatchObject({ value: { state: 'running' } })
    expect(asked.at(-1)).toBe(`/bin/launchctl asuser 501 ${bundled} status --json`)

    const other = scripted('darwin', () => missing)
    await readProbe(other.host, tailnet)
    expect(other.asked.join()).not.toContain('launchctl')
  })

  test('with no usable answer the last that said anything counts, not the places where nothing is', async () => {
    const { host } = scripted('darwin', ([program]) =>
      program === '/usr/local/bin/tailscale'
        ? { stderr: fixture('tailnet', 'any-any-daemon-down.txt'), exitCode: 1 }
        : missing,
    )
    expect(await readProbe(host, tailnet)).toMatchObject({ value: { state: 'stopped' } })
  })

  test('a program that is in no place is not installed', async () => {
    const { host } = scripted('darwin', () => missing)
    expect(await readProbe(host, tailnet)).toMatchObject({ reason: 'not-installed' })
  })

  test('a refusal of the last alternative is the reason', async () => {
    const { host } = scripted('darwin', ([program]) =>
      program === 'systemsetup'
        ? { stdout: fixture('remote-login', 'macos15-any-needs-admin.txt') }
        : { stderr: 'launchctl: something else\n', exitCode: 1 },
    )
    expect(await readProbe(host, remoteLogin)).toMatchObject({ reason: 'needs-root' })
  })

  test.each([
    ['unreachable', 'unreachable'],
    ['auth', 'not-authenticated'],
    ['host-key', 'host-key'],
    ['cancelled', 'cancelled'],
    ['timeout', 'timed-out'],
  ] as const)('never rejects: %s becomes %s', async (kind, reason) => {
    const { host } = scripted('darwin', () => hostError(kind))
    expect(await readProbe(host, filevault)).toMatchObject({ kind: 'unknown', reason, at })
  })

  test('never rejects where the Host cannot say who it is', async () => {
    const { host } = scripted('darwin', () => ({}))
    host.identify = async () => {
      throw hostError('unreachable')
    }
    expect(await readProbe(host, filevault)).toMatchObject({ reason: 'unreachable' })
  })

  test('one command that takes too long leaves the answers of the others', async () => {
    const { host, asked } = scripted('darwin', (argv) => {
      if (argv[1] === 'latestbackup') return hostError('timeout')
      if (argv[2] === '-X' && argv[1] === 'destinationinfo') {
        return { stdout: fixture('time-machine', 'macos26-any-local-mounted.plist') }
      }
      return { stdout: fixture('time-machine', 'macos12-any-idle.txt') }
    })
    expect(await readProbe(host, timeMachine)).toMatchObject({
      value: {
        destinations: { length: 1 },
        isRunning: false,
        lastBackupAt: null,
        lastBackupUnknown: { reason: 'timed-out' },
      },
    })
    expect(asked).not.toContain('tmutil destinationinfo')
  })

  test('does not ask the same program again after it took too long', async () => {
    const { host, asked } = scripted('darwin', ([program]) =>
      program === 'tmutil' ? hostError('timeout') : { stdout: '+0000' },
    )
    expect(await readProbe(host, timeMachine)).toMatchObject({ reason: 'timed-out' })
    expect(asked).not.toContain('tmutil destinationinfo')
  })

  test('asks twice, a second apart, where one answer says nothing', async () => {
    const samples = ['debian12-x86-first.txt', 'debian12-x86-second.txt']
    const { host, asked } = scripted('linux', ([program]) =>
      program === 'sleep' ? {} : { stdout: fixture('cpu', samples.shift() ?? '') },
    )
    expect(await readProbe(host, cpu)).toMatchObject({ value: { loadRatio: 34 / 391 } })
    expect(asked).toEqual(['cat /proc/stat', 'sleep 1', 'cat /proc/stat'])
  })

  test('hands the time-out of the probe and the signal to the Host', async () => {
    const controller = new AbortController()
    const options: unknown[] = []
    const { host } = scripted('darwin', () => ({}))
    host.run = async (_, given) => {
      options.push(given)
      return { stdout: '', stderr: '', exitCode: 1, durationMs: 1 }
    }
    await readProbe(host, tailnet, { signal: controller.signal })
    expect(options[0]).toEqual({ timeoutMs: 10_000, signal: controller.signal })
  })
})
