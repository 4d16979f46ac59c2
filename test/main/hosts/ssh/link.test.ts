import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest'
import type { HostLink } from '../../../../main/hosts/host.ts'
import { HostError } from '../../../../main/hosts/host.ts'
import { FakeClock } from '../../../support/fake-clock.ts'
import { createSshHome, type SshHome } from '../../../support/ssh-home.ts'
import { hasSshd, startSshd, type TestSshd } from '../../../support/sshd.ts'
import { startTcpProxy, type TcpProxy } from '../../../support/tcp-proxy.ts'
import { until } from '../../../support/until.ts'

let home: SshHome
beforeEach(() => {
  home = createSshHome()
})
afterEach(() => home[Symbol.dispose]())

function refusal() {
  return Object.assign(new Error('connect ECONNREFUSED'), { code: 'ECONNREFUSED' })
}

describe('back-off, with a clock that stands still', () => {
  /** A Host whose TCP connections are all refused, and counted. */
  function refused(random = 0.5) {
    const clock = new FakeClock()
    let attempts = 0
    const host = home.host({
      ...{ clock, random: () => random, config: { target: '192.0.2.1', account: 'ana' } },
      tcp() {
        attempts++
        return Promise.reject(refusal())
      },
    })
    const call = () =>
      host.run(['true']).then(
        () => null,
        (error: HostError) => error.info.code,
      )
    return { clock, host, call, attempts: () => attempts }
  }

  test('1, 2, 4, 8, 16, 30, 30 seconds; in between the last problem, at once', async () => {
    const { clock, call, attempts } = refused()
    for (const [i, seconds] of [1, 2, 4, 8, 16, 30, 30].entries()) {
      expect(await call()).toBe('refused')
      expect(attempts()).toBe(i + 1)
      await clock.advance(seconds * 1000 - 1)
      expect(await call()).toBe('refused')
      expect(attempts()).toBe(i + 1)
      await clock.advance(1)
    }
  })

  test.each([
    [0, 750],
    [0.9999, 1250],
  ])('spread over time: with %d the first wait is %d ms', async (random, waitMs) => {
    const { clock, call, attempts } = refused(random)
    await call()
    await clock.advance(waitMs - 2)
    await call()
    expect(attempts()).toBe(1)
    await clock.advance(3)
    await call()
    expect(attempts()).toBe(2)
  })

  test('reconnect does not wait', async () => {
    const { host, call, attempts } = refused()
    await call()
    host.reconnect()
    await until(() => attempts() === 2)
    host.reconnect('retry')
    await until(() => attempts() === 3)
  })

  test('no timer is left behind', async () => {
    const { clock, host, call } = refused()
    await call()
    expect(clock.pending).toBe(0)
    await host.close()
    expect(clock.pending).toBe(0)
  })

  test('a call while one is being made joins it; each listener hears each change', async () => {
    const { host, attempts, call } = refused()
    const states: HostLink['state'][] = []
    const stop = host.onLink(({ state }) => {
      if (states.at(-1) !== state) states.push(state)
    })
    await Promise.all([call(), call(), call()])
    expect(attempts()).toBe(1)
    expect(states).toEqual(['connecting', 'failed'])
    stop()
    host.release()
    expect(states).toEqual(['connecting', 'failed'])
    expect(host.link()).toMatchObject({ state: 'idle', problem: null, steps: [] })
  })

  test('after close nothing is tried', async () => {
    const { host, call, attempts } = refused()
    await host.close()
    expect(await call()).toBe('cancelled')
    host.reconnect()
    expect(attempts()).toBe(0)
  })
})

describe('a TCP connection that does not come', () => {
  /** As when packets are lost on the way: nothing happens. */
  function silent() {
    const clock = new FakeClock()
    let attempts = 0
    const host = home.host({
      ...{ clock, config: { target: '192.0.2.1', account: 'ana' } },
      tcp(_addresses, { signal }) {
        attempts++
        return new Promise((_, reject) => signal.addEventListener('abort', () => reject(refusal())))
      },
    })
    return { clock, host, attempts: () => attempts }
  }

  test('a new attempt takes its place when somebody asks, but not within two seconds', async () => {
    const { clock, host, attempts } = silent()
    const call = host.run(['true'], { timeoutMs: 60_000 })
    const problem = call.then(
      () => null,
      (error: HostError) => error.info.code,
    )
    await until(() => attempts() === 1)
    await clock.advance(1_500)
    host.reconnect('retry')
    await clock.advance(0)
    expect(attempts()).toBe(1)
    await clock.advance(1_000)
    host.reconnect('retry')
    await until(() => attempts() === 2)
    expect(await problem).toBe('timeout')
    expect(host.link()).toMatchObject({ state: 'connecting', problem: { code: 'timeout' } })
  })

  test('a call ends at its own time-out, or when it is cancelled', async () => {
    const { clock, host, attempts } = silent()
    const call = host.run(['true'], { timeoutMs: 500 })
    const problem = call.then(
      () => null,
      (error: HostError) => error.info.code,
    )
    const abort = new AbortController()
    const other = host.identify({ signal: abort.signal })
    await until(() => attempts() === 1)
    await clock.advance(500)
    expect(await problem).toBe('timeout')
    abort.abort()
    await expect(other).rejects.toMatchObject({ kind: 'cancelled' })
  })
})

