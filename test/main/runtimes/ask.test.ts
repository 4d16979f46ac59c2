import { describe, expect, it } from 'vitest'
import { HostError } from '../../../main/hosts/host.ts'
import { ask, askJson, errorOfAnswer } from '../../../main/runtimes/ask.ts'
import { startFakeServer } from '../../support/fake-server.ts'
import { loopbackHost } from '../../support/loopback-host.ts'

const quick = { timeoutMs: 5000 }

describe('errorOfAnswer', () => {
  it.each([
    ['model-not-found', 404, '{"error":"model \'qwen3:30b\' not found"}'],
    [
      'server-busy',
      503,
      '{"error":"server busy, please try again.  maximum pending requests exceeded"}',
    ],
    ['cancelled', 499, '{"error":"context canceled"}'],
    ['server-error', 500, '{"error":"llama runner process has terminated: exit status 2"}'],
    ['server-error', 502, '<html>Bad gateway</html>'],
    ['not-permitted', 401, '{"error":{"message":"Invalid API Key","code":401}}'],
    [
      'out-of-memory',
      500,
      '{"error":"model requires more system memory (8.4 GiB) than is available (2.1 GiB)"}',
    ],
    [
      'out-of-memory',
      500,
      '{"error":"llama runner process has terminated: cudaMalloc failed: out of memory"}',
    ],
    [
      'out-of-memory',
      500,
      '{"error":"Insufficient Memory (00000008:kIOGPUCommandBufferCallbackErrorOutOfMemory)"}',
    ],
    [
      'out-of-memory',
      400,
      '{"error":{"message":"Model loading was stopped due to insufficient system resources."}}',
    ],
    ['out-of-memory', 500, '{"error":"failed to allocate buffer of size 47244640256"}'],
  ])('reads %s from status %i', (code, status, text) => {
    expect(errorOfAnswer(status, text)).toMatchObject({ code })
  })

  it("keeps the server's own sentence, and no more than 300 characters of it", () => {
    expect(errorOfAnswer(500, '{"error":"no space left on device"}').message).toBe(
      'no space left on device',
    )
    expect(errorOfAnswer(500, 'x'.repeat(1_000_000)).message.length).toBeLessThan(330)
  })
})

describe('ask', () => {
  it('passes on what it knows of a Host that cannot be reached', async () => {
    const lost = new HostError('unreachable', {
      code: 'unreachable',
      message: { key: 'error.unreachable' },
    })
    const host = { ...loopbackHost({}), connect: () => Promise.reject(lost) }
    await expect(ask(host, 11434, '/', quick)).rejects.toBe(lost)
  })

  it('refuses an answer without end', async () => {
    const server = await startFakeServer({}, (_, respond) => respond(200, 'x'.repeat(5_000_000)))
    const asking = ask(loopbackHost({ 1: server.port }), 1, '/', quick)
    await expect(asking).rejects.toMatchObject({ code: 'unrecognised' })
    await server.close()
  })

  it('says what was there instead of JSON', async () => {
    const server = await startFakeServer({}, (_, respond) => respond(200, 'Ollama is running'))
    const asking = askJson(loopbackHost({ 1: server.port }), 1, '/', quick)
    await expect(asking).rejects.toMatchObject({
      code: 'unrecognised',
      message: 'not JSON: Ollama is running',
    })
    await server.close()
  })
})
