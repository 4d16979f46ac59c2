import { describe, expect, test } from 'vitest'
import { parseSshConfig } from '../../../../../main/hosts/ssh/config.ts'
import { type LoginFacts, whyOpenSsh } from '../../../../../main/hosts/ssh/openssh/choose.ts'

const plain: LoginFacts = {
  known: { keys: [], bareKeys: [], problem: null },
  keyTypes: ['ssh-ed25519'],
  hasCertificate: false,
  agentKinds: [],
}

/** What `ssh -G` of OpenSSH 9.2 answers without a configuration, as far as it matters. */
const defaults = `hostname studio
user ana
port 22
pubkeyauthentication true
passwordauthentication yes
kbdinteractiveauthentication yes
gssapiauthentication no
identitiesonly no
securitykeyprovider internal
ciphers chacha20-poly1305@openssh.com,aes128-ctr,aes192-ctr,aes256-ctr,aes128-gcm@openssh.com,aes256-gcm@openssh.com
hostkeyalgorithms ssh-ed25519-cert-v01@openssh.com,ssh-ed25519,rsa-sha2-512
kexalgorithms sntrup761x25519-sha512@openssh.com,curve25519-sha256
`

function why(more: string, facts: Partial<LoginFacts> = {}): string[] {
  const context = { target: 'studio', homeDir: '/Users/ana', keyPath: null }
  // the first of two values counts, as in ssh
  return whyOpenSsh(parseSshConfig(more + defaults, context), { ...plain, ...facts })
}

function known(marker: 'cert-authority' | 'revoked' | null): LoginFacts['known'] {
  return {
    keys: [{ marker, type: 'ssh-ed25519', key: 'AAAA', path: '/known_hosts', line: 1 }],
    ...{ bareKeys: [], problem: null },
  }
}

describe('ssh2 does', () => {
  test.each<[string, string, Partial<LoginFacts>]>([
    ['for a plain key', '', {}],
    ['where there is no key', '', { keyTypes: [] }],
    ['for keys of every age', '', { keyTypes: ['ssh-rsa', 'ecdsa-sha2-nistp256'] }],
    ['for known and revoked keys', '', { known: known('revoked') }],
    ['with GSSAPI beside the others', 'gssapiauthentication yes\n', {}],
    [
      'with the built-in provider of a build without one',
      'securitykeyprovider $SSH_SK_PROVIDER\n',
      {},
    ],
    ['with some of the algorithms unknown to it', 'ciphers other,aes256-ctr\n', {}],
    [
      'for a security key, where keys are not used',
      'pubkeyauthentication false\n',
      { keyTypes: ['sk-ssh-ed25519@openssh.com'] },
    ],
    [
      'for a certificate in an agent that is not asked',
      'identitiesonly yes\n',
      { agentKinds: ['ssh-ed25519-cert-v01@openssh.com'] },
    ],
    ['with none', 'pkcs11provider none\nrevokedhostkeys none\ncertificatefile none\n', {}],
  ])('%s', (_name, more, facts) => {
    expect(why(more, facts)).toEqual([])
  })
})

describe("the system's ssh is needed", () => {
  test.each<[string, string, Partial<LoginFacts>]>([
    ['security key', '', { keyTypes: ['ssh-ed25519', 'sk-ssh-ed25519@openssh.com'] }],
    ['security key', '', { keyTypes: ['sk-ecdsa-sha2-nistp256@openssh.com'] }],
    ['security key', '', { agentKinds: ['sk-ssh-ed25519@openssh.com'] }],
    ['SecurityKeyProvider', 'securitykeyprovider /usr/lib/ssh-keychain.dylib\n', {}],
    ['certificate', '', { hasCertificate: true }],
    ['certificate', 'certificatefile ~/.ssh/work-cert.pub\n', {}],
    ['certificate', '', { agentKinds: ['ecdsa-sha2-nistp256-cert-v01@openssh.com'] }],
    ['PKCS11Provider', 'pkcs11provider /usr/local/lib/libykcs11.dylib\n', {}],
    ['@cert-authority', '', { known: known('cert-authority') }],
    ['RevokedHostKeys', 'revokedhostkeys /etc/ssh/revoked\n', {}],
    ['PreferredAuthentications', 'preferredauthentications keyboard-interactive\n', {}],
    ['PreferredAuthentications', 'preferredauthentications gssapi-with-mic,hostbased\n', {}],
    ['Ciphers', 'ciphers aes512-new@example.com\n', {}],
    ['KexAlgorithms', 'kexalgorithms mlkem768x25519-sha256\n', {}],
    ['HostKeyAlgorithms', 'hostkeyalgorithms ssh-ed25519-cert-v01@openssh.com\n', {}],
  ])('%s: %j', (reason, more, facts) => {
    expect(why(more, facts)).toEqual([reason])
  })

  test('each reason is said', () => {
    expect(
      why('revokedhostkeys /r\n', { hasCertificate: true, keyTypes: ['sk-ssh-ed25519@x'] }),
    ).toEqual(['security key', 'certificate', 'RevokedHostKeys'])
  })
})
