import { describe, expect, test } from 'vitest'
import type { UpdateItem } from '../../../main/probes/updates.ts'
import { here, judge, unknown, value } from '../../support/check-readings.ts'

function item(title: string, isRestartNeeded: boolean): UpdateItem {
  return { label: title, title, version: null, isRestartNeeded, isRecommended: true }
}

describe('updates', () => {
  test('nothing waits', () => {
    expect(judge('updates', { updates: value('updates', { items: [] }) })).toMatchObject({
      state: 'pass',
      title: { key: 'check.updates.title.none' },
    })
  })

  test('says how many wait, and which', () => {
    const items = [item('Safari', false), item('Pro Apps', false)]
    expect(judge('updates', { updates: value('updates', { items }) })).toMatchObject({
      state: 'attention',
      title: { key: 'check.updates.title.waiting', params: { count: 2 } },
      reason: { params: { titles: 'Safari, Pro Apps' } },
    })
  })

  test('says that one needs a restart', () => {
    const items = [item('macOS Tahoe 26.6.2', true)]
    expect(judge('updates', { updates: value('updates', { items }) }, here)).toMatchObject({
      state: 'attention',
      reason: { key: 'check.updates.reason.restart', params: { count: 1 } },
      remedy: {
        kind: 'open-settings',
        target: 'x-apple.systempreferences:com.apple.Software-Update-Settings.extension',
      },
    })
  })

  test('without an answer from Apple it is not up to date', () => {
    expect(judge('updates', { updates: unknown('timed-out') })).toMatchObject({ state: 'unknown' })
  })
})
