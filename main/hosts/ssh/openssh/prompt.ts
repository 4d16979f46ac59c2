/** What ssh asks through its askpass program. */
export type Prompt =
  | { kind: 'host-key'; keyType: string; fingerprint: string }
  | { kind: 'passphrase'; path: string }
  /** Of a security key or a smart card; a few wrong ones lock it. */
  | { kind: 'pin'; subject: string }
  | { kind: 'password' }
  /** Of keyboard-interactive, in the server's own words: a code, a second factor. */
  | { kind: 'code'; text: string }
  /** Touch the security key: nothing is answered. */
  | { kind: 'presence'; key: string }
  /** A yes or no that Studiolo never gives. */
  | { kind: 'refuse'; text: string }

/**
 * Reads a prompt of ssh(1); never throws. `hint` is SSH_ASKPASS_PROMPT: empty, `confirm` or `none`. The words are those of
 * sshconnect.c, sshconnect2.c, ssh-pkcs11.c and readpass.c of OpenSSH 8.4 to 10; what they do not say is a `code`, which the person
 * reads as it stands.
 *
 * @example parsePrompt("Enter passphrase for key '/Users/ana/.ssh/id_ed25519': ", '') // { kind: 'passphrase', path: '/Users/ana/.ssh/id_ed25519' }
 * @example parsePrompt('(ana@studio) Verification code: ', '') // { kind: 'code', text: 'Verification code' }
 */
export function parsePrompt(prompt: string, hint: string): Prompt {
  const text = prompt.trim()
  if (hint === 'none') {
    const key = /user presence for key (.+)$/im.exec(text)?.[1] ?? text
    return { kind: 'presence', key: shorten(key) }
  }
  const hostKey = /^(\S+) key fingerprint is:?\s+(SHA256:[A-Za-z0-9+/]+)/m.exec(text)
  if (hostKey !== null && /continue connecting/i.test(text)) {
    return { kind: 'host-key', keyType: hostKey[1] ?? '', fingerprint: hostKey[2] ?? '' }
  }
  if (hint === 'confirm' || /\(yes\/no|'yes', 'no'|type 'yes'/i.test(text)) {
    return { kind: 'refuse', text: shorten(text) }
  }
  const passphrase =
    /^Enter passphrase for (?:key )?(?:'([\s\S]+)'|"([\s\S]+)"|([\s\S]+?)):?$/i.exec(text)
  if (passphrase !== null) {
    return { kind: 'passphrase', path: passphrase[1] ?? passphrase[2] ?? passphrase[3] ?? '' }
  }
  const pin = /^Enter PIN(?: and confirm user presence)? for ([\s\S]+?):?$/i.exec(text)
  if (pin !== null)
    return { kind: 'pin', subject: shorten((pin[1] ?? '').replace(/^'([\s\S]*)'$/, '$1')) }
  const own = text.replace(/^\([^()\n]*@[^()\n]*\) /, '').replace(/:$/, '')
  if (/^password$/i.test(own) || /^\S+@\S+'s password$/.test(own)) return { kind: 'password' }
  return { kind: 'code', text: shorten(own) }
}

function shorten(text: string): string {
  const plain = text.replace(/\p{Cc}+/gu, ' ')
  return plain.length > 200 ? `${plain.slice(0, 200)}…` : plain
}
