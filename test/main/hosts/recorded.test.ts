import { expect, test } from 'vitest'
import type { Host, Tick } from '../../../main/hosts/host.ts'
import { hostFetch } from '../../../main/hosts/http.ts'
import { createRecordedHost } from '../../../main/hosts/recorded.ts'
import { parseRecording } from '../../../main/hosts/recording/recording.ts'
import { FakeClock } from '../../support/fake-clock.ts'

function makeHost(clock = new FakeClock()): Host {
  const recording = parseRecording(
    JSON.stringify({
      format: 'studiolo-recording/1',
      host: {
        name: 'mac-studio',
        platform: 'darwin',
        account: 'ana',
        recordedAt: '2026-11-20T09:00:00Z',
        groups: ['staff', 'admin'],
        userId: 501,
      },
      commands: [
        { argv: ['/usr/bin/vm_stat'], stdout: 'first' },
        { argv: ['vm_stat'], stdout: 'second', durationMs: 4 },
        { argv: ['no-such'], stderr: 'sh: no-such: not found\n', exitCode: 127 },
      ],
      files: [{ path: '~/.ssh/config', text: 'Host studio\n' }],
      http: [
        { port: 11434, path: '/api/version', status: 200, body: '{"version":"0.12.6"}' },
        { port: 11434, path: '/api/ps', status: 200, body: '{"models":[]}' },
        { port: 11434, path: '/api/ps', status: 200, body: '{"models":[1]}' },
        {
          port: 11434,
          method: 'POST',
          path: '/api/show',
          requestBody: '{"model":"a"}',
          status: 404,
          body: 'no',
        },
        { port: 1234, path: '/api/v1/models', status: 0 },
      ],
    }),
  )
  return createRecordedHost({ id: 'r', recording, clock })
}

test('answers commands in their order, by the base name of the program', async () => {
  const host = makeHost()
  expect(await host.run(['vm_stat'])).toEqual({
    stdout: 'first',
    stderr: '',
    exitCode: 0,
    durationMs: 0,
  })
  expect((await host.run(['/bin/vm_stat'])).stdout).toBe('second')
  expect((await host.run(['vm_stat'])).stdout).toBe('second')
  expect(await host.run(['no-such'])).toMatchObject({ exitCode: 127, isMissing: true })
})

test('what was not recorded says so: never a guess, never an exception of a command', async () => {
  const host = makeHost()
  const output = await host.run(['vm_stat', '1'])
  expect(output).toMatchObject({ stdout: '', isNotRecorded: true })
  expect(output.isMissing).toBeUndefined()
  const notRecorded = { info: { code: 'not-recorded' } }
  await expect(host.read('~/.zshrc')).rejects.toMatchObject(notRecorded)
  await expect(host.connect({ port: 8080 })).rejects.toMatchObject(notRecorded)
  await expect(hostFetch(host, 11434)('/api/tags')).rejects.toMatchObject(notRecorded)
})

test('a port on which nobody listened is refused', async () => {
  await expect(makeHost().connect({ port: 1234 })).rejects.toMatchObject({
    kind: 'unreachable',
    info: { code: 'refused' },
  })
})

test('answers HTTP by method, path and body', async () => {
  const host = makeHost()
  const ask = hostFetch(host, 11434)
  expect(await (await ask('/api/version')).json()).toEqual({ version: '0.12.6' })
  expect(await (await ask('/api/ps')).json()).toEqual({ models: [] })
  expect(await (await ask('/api/ps')).json()).toEqual({ models: [1] })
  const show = await ask('/api/show', { method: 'POST', body: '{ "model": "a" }' })
  expect([show.status, await show.text()]).toEqual([404, 'no'])
  await host.close()
})

test('the moment of the recording is its now; the account is as recorded', async () => {
  const clock = new FakeClock()
  const host = makeHost(clock)
  await clock.advance(60_000)
  expect(host.now()).toBe(Date.UTC(2026, 10, 20, 9))
  expect(await host.identify()).toEqual({
    platform: 'darwin',
    hostName: 'mac-studio',
    account: 'ana',
    groups: ['staff', 'admin'],
    userId: 501,
  })
  expect(host.link()).toMatchObject({ state: 'connected', path: 'recording' })
  expect(new TextDecoder().decode((await host.read('~/.ssh/config')) ?? undefined)).toBe(
    'Host studio\n',
  )
  await expect(host.put('~/.ssh/config', new Uint8Array())).rejects.toMatchObject({
    info: { code: 'not-permitted' },
  })
})

test('a recording without groups is nobody’s', async () => {
  const text =
    '{"format":"studiolo-recording/1","host":{"name":"x","platform":"linux","account":"a","recordedAt":"2026-11-20T09:00:00Z"}}'
  const identity = await createRecordedHost({ id: 'r', recording: parseRecording(text) }).identify()
  expect(identity.groups).toEqual([])
  expect(identity.userId).not.toBe(0)
})

test('ticks are answered by the same commands, and keep to their intervals', async () => {
  const clock = new FakeClock()
  const list: Tick[] = [
    { label: 'memory', argv: ['vm_stat'], everyMs: 1000 },
    { label: 'other', argv: ['df', '-kP'], everyMs: 60_000, isSlow: true },
  ]
  const ticker = await makeHost(clock).ticks(list)
  const first = await ticker.ask()
  expect(first.outputs.get('memory')?.stdout).toBe('first')
  expect(first.outputs.get('other')?.isNotRecorded).toBe(true)
  expect((await ticker.ask()).outputs.size).toBe(0)
  await clock.advance(1000)
  expect([...(await ticker.ask()).outputs.keys()]).toEqual(['memory'])
  ticker.close()
  await expect(ticker.ask()).rejects.toMatchObject({ kind: 'cancelled' })
})

test('after close nothing answers', async () => {
  const host = makeHost()
  await host.close()
  await expect(host.run(['vm_stat'])).rejects.toMatchObject({ kind: 'cancelled' })
  await expect(host.connect({ port: 11434 })).rejects.toMatchObject({ kind: 'cancelled' })
})
