import { readdirSync, readFileSync } from 'node:fs'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { createRecordedHost } from '../../../../main/hosts/recorded.ts'
import { recordHost } from '../../../../main/hosts/recording/record.ts'
import { loadDemoRecording, parseRecording } from '../../../../main/hosts/recording/recording.ts'
import { createRedactor } from '../../../../main/hosts/recording/redact.ts'
import { probes } from '../../../../main/probes/index.ts'
import type { Probe } from '../../../../main/probes/probe.ts'
import { readProbe } from '../../../../main/probes/read.ts'
import { loopbackHost } from '../../../support/loopback-host.ts'

const letters = 'abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789'
/** Not a word that anything prints by itself. */
const secret = fc
  .string({ unit: fc.constantFrom(...letters), minLength: 12, maxLength: 40 })
  .map((text) => `q9${text}Zx`)
const hex = fc.string({
  unit: fc.constantFrom(...'0123456789abcdef'),
  minLength: 64,
  maxLength: 64,
})
const name = fc.string({
  unit: fc.constantFrom(...'bcdfghjklmnpqrstvwxz'),
  minLength: 6,
  maxLength: 10,
})
const pair = fc.string({ unit: fc.constantFrom(...'0123456789abcdef'), minLength: 2, maxLength: 2 })
const mac = fc.array(pair, { minLength: 6, maxLength: 6 })

/** A piece of output, and what of it must not survive. */
const planted: fc.Arbitrary<{ text: string; secrets: string[] }> = fc.oneof(
  ...[
    (s: string) => `"password" : "${s}"`,
    (s: string) => `"db_Password":"${s} with \\"more\\""`,
    (s: string) => `Password: correct ${s} horse`,
    (s: string) => `OLLAMA_API_KEY=${s}`,
    (s: string) => `\tHF_TOKEN => ${s}`,
    (s: string) => `export AWS_SECRET_ACCESS_KEY="${s}"`,
    (s: string) => `curl --token ${s} https://x.example`,
    (s: string) => `GET https://example.com/x?access_token=${s}&page=2`,
    (s: string) => `Authorization: Bearer ${s}`,
    (s: string) => `{"authorization":"Basic ${s}"}`,
    (s: string) => `bearer ${s}`,
    (s: string) => `<key>Passphrase</key>\n\t<string>${s}</string>`,
    (s: string) => `<key>authToken</key><data>${s}</data>`,
    (s: string) => `"refresh_tokens": ["${s}", "${s}2"]`,
    (s: string) => `passphrase = ${s}`,
    (s: string) =>
      `-----BEGIN OPENSSH PRIVATE KEY-----\n${s}\n${s}\n-----END OPENSSH PRIVATE KEY-----`,
    (s: string) => `-----BEGIN RSA PRIVATE KEY-----\nProc-Type: 4\n\n${s}`,
    (s: string) => `"AuthURL":"https://login.tailscale.com/a/${s}"`,
    (s: string) => `"AuthURL": "https://headscale.example.com/oidc/${s}"`,
    (s: string) => `controlclient: AuthURL is https://headscale.example.com/${s}`,
    (s: string) => `\nTo authenticate, visit:\n\n\thttps://headscale.example.com/x/${s}\n`,
    (s: string) => `# To authenticate, visit: http://headscale.lan:8080/ssh/${s}`,
    (s: string) => `Logged out.\nLog in at: https://headscale.example.com/x/${s}`,
    (s: string) => `see https://headscale.example.com/register/${s}`,
    (s: string) => `https://ana:${s}@example.com/repo.git`,
    (s: string) => `tskey-auth-${s}-CNTRL`,
    (s: string) => `hf_${s}`,
    (s: string) => `ghp_${s}`,
    (s: string) => `eyJhbGciOi.${s}.${s}`,
    (s: string) => `"serial_number" : "${s}"`,
    (s: string) => `      Serial Number (system): ${s}`,
    (s: string) => `    "IOPlatformSerialNumber" = "${s}"`,
    (s: string) => `"provisioning_UDID" : "${s}"`,
    (s: string) => `      Hardware UUID: ${s}`,
    (s: string) => `FileVault recovery key: ${s}`,
    (s: string) => `"DisplayName":"Ana ${s}"`,
  ].map((write) => secret.map((s) => ({ text: write(s), secrets: [s] }))),
  hex.map((h) => ({ text: `"PublicKey":"nodekey:${h}"`, secrets: [h] })),
  hex.map((h) => ({ text: `discokey:${h}`, secrets: [h] })),
  name.map((n) => ({ text: `"LoginName":"${n}@example.com"`, secrets: [n] })),
  name.map((n) => ({ text: `Mail to ${n}.x+y@mail.example.co.uk, please`, secrets: [n] })),
  name.map((n) => ({ text: `/Users/${n}/Library/x and then 12 ${n} 4M`, secrets: [n] })),
  name.map((n) => ({ text: `dev /home/${n}`, secrets: [n] })),
  mac.map((pairs) => ({ text: `ether ${pairs.join(':')} x`, secrets: [pairs.join(':')] })),
  mac.map((pairs) => ({ text: `at ${pairs.join('-')}`, secrets: [pairs.join('-')] })),
  fc.tuple(fc.integer({ min: 11, max: 99 }), fc.nat(255), fc.nat(255)).map(([a, b, c]) => ({
    text: `"CurAddr":"${a}.${b}.${c}.77:41641"`,
    secrets: [`${a}.${b}.${c}.77`],
  })),
)

