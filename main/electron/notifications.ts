import type { Alert } from '../../preload/contract/alerts.ts'
import type { Message } from '../../preload/contract/base.ts'

/** As much of Electron's Notification as is needed. */
export interface SystemNotification {
  on(event: 'click' | 'close', listener: () => void): unknown
  show(): void
  close(): void
}

export interface NotifierOptions {
  isSupported(): boolean
  make(options: { title: string; body: string; silent: boolean }): SystemNotification
  say(message: Message): string
  /** The person wants to know more. */
  open(): void
}

/** Notifies of an alert in the person's language; one that is still shown for the same alert is replaced. */
export function createNotifier(options: NotifierOptions): (alert: Alert) => void {
  // also keeps them from being collected as garbage, and their listeners with them
  const shown = new Map<string, SystemNotification>()
  return ({ id, title, reason, severity }) => {
    if (!options.isSupported()) return
    shown.get(id)?.close()
    const notification = options.make({
      title: options.say(title),
      body: options.say(reason),
      silent: severity === 'attention',
    })
    const forget = () => {
      if (shown.get(id) === notification) shown.delete(id)
    }
    notification.on('click', () => {
      forget()
      options.open()
    })
    notification.on('close', forget)
    shown.set(id, notification)
    notification.show()
  }
}
