import { createSocket } from 'node:dgram'
import { once } from 'node:events'
import type { NetworkInterfaceInfo } from 'node:os'
import { describe, expect, it } from 'vitest'
import { broadcastAddresses, magicPacket, wakeOnLan } from '../../../main/connect/wake.ts'
import { studioConfig } from '../../support/tailnet-fixtures.ts'

const config = studioConfig({ macAddress: '1c:0f:64:00:0a:0b' })

/** As `man wakeonlan` and the white paper of AMD describe it, written out. */
const expected = `ffffffffffff${'1c0f64000a0b'.repeat(16)}`

function ipv4(cidr: string, internal = false): NetworkInterfaceInfo {
  const address = cidr.split('/')[0] ?? ''
  return { address, netmask: '', family: 'IPv4', mac: '', internal, cidr }
}

describe('wakeOnLan', () => {
  it('sends the packet to each address', async () => {
    const sockets = ['127.0.0.1', '127.0.0.2'].map((address) => ({
      address,
      socket: createSocket('udp4'),
    }))
    const [first, second] = sockets
    if (first === undefined || second === undefined) throw new Error('two sockets')
    first.socket.bind(0, first.address)
    await once(first.socket, 'listening')
    const { port } = first.socket.address()
    second.socket.bind(port, second.address)
    await once(second.socket, 'listening')
    try {
      const packets = sockets.map(({ socket }) => once(socket, 'message'))
      await wakeOnLan(config, { addresses: sockets.map(({ address }) => address), port })
      for (const [packet] of await Promise.all(packets)) {
        expect((packet as Buffer).toString('hex')).toBe(expected)
      }
    } finally {
      for (const { socket } of sockets) socket.close()
    }
  })

  it('is content with one network that took the packet', async () => {
    const socket = createSocket('udp4')
    socket.bind(0, '127.0.0.1')
    await once(socket, 'listening')
    const { port } = socket.address()
    const received = once(socket, 'message')
    await wakeOnLan(config, { addresses: ['256.0.0.1', '127.0.0.1'], port })
    expect((await received)[0]).toHaveLength(102)
    socket.close()
  })

  it('says that the hardware address is not known', async () => {
    const info = { code: 'not-found', message: { key: 'connect.wake.no-address' } }
    await expect(wakeOnLan(studioConfig())).rejects.toMatchObject({ info })
    await expect(wakeOnLan(undefined)).rejects.toMatchObject({ info: { code: 'not-found' } })
  })

  it('says that no network took the packet', async () => {
    const info = { code: 'unreachable', message: { key: 'connect.wake.not-sent' } }
    await expect(wakeOnLan(config, { addresses: [] })).rejects.toMatchObject({ info })
    const nowhere = wakeOnLan(config, { addresses: ['256.0.0.1'] })
    await expect(nowhere).rejects.toMatchObject({ info: { ...info, detail: expect.any(String) } })
  })
})

describe('magicPacket', () => {
  it('is six bytes of 255 and sixteen times the address', () => {
    expect(magicPacket('1c:0f:64:00:0a:0b').toString('hex')).toBe(expected)
  })
})

describe('broadcastAddresses', () => {
  it('has one for each network of IPv4, none for loopback and point-to-point links', () => {
    expect(
      broadcastAddresses({
        lo0: [ipv4('127.0.0.1/8', true)],
        en0: [ipv4('192.168.1.7/24'), ipv4('10.20.30.40/20')],
        en1: [ipv4('172.16.5.130/25'), ipv4('192.168.1.8/24')],
        utun4: [ipv4('100.75.153.24/32')],
        utun5: [{ ...ipv4('fd00::7/64'), family: 'IPv6', scopeid: 0 }],
        none: undefined,
      }),
    ).toEqual(['192.168.1.255', '10.20.31.255', '172.16.5.255', '255.255.255.255'])
  })
})
