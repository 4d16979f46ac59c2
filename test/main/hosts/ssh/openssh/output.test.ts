import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { sshFailure } from '../../../../../main/hosts/ssh/openssh/failure.ts'
import { parseLine } from '../../../../../main/hosts/ssh/openssh/output.ts'

describe('what ssh -v says', () => {
  // from OpenSSH 9.2, Debian 12
  test.each([
    [
      'debug1: Connecting to studio [10.0.0.5] port 22.',
      { kind: 'connecting', address: '10.0.0.5' },
    ],
    [
      'debug1: Connecting to fe80::1%en0 [fe80::1%en0] port 2222.',
      { kind: 'connecting', address: 'fe80::1%en0', port: 2222 },
    ],
    ['debug1: Connection established.\r', { kind: 'connected' }],
    ['debug1: Executing proxy command: exec nc studio 22', { kind: 'proxy' }],
    [
      'debug1: Remote protocol version 2.0, remote software version OpenSSH_9.2p1 Debian-2+deb12u10',
      { kind: 'banner', text: 'SSH-2.0-OpenSSH_9.2p1 Debian-2+deb12u10' },
    ],
    [
      'debug1: Server host key: ssh-ed25519 SHA256:SrEmfeD06TA0W5c/K1X2x5cmAoVpLFMlaXKio822EGo',
      { kind: 'host-key', keyType: 'ssh-ed25519' },
    ],
    [
      'debug1: Server host certificate: ssh-ed25519-cert-v01@openssh.com SHA256:abc, serial 0 ID "host" CA ssh-ed25519 SHA256:def valid forever',
      { kind: 'host-key', fingerprint: 'SHA256:abc' },
    ],
    ['debug1: SSH2_MSG_NEWKEYS sent', { kind: 'keys-exchanged' }],
    [
      'debug1: Authentications that can continue: publickey,password',
      { kind: 'accepts', methods: ['publickey', 'password'] },
    ],
    [
      'debug1: Offering public key: /a key ED25519 SHA256:abc explicit',
      { kind: 'offered', key: '/a key ED25519' },
    ],
    [
      'debug1: Server accepts key: /a key ED25519 SHA256:abc explicit',
      { kind: 'key-accepted', key: '/a key' },
    ],
    [
      'Authenticated to 127.0.0.1 ([127.0.0.1]:42022) using "publickey".',
      { kind: 'logged-in', method: 'publickey' },
    ],
    // OpenSSH 8.6, macOS 12
    ['debug1: Authentication succeeded (publickey).', { kind: 'logged-in', method: 'publickey' }],
    ['ssh: Could not resolve hostname x: nope', { kind: 'said' }],
  ])('%s', (line, event) => {
    expect(parseLine(line)).toMatchObject(event)
  })

  test.each([
    '',
    'debug1: pledge: network',
    'OpenSSH_9.2p1 Debian-2+deb12u10, OpenSSL 3.0.19 27 Jan 2026',
    'debug1: Connecting to nowhere',
    'debug1: Server host key: ssh-ed25519 MD5:00',
  ])('nothing of note: %s', (line) => {
    expect(parseLine(line)).toBeNull()
  })

  test("a server's banner is only words: it cannot play a step", () => {
    expect(parseLine('Server host key: ssh-ed25519 SHA256:abc')).toMatchObject({ kind: 'said' })
  })

  test('never throws', () => {
    const words = fc.constantFrom('debug1: ', 'Connecting to', ' [', '] port ', 'Server host key: ')
    const line = fc.array(fc.oneof(words, fc.string({ unit: 'binary' }))).map((all) => all.join(''))
    fc.assert(fc.property(line, (text) => void parseLine(text)))
  })
})

describe('why ssh ended', () => {
  const trace = {
    to: { account: 'ana', address: 'studio', port: 22 },
    ...{ target: 'studio', via: null, hasBanner: false, offered: [], accepts: [] },
  }

  // words of OpenSSH 9.2 on Debian 12, and of 9.9 on macOS 15 where they differ
  test.each([
    ['ssh: Could not resolve hostname studio: Name or service not known', 'unknown-host-name'],
    [
      'ssh: Could not resolve hostname studio: nodename nor servname provided, or not known',
      'unknown-host-name',
    ],
    ['ssh: connect to host studio port 22: Connection refused', 'refused'],
    ['ssh: connect to host studio port 22: Operation timed out', 'timeout'],
    ['ssh: connect to host studio port 22: Connection timed out', 'timeout'],
    ['Connection timed out during banner exchange', 'timeout'],
    ['Timeout, server studio not responding.', 'timeout'],
    ['ssh: connect to host studio port 22: No route to host', 'unreachable'],
    ['ssh: connect to host studio port 22: Network is unreachable', 'unreachable'],
    ['kex_exchange_identification: Connection closed by remote host', 'closed-by-host'],
    ['kex_exchange_identification: read: Connection reset by peer', 'closed-by-host'],
    ['Connection closed by 10.0.0.5 port 22', 'closed-by-host'],
    ['ssh_dispatch_run_fatal: Connection to 10.0.0.5 port 22: Broken pipe', 'closed-by-host'],
    ['kex_exchange_identification: banner line contains invalid characters', 'not-ssh'],
    [
      'Unable to negotiate with 10.0.0.5 port 22: no matching host key type found. Their offer: ssh-rsa',
      'no-common-algorithm',
    ],
    ['ana@studio: Permission denied (publickey,password).', 'auth'],
    ['Received disconnect from 10.0.0.5 port 22:2: Too many authentication failures', 'auth'],
    ['/Users/ana/.ssh/config: line 3: Bad configuration option: hots', 'ssh-config'],
    ['something that nobody has seen before', 'closed-by-host'],
  ])('%s', (line, code) => {
    const { info } = sshFailure({ ...trace, said: [line] })
    expect(info.code).toBe(code)
    expect(info.detail).toContain(line.slice(0, 40))
  })

  test('a login that was refused says what was offered, what is accepted, and what a key had against it', () => {
    const said = [
      'sign_and_send_pubkey: signing failed for ED25519-SK "/k": device not found',
      'ana@studio: Permission denied (publickey).',
    ]
    const more = { offered: ['/k ED25519-SK'], accepts: ['publickey'] }
    expect(sshFailure({ ...trace, ...more, said }).info).toMatchObject({
      message: {
        key: 'error.auth-offered',
        params: { offered: '/k ED25519-SK', accepts: 'publickey' },
      },
      // ssh's own words, and no sentence of ours beside them
      detail: 'sign_and_send_pubkey: signing failed for ED25519-SK "/k": device not found',
    })
  })

  test('a program in between that failed, not the host', () => {
    const said = ['nc: connect failed', 'Connection closed by UNKNOWN port 65535']
    expect(sshFailure({ ...trace, via: 'nc %h', said }).info.code).toBe('proxy-failed')
    const silent = sshFailure({ ...trace, via: 'nc %h', said: [] }).info
    expect(silent.message.key).toBe('error.proxy-silent')
    expect(silent.detail).toBeUndefined()
    const denied = ['ana@studio: Permission denied (publickey).']
    expect(sshFailure({ ...trace, via: 'nc %h', hasBanner: true, said: denied }).info.code).toBe(
      'auth',
    )
  })

  test('anything at all has a sentence', () => {
    fc.assert(
      fc.property(fc.array(fc.string()), (said) => {
        expect(sshFailure({ ...trace, said }).info.message.key).toMatch(/^error\./)
      }),
    )
  })
})
