const nobody = ['00:00:00:00:00:00', 'ff:ff:ff:ff:ff:ff']

/**
 * The hardware address of a neighbour, from the output of `arp -n ADDRESS` (macOS, which leaves out leading zeros) or of
 * `ip neigh show ADDRESS` (Linux). Null where there is no entry, or none that was answered.
 *
 *     ? (192.168.1.20) at 1c:f:64:0:a:b on en0 ifscope [ethernet]
 *     ? (192.168.1.21) at (incomplete) on en0 ifscope [ethernet]
 *     192.168.1.20 dev eth0 lladdr 1c:0f:64:00:0a:0b REACHABLE
 *
 * @example macAddressIn('? (192.168.1.20) at 1c:f:64:0:a:b on en0', '192.168.1.20') // '1c:0f:64:00:0a:0b'
 */
export function macAddressIn(text: string, address: string): string | null {
  for (const line of text.split('\n')) {
    const words = line.trim().split(/\s+/)
    const isAboutIt = words[0] === address || words[1] === `(${address})`
    const label = words.findIndex((word) => word === 'lladdr' || word === 'at')
    const said = words[label + 1]
    if (!isAboutIt || label === -1 || said === undefined) continue
    if (!/^[0-9a-f]{1,2}(:[0-9a-f]{1,2}){5}$/i.test(said)) continue
    const padded = said
      .toLowerCase()
      .split(':')
      .map((byte) => byte.padStart(2, '0'))
    const mac = padded.join(':')
    if (!nobody.includes(mac)) return mac
  }
  return null
}
