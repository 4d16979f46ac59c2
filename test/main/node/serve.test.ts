import { once } from 'node:events'
import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs'
import { type IncomingMessage, type OutgoingHttpHeaders, request } from 'node:http'
import { type NetworkInterfaceInfo, tmpdir } from 'node:os'
import { delimiter, join } from 'node:path'
import { PassThrough } from 'node:stream'
import { text } from 'node:stream/consumers'
import { fileURLToPath } from 'node:url'
import { createORPCClient } from '@orpc/client'
import { RPCLink } from '@orpc/client/websocket'
import { describe, expect, it, onTestFinished, vi } from 'vitest'
import { WebSocket } from 'ws'
import type { StudioloClient } from '../../../main/core/services.ts'
import { settingsPath } from '../../../main/core/settings.ts'
import { findRoot } from '../../../main/node/root.ts'
import { type Surroundings, serve } from '../../../main/node/serve.ts'
import {
  parseServeArgs,
  type ServeOptions,
  startFailure,
} from '../../../main/node/serve-options.ts'
import { loadWords } from '../../../main/node/words.ts'
import { FakeClock } from '../../support/fake-clock.ts'

const root = findRoot(import.meta.dirname)
const say = loadWords(root.resourcesDir)

interface Started {
  homeDir: string
  port: number
  lines: string[]
  /** Presses Enter. */
  enter(): void
  link(): string
  close(): Promise<void>
}

interface StartOptions extends Partial<ServeOptions>, Pick<Surroundings, 'clock' | 'interfaces'> {
  homeDir?: string
  env?: NodeJS.ProcessEnv
  settingsText?: string
}

function makeDir(): string {
  const dir = mkdtempSync(join(tmpdir(), 'studiolo-serve-'))
  onTestFinished(() => rmSync(dir, { recursive: true, force: true }))
  return dir
}

/** The browser host in this process, with an empty home and the demo Studio only. */
async function start({
  env = {},
  homeDir = makeDir(),
  settingsText,
  clock,
  interfaces,
  ...options
}: StartOptions = {}): Promise<Started> {
  const pageDir = join(homeDir, 'page')
  mkdirSync(pageDir, { recursive: true })
  writeFileSync(join(pageDir, 'index.html'), 'page')
  const place = { platform: process.platform, env, homeDir }
  if (settingsText !== undefined) {
    mkdirSync(join(settingsPath(place), '..'), { recursive: true })
    writeFileSync(settingsPath(place), settingsText)
  }
  const input = Object.assign(new PassThrough(), { isTTY: true })
  const lines: string[] = []
  const host = await serve(
    { port: 0, isOpened: false, isDemoOnly: true, ...options },
    {
      ...place,
      ...{ root: { ...root, pageDir }, say },
      terminal: { input, write: (line) => lines.push(line) },
      ...(clock && { clock }),
      ...(interfaces && { interfaces }),
    },
  )
  onTestFinished(() => host.close())
  const links = () => lines.flatMap((line) => /http:\S+/.exec(line)?.[0] ?? [])
  return {
    ...{ homeDir, lines, port: host.port },
    enter: () => input.write('\n'),
    link: () => links().at(-1) ?? '',
    close: () => host.close(),
  }
}

async function signIn(link: string): Promise<StudioloClient> {
  const { host, origin, hash } = new URL(link)
  const socket = new WebSocket(`ws://${host}/ws`, { origin })
  onTestFinished(() => socket.terminate())
  await once(socket, 'open')
  socket.send(JSON.stringify({ token: hash.replace('#token=', '') }))
  await once(socket, 'message')
  return createORPCClient(new RPCLink({ websocket: socket as never }))
}

/** Names any Host, which `fetch` would not. */
async function ask(
  port: number,
  path: string,
  headers: OutgoingHttpHeaders = {},
): Promise<{ status: number; body: string }> {
  const asked = request({ host: '127.0.0.1', port, path, headers }).end()
  const [response] = (await once(asked, 'response')) as [IncomingMessage]
  return { status: response.statusCode ?? 0, body: await text(response) }
}

/** A folder whose `xdg-open` and `open` write down how they were called. */
function fakeOpener(dir: string, exitCode = 0): string {
  const outPath = join(dir, 'opened')
  for (const name of ['xdg-open', 'open']) {
    writeFileSync(
      join(dir, name),
      `#!/bin/sh\nfor word in "$@"; do echo "$word"; done > '${outPath}.new'\nmv '${outPath}.new' '${outPath}'\nexit ${exitCode}\n`,
    )
    chmodSync(join(dir, name), 0o755)
  }
  return outPath
}

