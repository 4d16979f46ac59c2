import { readdirSync, readFileSync, statSync } from 'node:fs'
import { totalmem } from 'node:os'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { checkStateSchema } from '../../preload/contract/checks.ts'
import { readingSchema } from '../../preload/contract/readings.ts'
import { defaultSettings } from '../../preload/contract/settings.ts'
import {
  type CliAnswer,
  demoRecording,
  makeHome,
  runCli,
  runCliHere,
  withAnswers,
  writeRecording,
  writeSettings,
} from '../support/run-cli.ts'
import { sshHost } from '../support/settings-hosts.ts'

/** As softwareupdate says it, on stderr. */
const noUpdates = {
  'softwareupdate --list': {
    stdout: 'Software Update Tool\n\nFinding available software\n',
    stderr: 'No new software available.\n',
  },
  'softwareupdate -l': null,
}

// docs/command-line.md
const checkIds = [
  ...['filevault', 'firewall', 'firewall-stealth', 'sip', 'gatekeeper', 'updates'],
  ...['remote-login', 'time-machine', 'disk-space', 'memory-pressure', 'swap', 'tailnet'],
  ...['tailnet-key', 'tailnet-daemon', 'sleep', 'auto-restart', 'thermal'],
]
const probeIds = [
  ...['memory', 'memory-pressure', 'swap', 'gpu', 'gpu-limit', 'cpu', 'processes', 'disk'],
  ...['hardware', 'os', 'tailnet', 'filevault', 'time-machine', 'updates', 'firewall'],
  ...['firewall-stealth', 'sip', 'gatekeeper', 'remote-login', 'power', 'thermal'],
]

async function onRecording(
  command: string,
  recording: unknown,
  args: readonly string[] = [],
): Promise<CliAnswer> {
  const homeDir = makeHome()
  return runCli([command, '--recording', writeRecording(homeDir, recording), ...args], { homeDir })
}

function expectOneLine(text: string): void {
  expect(text).toMatch(/^[^\n]+\n$/)
}

describe('check', () => {
  it('ends with 0 when all is well', async () => {
    const { exitCode, stdout, stderr } = await onRecording(
      'check',
      withAnswers(demoRecording(), noUpdates),
    )
    expect(exitCode).toBe(0)
    expect(stderr).toBe('')
    expect(stdout).toContain('mac-studio · as ana · recorded')
    expect(stdout).toMatch(/^✓ {2}fine +Disk encryption +FileVault is on/m)
  })

  it('ends with 1 when something needs attention', async () => {
    const { exitCode, stdout } = await onRecording('check', demoRecording())
    expect(exitCode).toBe(1)
    expect(stdout).toMatch(/^! {2}attention +Updates +.+\n +→ .+Software Update/m)
  })

  it('ends with 1 when something fails, whatever is unknown', async () => {
    const recording = withAnswers(demoRecording(), {
      ...noUpdates,
      'fdesetup status': { stdout: 'FileVault is Off.\n' },
      'csrutil status': null,
    })
    expect((await onRecording('check', recording)).exitCode).toBe(1)
  })

  it('ends with 3 when something is unknown and nothing worse', async () => {
    const recording = withAnswers(demoRecording(), { ...noUpdates, 'csrutil status': null })
    const { exitCode, stdout } = await onRecording('check', recording)
    expect(exitCode).toBe(3)
    expect(stdout).toMatch(/^\? {2}unknown +System Integrity Protection +The recording has no/m)
  })

  it('gives programs every check with its state, sentence and age', async () => {
    const recording = demoRecording()
    const { exitCode, stdout } = await onRecording('check', recording, ['--json'])
    expect(exitCode).toBe(1)
    const { host, checks } = JSON.parse(stdout)
    expect(host).toEqual({
      name: 'mac-studio',
      kind: 'recorded',
      platform: 'darwin',
      account: 'ana',
      at: new Date(recording.host.recordedAt).toISOString(),
    })
    expect(checks.map((check: { id: string }) => check.id).toSorted()).toEqual(checkIds.toSorted())
    for (const check of checks) {
      expect(checkStateSchema.options).toContain(check.state)
      expect(check.reason).toMatch(/^[^{}]+[.!?)]$/)
      expect(check.reasonKey).toMatch(/^check\./)
      expect(check.at).toBe(host.at)
    }
    const updates = checks.find((check: { id: string }) => check.id === 'updates')
    expect(updates.remedy).toMatchObject({ where: 'on-host', textKey: 'check.remedy.updates' })
  })

  it('judges this machine', async () => {
    const { exitCode, stdout } = await runCli(['check', '--json'], { homeDir: makeHome() })
    expect([0, 1, 3]).toContain(exitCode)
    const { host, checks } = JSON.parse(stdout)
    expect(host).toMatchObject({ kind: 'local', platform: process.platform })
    expect(checks.map((check: { id: string }) => check.id).toSorted()).toEqual(checkIds.toSorted())
  })
})

