import type { Tailnet } from '../../preload/contract/tailnet.ts'
import { errorInfo, StudioloError } from '../core/errors.ts'
import type { Host } from '../hosts/host.ts'
import { quote, textOf } from '../probes/answer.ts'

const openWithinMs = 10_000

/** Whether an app of Tailscale's would have to be opened first: its command line does not do that. */
export function isAppClosed({ isDaemonRunning, variant }: Tailnet): boolean {
  return !isDaemonRunning && variant !== 'daemon'
}

/** Opens it on this Mac, behind what is in front. Resolves before it is up. Fails as `not-running` where it cannot be opened. */
export async function openApp(local: Host, signal?: AbortSignal): Promise<void> {
  const output = await local.run(['open', '-g', '-a', 'Tailscale'], {
    timeoutMs: openWithinMs,
    ...(signal && { signal }),
  })
  if (output.exitCode !== 0) {
    throw new StudioloError(errorInfo('not-running', {}, quote(textOf(output))))
  }
}
