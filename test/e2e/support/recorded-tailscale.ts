import { chmodSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'

const fixture = join(
  import.meta.dirname,
  '../../fixtures/probes/tailnet/windows-any-two-phones.json',
)

interface RecordedPeer {
  DNSName: string
  OS: string
}

/**
 * Puts a `tailscale` into `homeDir` that prints a recorded status, and answers the environment in which it is found. The
 * recording has phones only: `standIn` is handed its peers and may change some into other machines; all else is as it was recorded.
 */
export function writeRecordedTailscale(
  homeDir: string,
  standIn: (peers: RecordedPeer[]) => void,
): { PATH: string } {
  const status: { Peer: Record<string, RecordedPeer> } = JSON.parse(readFileSync(fixture, 'utf8'))
  standIn(Object.values(status.Peer))
  const binDir = join(homeDir, 'bin')
  mkdirSync(binDir)
  writeFileSync(join(homeDir, 'status.json'), JSON.stringify(status, null, 2))
  writeFileSync(
    join(binDir, 'tailscale'),
    `#!/bin/sh\n[ "$1 $2" = 'status --json' ] || exit 70\nexec cat '${homeDir}/status.json'\n`,
  )
  chmodSync(join(binDir, 'tailscale'), 0o755)
  return { PATH: `${binDir}:${process.env.PATH}` }
}
