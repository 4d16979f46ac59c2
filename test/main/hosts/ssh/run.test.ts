import { Duplex, PassThrough } from 'node:stream'
import { describe, expect, test } from 'vitest'
import type { ChannelPlace } from '../../../../main/hosts/ssh/channel.ts'
import { endAll } from '../../../../main/hosts/ssh/end-sessions.ts'
import { runSession } from '../../../../main/hosts/ssh/run.ts'
import { Slots } from '../../../../main/hosts/ssh/slots.ts'
import type { RemoteChannel, RemoteExit } from '../../../../main/hosts/ssh/transport.ts'
import { FakeClock } from '../../../support/fake-clock.ts'
import { until } from '../../../support/until.ts'

/** The far side of the first command, once `opened`; what it says is heard when `say` has resolved. */
function farSide({ opened = Promise.resolve() }: { opened?: Promise<void> } = {}) {
  const stdout = new PassThrough({ highWaterMark: 10_000_000 })
  const stderr = new PassThrough({ highWaterMark: 10_000_000 })
  const stream = Duplex.from({ readable: stdout, writable: new PassThrough() })
  stream.on('error', () => undefined)
  const lines: string[] = []
  let exit: RemoteExit | null = null
  let onExit = (_: RemoteExit) => {}
  let isClosed = false
  const channel: RemoteChannel = {
    ...{ stream, stderr },
    get exit() {
      return exit
    },
    onExit(listener) {
      onExit = listener
    },
    close() {
      isClosed = true
      stream.destroy()
    },
  }
  const place: ChannelPlace = {
    transport: {
      async openSession(line) {
        lines.push(line)
        if (lines.length > 1) return ended()
        await opened
        return channel
      },
      forward: () => Promise.reject(new Error('not asked')),
      isAnswering: async () => true,
      ...{ onClose: () => undefined, end: () => undefined, destroy: () => undefined },
    },
    ...{ slots: new Slots(5), clock: new FakeClock(), sessions: new Set(), openings: new Set() },
    to: { account: 'ana', address: 'studio', port: 22 },
  }
  const aborting = new AbortController()
  const output = runSession(place, 'true', { maxBytes: 1000, signal: aborting.signal })
  output.catch(() => undefined)
  return {
    ...{ channel, output, abort: () => aborting.abort() },
    /** By closing its channel, or by one more command that ends it. */
    isEnded: () => isClosed || lines.length > 1,
    isClosed: () => isClosed,
    /** The commands that came after the first. */
    later: () => lines.slice(1),
    endAll: () => endAll(place),
    async mark() {
      await until(() => lines[0])
      return `\n${/[0-9a-f]{24}/.exec(lines[0] ?? '')?.[0]} `
    },
    async say(to: 'stdout' | 'stderr', ...texts: string[]) {
      const pipe = to === 'stdout' ? stdout : stderr
      for (const text of texts) {
        pipe.write(text)
        await new Promise((resolve) => setImmediate(resolve))
      }
    },
    end() {
      exit = { code: 0 }
      onExit(exit)
      stdout.end()
      stderr.end()
    },
  }
}

/** A command that has run, and printed nothing. */
function ended(): RemoteChannel {
  const stream = new PassThrough().end()
  const exit = { code: 0 }
  return {
    ...{ stream, stderr: new PassThrough().end(), exit },
    ...{ onExit: () => undefined, close: () => undefined },
  }
}

const tooMuch = {
  kind: 'unreachable',
  info: {
    code: 'unrecognised',
    message: { key: 'error.login-noise', params: { account: 'ana', address: 'studio' } },
  },
}

describe('what stands before the mark of a command', () => {
  test.each([
    ['nothing', ''],
    ['64 kB of news', `${'Welcome, and mind the step.\n'.repeat(2400)}`],
    ['no newline at its end', 'bash: warning'],
  ])('is cut off: %s', async (_, noise) => {
    const far = farSide()
    const mark = await far.mark()
    await far.say('stderr', noise, `${mark}17\nwarned`)
    // in pieces of every kind, also within the mark
    await far.say('stdout', noise, mark.slice(0, 9), `${mark.slice(9)}1`, '7', '\nda', 'ta\n')
    far.end()
    expect(await far.output.then(({ stdout, stderr }) => `${stdout}${stderr}`)).toBe('data\nwarned')
  })

  test.each(['stdout', 'stderr'] as const)('may not go on for ever: %s', async (pipe) => {
    const far = farSide()
    const mark = await far.mark()
    await far.say(pipe, ...Array.from({ length: 60 }, () => 'x'.repeat(50_000)))
    await far.say(pipe, `${mark}17\nafter all`)
    far.end()
    await expect(far.output).rejects.toMatchObject(tooMuch)
    expect(far.isEnded()).toBe(true)
  })

  test.each(['stdout', 'stderr'] as const)('a mark whose line has no end: %s', async (pipe) => {
    const far = farSide()
    const mark = await far.mark()
    if (pipe === 'stderr') await far.say('stdout', `${mark}17\n`)
    await far.say(pipe, mark, '1'.repeat(60), '1'.repeat(60), '\nafter all')
    far.end()
    await expect(far.output).rejects.toMatchObject(tooMuch)
    expect(far.isEnded()).toBe(true)
  })
})

test('who has given a command up no longer reads what it prints', async () => {
  const far = farSide()
  const mark = await far.mark()
  await far.say('stdout', `${mark}17\nbegin`)
  const { stream, stderr } = far.channel
  expect([stream.listenerCount('data'), stderr.listenerCount('data')]).toEqual([1, 1])
  far.abort()
  await expect(far.output).rejects.toMatchObject({ kind: 'cancelled' })
  expect([stream.listenerCount('data'), stderr.listenerCount('data')]).toEqual([0, 0])
  // but it goes on, so that the channel can come to its end
  expect([stream.isPaused(), stderr.isPaused()]).toEqual([false, false])
})

describe('what may run there already, and has not said its process id', () => {
  test('is ended when it has', async () => {
    const far = farSide()
    const mark = await far.mark()
    await far.say('stdout', 'Welcome.')
    far.abort()
    await expect(far.output).rejects.toMatchObject({ kind: 'cancelled' })
    expect([far.isClosed(), far.later()]).toEqual([false, []])
    await far.say('stdout', `${mark}17\n`)
    expect(far.later()).toEqual([expect.stringMatching(/kill -s TERM -- -\$p/)])
    expect(far.later()[0]).toContain('for p in 17;')
  })

  test.each(['abort', 'endAll'] as const)('is ended once its channel is open: %s', async (how) => {
    const { promise: opened, resolve: open } = Promise.withResolvers<void>()
    const far = farSide({ opened })
    const mark = await far.mark()
    const ended = far[how]()
    open()
    await far.say('stdout', `${mark}17\n`)
    await ended
    expect(far.later()).toEqual([expect.stringContaining('for p in 17;')])
  })
})