const harmless = fc.constantFrom(
  'FileVault is On.',
  'Pages free:   4264.',
  '{"version":"0.12.6"}',
  '"KeyExpiry":"2027-05-19T08:00:00Z"',
  '192.168.1.20:22',
  '100.101.102.103:41641',
  'macOS 26.5.1 25F80',
  '',
)

describe('redaction', () => {
  test('nothing planted survives, wherever it stands', () => {
    const line = fc.oneof(
      planted,
      harmless.map((text) => ({ text, secrets: [] as string[] })),
    )
    fc.assert(
      fc.property(fc.array(line, { minLength: 1, maxLength: 8 }), (lines) => {
        const redactor = createRedactor(['ana'])
        const text = redactor.text(lines.map((one) => one.text).join('\n'))
        for (const secret of lines.flatMap((one) => one.secrets)) expect(text).not.toContain(secret)
      }),
      { numRuns: 500 },
    )
  })

  test('leaves alone what probes read', () => {
    const redactor = createRedactor(['ana'])
    fc.assert(
      fc.property(fc.array(harmless), (lines) => {
        expect(redactor.text(lines.join('\n'))).toBe(lines.join('\n'))
      }),
    )
  })

  test('the recorded outputs of Apple’s programs keep their labels', () => {
    const dir = join(import.meta.dirname, '../../../fixtures/probes')
    const redactor = createRedactor()
    for (const path of readdirSync(dir, { recursive: true, encoding: 'utf8' })) {
      if (
        !/(vm_stat|memory|swap|gpu|firewall|filevault|sip|gatekeeper|power|thermal).*\.txt$/.test(
          path,
        )
      )
        continue
      const text = readFileSync(join(dir, path), 'utf8')
      expect(redactor.text(text), path).toBe(text)
    }
  })

  test('is done once: a second time changes nothing', () => {
    fc.assert(
      fc.property(fc.array(planted, { maxLength: 5 }), (lines) => {
        const once = createRedactor(['ana']).text(lines.map((one) => one.text).join('\n'))
        expect(createRedactor(['ana']).text(once)).toBe(once)
      }),
    )
  })

  test('the same thing has the same stand-in', () => {
    const redactor = createRedactor(['ana'])
    expect(redactor.text('/Users/ana/x  ben@example.com 3c:22:fb:00:00:01')).toBe(
      '/Users/account1/x  [mail 1] 02:00:00:00:00:01',
    )
    expect(redactor.text('412 WindowServer 1423M ana\nBEN@example.com carl@example.com')).toBe(
      '412 WindowServer 1423M account1\n[mail 1] [mail 2]',
    )
    expect(redactor.account('ana')).toBe('account1')
    expect(redactor.text('/Users/Shared/Models')).toBe('/Users/Shared/Models')
  })

  test('peers stay apart when their keys go', () => {
    const hexes = ['a', 'b'].map((digit) => digit.repeat(64))
    const text = createRedactor().text(
      `{"Peer":{"nodekey:${hexes[0]}":{"HostName":"x"},"nodekey:${hexes[1]}":{"HostName":"y"}}}`,
    )
    expect(JSON.parse(text).Peer).toEqual({
      '[key 1]': { HostName: 'x' },
      '[key 2]': { HostName: 'y' },
    })
  })

  test('an account with the name of a word does not change what programs say', () => {
    const redactor = createRedactor(['on', 'admin'])
    expect(redactor.text('/Users/on and /Users/admin: the firewall is on, ask an admin')).toBe(
      '/Users/account1 and /Users/account2: the firewall is on, ask an admin',
    )
  })

  test('the page for logging in goes from JSON, whoever’s it is; none stays none', () => {
    const status = (url: string) => `{"BackendState":"NeedsLogin","AuthURL":"${url}"}`
    const text = createRedactor().text(status('https://headscale.example.com/oidc/nMzX9bN1'))
    expect(JSON.parse(text).AuthURL).toBe('[login address removed]')
    expect(createRedactor().text(status(''))).toBe(status(''))
  })

  test('JSON stays JSON', () => {
    const value = fc.dictionary(
      fc.oneof(fc.string(), fc.constantFrom('password', 'LoginName', 'tokens')),
      fc.jsonValue(),
    )
    fc.assert(
      fc.property(value, (object) => {
        const text = createRedactor().text(JSON.stringify(object))
        expect(() => JSON.parse(text)).not.toThrow()
      }),
    )
  })

  test('takes any text', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary-ascii' }), (text) => {
        expect(typeof createRedactor().text(text)).toBe('string')
      }),
    )
  })

  // a pattern that goes back over what it has read would take many minutes, and run into the limit of the test
  test.each(['a', '-----BEGIN PRIVATE KEY-----', 'password ', 'a@', '/Users/', 'ab:', 'https://a'])(
    'a megabyte of %j does not grow',
    (piece) => {
      const text = piece.repeat(1_000_000 / piece.length)
      expect(createRedactor(['ana']).text(text).length).toBeLessThan(2 * text.length)
    },
  )
})

