import { withoutLoginAddresses } from './login-address.ts'

/**
 * Takes out of a recording what is nobody's business: passwords, tokens, keys, mail addresses, names of people, serial numbers,
 * hardware addresses, public addresses, and the names of home folders. The same thing gets the same stand-in everywhere in one
 * recording, so that what belonged together still does. It rather removes too much.
 */
export interface Redactor {
  text(text: string): string
  /** Looks for the names of accounts, so that they are found in texts that came before. */
  learn(text: string): void
  /** The stand-in for an account's name. */
  account(name: string): string
}

const removed = '[removed]'
const removedLogin = '[login address removed]'

/** `password`, `AUTH_TOKEN`, `apiKey`, `secretAccessKey` and the like, as the end of a name. */
const secretName =
  '(?:pass(?:word|wd|phrase|code)|pwd|secret|token|api[-_ ]?key|access[-_ ]?key|private[-_ ]?key|auth[-_ ]?key|credentials?|authorization|cookie|recovery[-_ ]?key)s?'
const personName = '(?:LoginName|DisplayName|RealName|ProfilePicURL|full[-_ ]?name)'
const hardwareName =
  '(?:serial[-_ ]?number(?: \\(system\\))?|serial|IOPlatformSerialNumber|IOPlatformUUID|hardware[-_ ]?uuid|platform_UUID|provisioning[-_ ]?udid|udid|wwan_?imei|imei)'
const wantedNames = `(?:[\\w.-]{0,60}${secretName}|${personName}|[\\w.-]{0,60}${hardwareName})`

/** `"name": "value"` and `name = "value"`, with escapes in the value. */
const quotedValue = new RegExp(
  `("?\\b${wantedNames}"?\\s*(?:=>|[:=])\\s*)"(?:[^"\\\\\\n]|\\\\.)*"`,
  'gi',
)
/** `"names": ["a", "b"]` */
const quotedList = new RegExp(
  `("${wantedNames}"\\s*:\\s*)\\[(?:\\s*"(?:[^"\\\\\\n]|\\\\.)*"\\s*,?)*\\s*\\]`,
  'gi',
)
const wantedKey = new RegExp(`^${wantedNames}$`, 'i')
/** `Password: all of the line`. Not numbers alone: `tokens: 4096` is a size. */
const restOfLine = new RegExp(
  `(\\b${wantedNames}\\s*(?:=>|[:=])\\s+)(?!\\d+[.,]?$)(?!["[{])(?!\\[removed)\\S[^\\n]*`,
  'gim',
)
/** `TOKEN=word`, `token:word`, also in an address. */
const assigned = new RegExp(`(\\b${wantedNames}(?:=|:(?!//)))(?!["[{\\s])[^\\s&;,"'<>]+`, 'gi')
/** `--password word` */
const option = new RegExp(`(--?${wantedNames}[ =])(?!["[])[^\\s&;,"'<>]+`, 'gi')
/** `<key>Name</key><string>value</string>` */
const plistValue = new RegExp(`(<key>[^<]*\\b${wantedNames}</key>\\s*<(string|data)>)[^<]*`, 'gi')

const privateKey =
  /-----BEGIN [A-Z0-9 ]*PRIVATE KEY(?: BLOCK)?-----(?:(?!-----BEGIN)[\s\S])*?(?:-----END [A-Z0-9 ]*PRIVATE KEY(?: BLOCK)?-----|(?=-----BEGIN)|$)/g
