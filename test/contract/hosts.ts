import { randomBytes } from 'node:crypto'
import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { createServer as createHttpServer } from 'node:http'
import { type AddressInfo, createServer, type Server } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { type Argv, type Host, HostError, type Tick } from '../../main/hosts/host.ts'
import { hostFetch } from '../../main/hosts/http.ts'
import { isRunning } from '../support/processes.ts'
import { until } from '../support/until.ts'

/** A command that the Host answers in the same way each time. */
export interface KnownCommand {
  argv: Argv
  stdout: string
}

/** What every Host keeps to, one that only replays included. */
export function everyHostSuite(
  name: string,
  makeHost: () => Host | Promise<Host>,
  { argv, stdout }: KnownCommand,
): void {
  let host: Host

  beforeEach(async () => {
    host = await makeHost()
  })

  afterEach(() => host.close())

  describe(`${name}: as every Host`, () => {
    test('says who answers, the same each time', async () => {
      const identity = await host.identify()
      expect(identity.platform).toMatch(/^(darwin|linux)$/)
      expect(identity.account).toMatch(/^\S+$/)
      expect(identity.userId).toBeGreaterThanOrEqual(0)
      expect(await host.identify()).toEqual(identity)
    })

    test('answers commands, many at once', async () => {
      const outputs = await Promise.all(Array.from({ length: 10 }, () => host.run(argv)))
      for (const output of outputs) {
        expect(output).toMatchObject({ stdout, exitCode: 0 })
        expect(output.isMissing ?? output.isNotRecorded ?? false).toBe(false)
        expect(output.durationMs).toBeGreaterThanOrEqual(0)
      }
    })

    test('answers the same commands as ticks', async () => {
      const ticker = await host.ticks([
        { label: 'often', argv, everyMs: 0 },
        { label: 'rarely', argv, everyMs: 3_600_000 },
      ])
      const ask = async (labels?: string[]) =>
        [...(await ticker.ask(labels && { labels })).outputs].map(([label, output]) => [
          label,
          output.stdout,
        ])
      expect(await ask(['often'])).toEqual([['often', stdout]])
      expect(await ask()).toEqual([
        ['often', stdout],
        ['rarely', stdout],
      ])
      expect(await Promise.all([ask(), ask()])).toEqual([[['often', stdout]], [['often', stdout]]])
      ticker.close()
      ticker.close()
      await expect(ticker.ask()).rejects.toBeInstanceOf(HostError)
    })

    test('refuses two ticks of one label', async () => {
      const list = [
        { label: 'same', argv, everyMs: 0 },
        { label: 'same', argv, everyMs: 0 },
      ]
      await expect(host.ticks(list)).rejects.toThrow()
    })

    test('what was cancelled before does not begin', async () => {
      const signal = AbortSignal.abort()
      const cancelled = { kind: 'cancelled', info: { code: 'cancelled' } }
      await expect(host.run(argv, { signal })).rejects.toMatchObject(cancelled)
      await expect(host.ticks([], { signal })).rejects.toMatchObject(cancelled)
      await expect(host.connect({ port: 9 }, { signal })).rejects.toMatchObject(cancelled)
    })

    test('is connected once it has answered, and tells its time', async () => {
      const stop = host.onLink(() => undefined)
      await host.run(argv)
      expect(host.link()).toMatchObject({ state: 'connected', problem: null, question: null })
      expect(host.now()).toBeGreaterThan(Date.UTC(2020, 0))
      stop()
    })

    test('goes on after release and reconnect, and ignores an answer that nobody asked for', async () => {
      await host.run(argv)
      host.release()
      expect((await host.run(argv)).stdout).toBe(stdout)
      host.reconnect()
      host.answer({ kind: 'secret', secret: null, isRemembered: false })
      expect((await host.run(argv)).stdout).toBe(stdout)
    })

    test('nothing answers after close, and closing twice is no error', async () => {
      const ticker = await host.ticks([{ label: 'a', argv, everyMs: 0 }])
      await ticker.ask()
      await host.close()
      await host.close()
      await expect(host.run(argv)).rejects.toBeInstanceOf(HostError)
      await expect(ticker.ask()).rejects.toBeInstanceOf(HostError)
      await expect(host.ticks([])).rejects.toBeInstanceOf(HostError)
      await expect(host.connect({ port: 9 })).rejects.toBeInstanceOf(HostError)
    })
  })
}

