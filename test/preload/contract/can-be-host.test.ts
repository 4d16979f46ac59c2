import { expect, test } from 'vitest'
import { canBeHost } from '../../../preload/contract/can-be-host.ts'

const addresses = ['100.101.20.4', 'fd7a:115c:a1e0::1']

test.each([
  ['macOS', true],
  ['linux', true],
  [null, true],
  ['iOS', false],
  ['android', false],
  ['windows', false],
])('a machine of the tailnet with the system %s can be a Host: %s', (os, can) => {
  expect(canBeHost({ os, addresses })).toBe(can)
})

test('without an address it cannot', () => {
  expect(canBeHost({ os: 'macOS', addresses: [] })).toBe(false)
})