describe('status', () => {
  it('gives programs every reading', async () => {
    const { exitCode, stdout } = await onRecording('status', demoRecording(), ['--json'])
    expect(exitCode).toBe(0)
    const { readings } = JSON.parse(stdout)
    expect(Object.keys(readings).toSorted()).toEqual(probeIds.toSorted())
    for (const reading of Object.values(readings)) readingSchema.parse(reading)
    // `sysctl -n hw.memsize` in the recording
    expect(readings.memory.value.totalBytes).toBe(549755813888)
  })

  it('says for people what is and what is not known', async () => {
    const recording = withAnswers(demoRecording(), { 'spctl --status': null })
    const { exitCode, stdout } = await onRecording('status', recording)
    expect(exitCode).toBe(0)
    expect(stdout).toMatch(/^FileVault {2,}on$/m)
    expect(stdout).toMatch(/^Gatekeeper {2,}unknown: The recording has no answer to this\.$/m)
    expect(stdout).not.toMatch(/probe\.|cli\.|\{\{|undefined|null|NaN/)
  })

  it('speaks Chinese where the terminal does', async () => {
    const homeDir = makeHome()
    const args = ['status', '--recording', writeRecording(homeDir, demoRecording())]
    const { stdout } = await runCli(args, { homeDir, language: 'zh_CN.UTF-8' })
    expect(stdout).toMatch(/^文件保险箱 {2,}已打开$/m)
    expect(stdout).toContain('账户 ana')
    expect(stdout).not.toMatch(/probe\.|cli\.|\{\{/)
  })

  it('lets no name from a machine steer the terminal', async () => {
    const recording = demoRecording()
    recording.host.name = '\u001b]0;owned\u0007\u001b[2Jstudio\nsecond line'
    const { stdout } = await onRecording('status', recording)
    expect(stdout.split('\n')[0]).toContain('studio second line')
    expect(stdout).not.toContain('\u001b')
  })

  it('has an answer for a recording that answers nothing', async () => {
    const recording = { ...demoRecording(), commands: [], http: [], files: [] }
    const { exitCode, stdout } = await onRecording('status', recording, ['--json'])
    expect(exitCode).toBe(0)
    const reasons = Object.values(JSON.parse(stdout).readings as Record<string, { reason: string }>)
    expect(new Set(reasons.map(({ reason }) => reason))).toEqual(new Set(['not-recorded']))
  })
})

describe('models', () => {
  it('gives programs the runtimes with their models and what is loaded', async () => {
    const { exitCode, stdout } = await onRecording('models', demoRecording(), ['--json'])
    expect(exitCode).toBe(0)
    const { runtimes } = JSON.parse(stdout)
    expect(runtimes.map(({ id }: { id: string }) => id)).toEqual(
      expect.arrayContaining(['ollama', 'llama-cpp', 'lm-studio', 'mlx']),
    )
    const [ollama] = runtimes
    expect(ollama).toMatchObject({ id: 'ollama', state: 'running', version: expect.any(String) })
    const recorded = demoRecording().http.find(({ path }) => path === '/api/ps')
    const loadedNames = JSON.parse(recorded?.body ?? '').models.map(
      ({ name }: { name: string }) => name,
    )
    expect(ollama.loaded.map(({ modelId }: { modelId: string }) => modelId).toSorted()).toEqual(
      loadedNames.toSorted(),
    )
  })

  it('tells people sizes and what is loaded', async () => {
    const { exitCode, stdout } = await onRecording('models', demoRecording())
    expect(exitCode).toBe(0)
    expect(stdout).toMatch(/^Ollama · .+ · running · :11434$/m)
    expect(stdout).toMatch(/^ {2}\S+ +\d+(\.\d)? GB .*loaded, \d+ GB/m)
  })
})

describe('record', () => {
  it('writes what can be asked again, with the same judgement', async () => {
    const homeDir = makeHome()
    const given = writeRecording(homeDir, demoRecording())
    const outPath = join(homeDir, 'out.json')
    const recorded = await runCli(['record', '--recording', given, '--out', outPath], { homeDir })
    expect(recorded).toMatchObject({ exitCode: 0, stdout: '' })
    expectOneLine(recorded.stderr)
    expect(recorded.stderr).toContain(outPath)
    expect(statSync(outPath).mode & 0o777).toBe(0o600)
    const states = async (path: string) => {
      const { stdout } = await runCli(['check', '--json', '--recording', path], { homeDir })
      return JSON.parse(stdout).checks.map(({ id, state }: Record<string, string>) => [id, state])
    }
    expect(await states(outPath)).toEqual(await states(given))
  })

  it('leaves no secret in it', async () => {
    const secrets = {
      mail: 'ana.example@studio.example',
      token: 'hf_abcdefghijklmnopqrstuvwxyz',
      password: 'correct-horse-battery',
      key: 'MIIEpAIBAAKCAQEA7bq',
    }
    const recording = withAnswers(demoRecording(), {
      'csrutil status': {
        stdout: [
          'System Integrity Protection status: enabled.',
          `signed in as ${secrets.mail}, --password ${secrets.password}`,
          `HF_TOKEN=${secrets.token}`,
          `-----BEGIN RSA PRIVATE KEY-----\n${secrets.key}\n-----END RSA PRIVATE KEY-----`,
        ].join('\n'),
      },
    })
    const homeDir = makeHome()
    const outPath = join(homeDir, 'out.json')
    const path = writeRecording(homeDir, recording)
    const { exitCode } = await runCli(['record', '--recording', path, '--out', outPath], {
      homeDir,
    })
    expect(exitCode).toBe(0)
    const text = readFileSync(outPath, 'utf8')
    expect(text).toContain('System Integrity Protection status: enabled.')
    for (const secret of Object.values(secrets)) expect(text).not.toContain(secret)
  })

  it('records this machine', async () => {
    const homeDir = makeHome()
    const outPath = join(homeDir, 'out.json')
    expect((await runCli(['record', '--out', outPath], { homeDir })).exitCode).toBe(0)
    const { stdout, exitCode } = await runCli(['status', '--json', '--recording', outPath], {
      homeDir,
    })
    expect(exitCode).toBe(0)
    expect(JSON.parse(stdout).readings.memory.value.totalBytes).toBe(totalmem())
  })

  it('says where it cannot write, and leaves nothing behind', async () => {
    const homeDir = makeHome()
    const path = writeRecording(homeDir, demoRecording())
    for (const outPath of [join(homeDir, 'none/out.json'), homeDir]) {
      const { exitCode, stderr } = await runCli(['record', '--recording', path, '--out', outPath], {
        homeDir,
      })
      expect(exitCode).toBe(2)
      expectOneLine(stderr)
      expect(stderr).toContain('--out')
    }
    expect(readdirSync(homeDir)).toEqual(['recording.json'])
  })
})

describe('the host that is meant', () => {
  it('is unknown', async () => {
    const homeDir = makeHome()
    writeSettings(homeDir, JSON.stringify({ ...defaultSettings, hosts: [sshHost('known')] }))
    for (const command of ['status', 'check', 'models']) {
      const { exitCode, stdout, stderr } = await runCli([command, '--host', 'other'], { homeDir })
      expect(exitCode).toBe(2)
      expect(stdout).toBe('')
      expectOneLine(stderr)
      expect(stderr).toContain('other')
      expect(stderr).toContain('Host known')
    }
  })

  it('is asked for where none is configured', async () => {
    const { exitCode, stderr } = await runCli(['check', '--host', 'studio'], {
      homeDir: makeHome(),
      language: 'zh_CN.UTF-8',
    })
    expect(exitCode).toBe(2)
    expectOneLine(stderr)
    expect(stderr).toContain('没有名为“studio”的主机')
  })

  it('refuses the connection', async () => {
    const homeDir = makeHome()
    // port 1, tcpmux: nothing listens there
    const host = { ...sshHost('h'), name: 'Studio', target: '127.0.0.1', port: 1 }
    writeSettings(homeDir, JSON.stringify({ ...defaultSettings, hosts: [host] }))
    const { exitCode, stdout, stderr } = await runCli(['check', '--host', 'studio', '--json'], {
      homeDir,
    })
    expect(exitCode).toBe(2)
    expect(stdout).toBe('')
    expectOneLine(stderr)
    expect(stderr).toContain('Studio does not answer.')
    expect(stderr).not.toMatch(/error\.|\{\{/)
  })

  it('cannot be looked up in a settings file of zeros, which stays as it is', async () => {
    const homeDir = makeHome()
    const dir = writeSettings(homeDir, '\0'.repeat(200))
    const { exitCode, stderr } = await runCli(['check', '--host', 'studio'], { homeDir })
    expect(exitCode).toBe(2)
    expectOneLine(stderr)
    expect(stderr).toContain(join(dir, 'settings.json'))
    expect(readdirSync(dir)).toEqual(['settings.json'])
    expect(readFileSync(join(dir, 'settings.json'), 'utf8')).toBe('\0'.repeat(200))
  })

  it('is this machine by default, whatever the settings hold, and nothing is written', async () => {
    const homeDir = makeHome()
    const dir = writeSettings(homeDir, '\0')
    const { exitCode, stdout } = await runCli(['models', '--json'], { homeDir })
    expect(exitCode).toBe(0)
    expect(JSON.parse(stdout).host.kind).toBe('local')
    expect(readdirSync(dir)).toEqual(['settings.json'])
  })
})

describe('a recording that is none', () => {
  it.each([
    ['missing', null],
    ['empty', ''],
    ['zeros', '\0'.repeat(100)],
    ['cut', JSON.stringify({ format: 'studiolo-recording/1', host: {} }).slice(0, 30)],
    ['of another format', '{"format":"studiolo-recording/9"}'],
    ['JSON of something else', '[1,2,3]'],
    ['a megabyte of garbage', 'x'.repeat(1_000_000)],
  ])('ends with 2: %s', async (_name, text) => {
    const homeDir = makeHome()
    const path = text === null ? join(homeDir, 'missing.json') : writeRecording(homeDir, text)
    for (const language of ['en', 'zh-CN'] as const) {
      const { exitCode, stdout, stderr } = await runCliHere(['check', '--recording', path], {
        ...{ homeDir, language },
      })
      expect(exitCode).toBe(2)
      expect(stdout).toBe('')
      expectOneLine(stderr)
      expect(stderr).toContain(path)
      expect(stderr).not.toMatch(/cli\.|\{\{/)
      expect(stderr.length).toBeLessThan(600)
    }
  })
})

describe('wrong usage', () => {
  it.each([
    [[]],
    [['--json']],
    [['statuss']],
    [['status', 'check']],
    [['status', '--verbose']],
    [['status', '--host']],
    [['status', '--host', '']],
    [['status', '--host', 'a', '--recording', 'b']],
    [['status', '--out', 'file']],
    [['record']],
    [['status', '--json=yes']],
  ])('ends with 64: %j', async (args) => {
    for (const language of ['en', 'zh-CN'] as const) {
      const { exitCode, stdout, stderr } = await runCliHere(args, { homeDir: makeHome(), language })
      expect(exitCode).toBe(64)
      expect(stdout).toBe('')
      expectOneLine(stderr)
      expect(stderr).not.toMatch(/cli\.|\{\{/)
    }
  })

  it('ends the program so', async () => {
    const { exitCode, stdout, stderr } = await runCli(['statuss'], {
      homeDir: makeHome(),
      language: 'zh_CN.UTF-8',
    })
    expect({ exitCode, stdout }).toEqual({ exitCode: 64, stdout: '' })
    expect(stderr).toContain('没有“statuss”这个命令')
  })

  it('is helped', async () => {
    const homeDir = makeHome()
    const help = await runCli(['--help'], { homeDir })
    expect(help).toMatchObject({ exitCode: 0, stderr: '' })
    expect(help.stdout).toContain('record --out FILE')
    const version = await runCli(['--version'], { homeDir })
    expect(version.stdout).toMatch(/^\d+\.\d+\.\d+\n$/)
  })
})