/**
 * What every Host that runs real programs keeps to, beside {@link everyHostSuite}. The programs run on this machine (over SSH: to this machine), so the suite
 * can look at what they left.
 */
export function hostSuite(name: string, makeHost: () => Host | Promise<Host>): void {
  everyHostSuite(name, makeHost, {
    argv: ['printf', '%s', 'hello  $HOME\n'],
    stdout: 'hello  $HOME\n',
  })

  let host: Host
  let dir: string
  let servers: Server[]

  beforeEach(async () => {
    host = await makeHost()
    dir = mkdtempSync(join(tmpdir(), 'studiolo-host-'))
    servers = []
  })

  afterEach(async () => {
    await host.close()
    for (const server of servers) server.close()
    rmSync(dir, { recursive: true, force: true })
  })

  async function listen(server: Server): Promise<number> {
    servers.push(server)
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
    return (server.address() as AddressInfo).port
  }

  /** Starts a program that would run for minutes; resolves with its process id once it runs. */
  function hang(options: { timeoutMs?: number; signal?: AbortSignal }) {
    const path = join(dir, `pid-${randomBytes(4).toString('hex')}`)
    const script = `echo $$ >"${path}.new"; mv "${path}.new" "${path}"; exec sleep 300`
    const answer = host.run(['sh', '-c', script], options)
    answer.catch(() => undefined)
    return { answer, pid: async () => Number(await until(() => textOf(path))) }
  }

  function sh(label: string, script: string, more: Partial<Tick> = {}): Tick {
    return { label, argv: ['sh', '-c', script], everyMs: 0, ...more }
  }

  describe(`${name}: run`, () => {
    test('answers stdout, stderr and any exit code', async () => {
      for (const code of [0, 1, 3, 113]) {
        const script = `printf out; printf err >&2; exit ${code}`
        const output = await host.run(['sh', '-c', script])
        expect(output).toMatchObject({ stdout: 'out', stderr: 'err', exitCode: code })
        expect(output.isMissing ?? false).toBe(false)
        expect(output.durationMs).toBeGreaterThanOrEqual(0)
      }
    })

    test('a program that is not there is an answer', async () => {
      for (const program of ['no-such-program', '/no/such/program']) {
        expect(await host.run([program, 'x'])).toMatchObject({ exitCode: 127, isMissing: true })
      }
    })

    test('words arrive as they are', async () => {
      const words = [
        "it's",
        '"',
        '$HOME',
        '$(id)',
        '`id`',
        'a\nb\n',
        '\\',
        '!',
        '*',
        '',
        '模型',
        '-n',
        '~',
      ]
      const output = await host.run(['printf', '%s|', ...words])
      expect(output.stdout).toBe(words.map((word) => `${word}|`).join(''))
    })

    test('stdin is given and closed, whatever its bytes', async () => {
      const bytes = randomBytes(200_000)
      const output = await host.run(['od', '-An', '-v', '-tx1'], { stdin: bytes })
      expect(output.stdout.replaceAll(/\s/g, '')).toBe(bytes.toString('hex'))
      expect((await host.run(['cat'])).stdout).toBe('')
    })

    test('a program that does not read its input still answers', async () => {
      const output = await host.run(['echo', 'done'], { stdin: randomBytes(300_000) })
      expect(output).toMatchObject({ stdout: 'done\n', exitCode: 0 })
    })

    test('text is whole, wherever the pieces were cut', async () => {
      const script = 'i=0; while [ $i -lt 3000 ]; do printf 模型内存🧠; i=$((i+1)); done'
      const { stdout } = await host.run(['sh', '-c', script])
      expect(stdout).toBe('模型内存🧠'.repeat(3000))
    })

    test('a megabyte of garbage is an answer, and the next one is whole', async () => {
      const garbage = await host.run(['head', '-c', '1000000', '/dev/urandom'])
      expect(garbage.exitCode).toBe(0)
      expect(garbage.stdout.length).toBeGreaterThan(300_000)
      expect((await host.run(['echo', 'next'])).stdout).toBe('next\n')
    })

    test('labels are in English, and the PATH is extended at its end', async () => {
      const { stdout } = await host.run(['sh', '-c', 'echo "$LC_ALL|$TERM"; echo "$PATH"'])
      const [variables, path] = stdout.split('\n')
      expect(variables).toBe('C|dumb')
      const dirs = path?.split(':') ?? []
      expect(dirs.indexOf('/opt/homebrew/bin')).toBeGreaterThan(dirs.indexOf('/usr/bin'))
    })

    test('forty at once all answer, each its own', async () => {
      const numbers = Array.from({ length: 40 }, (_, i) => String(i))
      const outputs = await Promise.all(numbers.map((number) => host.run(['echo', number])))
      expect(outputs.map(({ stdout }) => stdout.trim())).toEqual(numbers)
    })

    test('the time-out ends the wait and the program', async () => {
      const { answer, pid } = hang({ timeoutMs: 4000 })
      const running = await pid()
      await expect(answer).rejects.toMatchObject({ kind: 'timeout', info: { code: 'timeout' } })
      await until(() => !isRunning(running))
    })

    test('cancelling ends the wait and the program', async () => {
      const abort = new AbortController()
      const { answer, pid } = hang({ signal: abort.signal })
      const running = await pid()
      abort.abort()
      await expect(answer).rejects.toMatchObject({ kind: 'cancelled' })
      await until(() => !isRunning(running))
      await expect(host.run(['echo'], { signal: abort.signal })).rejects.toMatchObject({
        kind: 'cancelled',
      })
    })
  })

  describe(`${name}: identity and link`, () => {
    test('says who answers', async () => {
      const identity = await host.identify()
      const id = async (flag: string) => (await host.run(['id', flag])).stdout.trim()
      expect(identity.platform).toMatch(/^(darwin|linux)$/)
      expect(identity.account).toBe(await id('-un'))
      expect(String(identity.userId)).toBe(await id('-u'))
      expect(identity.groups).toEqual((await id('-Gn')).split(' '))
      expect(identity.hostName).not.toBe('')
      expect(await host.identify()).toEqual(identity)
    })

    test('close ends what is open, and nothing runs after it', async () => {
      const { answer, pid } = hang({})
      const running = await pid()
      await host.close()
      await expect(answer).rejects.toBeInstanceOf(HostError)
      await until(() => !isRunning(running))
      await expect(host.run(['true'])).rejects.toBeInstanceOf(HostError)
    })
  })

  describe(`${name}: ticks`, () => {
    test('answer again and again', async () => {
      const path = join(dir, 'file')
      writeFileSync(path, 'one\n')
      const ticker = await host.ticks([
        { label: 'file', argv: ['cat', path], everyMs: 0 },
        { label: 'none', argv: ['cat', join(dir, 'none')], everyMs: 0 },
        sh('both', 'printf out; printf err >&2; exit 3'),
        { label: 'missing', argv: ['no-such-program'], everyMs: 0 },
        { label: 'words', argv: ['printf', '%s|', "it's", '$HOME', 'a\nb', '!'], everyMs: 0 },
        { label: 'variables', argv: ['sh', '-c', 'echo "$LC_ALL"'], everyMs: 0 },
        sh('garbage', 'head -c 500000 /dev/urandom'),
      ])
      for (const text of ['one\n', 'two\n']) {
        writeFileSync(path, text)
        const { outputs, roundTripMs } = await ticker.ask()
        expect(outputs.get('file')).toMatchObject({ stdout: text, stderr: '', exitCode: 0 })
        expect(outputs.get('none')).toMatchObject({ stdout: '', exitCode: 1 })
        expect(outputs.get('none')?.stderr).toMatch(/no such file/i)
        expect(outputs.get('both')).toMatchObject({ stdout: 'out', stderr: 'err', exitCode: 3 })
        expect(outputs.get('missing')).toMatchObject({ exitCode: 127, isMissing: true })
        expect(outputs.get('words')?.stdout).toBe("it's|$HOME|a\nb|!|")
        expect(outputs.get('variables')?.stdout).toBe('C\n')
        expect(outputs.get('garbage')?.stdout.length).toBeGreaterThan(100_000)
        expect(roundTripMs).toBeGreaterThan(0)
      }
      ticker.close()
    })

    test('a slow command does not hold the others up; its answer comes with a later tick', async () => {
      const gate = join(dir, 'gate')
      const ticker = await host.ticks([
        sh('slow', `until [ -e "${gate}" ]; do sleep 0.02; done; printf slow; exit 5`, {
          isSlow: true,
        }),
        sh('quick', 'echo quick'),
      ])
      expect([...(await ticker.ask()).outputs.keys()]).toEqual(['quick'])
      expect([...(await ticker.ask()).outputs.keys()]).toEqual(['quick'])
      writeFileSync(gate, '')
      const slow = await until(async () => (await ticker.ask()).outputs.get('slow'))
      expect(slow).toMatchObject({ stdout: 'slow', exitCode: 5 })
      ticker.close()
    })

    test('time-out, cancel and close end an ask', async () => {
      const hanging = [sh('hangs', 'exec sleep 5')]
      const ticker = await host.ticks(hanging)
      await expect(ticker.ask({ timeoutMs: 100 })).rejects.toMatchObject({ kind: 'timeout' })
      const abort = new AbortController()
      const cancelled = ticker.ask({ signal: abort.signal })
      abort.abort()
      await expect(cancelled).rejects.toMatchObject({ kind: 'cancelled' })
      const other = await host.ticks(hanging)
      const closed = other.ask()
      closed.catch(() => undefined)
      other.close()
      ticker.close()
      await expect(closed).rejects.toBeInstanceOf(HostError)
      await expect(ticker.ask()).rejects.toBeInstanceOf(HostError)
    })
  })

  describe(`${name}: connect`, () => {
    test('carries bytes both ways, and the end of them', async () => {
      const port = await listen(
        createServer({ allowHalfOpen: true }, (socket) => socket.pipe(socket)),
      )
      const stream = await host.connect({ port })
      const sent = randomBytes(300_000)
      const received: Buffer[] = []
      stream.on('data', (chunk) => received.push(chunk))
      const ended = new Promise((resolve) => stream.once('end', resolve))
      stream.end(sent)
      await ended
      expect(Buffer.concat(received).equals(sent)).toBe(true)
    })

    test('carries HTTP, many requests at once', async () => {
      const port = await listen(
        createHttpServer((incoming, outgoing) => outgoing.end(`you asked ${incoming.url}`)),
      )
      const fetchThere = hostFetch(host, port)
      const paths = Array.from({ length: 12 }, (_, i) => `/${i}`)
      const texts = await Promise.all(paths.map(async (path) => (await fetchThere(path)).text()))
      expect(texts).toEqual(paths.map((path) => `you asked ${path}`))
    })

    test('a port where nobody listens is refused', async () => {
      const server = createServer()
      const port = await listen(server)
      await new Promise((resolve) => server.close(resolve))
      await expect(host.connect({ port })).rejects.toMatchObject({
        kind: 'unreachable',
        info: { code: 'refused', message: { params: { port } } },
      })
    })
  })

  describe(`${name}: files`, () => {
    test('what is put is read, byte for byte, and only the account may read it', async () => {
      const bytes = randomBytes(100_000)
      for (const fileName of ['plain', 'it\'s $HOME `id` "x"', '-n', '模型']) {
        const path = join(dir, fileName)
        await host.put(path, bytes)
        expect(readFileSync(path).equals(bytes)).toBe(true)
        expect(statSync(path).mode & 0o777).toBe(0o600)
        expect(Buffer.from((await host.read(path)) ?? []).equals(bytes)).toBe(true)
      }
    })

    test('putting replaces the whole file, with the wanted mode, and leaves nothing beside it', async () => {
      const path = join(dir, 'file')
      writeFileSync(path, 'a longer text than the new one')
      await host.put(path, Buffer.from('new'), { mode: 0o755 })
      expect(readFileSync(path, 'utf8')).toBe('new')
      expect(statSync(path).mode & 0o777).toBe(0o755)
      expect(readdirSync(dir)).toEqual(['file'])
      await host.put(path, new Uint8Array())
      expect((await host.read(path))?.length).toBe(0)
    })

    test('a file that is not there is null; one that is too large, or a folder, is refused', async () => {
      expect(await host.read(join(dir, 'none'))).toBeNull()
      expect(await host.read('~/.studiolo-no-such-file')).toBeNull()
      const path = join(dir, 'large')
      writeFileSync(path, Buffer.alloc(2000))
      expect((await host.read(path, { maxBytes: 2000 }))?.length).toBe(2000)
      await expect(host.read(path, { maxBytes: 1999 })).rejects.toThrow()
      await expect(host.read(dir)).rejects.toThrow()
    })

    test('putting where there is no folder is refused', async () => {
      await expect(host.put(join(dir, 'none', 'file'), Buffer.from('x'))).rejects.toThrow()
      expect(readdirSync(dir)).toEqual([])
    })
  })
}

function textOf(path: string): string | null {
  try {
    return readFileSync(path, 'utf8')
  } catch {
    return null
  }
}
