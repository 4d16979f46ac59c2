import type { NetworkInterfaceInfo } from 'node:os'
import type { Clock } from '../core/ports.ts'

/** Neither Node nor Electron's main process hears of networks; reading the interfaces takes well under a millisecond. */
const everyMs = 5_000

/** Calls when this machine's addresses changed: another Wi-Fi, a cable, the tailnet up or down. Returns its end. */
export function watchNetwork(
  clock: Clock,
  interfaces: () => NodeJS.Dict<NetworkInterfaceInfo[]>,
  onChange: () => void,
): () => void {
  let known = addressesOf(interfaces())
  let cancel = clock.after(everyMs, look)
  function look() {
    cancel = clock.after(everyMs, look)
    const now = addressesOf(interfaces())
    if (now === known) return
    known = now
    onChange()
  }
  return () => cancel()
}

/** Link-local addresses are left out: macOS makes and drops them as neighbours come and go (AWDL). */
function addressesOf(interfaces: NodeJS.Dict<NetworkInterfaceInfo[]>): string {
  return Object.entries(interfaces)
    .flatMap(([name, infos = []]) => infos.map(({ address }) => `${name} ${address}`))
    .filter((line) => !/ (fe80:|169\.254\.)/.test(line))
    .sort()
    .join('\n')
}
