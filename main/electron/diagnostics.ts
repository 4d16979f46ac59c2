import { createRouterClient, safe } from '@orpc/server'
import { clipboard, Notification } from 'electron'
import type { Message } from '../../preload/contract/base.ts'
import type { Core } from '../core/create-core.ts'
import { toErrorInfo } from '../core/errors.ts'

/** Puts a recording of the Host, secrets removed, on the clipboard, and says so: it takes some seconds. */
export async function copyDiagnostics(
  core: Core,
  host: { id: string; name: string },
  say: (message: Message) => string,
): Promise<void> {
  const client = createRouterClient(core.router, { context: core.context() })
  const { error, data, isDefined } = await safe(client.app.diagnostics({ hostId: host.id }))
  if (error === null) {
    clipboard.writeText(data.text)
    notify('tray.diagnostics.copied-title', {
      key: 'tray.diagnostics.copied',
      params: { name: host.name },
    })
    return
  }
  const info = isDefined && error.code === 'FAILED' ? error.data : toErrorInfo(error)
  notify('tray.diagnostics.failed-title', info.message)

  function notify(title: string, body: Message) {
    new Notification({ title: say({ key: title }), body: say(body), silent: true }).show()
  }
}
