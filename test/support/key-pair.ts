import ssh2 from 'ssh2'

/** A new ed25519 key pair as OpenSSH writes it. About one of 256 that ssh2 makes is malformed; that one is not taken. */
export function makeKeyPair(): { private: string; public: string } {
  for (;;) {
    const pair = ssh2.utils.generateKeyPairSync('ed25519')
    if (!(ssh2.utils.parseKey(pair.private) instanceof Error)) return pair
  }
}
