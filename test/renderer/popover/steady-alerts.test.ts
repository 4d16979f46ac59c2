import { expect, test } from 'vitest'
import { steadyAlerts } from '../../../renderer/popover/steady-alerts.ts'
import { alert } from '../../support/fleet-fixtures.ts'

const old = alert('tailnet-key', 'soon', {})
const late = alert('tailnet-stopped', 'stopped', {}, { severity: 'fail' })
const shownIds = new Set([old.id])

test('a new alert waits while somebody points at the popover', () => {
  expect(steadyAlerts(shownIds, [late, old], true)).toEqual([old])
  expect(steadyAlerts(shownIds, [late, old], false)).toEqual([late, old])
})

test('one whose cause is gone is not shown on', () => {
  expect(steadyAlerts(shownIds, [late], true)).toEqual([])
})
