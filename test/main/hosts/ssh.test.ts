import { spawnSync } from 'node:child_process'
import { existsSync, readFileSync, renameSync, writeFileSync } from 'node:fs'
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import type { Host } from '../../../main/hosts/host.ts'
import { isRunning } from '../../support/processes.ts'
import { carriers, createSshHome, type SshHome } from '../../support/ssh-home.ts'
import { hasSshd, startSshd, type TestSshd } from '../../support/sshd.ts'
import { startTcpProxy } from '../../support/tcp-proxy.ts'
import { until } from '../../support/until.ts'

let home: SshHome
afterEach(() => home[Symbol.dispose]())

/** Starts a program that would run for minutes; `pid` waits until it runs. */
function hang(host: Host, options: { timeoutMs?: number; signal?: AbortSignal } = {}) {
  const path = join(home.dir, `pid-${Math.random().toString(36).slice(2)}`)
  const script = `echo $$ >${path}.new; mv ${path}.new ${path}; exec sleep 300`
  const answer = host.run(['sh', '-c', script], { timeoutMs: 60_000, ...options })
  answer.catch(() => undefined)
  const pid = () => until(() => (existsSync(path) ? Number(readFileSync(path, 'utf8')) : null))
  return { answer, pid }
}

/** Of all processes here, those whose command line contains this. */
function processesWith(text: string): string[] {
  const { stdout } = spawnSync('ps', ['-A', '-ww', '-o', 'args='], { encoding: 'utf8' })
  return stdout.split('\n').filter((line) => line.includes(text) && !line.startsWith('ps '))
}

