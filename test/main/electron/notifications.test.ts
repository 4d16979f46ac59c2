import { describe, expect, it } from 'vitest'
import { createNotifier } from '../../../main/electron/notifications.ts'
import type { Alert } from '../../../preload/contract/alerts.ts'

function alert(fields: Partial<Alert> = {}): Alert {
  return {
    ...{ id: 'host-offline/studio', severity: 'attention', hostId: 'studio', action: null },
    title: { key: 'alert.host-offline.offline.title', params: { name: 'Mac Studio' } },
    reason: { key: 'alert.host-offline.offline.reason', params: { name: 'Mac Studio' } },
    ...{ remedy: null, since: '2026-11-20T09:00:00.000Z' },
    ...fields,
  }
}

function setUp(isSupported = true) {
  const events: string[] = []
  const made: { title: string; body: string; silent: boolean; emit(event: string): void }[] = []
  const notify = createNotifier({
    isSupported: () => isSupported,
    say: ({ key, params }) => `${key} ${params?.name}`,
    open: () => void events.push('open'),
    make(options) {
      const listeners = new Map<string, () => void>()
      const emit = (event: string) => listeners.get(event)?.()
      const number = made.push({ ...options, emit })
      return {
        on: (event, listener) => listeners.set(event, listener),
        show: () => void events.push(`show ${number}`),
        close() {
          events.push(`close ${number}`)
          emit('close')
        },
      }
    },
  })
  return { notify, events, made }
}

describe('notifications', () => {
  it('say title and reason, with a sound only for what has failed', () => {
    const { notify, made } = setUp()
    notify(alert())
    notify(alert({ id: 'tailnet-stopped', severity: 'fail' }))
    expect(made).toMatchObject([
      {
        title: 'alert.host-offline.offline.title Mac Studio',
        body: 'alert.host-offline.offline.reason Mac Studio',
        silent: true,
      },
      { silent: false },
    ])
  })

  it('open the popover by a click', () => {
    const { notify, events, made } = setUp()
    notify(alert())
    made[0]?.emit('click')
    expect(events).toEqual(['show 1', 'open'])
  })

  it('replace the one that is still shown for the same alert', () => {
    const { notify, events, made } = setUp()
    notify(alert())
    notify(alert({ id: 'tailnet-stopped' }))
    notify(alert())
    expect(events).toEqual(['show 1', 'show 2', 'close 1', 'show 3'])
    made[2]?.emit('close')
    notify(alert())
    expect(events.slice(4)).toEqual(['show 4'])
  })

  it('do nothing where the system has none', () => {
    const { notify, made } = setUp(false)
    notify(alert())
    expect(made).toEqual([])
  })
})
