import { expect, test } from 'vitest'
import { createPathReader } from '../../../main/tailnet/path.ts'
import type { HostState } from '../../../preload/contract/fleet.ts'
import type { TailnetPeer } from '../../../preload/contract/tailnet.ts'
import { unknown, value } from '../../support/check-readings.ts'
import { peerWith, tailnetWith } from '../../support/tailnet.ts'

function reader(path: TailnetPeer['path']) {
  const tailnet = value('tailnet', tailnetWith({ peers: [peerWith({ path })] }))
  return createPathReader(() => ({ readings: { tailnet } }) as unknown as HostState)
}

const host = { target: 'ana@mac-studio', tailnetNodeId: null }

test.each([
  ['direct', 'tailnet-direct'],
  ['relay', 'tailnet-relay'],
  ['peer-relay', 'tailnet-relay'],
  ['idle', 'tailnet'],
] as const)('a peer whose path is %s is reached %s', (path, said) => {
  expect(reader(path)(host, 'tailnet')).toBe(said)
})

test('a Host is known by its node, whatever its target is called', () => {
  const alias = { target: 'some-alias', tailnetNodeId: 'nSTUDIOCNTRL' }
  expect(reader('direct')(alias, 'tailnet')).toBe('tailnet-direct')
  expect(reader('direct')({ ...alias, tailnetNodeId: null }, 'tailnet')).toBe('tailnet')
})

test('is never a guess', () => {
  expect(reader('direct')(host, 'lan')).toBe('lan')
  expect(reader('direct')(undefined, 'tailnet')).toBe('tailnet')
  const readings = { tailnet: unknown('timed-out') }
  const blind = createPathReader(() => ({ readings }) as unknown as HostState)
  expect(blind(host, 'tailnet')).toBe('tailnet')
})
