import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { isUnparsed } from '../../../main/probes/probe.ts'
import { tailnet } from '../../../main/probes/tailnet.ts'
import { tailnetSchema } from '../../../preload/contract/tailnet.ts'
import { answer, fixture, parse, testBadAnswers } from '../../support/probe-answers.ts'

const texts = join(import.meta.dirname, '../../fixtures/tailnet')
const bundle = '/Applications/Tailscale.app'
const phones = fixture('tailnet', 'windows-any-two-phones.json')

function status(fields: Record<string, unknown>): string {
  return JSON.stringify({ BackendState: 'Running', MagicDNSSuffix: 'tail1.ts.net', ...fields })
}

describe('tailnet', () => {
  test('reads peers by their DNS names: phones call themselves localhost', () => {
    expect(parse(tailnet, 'darwin', phones)).toEqual({
      state: 'running',
      isDaemonRunning: true,
      variant: null,
      version: '1.102.4',
      tailnetName: 'owner@example.com',
      loginName: 'owner@example.com',
      authUrl: null,
      self: {
        id: 'nSELF00000000CNTRL',
        name: 'studio',
        dnsName: 'studio.tail0a1b2c.ts.net',
        hasTailscaleSsh: false,
        addresses: ['100.100.95.89', 'fd7a:115c:a1e0::a028:5f5a'],
        os: 'windows',
        keyExpiresAt: null,
        isKeyExpired: false,
        isOnline: true,
      },
      peers: [
        {
          id: 'nPEER11111111CNTRL',
          name: 'ipad157',
          dnsName: 'ipad157.tail0a1b2c.ts.net',
          hasTailscaleSsh: false,
          relayRegion: 'tok',
          addresses: ['100.78.141.76', 'fd7a:115c:a1e0::1628:8d4d'],
          os: 'iOS',
          keyExpiresAt: '2027-03-28T04:07:50.000Z',
          isKeyExpired: false,
          isOnline: true,
          path: 'idle',
          lastSeenAt: null,
        },
        {
          id: 'nPEER22222222CNTRL',
          name: 'iphone-13',
          dnsName: 'iphone-13.tail0a1b2c.ts.net',
          hasTailscaleSsh: false,
          relayRegion: 'tok',
          addresses: ['100.120.27.49', 'fd7a:115c:a1e0::8328:1b32'],
          os: 'iOS',
          keyExpiresAt: '2027-03-24T00:20:33.000Z',
          isKeyExpired: false,
          isOnline: true,
          path: 'direct',
          lastSeenAt: '2026-10-03T01:40:00.100Z',
        },
      ],
      health: [],
    })
  })

  test('no peers are null there', () => {
    expect(parse(tailnet, 'darwin', fixture('tailnet', 'macos26-any-no-peers.json'))).toMatchObject(
      {
        state: 'running',
        self: { name: 'mac1', dnsName: 'mac1.tail1a2b3c.ts.net', os: 'macOS', isOnline: true },
        ...{ version: '1.102.4', tailnetName: 'scrubbed', peers: [] },
      },
    )
  })

  test('before the login there is no name, but a warning', () => {
    expect(parse(tailnet, 'linux', fixture('tailnet', 'linux-any-needs-login.json'))).toEqual({
      state: 'needs-login',
      ...{ isDaemonRunning: true, variant: 'daemon', version: '1.94.2' },
      ...{ tailnetName: null, loginName: null },
      authUrl: 'https://login.tailscale.com/a/00000000000000',
      self: null,
      peers: [],
      health: [expect.stringContaining('coordination server')],
    })
  })

  test('needs none of the fields beside the state', () => {
    expect(parse(tailnet, 'darwin', fixture('tailnet', 'macos-any-abridged.json'))).toMatchObject({
      state: 'running',
      self: null,
      peers: [],
    })
  })

  test('a warning and a time stamp may stand before the JSON', () => {
    const text = `Warning: client version "1.98.9" != tailscaled server version "1.102.4"\n2026/11/20 09:00:00 hello {\n${phones}`
    expect(parse(tailnet, 'darwin', text)).toMatchObject({ state: 'running', peers: { length: 2 } })
  })

  test.each([
    ['Stopped', 'stopped'],
    ['Starting', 'starting'],
    ['NoState', 'starting'],
    ['NeedsMachineAuth', 'needs-machine-auth'],
  ])('%s is %s', (BackendState, state) => {
    expect(parse(tailnet, 'darwin', status({ BackendState }))).toMatchObject({ state })
  })

  test('used by another account of a shared Mac, it says nothing to this one', () => {
    expect(parse(tailnet, 'darwin', status({ BackendState: 'InUseOtherUser' }))).toMatchObject({
      reason: 'not-permitted',
    })
  })

  test('names a state that it does not know', () => {
    expect(parse(tailnet, 'darwin', status({ BackendState: 'Dreaming' }))).toMatchObject({
      reason: 'unrecognised',
      detail: expect.stringContaining('Dreaming'),
    })
  })

  test.each([
    [{ Active: true, CurAddr: '10.0.0.1:41641', Relay: 'fra' }, 'direct'],
    [{ Active: true, CurAddr: '', PeerRelay: '100.64.0.9:7777:vni:1', Relay: 'fra' }, 'peer-relay'],
    [{ Active: true, CurAddr: '', PeerRelay: '', Relay: 'fra' }, 'relay'],
    [{ Active: false, CurAddr: '', Relay: 'fra' }, 'idle'],
  ])('%j goes %s', (peer, path) => {
    const text = status({ Peer: { a: { DNSName: 'peer.tail1.ts.net.', ...peer } } })
    expect(parse(tailnet, 'darwin', text)).toMatchObject({ peers: [{ name: 'peer', path }] })
  })

  test('can be over a relay and offline at once', () => {
    const peer = { DNSName: 'phone.tail1.ts.net.', Active: true, Relay: 'hkg', Online: false }
    expect(parse(tailnet, 'darwin', status({ Peer: { a: peer } }))).toMatchObject({
      peers: [{ path: 'relay', isOnline: false }],
    })
  })

  test('a key is expired when Tailscale says so, or its time is over', () => {
    const nodes = [
      { DNSName: 'a.tail1.ts.net.', Expired: true },
      { DNSName: 'b.tail1.ts.net.', KeyExpiry: '2026-11-20T08:59:59Z' },
      { DNSName: 'c.tail1.ts.net.', KeyExpiry: '2026-11-20T09:00:01Z' },
    ]
    expect(parse(tailnet, 'darwin', status({ Peer: { ...nodes } }))).toMatchObject({
      peers: [{ isKeyExpired: true }, { isKeyExpired: true }, { isKeyExpired: false }],
    })
  })

  test('the daemon that does not run is stopped', () => {
    const stderr = fixture('tailnet', 'any-any-daemon-down.txt')
    expect(parse(tailnet, 'linux', answer('', { stderr, exitCode: 1 }))).toMatchObject({
      state: 'stopped',
      isDaemonRunning: false,
      self: null,
    })
    expect(parse(tailnet, 'linux', status({ BackendState: 'Stopped' }))).toMatchObject({
      state: 'stopped',
      isDaemonRunning: true,
    })
  })

  test('a node with SSH host keys answers with Tailscale SSH', () => {
    const sshHostKeys = ['ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIA']
    const Peer = {
      a: { DNSName: 'a.tail1.ts.net.', sshHostKeys },
      b: { DNSName: 'b.tail1.ts.net.', sshHostKeys: null },
    }
    expect(parse(tailnet, 'darwin', status({ Peer }))).toMatchObject({
      peers: [{ hasTailscaleSsh: true }, { hasTailscaleSsh: false }],
    })
  })

  test('a version without commits stays as it is', () => {
    const Version = '1.62.1'
    expect(parse(tailnet, 'darwin', status({ Version }))).toMatchObject({ version: '1.62.1' })
  })

  const storeApp = `${bundle}\n${bundle}/Contents/_MASReceipt\n`
  const homebrew = '/Library/LaunchDaemons/homebrew.mxcl.tailscale.plist\n'
  const tailscaled = '/Library/LaunchDaemons/com.tailscale.tailscaled.plist\n'
  // versions as in tailscale#6305: the client of Homebrew, the daemon of an app
  const openSource = '1.32.2-t54e8fa172'
  const ofApp = '1.32.2-t2f1a945ad-g07d934fd1'
  test.each([
    ['the app with a receipt', storeApp, ofApp, 'app-store'],
    ['the app without one', `${bundle}\n`, ofApp, 'standalone'],
    ["Homebrew's daemon", homebrew, openSource, 'daemon'],
    ["tailscaled's own daemon", tailscaled, openSource, 'daemon'],
    [
      'a tailscaled that was started otherwise',
      '/var/run/tailscaled.socket\n',
      openSource,
      'daemon',
    ],
    ['both, and an app answers', storeApp + homebrew, ofApp, 'app-store'],
    ['both, and the daemon answers', `${bundle}\n${homebrew}`, openSource, 'daemon'],
    ['both, and no word of which', `${bundle}\n${homebrew}`, '1.32.2', null],
    ['neither, and a tailscaled answers', '', openSource, 'daemon'],
    ['neither, and something else answers', '', ofApp, null],
  ])('on a Mac, %s', (_name, stdout, Version, variant) => {
    const found = answer(stdout, { stderr: 'ls: x: No such file or directory\n', exitCode: 1 })
    expect(parse(tailnet, 'darwin', status({ Version }), found)).toMatchObject({ variant })
    expect(parse(tailnet, 'linux', status({ Version }))).toMatchObject({ variant: 'daemon' })
  })

  test('without an answer about its files the variant is unknown, and all else is there', () => {
    const text = status({ Version: ofApp })
    for (const found of [answer('', { isNotRecorded: true }), answer('', { isMissing: true })]) {
      expect(parse(tailnet, 'darwin', text, found)).toMatchObject({
        state: 'running',
        variant: null,
      })
    }
  })

  test.each(
    readdirSync(texts, { recursive: true, encoding: 'utf8' }).filter((name) =>
      name.endsWith('.txt'),
    ),
  )('%s, of another subcommand, is no answer', (name) => {
    const text = readFileSync(join(texts, name), 'utf8')
    expect(tailnet.isUsable?.(answer(text), ['tailscale'])).toBe(false)
    expect(isUnparsed(parse(tailnet, 'darwin', text))).toBe(true)
  })

  test('is what the contract says', () => {
    for (const name of ['linux-any-needs-login', 'macos-any-abridged', 'macos26-any-no-peers']) {
      const value = parse(tailnet, 'darwin', fixture('tailnet', `${name}.json`))
      expect(tailnetSchema.strict().parse(value)).toEqual(value)
    }
  })

  test('the app that fails with exit status 0 is no answer: the next place is asked', () => {
    const text = fixture('tailnet', 'synthetic/macos-any-gui-failed.txt')
    expect(tailnet.isUsable?.(answer(text), ['tailscale'])).toBe(false)
    expect(tailnet.isUsable?.(answer(phones), ['tailscale'])).toBe(true)
    expect(parse(tailnet, 'darwin', text)).toMatchObject({ reason: 'unrecognised' })
  })

  test('JSON that is cut is no answer', () => {
    expect(parse(tailnet, 'darwin', phones.slice(0, 900))).toMatchObject({ reason: 'unrecognised' })
  })

  testBadAnswers(tailnet, 'darwin')
  testBadAnswers(tailnet, 'linux')
})
