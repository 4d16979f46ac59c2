import { type FakeServer, type Respond, startFakeServer } from './fake-server.ts'

/** What every fake model server can be told to do; its models are `small` and `large`. */
export interface FakeRuntime extends FakeServer {
  /** Loads stay unanswered until `release`. */
  hold(): void
  release(): void
  /** The next load fails for want of memory, in the server's own words. */
  exhaustMemory(): void
}

const sizes: Record<string, number> = { small: 500_000_000, large: 18_600_000_000 }

class Loader {
  readonly loaded = new Set<string>()
  private isHeld = false
  private isFull = false
  private waiting: (() => void)[] = []

  readonly controls = {
    hold: () => {
      this.isHeld = true
    },
    release: () => {
      this.isHeld = false
      for (const go of this.waiting.splice(0)) go()
    },
    exhaustMemory: () => {
      this.isFull = true
    },
  }

  load(model: string, outcome: { done(): void; full(): void }): void {
    const go = () => {
      if (this.isFull) {
        this.isFull = false
        outcome.full()
        return
      }
      this.loaded.add(model)
      outcome.done()
    }
    if (this.isHeld) this.waiting.push(go)
    else go()
  }

  whenFree(go: () => void): void {
    if (this.isHeld) this.waiting.push(go)
    else go()
  }
}

/** Ollama as docs/api.md has it: `/api/ps` waits for a load in progress, `/api/version` does not. */
export async function startFakeOllama(): Promise<FakeRuntime> {
  const loader = new Loader()
  const details = {
    format: 'gguf',
    family: 'llama',
    parameter_size: '7.2B',
    quantization_level: 'Q4_0',
  }
  const server = await startFakeServer(
    {
      'GET /api/version': (_, respond) => respond(200, { version: '0.17.4' }),
      'GET /api/tags': (_, respond) =>
        respond(200, {
          models: Object.entries(sizes).map(([name, size]) => ({
            name,
            model: name,
            size,
            details,
          })),
        }),
      'GET /api/ps': (_, respond) =>
        loader.whenFree(() =>
          respond(200, {
            models: [...loader.loaded].map((name) => ({
              name,
              model: name,
              size: sizes[name],
              size_vram: sizes[name],
              expires_at: '2026-06-28T07:22:51.358551-04:00',
              context_length: 4096,
              details,
            })),
          }),
        ),
      'POST /api/generate': ({ body }, respond) => {
        const model = String(body.model)
        if (sizes[model] === undefined) {
          respond(404, { error: `model '${model}' not found` })
        } else if (body.keep_alive === 0 && !body.prompt) {
          loader.loaded.delete(model)
          respond(200, { model, response: '', done: true, done_reason: 'unload' })
        } else {
          loader.load(model, {
            done: () => respond(200, { model, response: '', done: true, done_reason: 'load' }),
            full: () =>
              respond(500, {
                error: 'model requires more system memory (18.6 GiB) than is available (2.1 GiB)',
              }),
          })
        }
      },
    },
    (_, respond) => respond(404, '404 page not found', { 'content-type': 'text/plain' }),
  )
  return { ...server, ...loader.controls }
}