describe('the browser host', () => {
  it('prints one line with a link, and how to go on', async () => {
    const { lines, port } = await start()
    expect(lines).toHaveLength(2)
    expect(lines[0]).toMatch(
      new RegExp(`^Studiolo: http://127\\.0\\.0\\.1:${port}/#token=[\\w-]{43}$`),
    )
    expect(lines[1]).toContain('Enter')
  })

  it('serves the contract to a page that comes by the link', async () => {
    const { link, homeDir } = await start()
    const client = await signIn(link())
    const about = await client.app.about()
    expect(about).toMatchObject({ face: 'browser', version: root.version, electronVersion: null })
    expect(about.settingsPath.startsWith(homeDir)).toBe(true)
    expect(about.can).toEqual({
      startAtLogin: false,
      globalShortcut: false,
      menuBar: false,
      keychain: false,
    })
  })

  it('gives a fresh link on Enter', async () => {
    const started = await start()
    const first = started.link()
    started.enter()
    await vi.waitFor(() => expect(started.link()).not.toBe(first))
    await signIn(started.link())
    await signIn(first)
  })

  it('says that the settings were corrupt, and where they are now', async () => {
    const { link, homeDir } = await start({ settingsText: '\0'.repeat(64) })
    const client = await signIn(link())
    const { problem, path } = await client.settings.get()
    expect(problem?.code).toBe('settings-corrupt')
    expect(path.startsWith(homeDir)).toBe(true)
    const backupPath = String(problem?.message.params?.path)
    expect(readFileSync(backupPath, 'utf8')).toBe('\0'.repeat(64))
    for (const language of ['en', 'zh-CN'] as const) {
      const text = say(problem?.message ?? { key: '' }, language)
      expect(text).toContain(backupPath)
      expect(text).not.toMatch(/error\.|\{\{/)
    }
  })

  it('tells what it refuses why, in both languages', async () => {
    const { port } = await start()
    const elsewhere = { host: `evil.example:${port}` }
    const wrongHost = await ask(port, '/', elsewhere)
    expect(wrongHost.status).toBe(403)
    expect(wrongHost.body).toMatch(/^This address does not belong to Studiolo\. .+\n此地址不属于/)
    const upgrade = {
      ...{ connection: 'Upgrade', upgrade: 'websocket', 'sec-websocket-version': '13' },
      'sec-websocket-key': 'AAAAAAAAAAAAAAAAAAAAAA==',
    }
    const wrongOrigin = await ask(port, '/ws', { ...upgrade, origin: 'https://evil.example' })
    expect(wrongOrigin.status).toBe(403)
    expect(wrongOrigin.body).toMatch(/^Another page tried to talk to Studiolo .+\n另一个页面试图/)
    const nothing = await ask(port, '/none')
    expect(nothing.status).toBe(404)
    expect(nothing.body).toMatch(/^There is nothing at this address\. .+\n此地址没有内容/)
  })

  it('shares settings with a second start', async () => {
    const one = await start()
    const other = await start({ homeDir: one.homeDir })
    const [first, second] = [await signIn(one.link()), await signIn(other.link())]
    await first.settings.update({ theme: 'dark' })
    await vi.waitFor(
      async () => expect((await second.settings.get()).settings.theme).toBe('dark'),
      5000,
    )
  })

  it('keeps tokens out of its log', async () => {
    const { link, homeDir, close } = await start()
    const token = new URL(link()).hash.slice(7)
    await signIn(link())
    await close()
    const dir = join(
      homeDir,
      process.platform === 'darwin' ? 'Library/Logs/Studiolo' : '.local/state/studiolo/logs',
    )
    const text = readFileSync(join(dir, 'browser-host.log'), 'utf8')
    expect(text).toContain('serving')
    expect(text).not.toContain(token)
    expect(statSync(dir).mode & 0o777).toBe(0o700)
    expect(statSync(join(dir, 'browser-host.log')).mode & 0o777).toBe(0o600)
  })
})

// on macOS Tailscale's app has a fixed path
describe.skipIf(process.platform === 'darwin')('what happens to this machine', () => {
  /** A `tailscale` that writes a line each time it is asked; the core asks it anew when it is told of a change. */
  function fakeTailscale(): () => number {
    const dir = makeDir()
    const logPath = join(dir, 'asked')
    const status = '{ "BackendState": "Stopped" }'
    writeFileSync(
      join(dir, 'tailscale'),
      `#!/bin/sh\necho '${status}'\necho asked >> '${logPath}'\n`,
      { mode: 0o755 },
    )
    vi.stubEnv('PATH', `${dir}${delimiter}${process.env.PATH}`)
    onTestFinished(() => void vi.unstubAllEnvs())
    return () => (existsSync(logPath) ? readFileSync(logPath, 'utf8').split('\n').length - 1 : 0)
  }

  it('is told to the core: another network, or time that passed in sleep', async () => {
    const asked = fakeTailscale()
    const clock = new FakeClock()
    let network = { eth0: [{ address: '192.168.1.20' } as NetworkInterfaceInfo] }
    const { close } = await start({ isDemoOnly: false, clock, interfaces: () => network })
    await clock.advance(0)
    await vi.waitFor(() => expect(asked()).toBe(1))
    await clock.advance(10_000)
    expect(asked()).toBe(1)
    network = { eth0: [{ address: '10.0.0.5' } as NetworkInterfaceInfo] }
    await clock.advance(5_000)
    await vi.waitFor(() => expect(asked()).toBe(2))
    clock.sleep(20_001)
    await clock.advance(5_000)
    await vi.waitFor(() => expect(asked()).toBe(3))
    await close()
  })
})

// on macOS the system's own opener has a fixed path
describe.skipIf(process.platform === 'darwin')('opening the browser', () => {
  it('goes by a private file, so that no argument holds the token', async () => {
    const dir = makeDir()
    const outPath = fakeOpener(dir)
    const env = { DISPLAY: ':7', TMPDIR: dir, PATH: `${dir}${delimiter}${process.env.PATH}` }
    const { lines, link, close } = await start({ isOpened: true, env })
    await vi.waitFor(() => expect(existsSync(outPath)).toBe(true), 5000)
    const opened = readFileSync(outPath, 'utf8').trim()
    const path = fileURLToPath(opened)
    expect(statSync(path).mode & 0o777).toBe(0o600)
    expect(statSync(join(path, '..')).mode & 0o777).toBe(0o700)
    const target = /url=([^"]+)"/.exec(readFileSync(path, 'utf8'))?.[1] ?? ''
    expect(opened).not.toContain('token')
    // both links work: the printed one and the opened one
    expect(target).not.toBe(link())
    await signIn(target)
    await signIn(link())
    await close()
    expect(existsSync(join(path, '..'))).toBe(false)
    expect(lines).toHaveLength(2)
  })

  it('says when nothing opens it', async () => {
    const dir = makeDir()
    fakeOpener(dir, 3)
    const env = { DISPLAY: ':7', TMPDIR: dir, PATH: `${dir}${delimiter}${process.env.PATH}` }
    const { lines } = await start({ isOpened: true, env })
    await vi.waitFor(() => expect(lines.at(-1)).toContain('No browser could be opened'), 5000)
  })

  it('says so, and goes on, where no file can be written for it', async () => {
    const dir = makeDir()
    const outPath = fakeOpener(dir)
    const env = { DISPLAY: ':7', TMPDIR: join(dir, 'gone'), PATH: dir }
    const { lines, link } = await start({ isOpened: true, env })
    await vi.waitFor(() => expect(lines.at(-1)).toContain('No browser could be opened'), 5000)
    expect(existsSync(outPath)).toBe(false)
    await signIn(link())
  })

  it('is not tried without a screen', async () => {
    const dir = makeDir()
    const outPath = fakeOpener(dir)
    const { close } = await start({ isOpened: true, env: { TMPDIR: dir, PATH: dir } })
    await close()
    expect(existsSync(outPath)).toBe(false)
    expect(readdirSync(dir).toSorted()).toEqual(['open', 'xdg-open'])
  })
})

describe('what cannot be', () => {
  it('is said in both languages: a port in use', async () => {
    const { port } = await start()
    const error: unknown = await start({ port }).catch((reason: unknown) => reason)
    const message = startFailure(error, port)
    expect(say(message, 'en')).toMatch(
      new RegExp(`^Port ${port} is in use by another program\\. .+--port`),
    )
    expect(say(message, 'zh-CN')).toContain(`端口 ${port} 已被其他程序占用`)
  })

  it.each([
    [['--port', 'x'], 'serve.wrong-port'],
    [['--port', '0'], 'serve.wrong-port'],
    [['--port', '70000'], 'serve.wrong-port'],
    [['--port'], 'serve.wrong-usage'],
    [['--remote'], 'serve.wrong-usage'],
    [['word'], 'serve.wrong-usage'],
  ])('is refused: %j', (args, key) => {
    const parsed = parseServeArgs(args)
    expect(parsed).toMatchObject({ kind: 'wrong', message: { key } })
    if (parsed.kind !== 'wrong') return
    for (const language of ['en', 'zh-CN'] as const) {
      expect(say(parsed.message, language)).not.toMatch(/serve\.|\{\{/)
    }
  })

  it('takes what the README says', () => {
    expect(parseServeArgs(['--port', '8123', '--no-open', '--demo'])).toEqual({
      kind: 'run',
      options: { port: 8123, isOpened: false, isDemoOnly: true },
    })
    expect(parseServeArgs([])).toEqual({
      kind: 'run',
      options: { port: 0, isOpened: true, isDemoOnly: false },
    })
  })
})
