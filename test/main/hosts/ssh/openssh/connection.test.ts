import { Duplex } from 'node:stream'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { MuxConnection } from '../../../../../main/hosts/ssh/openssh/connection.ts'
import { Frames } from '../../../../../main/hosts/ssh/openssh/wire.ts'
import { OpenRefused } from '../../../../../main/hosts/ssh/transport.ts'

/** Hexadecimal with spaces, as one reads it in RFC 4254. */
const hex = (text: string) => Buffer.from(text.replaceAll(' ', ''), 'hex')

/** A message of proxy mode: its length, no padding, the number, the rest. */
function packet(body: string): Buffer {
  const bytes = hex(`00 ${body}`)
  const length = Buffer.alloc(4)
  length.writeUInt32BE(bytes.length)
  return Buffer.concat([length, bytes])
}

function start() {
  const sent: Buffer[] = []
  const stream = new Duplex({
    read: () => undefined,
    write(chunk: Buffer, _encoding, done) {
      sent.push(chunk)
      done()
    },
  })
  const connection = new MuxConnection(stream, new Frames(), [])
  const settle = () => new Promise((resolve) => setImmediate(resolve))
  return {
    ...{ connection, stream, settle },
    sent: () => Buffer.concat(sent.splice(0)).toString('hex'),
    async receive(...bodies: string[]) {
      stream.push(Buffer.concat(bodies.map(packet)))
      await settle()
    },
  }
}

/** CHANNEL_OPEN_CONFIRMATION of channel 1: the far side's 7, with this window and packets of 16 bytes. */
const confirmed = (window: string) => `5b 00000001 00000007 ${window} 00000010`

async function opened(window = '00000020') {
  const far = start()
  const opening = far.connection.open('session')
  await far.receive(confirmed(window))
  far.sent()
  return { ...far, channel: await opening }
}