/** llama-server as a router: loads are answered at once and seen in `GET /models`. Written from tools/server/README.md. */
export async function startFakeLlamaServer(): Promise<FakeRuntime> {
  const loader = new Loader()
  const status = new Map(Object.keys(sizes).map((name) => [name, { value: 'unloaded' } as object]))
  const refuse = (respond: Respond, code: number, message: string) =>
    respond(code, { error: { code, message, type: 'invalid_request_error' } }, named)
  const named = { server: 'llama.cpp' }
  const list = (_: unknown, respond: Respond) =>
    respond(
      200,
      {
        object: 'list',
        data: [...status].map(([id, now]) => ({
          id,
          object: 'model',
          owned_by: 'llamacpp',
          status: now,
          ...(loader.loaded.has(id)
            ? { meta: { n_ctx: 4096, n_ctx_train: 40960, size: sizes[id] } }
            : {}),
        })),
      },
      named,
    )
  const server = await startFakeServer(
    {
      'GET /props': (_, respond) =>
        respond(
          200,
          {
            role: 'router',
            max_instances: 4,
            models_autoload: true,
            default_generation_settings: { params: null, n_ctx: 0 },
            build_info: 'b7412-1a2b3c4',
          },
          named,
        ),
      'GET /health': (_, respond) => respond(200, { status: 'ok' }, named),
      'GET /models': list,
      'GET /v1/models': list,
      'POST /models/load': ({ body }, respond) => {
        const model = String(body.model)
        if (!status.has(model)) return refuse(respond, 404, 'model is not found')
        if (loader.loaded.has(model)) return refuse(respond, 400, 'model is already running')
        status.set(model, { value: 'loading', args: [] })
        loader.load(model, {
          done: () => status.set(model, { value: 'loaded', args: [] }),
          full: () =>
            status.set(model, { value: 'unloaded', failed: true, exit_code: 1, args: [] }),
        })
        respond(200, { success: true }, named)
      },
      'POST /models/unload': ({ body }, respond) => {
        const model = String(body.model)
        if (!loader.loaded.delete(model)) return refuse(respond, 400, 'model is not running')
        status.set(model, { value: 'unloaded' })
        respond(200, { success: true }, named)
      },
    },
    (_, respond) =>
      respond(
        404,
        { error: { code: 404, message: 'File Not Found', type: 'not_found_error' } },
        named,
      ),
  )
  return { ...server, ...loader.controls }
}

/** LM Studio's interface v1. An address it does not have is answered with status 200 and an error. */
export async function startFakeLmStudio(): Promise<FakeRuntime> {
  const loader = new Loader()
  const server = await startFakeServer(
    {
      'GET /api/v1/models': (_, respond) =>
        respond(200, {
          models: Object.entries(sizes).map(([key, size]) => ({
            type: 'llm',
            publisher: 'studiolo',
            key,
            display_name: key.toUpperCase(),
            architecture: 'qwen3',
            quantization: { name: 'Q4_K_M', bits_per_weight: 4 },
            size_bytes: size,
            params_string: '30B',
            max_context_length: 131072,
            format: 'gguf',
            loaded_instances: loader.loaded.has(key)
              ? [{ id: `${key}:2`, config: { context_length: 16384 } }]
              : [],
          })),
        }),
      'POST /api/v1/models/load': ({ body }, respond) => {
        const model = String(body.model)
        if (sizes[model] === undefined) {
          return respond(404, { error: { type: 'model_not_found', message: `No model ${model}` } })
        }
        loader.load(model, {
          done: () =>
            respond(200, {
              type: 'llm',
              instance_id: `${model}:2`,
              load_time_seconds: 9,
              status: 'loaded',
            }),
          full: () =>
            respond(500, {
              error: {
                type: 'model_load_failed',
                message: 'Model loading was stopped due to insufficient system resources.',
              },
            }),
        })
      },
      'POST /api/v1/models/unload': ({ body }, respond) => {
        const instance = String(body.instance_id)
        if (!instance.endsWith(':2'))
          return respond(400, { error: { message: 'no such instance' } })
        loader.loaded.delete(instance.slice(0, -2))
        respond(200, { instance_id: instance })
      },
    },
    ({ line }, respond) =>
      respond(200, { error: `Unexpected endpoint or method. (${line}). Returning 200 anyway` }),
  )
  return { ...server, ...loader.controls }
}

/** mlx_lm.server, written from mlx_lm/server.py: nothing to load or unload, lists what was downloaded. */
export async function startFakeMlx(): Promise<FakeServer> {
  const named = { server: 'BaseHTTP/0.6 Python/3.12.1' }
  return startFakeServer(
    {
      'GET /health': (_, respond) => respond(200, { status: 'ok' }, named),
      'GET /v1/models': (_, respond) =>
        respond(
          200,
          {
            object: 'list',
            data: Object.keys(sizes).map((id) => ({ id, object: 'model', created: 1_750_000_000 })),
          },
          named,
        ),
    },
    (_, respond) => respond(404, 'Not Found', named),
  )
}