describe.skipIf(!hasSshd).each(carriers)(
  'commands over a real sshd, with $carrier',
  ({ isAlwaysOpenSsh }) => {
    beforeEach(() => {
      home = createSshHome({ isAlwaysOpenSsh })
    })
    let sshd: TestSshd & AsyncDisposable
    beforeAll(async () => {
      sshd = await startSshd()
    })
    afterAll(() => sshd[Symbol.asyncDispose]())

    test('forty at once, and one that fails among them', async () => {
      const host = home.host({ sshd })
      const outputs = await Promise.all(
        Array.from({ length: 40 }, (_, i) =>
          host.run(i === 20 ? ['no-such-program'] : ['echo', String(i)]),
        ),
      )
      expect(outputs.map(({ stdout }) => stdout.trim())).toEqual(
        Array.from({ length: 40 }, (_, i) => (i === 20 ? '' : String(i))),
      )
      expect(sshd.log()).not.toContain('no more sessions')
    })

    test('one that waits in line can be cancelled, and the others go on', async () => {
      const host = home.host({ sshd })
      const hanging = Array.from({ length: 5 }, () => hang(host))
      await Promise.all(hanging.map(({ pid }) => pid()))
      const abort = new AbortController()
      const waiting = host.run(['echo', 'cancelled'], { signal: abort.signal })
      const next = host.run(['echo', 'next'])
      await expect(host.run(['true'], { timeoutMs: 100 })).rejects.toMatchObject({
        kind: 'timeout',
      })
      abort.abort()
      await expect(waiting).rejects.toMatchObject({ kind: 'cancelled' })
      // a freed place goes to the one who waits
      process.kill(await (hanging[0] as (typeof hanging)[0]).pid())
      expect((await next).stdout).toBe('next\n')
    })

    test('a program that does not care for TERM is ended all the same', async () => {
      const host = home.host({ sshd })
      const path = join(home.dir, 'stubborn')
      const script = `trap '' TERM; echo $$ >${path}.new; mv ${path}.new ${path}; while :; do sleep 1; done`
      await expect(host.run(['sh', '-c', script], { timeoutMs: 4000 })).rejects.toMatchObject({
        kind: 'timeout',
      })
      const pid = Number(await until(() => existsSync(path) && readFileSync(path, 'utf8')))
      await until(() => !isRunning(pid))
      expect((await host.run(['echo', 'next'])).stdout).toBe('next\n')
    })

    test.each(['cancelled', 'closed'] as const)(
      'a program that is not heard of yet is ended all the same: %s',
      async (how) => {
        const gate = join(home.dir, 'gate')
        const command = join(home.dir, 'gated')
        const run = 'sh -c "$SSH_ORIGINAL_COMMAND"'
        const held = `${run} | { read -r _ <${gate}; cat; }`
        const script = `#!/bin/sh\nif [ -p ${gate} ]; then ${held}; else exec ${run}; fi\n`
        writeFileSync(command, script, { mode: 0o755 })
        await using gated = await startSshd({ config: [`ForceCommand ${command}`] })
        const host = home.host({ sshd: gated })
        await host.run(['true'])
        spawnSync('mkfifo', [gate])
        const abort = new AbortController()
        const { answer, pid } = hang(host, { signal: abort.signal })
        const running = await pid()
        const ended = how === 'closed' ? host.close() : abort.abort()
        await expect(answer).rejects.toMatchObject({ kind: 'cancelled' })
        expect(isRunning(running)).toBe(true)
        renameSync(gate, `${gate}-opened`)
        await writeFile(`${gate}-opened`, 'go\n')
        await ended
        await until(() => !isRunning(running))
      },
    )

    test('what a program has started ends with it', async () => {
      const host = home.host({ sshd })
      const path = join(home.dir, 'child')
      const script = `sleep 300 & echo $! >${path}.new; mv ${path}.new ${path}; wait`
      const abort = new AbortController()
      const answer = host.run(['sh', '-c', script], { signal: abort.signal })
      answer.catch(() => undefined)
      const pid = Number(await until(() => existsSync(path) && readFileSync(path, 'utf8')))
      abort.abort()
      await expect(answer).rejects.toMatchObject({ kind: 'cancelled' })
      await until(() => !isRunning(pid))
    })

    test('a program that leaves a child behind with its output has answered', async () => {
      const host = home.host({ sshd })
      const path = join(home.dir, 'left')
      const script = `sleep 300 & echo $! >${path}; echo done`
      const output = await host.run(['sh', '-c', script])
      expect(output).toMatchObject({ stdout: 'done\n', exitCode: 0 })
      process.kill(Number(readFileSync(path, 'utf8')))
    })

    test('a program that ends by a signal counts as a shell would', async () => {
      const host = home.host({ sshd })
      expect((await host.run(['sh', '-c', 'kill -9 $$'])).exitCode).toBe(128 + 9)
    })

    test('more output than anybody wants is cut, and its program ended', async () => {
      const host = home.host({ sshd })
      const output = await host.run(['sh', '-c', 'exec yes studiolo-endless'], {
        timeoutMs: 60_000,
      })
      expect(output.stdout.length).toBe(8_000_000)
      expect(output).toMatchObject({ exitCode: 143, stderr: expect.stringMatching(/more than/) })
      await until(() => processesWith('yes studiolo-endless').length === 0)
    })

    test('one program on the far side for each, and no shell above it', async () => {
      const host = home.host({ sshd })
      const { pid } = hang(host)
      const { stdout } = spawnSync('ps', ['-o', 'ppid=', '-p', String(await pid())], {
        encoding: 'utf8',
      })
      const parent = spawnSync('ps', ['-o', 'args=', '-p', stdout.trim()], { encoding: 'utf8' })
      expect(parent.stdout).toMatch(/^sshd: /)
    })

    test('a gauge is one shell there, however often it is asked, and none after close', async () => {
      const host = home.host({ sshd })
      const mark = `studiolo-gauge-${process.pid}`
      const ticker = await host.ticks([{ label: 'a', argv: ['echo', mark], everyMs: 0 }])
      for (let i = 0; i < 10; i++)
        expect((await ticker.ask()).outputs.get('a')?.stdout).toContain(mark)
      expect(processesWith(mark).length).toBe(1)
      ticker.close()
      await until(() => processesWith(mark).length === 0)
    })

    test('a gauge with a command that hangs is ended too', async () => {
      const host = home.host({ sshd })
      const path = join(home.dir, 'pid')
      const argv = ['sh', '-c', `echo $$ >${path}; exec sleep 300`] as const
      const ticker = await host.ticks([{ label: 'hangs', argv: [...argv], everyMs: 0 }])
      await expect(ticker.ask({ timeoutMs: 1000 })).rejects.toMatchObject({ kind: 'timeout' })
      const pid = Number(readFileSync(path, 'utf8'))
      ticker.close()
      await until(() => !isRunning(pid))
    })

    test('release says goodbye; the next call connects again', async () => {
      const host = home.host({ sshd })
      await host.run(['true'])
      expect(sshd.sessions().length).toBeGreaterThan(0)
      host.release()
      expect(host.link()).toMatchObject({ state: 'idle', problem: null })
      await until(() => sshd.sessions().length === 0)
      expect((await host.run(['echo', 'again'])).stdout).toBe('again\n')
    })

    test('many calls at the start make one connection', async () => {
      await using proxy = await startTcpProxy(sshd.port)
      home.write('known_hosts', `[127.0.0.1]:${proxy.port} ${sshd.hostKey('ed25519')}\n`)
      const host = home.host({ sshd, config: { port: proxy.port } })
      await Promise.all([host.identify(), host.run(['true']), host.run(['true']), host.identify()])
      expect(proxy.accepted).toBe(1)
    })

    test('a server with room for two sessions only', async () => {
      await using small = await startSshd({ config: ['MaxSessions 2'] })
      const host = home.host({ sshd: small })
      const numbers = Array.from({ length: 12 }, (_, i) => String(i))
      const outputs = await Promise.all(numbers.map((number) => host.run(['echo', number])))
      expect(outputs.map(({ stdout }) => stdout.trim())).toEqual(numbers)
    })

    test('a server that lets nobody run a command', async () => {
      await using closed = await startSshd({ config: ['ForceCommand echo not for you; exit 1'] })
      const host = home.host({ sshd: closed })
      await expect(host.identify()).rejects.toMatchObject({
        info: { code: 'not-permitted', detail: expect.stringContaining('not for you') },
      })
      expect(host.link().steps.at(-1)).toMatchObject({ id: 'first-answer', state: 'failed' })
    })

    test('a server that forwards no ports', async () => {
      await using closed = await startSshd({ config: ['AllowTcpForwarding no'] })
      const host = home.host({ sshd: closed })
      await expect(host.connect({ port: 9 })).rejects.toMatchObject({
        info: { code: 'not-permitted' },
      })
    })
  },
)

