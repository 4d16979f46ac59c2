import { createServer } from 'node:net'

/** A second debugger on Electron's main process, for the one thing that Playwright does not give: objects by their class. */
export class Inspector {
  readonly #socket: WebSocket
  #lastId = 0

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
    return new Inspector(socket)
  }

  async #send(method: string, params: object): Promise<{ [field: string]: { objectId: string } }> {
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
      functionDeclaration: `function () { globalThis.${found} = [...this] }`,
    })
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
