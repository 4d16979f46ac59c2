import fc from 'fast-check'
import { afterAll, afterEach, beforeEach, describe, expect, it } from 'vitest'
import { type Runtime, RuntimeError, type RuntimeErrorCode } from '../../main/runtimes/runtime.ts'
import { loadedModelSchema, modelSchema } from '../../preload/contract/models.ts'
import type { FakeRuntime } from '../support/fake-runtimes.ts'
import { type FakeServer, startFakeServer } from '../support/fake-server.ts'
import { loopbackHost } from '../support/loopback-host.ts'
import { until } from '../support/until.ts'

export interface RuntimeCase {
  runtime: Runtime
  start(): Promise<FakeServer & Partial<FakeRuntime>>
  /** The answer of the Host's `ps`, for a Runtime that reads it. */
  processes?: string
  /** Servers of other kinds: none of them may be taken for this one. */
  others: (() => Promise<FakeServer>)[]
  /** What a load that ran out of memory rejects with: the server may not say so. */
  codeOfFullMemory?: RuntimeErrorCode
}

/** What holds for every Runtime, whatever it serves models with. */
export function describeRuntime({ runtime, start, others, ...rest }: RuntimeCase): void {
  const port = runtime.ports[0] ?? 0
  const hostOf = (server: FakeServer) => loopbackHost({ [port]: server.port }, rest.processes)

  describe(`${runtime.name} as a Runtime`, () => {
    let server: FakeServer & Partial<FakeRuntime>
    beforeEach(async () => {
      server = await start()
    })
    afterEach(() => server.close())

    it('is found where it runs', async () => {
      expect(await runtime.detect(hostOf(server))).toMatchObject({ port })
    })

    it('is found on each of its ports', async () => {
      for (const each of runtime.ports) {
        const host = loopbackHost({ [each]: server.port })
        expect(await runtime.detect(host)).toMatchObject({ port: each })
      }
    })

    it('is not found behind a closed port', async () => {
      expect(await runtime.detect(loopbackHost({}))).toBeNull()
    })

    it('is not found where another kind of server answers', async () => {
      for (const startOther of others) {
        const other = await startOther()
        expect(await runtime.detect(hostOf(other))).toBeNull()
        await other.close()
      }
    })

    it('is not found where no server of models answers', async () => {
      for (const [status, body] of [
        [200, '<!doctype html><title>It works</title>'],
        [200, ''],
        [404, 'not found'],
        [500, { error: 'broken' }],
        [200, { version: 7, models: 'none', data: null }],
      ] as const) {
        const other = await startFakeServer({}, (_, respond) => respond(status, body))
        expect(await runtime.detect(hostOf(other))).toBeNull()
        await other.close()
      }
    })

    it('stops asking when it is no longer wanted', async () => {
      const silent = await startFakeServer({}, () => {})
      const asked = new AbortController()
      const found = runtime.detect(hostOf(silent), { signal: asked.signal })
      await until(() => silent.seen.length > 0)
      asked.abort()
      await expect(found).rejects.toMatchObject({ code: 'cancelled' })
      await silent.close()
    })

    it('lists what it can load, each with a name', async () => {
      const models = await runtime.models(hostOf(server), port)
      expect(models.map((model) => modelSchema.parse(model).id)).toEqual(['small', 'large'])
    })

    it('says so when it is gone', async () => {
      const host = hostOf(server)
      await server.close()
      await expect(runtime.models(host, port)).rejects.toMatchObject({ code: 'not-running' })
      server = await start()
    })

    const { load, unload } = runtime
    if (load !== undefined && unload !== undefined) {
      it('loads and unloads', async () => {
        const host = hostOf(server)
        expect(await runtime.loaded(host, port)).toEqual([])
        await load(host, port, 'large')
        const loaded = await runtime.loaded(host, port)
        expect(loaded.map((model) => loadedModelSchema.parse(model).modelId)).toEqual(['large'])
        await unload(host, port, 'large')
        expect(await runtime.loaded(host, port)).toEqual([])
      })

      it('loads a loaded model once', async () => {
        const host = hostOf(server)
        await load(host, port, 'large')
        await load(host, port, 'large')
        expect(await runtime.loaded(host, port)).toHaveLength(1)
      })

      it('says when there is no such model', async () => {
        const loading = load(hostOf(server), port, 'nobody/nothing')
        await expect(loading).rejects.toMatchObject({ code: 'model-not-found' })
      })

      it('says when memory ran out', async () => {
        server.exhaustMemory?.()
        await expect(load(hostOf(server), port, 'large')).rejects.toMatchObject({
          code: rest.codeOfFullMemory ?? 'out-of-memory',
        })
      })

      it('gives a load up when asked to', async () => {
        server.hold?.()
        const wanted = new AbortController()
        const loading = load(hostOf(server), port, 'large', { signal: wanted.signal })
        await until(() => server.seen.some(({ body }) => body.model === 'large'))
        wanted.abort()
        await expect(loading).rejects.toMatchObject({ code: 'cancelled' })
        server.release?.()
      })

      it('answers whether it runs while a model loads', async () => {
        const host = hostOf(server)
        server.hold?.()
        const loading = load(host, port, 'large')
        await until(() => server.seen.some(({ body }) => body.model === 'large'))
        expect(await runtime.detect(host)).toMatchObject({ port })
        server.release?.()
        await loading
      })
    }
  })

  describe(`${runtime.name} and answers that nobody expects`, () => {
    let body: unknown = ''
    let status = 200
    let server: FakeServer
    const started = startFakeServer({}, (_, respond) => respond(status, body)).then((one) => {
      server = one
      return one
    })
    afterAll(async () => (await started).close())

    it('reads any JSON, or says that it is unrecognised', async () => {
      await started
      await fc.assert(
        fc.asyncProperty(fc.jsonValue(), async (value) => {
          status = 200
          body = JSON.stringify(value)
          await expectModelsOrError(runtime, server, port)
        }),
        { numRuns: 60 },
      )
    })

    it('reads any text and status, or says what went wrong', async () => {
      await started
      await fc.assert(
        fc.asyncProperty(
          fc.string(),
          fc.constantFrom(200, 400, 404, 500, 503),
          async (text, code) => {
            status = code
            body = text
            await expectModelsOrError(runtime, server, port)
          },
        ),
        { numRuns: 60 },
      )
    })

    async function expectModelsOrError(asked: Runtime, from: FakeServer, at: number) {
      for (const answer of [asked.models(hostOf(from), at), asked.loaded(hostOf(from), at)]) {
        const result = await answer.catch((error: unknown) => error)
        expect(Array.isArray(result) || result instanceof RuntimeError).toBe(true)
      }
    }
  })
}