describe.skipIf(!hasSshd)('loss and return, with a real sshd behind a proxy', () => {
  let sshd: TestSshd & AsyncDisposable
  let proxy: TcpProxy
  beforeAll(async () => {
    sshd = await startSshd()
  })
  afterAll(() => sshd[Symbol.asyncDispose]())
  beforeEach(async () => {
    proxy = await startTcpProxy(sshd.port)
    home.write('known_hosts', `[127.0.0.1]:${proxy.port} ${sshd.hostKey('ed25519')}\n`)
  })
  afterEach(() => proxy[Symbol.asyncDispose]())

  const hostOf = () => home.host({ sshd, config: { port: proxy.port } })

  test('half-open: no call hangs, the silent connection is dropped, the next call is answered', async () => {
    const host = hostOf()
    await host.identify()
    proxy.freeze()
    await expect(host.run(['true'], { timeoutMs: 500 })).rejects.toMatchObject({ kind: 'timeout' })
    // the call did not wait for the connection to be given up
    expect(host.link().state).toBe('connected')
    proxy.thaw()
    // two seconds for a sign of life, then another connection
    await until(() => host.link().state === 'failed')
    expect((await host.run(['echo', 'back'])).stdout).toBe('back\n')
    expect(proxy.accepted).toBe(2)
  })

  test('half-open: everything that waits ends when the connection is given up', async () => {
    const host = hostOf()
    await host.identify()
    const ticker = await host.ticks([{ label: 'a', argv: ['echo'], everyMs: 0 }])
    proxy.freeze()
    const waiting = [
      host.run(['true'], { timeoutMs: 60_000 }),
      ticker.ask({ timeoutMs: 60_000 }).then(() => null),
      host.connect({ port: 1 }).then(() => null),
      host.read('/etc/hosts').then(() => null),
    ].map((call) =>
      call.then(
        () => null,
        (error: unknown) => error,
      ),
    )
    proxy.thaw()
    host.reconnect()
    for (const error of await Promise.all(waiting)) expect(error).toBeInstanceOf(HostError)
    await until(() => host.link().state === 'connected')
    expect(proxy.accepted).toBe(2)
  })

  test('half-open while connecting: each step has its end', async () => {
    const clock = new FakeClock()
    const host = home.host({ sshd, clock, config: { port: proxy.port } })
    proxy.freeze()
    const problem = host.identify().then(
      () => null,
      (error: HostError) => error.info,
    )
    await until(() => host.link().steps.at(-1)?.id === 'ssh')
    await clock.advance(10_000)
    expect(await problem).toMatchObject({ code: 'timeout' })
    expect(host.link().steps.at(-1)).toMatchObject({ id: 'ssh', state: 'failed' })
  })

  test('a living connection survives reconnect, however often', async () => {
    const host = hostOf()
    await host.identify()
    const answer = host.run(['sh', '-c', 'sleep 0.3; echo still'])
    for (let i = 0; i < 20; i++) host.reconnect()
    expect((await answer).stdout).toBe('still\n')
    expect(proxy.accepted).toBe(1)
  })

  test('a reset in the middle of an output is an error, not half an answer', async () => {
    const host = hostOf()
    await host.identify()
    const answer = host.run(['sh', '-c', 'echo half; sleep 60'])
    answer.catch(() => undefined)
    const ticker = await host.ticks([{ label: 'a', argv: ['echo'], everyMs: 0 }])
    await ticker.ask()
    proxy.reset()
    await expect(answer).rejects.toMatchObject({
      kind: 'unreachable',
      info: { code: 'closed-by-host' },
    })
    await expect(ticker.ask()).rejects.toBeInstanceOf(HostError)
    expect(host.link()).toMatchObject({ state: 'failed', problem: { code: 'closed-by-host' } })
    expect((await host.run(['echo', 'again'])).stdout).toBe('again\n')
  })

  test('a stream to a port ends with the connection', async () => {
    const host = hostOf()
    const stream = await host.connect({ port: sshd.port })
    const closed = new Promise((resolve) => stream.once('close', resolve))
    stream.on('error', () => undefined).resume()
    proxy.reset()
    await closed
  })

  test('the server’s death and return', async () => {
    await using mortal = await startSshd()
    const host = home.host({ sshd: mortal })
    home.write('known_hosts', `[127.0.0.1]:${mortal.port} ${mortal.hostKey('ed25519')}\n`)
    await host.identify()
    await mortal.stop()
    await until(() => host.link().state === 'failed')
    await expect(host.run(['true'])).rejects.toMatchObject({ info: { code: 'refused' } })
    await mortal.start()
    host.reconnect('retry')
    await until(() => host.link().state === 'connected')
    expect((await host.run(['echo', 'back'])).stdout).toBe('back\n')
    expect(host.link().problem).toBeNull()
  })

  test('back with other host keys: refused', async () => {
    await using mortal = await startSshd()
    home.write('known_hosts', `[127.0.0.1]:${mortal.port} ${mortal.hostKey('ed25519')}\n`)
    const host = home.host({ sshd: mortal })
    await host.identify()
    await mortal.stop()
    await mortal.start({ newHostKeys: true })
    await expect(host.run(['true'])).rejects.toMatchObject({
      kind: 'host-key',
      info: { code: 'host-key-changed' },
    })
  })
})

describe.skipIf(!hasSshd)('twenty hosts', () => {
  test('no listener and no timer too many', async () => {
    await using sshd = await startSshd({ config: ['MaxStartups 100'] })
    const warnings: Error[] = []
    const onWarning = (warning: Error) => warnings.push(warning)
    process.on('warning', onWarning)
    const hosts = Array.from({ length: 20 }, () => home.host({ sshd }))
    for (const host of hosts) await host.identify()
    const [host] = hosts
    await Promise.all(Array.from({ length: 60 }, () => host?.run(['true'])))
    await Promise.all(hosts.map((one) => one.close()))
    await until(() => sshd.sessions().length === 0)
    process.off('warning', onWarning)
    expect(warnings).toEqual([])
  })
})
