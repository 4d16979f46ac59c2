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

    it('reads a list with any entries, and calls any other JSON unrecognised', async () => {
      await started
      const entries = fc.array(fc.jsonValue())
      const list = fc.oneof(fc.record({ models: entries }), fc.record({ data: entries }))
      await fc.assert(
        fc.asyncProperty(fc.oneof(fc.jsonValue(), list), async (value) => {
          status = 200
          body = JSON.stringify(value)
          for (const outcome of await outcomes()) {
            if (hasList(value) && Array.isArray(outcome)) continue
            expect(outcome).toMatchObject({ name: 'RuntimeError', code: 'unrecognised' })
          }
        }),
        { numRuns: 60 },
      )
    })

    it('takes a list of 2,000 models, and no longer one', async () => {
      await started
      status = 200
      body = listOf(2_000, 'a')
      await expect(runtime.models(hostOf(server), port)).resolves.toHaveLength(2_000)
      body = listOf(2_001, 'a')
      for (const outcome of await outcomes()) {
        expect(outcome).toMatchObject({ code: 'unrecognised' })
      }
    })

    it('takes a name of 500 characters, and no longer one', async () => {
      await started
      status = 200
      body = listOf(1, 'n'.repeat(499))
      await expect(runtime.models(hostOf(server), port)).resolves.toHaveLength(1)
      body = listOf(1, 'n'.repeat(500))
      for (const outcome of await outcomes()) {
        expect(outcome).toMatchObject({ code: 'unrecognised' })
      }
    })

    it('says what went wrong with any text and status', async () => {
      await started
      await fc.assert(
        fc.asyncProperty(
          fc.string(),
          fc.constantFrom(200, 400, 404, 500, 503),
          async (text, code) => {
            status = code
            body = text
            for (const outcome of await outcomes()) expect(outcome).toBeInstanceOf(RuntimeError)
          },
        ),
        { numRuns: 60 },
      )
    })

    /** The lists or the errors that come of what the server says; what is loaded may be read from processes instead. */
    function outcomes(): Promise<unknown[]> {
      const host = hostOf(server)
      const isLoadedSaid = rest.processes === undefined
      const asked = [
        runtime.models(host, port),
        ...(isLoadedSaid ? [runtime.loaded(host, port)] : []),
      ]
      return Promise.all(asked.map((one) => one.catch((error: unknown) => error)))
    }
  })
}

/** Models as each kind of server lists them, all of them loaded; each name ends with its number. */
function listOf(length: number, name: string): string {
  const list = Array.from({ length }, (_, number) => {
    const id = `${name}${number}`
    return { id, name: id, model: id, key: id, state: 'loaded', loaded_instances: [{ id }] }
  })
  return JSON.stringify({ models: list, data: list })
}

function hasList(value: unknown): boolean {
  if (typeof value !== 'object' || value === null) return false
  const { models, data } = value as Record<string, unknown>
  return Array.isArray(models) || Array.isArray(data)
}
