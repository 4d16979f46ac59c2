import { describe, expect, test } from 'vitest'
import { addressFor, addressOf, peerOf } from '../../../main/tailnet/peers.ts'
import { peerWith, tailnetWith } from '../../support/tailnet.ts'

const studio = peerWith()
const shared = peerWith({
  ...{ id: 'nOTHERCNTRL', name: 'studio.tail9.ts.net', dnsName: 'studio.tail9.ts.net' },
  addresses: ['100.99.0.3'],
})
const tailnet = tailnetWith({ peers: [shared, studio] })

describe('peerOf', () => {
  test.each([
    ['nSTUDIOCNTRL', 'some-alias', studio],
    ['nOTHERCNTRL', 'mac-studio', shared],
    ['nGONECNTRL', '100.64.0.2', studio],
    [null, '100.64.0.2', studio],
    [null, 'fd7a:115c:a1e0::2', studio],
    [null, 'ana@Mac-Studio.tail1.ts.net.', studio],
    [null, 'mac-studio', studio],
    [null, 'studio', shared],
    [null, 'mac-studio.example.com', undefined],
    [null, '100.64.0.22', undefined],
    [null, null, undefined],
  ])('node %j, target %j', (nodeId, target, peer) => {
    expect(peerOf(tailnet, { nodeId, target })).toBe(peer)
  })
})

test('an IPv4 address is taken before the others', () => {
  expect(addressOf({ addresses: ['fd7a:115c:a1e0::2', '100.64.0.2'] })).toBe('100.64.0.2')
  expect(addressOf({ addresses: ['fd7a:115c:a1e0::2'] })).toBe('fd7a:115c:a1e0::2')
  expect(addressOf({ addresses: [] })).toBeNull()
})

describe('addressFor', () => {
  const renamed = tailnetWith({
    peers: [peerWith({ name: 'atelier', dnsName: 'atelier.tail1.ts.net' })],
  })
  const host = { target: 'mac-studio.tail1.ts.net', tailnetNodeId: 'nSTUDIOCNTRL' }

  test.each([
    ['mac-studio.tail1.ts.net', '100.64.0.2'],
    ['mac-studio', '100.64.0.2'],
    ['mac-studio.oldname.ts.net', '100.64.0.2'],
    ['100.64.0.77', '100.64.0.2'],
    ['atelier', null],
    ['atelier.tail1.ts.net', null],
    ['100.64.0.2', null],
    // these lead past the tailnet, and the person chose them
    ['mac-studio.local', null],
    ['192.168.1.20', null],
    ['studio.example.com', null],
  ])('a renamed node whose target is %s', (target, address) => {
    expect(addressFor({ ...host, target }, renamed)).toBe(address)
  })

  test('knows the names of a self-hosted tailnet by its own', () => {
    const { self } = tailnetWith()
    const own = { self: self && { ...self, dnsName: 'macbook.mesh.example.org' } }
    const target = 'mac-studio.mesh.example.org'
    expect(addressFor({ ...host, target }, { ...renamed, ...own })).toBe('100.64.0.2')
  })

  test('says nothing without a node, without the peer, or while Tailscale does not run', () => {
    expect(addressFor({ ...host, tailnetNodeId: null }, renamed)).toBeNull()
    expect(addressFor({ ...host, tailnetNodeId: 'nGONECNTRL' }, renamed)).toBeNull()
    expect(addressFor(host, { ...renamed, state: 'stopped' })).toBeNull()
  })

  test('a new machine under the old name is another one', () => {
    const peers = [...renamed.peers, peerWith({ id: 'nNEWCNTRL', addresses: ['100.64.0.9'] })]
    expect(addressFor(host, { ...renamed, peers })).toBe('100.64.0.2')
  })
})
