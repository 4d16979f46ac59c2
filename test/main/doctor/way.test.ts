import { describe, expect, it } from 'vitest'
import { isThroughTailnet } from '../../../main/doctor/way.ts'
import { parseSshConfig } from '../../../main/hosts/ssh/config.ts'
import { isTailscaleProxy } from '../../../main/hosts/ssh/proxy.ts'
import { plainHost } from '../../../preload/contract/plain-host.ts'
import type { SshHostConfig } from '../../../preload/contract/settings.ts'
import { peerWith, tailnetWith } from '../../support/tailnet.ts'

const tailnet = tailnetWith({ peers: [peerWith()] })

function isThrough(
  target: string,
  options: {
    sshG?: string
    nodeId?: string
    resolved?: string
    isTailscaleOff?: boolean
  } = {},
): boolean {
  const config: SshHostConfig = {
    ...{ kind: 'ssh', id: 'studio', name: 'Studio', target, ...plainHost },
    tailnetNodeId: options.nodeId ?? null,
  }
  const text = `hostname ${target}\nuser ana\nport 22\n${options.sshG ?? ''}\n`
  const ssh = parseSshConfig(text, { target, homeDir: '/Users/ana', keyPath: null })
  const known = options.isTailscaleOff ? null : tailnet
  return isThroughTailnet(config, ssh, known, options.resolved ?? null)
}

describe('whether the way leads through the tailnet', () => {
  it('is decided by the ranges of Tailscale, for addresses', () => {
    expect(isThrough('100.64.0.2')).toBe(true)
    expect(isThrough('100.127.255.254')).toBe(true)
    expect(isThrough('fd7a:115c:a1e0::2')).toBe(true)
    // beside 100.64.0.0/10
    expect(isThrough('100.63.0.2')).toBe(false)
    expect(isThrough('100.128.0.1')).toBe(false)
  })

  it('is not, for an address of another network, although the host is in the tailnet as well', () => {
    expect(isThrough('192.168.1.20', { nodeId: 'nSTUDIOCNTRL' })).toBe(false)
  })

  it('is decided by what a name resolved to', () => {
    expect(isThrough('mac-studio', { resolved: '100.64.0.2' })).toBe(true)
    expect(isThrough('mac-studio', { resolved: '192.168.1.20' })).toBe(false)
  })

  it('is taken from the name itself where it did not resolve', () => {
    expect(isThrough('mac-studio.tail1.ts.net', { isTailscaleOff: true })).toBe(true)
    expect(isThrough('mac-studio')).toBe(true)
    expect(isThrough('mac-studio', { isTailscaleOff: true })).toBe(false)
    expect(isThrough('mac-studio', { isTailscaleOff: true, nodeId: 'n1' })).toBe(true)
    expect(isThrough('mac-studio.local', { nodeId: 'n1' })).toBe(false)
    expect(isThrough('studio.office.example')).toBe(false)
  })

  it('is so where Tailscale itself carries the bytes, and not where another program does', () => {
    const by = (command: string) => isThrough('100.64.0.2', { sshG: `proxycommand ${command}` })
    expect(by('tailscale nc %h %p')).toBe(true)
    expect(by('/Applications/Tailscale.app/Contents/MacOS/Tailscale nc %h %p')).toBe(true)
    expect(by('tailscale --socket=/tmp/a/ts.sock nc %h %p')).toBe(true)
    expect(by('nc -X 5 -x 127.0.0.1:1055 %h %p')).toBe(false)
    expect(isThrough('100.64.0.2', { sshG: 'proxyjump bastion' })).toBe(false)
  })

  it('does not take a word of a path for the program', () => {
    expect(isTailscaleProxy('/home/tailscale/bin/proxy; nc %h %p')).toBe(false)
    expect(isTailscaleProxy(null)).toBe(false)
  })
})