describe('the connection protocol, byte by byte', () => {
  test('opens a channel with a window of 2 MiB and packets of 32 KiB', () => {
    const { connection, sent } = start()
    connection.open('session').catch(() => undefined)
    // CHANNEL_OPEN is 90
    expect(sent()).toBe(
      packet('5a 00000007 73657373696f6e 00000001 00200000 00008000').toString('hex'),
    )
  })

  test('a refusal has its reason and its words', async () => {
    const { connection, receive } = start()
    const opening = connection.open('session')
    opening.catch(() => undefined)
    await receive('5c 00000001 00000002 00000002 6e6f 00000000')
    const error: unknown = await opening.catch((reason: unknown) => reason)
    expect(error).toBeInstanceOf(OpenRefused)
    expect(error).toMatchObject({ reason: 2, message: 'Channel open failure: no' })
  })

  test('sends no more than the window, in pieces that the far side takes, and the rest later', async () => {
    const { channel, sent, receive } = await opened('00000014')
    channel.write(Buffer.alloc(30, 'x'))
    const x = (count: number) => '78'.repeat(count)
    expect(sent()).toBe(
      Buffer.concat([
        packet(`5e 00000007 00000010 ${x(16)}`),
        packet(`5e 00000007 00000004 ${x(4)}`),
      ]).toString('hex'),
    )
    await receive('5d 00000001 00000100')
    expect(sent()).toBe(packet(`5e 00000007 0000000a ${x(10)}`).toString('hex'))
    channel.end()
    expect(sent()).toBe(packet('60 00000007').toString('hex'))
  })

  test('data, errors, exit status and the ends arrive; close comes after all of it was read', async () => {
    const { channel, receive, settle, sent } = await opened()
    const seen: string[] = []
    channel.on('close', () => seen.push('close'))
    channel.onExit((exit) => seen.push(JSON.stringify(exit)))
    await receive(
      '5e 00000001 00000003 6f7574',
      '5f 00000001 00000001 00000003 657272',
      '62 00000001 0000000b 657869742d737461747573 00 00000003',
      '60 00000001',
      '61 00000001',
    )
    expect(seen).toEqual(['{"code":3}'])
    expect(sent()).toBe(packet('61 00000007').toString('hex'))
    channel.on('data', (chunk: Buffer) => seen.push(chunk.toString()))
    channel.stderr.on('data', (chunk: Buffer) => seen.push(chunk.toString()))
    await settle()
    await settle()
    expect(seen.toSorted()).toEqual(['close', 'err', 'out', '{"code":3}'])
    expect(seen.at(-1)).toBe('close')
  })

  test('a signal is an end, too', async () => {
    const { channel, receive } = await opened()
    // exit-signal, no reply, KILL
    await receive('62 00000001 0000000b 657869742d7369676e616c 00 00000004 4b494c4c 00')
    expect(channel.exit).toEqual({ signal: 'SIGKILL' })
  })

  test('opens the window again only for what was read', async () => {
    const { channel, receive, settle, sent } = await opened()
    const piece = `5e 00000001 00080000 ${'00'.repeat(0x80000)}`
    await receive(piece, piece)
    expect(sent()).toBe('')
    channel.resume()
    await settle()
    await settle()
    expect(sent()).toBe(packet('5d 00000007 00100000').toString('hex'))
  })

  test('what nobody reads holds the window, although the other stream flows', async () => {
    const { channel, receive, settle, sent } = await opened()
    channel.stderr.resume()
    const piece = '00'.repeat(0x80000)
    await receive(`5e 00000001 00080000 ${piece}`, `5f 00000001 00000001 00080000 ${piece}`)
    await settle()
    // for what was read of the one, and not for the other
    expect(sent()).toBe(packet('5d 00000007 00080000').toString('hex'))
    channel.resume()
    await settle()
    await settle()
    expect(sent()).toBe(packet('5d 00000007 00080000').toString('hex'))
  })

  test('a window that was full to its end opens again for a slow reader', async () => {
    const { channel, receive, settle, sent } = await opened()
    const piece = `5e 00000001 00008000 ${'00'.repeat(0x8000)}`
    await receive(...Array.from({ length: 64 }, () => piece))
    expect(sent()).toBe('')
    let readBytes = 0
    while (readBytes < 0x200000) {
      readBytes += (channel.read(1000) ?? channel.read()).length
      await Promise.resolve()
    }
    await settle()
    expect(sent()).toBe(packet('5d 00000007 00200000').toString('hex'))
  })

  test('a sign of life is answered, in the channel and beside it', async () => {
    const { receive, sent } = await opened()
    const keepalive = '00000015 6b656570616c697665406f70656e7373682e636f6d'
    await receive(`62 00000001 ${keepalive} 01`, `50 ${keepalive} 01`)
    expect(sent()).toBe(Buffer.concat([packet('64 00000007'), packet('52')]).toString('hex'))
  })

  test('the loss of the connection ends what is open, and what would be', async () => {
    const { channel, connection, stream } = await opened()
    const opening = connection.open('session')
    opening.catch(() => undefined)
    channel.resume()
    channel.stderr.resume()
    const closed = new Promise((resolve) => channel.once('close', resolve))
    stream.destroy()
    await closed
    await expect(opening).rejects.toThrow()
    await expect(connection.open('session')).rejects.toThrow()
  })

  test('a length beyond all reason ends the connection', async () => {
    const { stream, settle } = start()
    stream.push(hex('ffffffff 00'))
    await settle()
    expect(stream.destroyed).toBe(true)
  })

  test('whatever comes, in whatever pieces: nothing is thrown', async () => {
    const bytes = fc.uint8Array({ maxLength: 40 })
    const type = fc.integer({ min: 80, max: 100 })
    const message = fc.tuple(type, fc.constantFrom(0, 1, 2), bytes).map(([number, id, rest]) => {
      const body = Buffer.concat([hex(`00 ${number.toString(16)} 0000000${id}`), rest])
      const length = Buffer.alloc(4)
      length.writeUInt32BE(body.length)
      return Buffer.concat([length, body])
    })
    await fc.assert(
      fc.asyncProperty(fc.array(message), fc.array(bytes), async (messages, noise) => {
        const { channel, stream, settle } = await opened()
        channel.resume()
        const all = Buffer.concat([...messages, ...noise])
        for (let at = 0; at < all.length; at += 7) stream.push(all.subarray(at, at + 7))
        await settle()
      }),
      { numRuns: 200 },
    )
  })
})