describe.skipIf(!hasSshd).each(carriers)(
  'start files that print, with $carrier',
  ({ isAlwaysOpenSsh }) => {
    beforeEach(() => {
      home = createSshHome({ isAlwaysOpenSsh })
    })
    test.each([
      ['a line', 'echo "Welcome to the studio"; echo oops >&2'],
      ['no line end', 'printf "no newline"; printf "no newline" >&2'],
      ['a megabyte', 'head -c 1000000 /dev/urandom | base64'],
      ['bytes that are no text', 'head -c 5000 /dev/urandom'],
    ])('%s', async (_name, noise) => {
      await using sshd = await startSshd()
      // bash and zsh, whichever the account has
      for (const file of ['.bashrc', '.zshenv'])
        writeFileSync(join(sshd.homeDir, file), `${noise}\n`)
      const host = home.host({ sshd })
      expect(await host.run(['sh', '-c', 'echo out; echo err >&2'])).toMatchObject({
        ...{ stdout: 'out\n', stderr: 'err\n', exitCode: 0 },
      })
      const ticker = await host.ticks([{ label: 'a', argv: ['echo', 'tick'], everyMs: 0 }])
      expect((await ticker.ask()).outputs.get('a')).toMatchObject({ stdout: 'tick\n', stderr: '' })
      const path = join(home.dir, 'put')
      await host.put(path, Buffer.from('x'))
      expect(Buffer.from((await host.read(path)) ?? []).toString()).toBe('x')
    })
  },
)
