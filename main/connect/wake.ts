import { createSocket, type Socket } from 'node:dgram'
import { type NetworkInterfaceInfo, networkInterfaces } from 'node:os'
import type { SshHostConfig } from '../../preload/contract/settings.ts'
import { errorInfo, StudioloError } from '../core/errors.ts'

/** The service "discard", where nothing answers; network cards look into the packet only. */
const defaultPort = 9

/**
 * Sends a Wake-on-LAN packet to each network that this machine is in. Nothing answers such a packet: that it was sent is all that can
 * be known. Rejects as `not-found` without a hardware address, and as `unreachable` where it could be sent nowhere.
 */
export async function wakeOnLan(
  config: Pick<SshHostConfig, 'name' | 'macAddress'> | undefined,
  {
    addresses = broadcastAddresses(networkInterfaces()),
    port = defaultPort,
  }: { addresses?: readonly string[]; port?: number } = {},
): Promise<void> {
  if (config === undefined) throw new StudioloError(errorInfo('not-found'))
  const { name, macAddress } = config
  if (macAddress === null) {
    const message = { key: 'connect.wake.no-address', params: { name } }
    throw new StudioloError({ code: 'not-found', message })
  }
  const packet = magicPacket(macAddress)
  const socket = createSocket('udp4')
  try {
    await open(socket)
    socket.setBroadcast(true)
    const sent = await Promise.allSettled(addresses.map((to) => send(socket, packet, port, to)))
    if (sent.some(({ status }) => status === 'fulfilled')) return
    const failed = sent.find((one) => one.status === 'rejected')
    const message = { key: 'connect.wake.not-sent', params: { name } }
    const detail = failed === undefined ? {} : { detail: String(failed.reason) }
    throw new StudioloError({ code: 'unreachable', message, ...detail })
  } finally {
    socket.close()
  }
}

/**
 * Six bytes of 255, then the hardware address sixteen times.
 *
 * @example magicPacket('1c:0f:64:00:0a:0b').length // 102
 */
export function magicPacket(macAddress: string): Buffer {
  const mac = Buffer.from(macAddress.replaceAll(':', ''), 'hex')
  return Buffer.concat([Buffer.alloc(6, 0xff), ...Array.from({ length: 16 }, () => mac)])
}

/**
 * The broadcast address of each IPv4 network that this machine is in, and that of the network which the system thinks best. Point-to-point
 * interfaces (the tailnet, VPNs) have none.
 *
 * @example { en0: 192.168.1.7/24 } -> ['192.168.1.255', '255.255.255.255']
 */
export function broadcastAddresses(interfaces: NodeJS.Dict<NetworkInterfaceInfo[]>): string[] {
  const found = Object.values(interfaces)
    .flatMap((infos) => infos ?? [])
    .flatMap(({ family, internal, address, cidr }) => {
      const prefix = Number(cidr?.split('/')[1])
      return family === 'IPv4' && !internal && prefix <= 30 ? [lastOf(address, prefix)] : []
    })
  return [...new Set([...found, '255.255.255.255'])]
}

function lastOf(address: string, prefix: number): string {
  return address
    .split('.')
    .map((byte, index) => {
      const hostBits = Math.min(8, Math.max(0, 8 * (index + 1) - prefix))
      return Number(byte) | (2 ** hostBits - 1)
    })
    .join('.')
}

function open(socket: Socket): Promise<void> {
  return new Promise((resolve, reject) => {
    socket.once('error', reject)
    socket.bind(0, resolve)
  })
}

function send(socket: Socket, packet: Buffer, port: number, address: string): Promise<void> {
  return new Promise((resolve, reject) => {
    socket.send(packet, port, address, (error) => (error === null ? resolve() : reject(error)))
  })
}