/** Words that are keys by their own form, whatever stands before them. */
const tokens: readonly RegExp[] = [
  /\b(?:Bearer|Basic)\s+[A-Za-z0-9._~+/=-]{6,}/gi,
  /\beyJ[\w-]{5,2000}\.[\w-]{5,}(?:\.[\w-]*)?/g,
  /\b(?:nodekey|discokey|mkey|privkey|nlpub|nlpriv|chalpub|tlpub)(?:-hex)?:[0-9a-f]{8,}/gi,
  /\btskey-[\w-]+/g,
  /\b(?:gh[opsur]_|github_pat_|glpat-|hf_|sk-|sk_|pk_|xox[abprs]-|AIza|npm_|AKIA|ASIA)[\w-]{8,}/g,
]
const addressWithPassword = /\b([a-z][a-z0-9+.-]{0,20}:\/\/)[^\s/@"'<>]+:[^\s/@"'<>]*@/gi
const mail =
  /(?<![\w.!#$%&'*+/=?^`{|}~-])[\w.!#$%&'*+/=?^`{|}~-]{1,100}@[\w-]{1,63}(?:\.[\w-]{1,63})*\.[a-z]{2,}\b/gi
const hardwareAddress =
  /(?<![0-9a-f:-])(?:[0-9a-f]{2}([:-]))(?:[0-9a-f]{2}\1){4}[0-9a-f]{2}(?![0-9a-f:-])/gi
/** Only with a port: four numbers alone are a version as often. */
const addressAndPort = /(?<![\d.])(\d{1,3})\.(\d{1,3})\.\d{1,3}\.\d{1,3}(?=:\d{2,5}\b)/g
const address6AndPort = /\[([0-9a-f]{1,4}:[0-9a-f:]+)\](?=:\d{2,5}\b)/gi
/** `4127   llama-server     175G+  ana` */
const topLine = /^\s*\d+[*+-]?\s.{1,60}\s\d+[BKMG][+-]?\s+(?<name>[\w.-]+)\s*$/gm
/** `  1234 204800 ana python3` */
const psLine = /^\s*\d+\s+\d+\s+(?<name>[a-z][\w.-]*)\s+\S/gm
const homeDir = /(\/(?:Users|home)\/)(?<name>[^/\s"'<>:,;|\\)]+)/g

/** Folders beside the homes, which belong to nobody. */
const noAccounts = new Set(['Shared', 'Guest', 'Deleted Users', '.localized'])
/** Words that programs print for other reasons: as an account's name they are replaced in paths only. */
const commonWords = new Set(
  'postgres mysql redis www-data messagebus systemd sshd admin root staff wheel everyone daemon nobody user users guest local system apple ollama python node server on off yes no none true false direct relay idle active running stopped enabled disabled'.split(
    ' ',
  ),
)

export function createRedactor(accountNames: readonly string[] = []): Redactor {
  const standIns = new Map<string, string>()
  const counts = new Map<string, number>()

  function standIn(kind: string, value: string, write: (number: number) => string): string {
    const key = `${kind} ${value}`
    let text = standIns.get(key)
    if (text === undefined) {
      const number = (counts.get(kind) ?? 0) + 1
      counts.set(kind, number)
      text = write(number)
      standIns.set(key, text)
    }
    return text
  }

  const account = (name: string): string =>
    name === 'root' || name.startsWith('_') || noAccounts.has(name) || /^account\d+$/.test(name)
      ? name
      : standIn('account', name, (number) => `account${number}`)

  const known = new Set(accountNames)

  function learn(text: string): void {
    for (const pattern of [homeDir, topLine, psLine]) {
      for (const { groups } of text.matchAll(pattern)) if (groups?.name) known.add(groups.name)
    }
  }

  function replaceAccounts(text: string): string {
    learn(text)
    let result = text.replaceAll(
      homeDir,
      (_whole, base: string, name: string) => base + account(name),
    )
    for (const name of known) {
      if (name.length < 3 || commonWords.has(name.toLowerCase()) || account(name) === name) continue
      const word = new RegExp(`(?<![\\w.-])${escapePattern(name)}(?![\\w-])`, 'g')
      result = result.replaceAll(word, account(name))
    }
    return result
  }

  function redactText(text: string): string {
    let result = withoutLoginAddresses(text, removedLogin)
      .replaceAll(privateKey, '[private key removed]')
      .replaceAll(addressWithPassword, `$1${removed}@`)
      .replaceAll(plistValue, `$1${removed}`)
      .replaceAll(quotedList, '$1[]')
      .replaceAll(quotedValue, `$1"${removed}"`)
      .replaceAll(assigned, `$1${removed}`)
      .replaceAll(option, `$1${removed}`)
      .replaceAll(restOfLine, `$1${removed}`)
    // numbered: they can be the names of JSON's fields, which must not fall together
    for (const token of tokens) {
      result = result.replaceAll(token, (value) => standIn('key', value, (n) => `[key ${n}]`))
    }
    result = result
      .replaceAll(mail, (value) => standIn('mail', value.toLowerCase(), (n) => `[mail ${n}]`))
      .replaceAll(hardwareAddress, (value) =>
        standIn(
          'hardware',
          value.toLowerCase().replaceAll('-', ':'),
          (n) => `02:00:00:00:00:${(n % 256).toString(16).padStart(2, '0')}`,
        ),
      )
      .replaceAll(addressAndPort, (value, first: string, second: string) =>
        isPrivate(Number(first), Number(second))
          ? value
          : standIn('address', value, (n) => `192.0.2.${n % 256}`),
      )
    result = result.replaceAll(address6AndPort, (value, address: string) =>
      /^(?:f[cde]|2001:db8)/i.test(address)
        ? value
        : `[${standIn('address6', address.toLowerCase(), (n) => `2001:db8::${n.toString(16)}`)}]`,
    )
    return replaceAccounts(result)
  }

  /** What stands under a wanted name loses all its words; everything else is text. */
  function redactValue(value: unknown, isWanted: boolean): unknown {
    if (typeof value === 'string') return isWanted ? removed : redactText(value)
    if (Array.isArray(value)) return value.map((one) => redactValue(one, isWanted))
    if (typeof value !== 'object' || value === null) return value
    return Object.fromEntries(
      Object.entries(value).map(([key, one]) => [
        redactText(key),
        // empty where nobody has to log in
        key === 'AuthURL' && typeof one === 'string' && one !== ''
          ? removedLogin
          : redactValue(one, isWanted || wantedKey.test(key)),
      ]),
    )
  }

  return {
    account,
    learn,
    text(text) {
      if (!/^\s*[[{]/.test(text)) return redactText(text)
      try {
        const before: unknown = JSON.parse(text)
        const after = JSON.stringify(redactValue(before, false))
        return after === JSON.stringify(before) ? text : after
      } catch {
        return redactText(text)
      }
    },
  }
}

/** Loopback, RFC 1918, link-local, the carrier range that Tailscale uses, and our own stand-ins. */
function isPrivate(first: number, second: number): boolean {
  return (
    first === 10 ||
    first === 127 ||
    first === 0 ||
    (first === 172 && second >= 16 && second < 32) ||
    (first === 192 && (second === 168 || second === 0)) ||
    (first === 169 && second === 254) ||
    (first === 100 && second >= 64 && second < 128)
  )
}

function escapePattern(text: string): string {
  return text.replaceAll(/[\\^$.*+?()[\]{}|/-]/g, '\\$&')
}
