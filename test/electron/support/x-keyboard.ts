import { once } from 'node:events'
import { connect, type Socket } from 'node:net'

/** Opcodes of the X11 protocol, and of its extension XTEST. */
const getInputFocus = 43
const queryExtension = 98
const getKeyboardMapping = 101
const fakeInput = 2
const keyPress = 2
const keyRelease = 3

/** Keysyms of X11/keysymdef.h; a letter's is its code in ASCII. */
const keysyms: Readonly<Record<string, number>> = { Control: 0xffe3, Alt: 0xffe9 }

/**
 * A keyboard of the X server that DISPLAY names: its keys reach whatever program has asked for them, as a person's do. Playwright's
 * keys reach one page only.
 */
export class XKeyboard {
  readonly #socket: Socket
  #received: Buffer = Buffer.alloc(0)
  #keycodes = new Map<number, number>()
  #xtest = 0

  private constructor(socket: Socket) {
    this.#socket = socket
    socket.on('data', (data) => {
      this.#received = Buffer.concat([this.#received, data])
    })
  }

  static async connect(display: string): Promise<XKeyboard> {
    const socket = connect(`/tmp/.X11-unix/X${display.replace(/^:|\.\d+$/g, '')}`)
    await once(socket, 'connect')
    const keyboard = new XKeyboard(socket)
    await keyboard.#begin()
    return keyboard
  }

  async #begin(): Promise<void> {
    // little-endian, protocol 11.0, without authorisation
    this.#socket.write(Buffer.from([0x6c, 0, 11, 0, 0, 0, 0, 0, 0, 0, 0, 0]))
    const head = await this.#take(8)
    const setup = await this.#take(head.readUInt16LE(6) * 4)
    if (head[0] !== 1) throw new Error(`The X server refused: ${setup}`)
    const [first = 8, last = 255] = [setup[26], setup[27]]
    const { data, perKey } = await this.#mapping(first, last - first + 1)
    for (let key = last; key >= first; key--) {
      this.#keycodes.set(data.readUInt32LE((key - first) * perKey * 4), key)
    }
    const name = Buffer.from('XTEST\0\0\0')
    const asked = Buffer.concat([Buffer.from([queryExtension, 0, 4, 0, 5, 0, 0, 0]), name])
    this.#socket.write(asked)
    const answer = await this.#take(32)
    if (answer[8] !== 1) throw new Error('The X server has no XTEST.')
    this.#xtest = answer[9] ?? 0
  }

  async #mapping(first: number, count: number): Promise<{ data: Buffer; perKey: number }> {
    this.#socket.write(Buffer.from([getKeyboardMapping, 0, 2, 0, first, count, 0, 0]))
    const head = await this.#take(32)
    return { data: await this.#take(head.readUInt32LE(4) * 4), perKey: head[1] ?? 1 }
  }

  async #take(length: number): Promise<Buffer> {
    while (this.#received.length < length) await once(this.#socket, 'data')
    const taken = this.#received.subarray(0, length)
    this.#received = this.#received.subarray(length)
    return taken
  }

  /** @param keys as an accelerator has them: `Control+Alt+Y` */
  async press(keys: string): Promise<void> {
    const codes = keys.split('+').map((key) => {
      const code = this.#keycodes.get(keysyms[key] ?? key.toLowerCase().charCodeAt(0))
      if (code === undefined) throw new Error(`There is no key ${key}.`)
      return code
    })
    for (const code of codes) this.#send(keyPress, code)
    for (const code of codes.toReversed()) this.#send(keyRelease, code)
    // answered after all that went before
    this.#socket.write(Buffer.from([getInputFocus, 0, 1, 0]))
    await this.#take(32)
  }

  #send(kind: number, keycode: number): void {
    const request = Buffer.alloc(36)
    request.set([this.#xtest, fakeInput, 9, 0, kind, keycode])
    this.#socket.write(request)
  }

  close(): void {
    this.#socket.destroy()
  }
}
