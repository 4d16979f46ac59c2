import { createRouterClient, safe } from '@orpc/server'
import type { Message } from '../../preload/contract/base.ts'
import type { HostState } from '../../preload/contract/fleet.ts'
import type { Core } from '../core/create-core.ts'
import { toErrorInfo } from '../core/errors.ts'
import { markedName } from './tray-face.ts'

export interface DiagnosticsOptions {
  core: Pick<Core, 'router' | 'context'>
  /** In the person's language. */
  say(message: Message): string
  /** To the clipboard. */
  copy(text: string): void
  notify(title: string, body: string): void
}

/** Puts a recording of the Host, secrets removed, on the clipboard, and says so: it takes some seconds. */
export async function copyDiagnostics(
  host: HostState,
  { core, say, copy, notify }: DiagnosticsOptions,
): Promise<void> {
  const client = createRouterClient(core.router, { context: core.context() })
  const { error, data, isDefined } = await safe(client.app.diagnostics({ hostId: host.id }))
  if (error === null) {
    copy(data.text)
    const copied = { key: 'tray.diagnostics.copied', params: { name: markedName(host, say) } }
    notify(say({ key: 'tray.diagnostics.copied-title' }), say(copied))
    return
  }
  const info = isDefined && error.code === 'FAILED' ? error.data : toErrorInfo(error)
  notify(say({ key: 'tray.diagnostics.failed-title' }), say(info.message))
}
