import { createServer } from 'node:net'

/**
 * A debugger on Electron's main process, for what Playwright does not give: objects by their class, and an app whose
 * pages are left alone (Playwright holds them visible, and keeps their size).
 */
export class Inspector {
  readonly #socket: WebSocket
  #lastId = 0
  #contextId = 0

  private constructor(socket: WebSocket) {
    this.#socket = socket
  }

  static async connect(port: number): Promise<Inspector> {
    const targets = await (await fetch(`http://127.0.0.1:${port}/json/list`)).json()
    const socket = new WebSocket(targets[0].webSocketDebuggerUrl)
    await new Promise((resolve, reject) => {
      socket.addEventListener('open', resolve)
      socket.addEventListener('error', reject)
    })
    const inspector = new Inspector(socket)
    inspector.#contextId = await inspector.#defaultContext()
    return inspector
  }

  /** Node has several contexts; `require` is in its default one. */
  async #defaultContext(): Promise<number> {
    return await new Promise((resolve, reject) => {
      const onMessage = ({ data }: MessageEvent) => {
        const { method, params } = JSON.parse(String(data))
        if (method !== 'Runtime.executionContextCreated') return
        if (params.context.auxData?.isDefault === true) resolve(params.context.id)
      }
      this.#socket.addEventListener('message', onMessage)
      this.#send('Runtime.enable', {})
        .then(() => this.#socket.removeEventListener('message', onMessage))
        .then(() => reject(new Error('no default context')), reject)
    })
  }

  async #send(
    method: string,
    params: object,
  ): Promise<Record<string, { objectId?: string; value?: unknown; text?: string }>> {
    this.#lastId += 1
    const id = this.#lastId
    return await new Promise((resolve, reject) => {
      const onMessage = ({ data }: MessageEvent) => {
        const message = JSON.parse(String(data))
        if (message.id !== id) return
        this.#socket.removeEventListener('message', onMessage)
        if (message.error === undefined) resolve(message.result)
        else reject(new Error(message.error.message))
      }
      this.#socket.addEventListener('message', onMessage)
      this.#socket.send(JSON.stringify({ id, method, params }))
    })
  }

  /** Puts all objects that have the prototype in the global `prototype` into the global `found`. */
  async findByPrototype({ prototype, found }: { prototype: string; found: string }) {
    const { result } = await this.#send('Runtime.evaluate', {
      expression: `globalThis.${prototype}`,
    })
    const { objects } = await this.#send('Runtime.queryObjects', {
      prototypeObjectId: result?.objectId,
    })
    await this.#send('Runtime.callFunctionOn', {
      objectId: objects?.objectId,
      // a class's own prototype counts as one of its objects
      functionDeclaration: `function () {
        globalThis.${found} = [...this].filter((one) => one.eventNames().length > 0)
      }`,
    })
  }

  /** Runs an expression in the main process, where `electron` is Electron; its value comes as data. */
  async evaluate(expression: string): Promise<unknown> {
    const { result, exceptionDetails } = await this.#send('Runtime.evaluate', {
      contextId: this.#contextId,
      expression: `{ const electron = require('electron'); ${expression} }`,
      includeCommandLineAPI: true,
      awaitPromise: true,
      returnByValue: true,
    })
    if (exceptionDetails !== undefined) throw new Error(JSON.stringify(exceptionDetails))
    return result?.value
  }

  close(): void {
    this.#socket.close()
  }
}

/** A port that is free now. */
export async function freePort(): Promise<number> {
  const server = createServer()
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const address = server.address()
  await new Promise((resolve) => server.close(resolve))
  if (address === null || typeof address === 'string') throw new Error('no port')
  return address.port
}