describe('recordHost', () => {
  const probe: Probe = {
    id: 'x',
    columns: [],
    everyMs: 1000,
    questions: {
      darwin: [
        [
          ['fdesetup', 'status'],
          ['diskutil', 'list'],
        ],
      ],
    },
    parse: () => null,
  }
  const compared: Probe = {
    ...probe,
    comparesOn: ['darwin'],
    questions: { darwin: [[['netstat', '-ib']]] },
  }
  const original = parseRecording(
    JSON.stringify({
      format: 'studiolo-recording/1',
      host: {
        name: 'm',
        platform: 'darwin',
        account: 'ana',
        recordedAt: '2026-11-20T09:00:00Z',
        groups: ['ana', 'admin'],
        userId: 501,
      },
      commands: [
        { argv: ['id', '-un'], stdout: 'ana\n' },
        { argv: ['fdesetup', 'status'], stdout: 'FileVault is On.\n', durationMs: 12.6 },
        { argv: ['netstat', '-ib'], stdout: '1' },
        { argv: ['netstat', '-ib'], stdout: '2' },
      ],
      http: [
        {
          port: 11434,
          path: '/api/tags',
          status: 200,
          body: '{"path":"/Users/ana/.ollama","token":"abc"}',
        },
        { port: 1234, path: '/api/v1/models', status: 0 },
      ],
    }),
  )

  test('writes down every alternative that answers, without what is private', async () => {
    const host = createRecordedHost({ id: 'r', recording: original })
    const recording = await recordHost(host, { probes: [probe, compared] })
    expect(parseRecording(JSON.stringify(recording))).toEqual(recording)
    expect(recording.host).toEqual({
      name: 'm',
      platform: 'darwin',
      account: 'account1',
      recordedAt: '2026-11-20T09:00:00.000Z',
      groups: ['account1', 'admin'],
      userId: 501,
    })
    expect(recording.commands.map(({ argv, stdout }) => [argv.join(' '), stdout])).toEqual([
      ['id -un', 'account1\n'],
      ['fdesetup status', 'FileVault is On.\n'],
      ['netstat -ib', '1'],
      ['netstat -ib', '2'],
    ])
    expect(recording.http).toEqual([
      {
        port: 11434,
        method: 'GET',
        path: '/api/tags',
        requestBody: '',
        status: 200,
        body: '{"path":"/Users/account1/.ollama","token":"[removed]"}',
      },
      { port: 1234, method: 'GET', path: '/api/v1/models', requestBody: '', status: 0, body: '' },
      { port: 1234, method: 'GET', path: '/api/v0/models', requestBody: '', status: 0, body: '' },
    ])
  })

  test('an answer without an end is read no further than it may be long, and left out', async () => {
    let sentBytes = 0
    const piece = Buffer.alloc(65_536, 'x')
    const server = createServer((_request, response) => {
      const send = () => {
        sentBytes += piece.length
        response.write(piece)
      }
      response.on('drain', send)
      send()
    })
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
    const recorded = createRecordedHost({ id: 'r', recording: original })
    const { connect } = loopbackHost({ 11434: (server.address() as AddressInfo).port })
    const http = [{ port: 11434, path: '/api/tags' }]
    const recording = await recordHost({ ...recorded, connect }, { probes: [], http })
    server.close()
    expect(recording.http).toEqual([])
    // what the two sockets hold comes on top
    expect(sentBytes).toBeGreaterThan(4_000_000)
    expect(sentBytes).toBeLessThan(40_000_000)
  })

  test('a recording of a recording still answers every probe, and only in names it differs', async () => {
    const demo = loadDemoRecording(join(import.meta.dirname, '../../../../resources'))
    const before = createRecordedHost({ id: 'before', recording: demo })
    const after = createRecordedHost({ id: 'after', recording: await recordHost(before) })
    for (const probe of probes as readonly Probe[]) {
      const reading = await readProbe(after, probe)
      expect(reading, probe.id).toMatchObject({ kind: 'value' })
    }
    const text = JSON.stringify(await recordHost(before))
    expect(text).not.toMatch(/[\w.]+@[\w-]+\.[a-z]{2,}|nodekey:|(?<![\w-])(ana|ben)(?![\w-])/)
  })

  test('can be cancelled', async () => {
    const host = createRecordedHost({ id: 'r', recording: original })
    await expect(recordHost(host, { signal: AbortSignal.abort() })).rejects.toThrow()
  })
})
