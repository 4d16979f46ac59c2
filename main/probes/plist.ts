/** A value of a property list. Dates stay texts (ISO 8601, UTC); data stays Base64. */
export type PlistValue = string | number | boolean | PlistValue[] | { [key: string]: PlistValue }

interface Container {
  name: 'dict' | 'array'
  entries: [string, PlistValue][]
  key: string | null
}

const token = /<(\/?)([a-z]{1,10})(?:\s[^<>]*)?(\/?)>([^<]*)/g
const deepest = 64

/**
 * Reads an XML property list as Apple's programs print it. Total: null for any text that is not one.
 *
 *     <plist version="1.0"><dict><key>Running</key><false/></dict></plist>  →  { Running: false }
 */
export function parsePlist(text: string): PlistValue | null {
  const start = text.indexOf('<plist')
  if (start < 0) return null
  const open: Container[] = []
  let result: PlistValue | null = null
  let leaf: { name: string; text: string } | null = null
  let isClosed = false

  const put = (value: PlistValue): boolean => {
    const container = open.at(-1)
    if (container === undefined) {
      if (result !== null) return false
      result = value
      return true
    }
    if (container.name === 'dict') {
      if (container.key === null) return false
      container.entries.push([container.key, value])
      container.key = null
      return true
    }
    container.entries.push(['', value])
    return true
  }

  for (const [, slash, name = '', emptySlash, after = ''] of text.slice(start).matchAll(token)) {
    if (name === 'plist') {
      if (slash === '/') isClosed = true
      continue
    }
    if (name === 'dict' || name === 'array') {
      if (leaf !== null) return null
      if (slash !== '/') {
        if (open.length >= deepest) return null
        open.push({ name, entries: [], key: null })
      }
      if (slash === '/' || emptySlash === '/') {
        const closed = open.pop()
        if (closed?.name !== name || closed.key !== null || !put(containedIn(closed))) return null
      }
      continue
    }
    if (emptySlash === '/') {
      const value = leafValue(name, '')
      if (leaf !== null || value === null || !put(value)) return null
      continue
    }
    if (slash !== '/') {
      if (leaf !== null) return null
      leaf = { name, text: withoutEntities(after) }
      continue
    }
    if (leaf?.name !== name) return null
    const content: string = leaf.text
    leaf = null
    if (name === 'key') {
      const container = open.at(-1)
      if (container?.name !== 'dict' || container.key !== null) return null
      container.key = content
      continue
    }
    const value = leafValue(name, content)
    if (value === null || !put(value)) return null
  }
  return isClosed && open.length === 0 ? result : null
}

function containedIn({ name, entries }: Container): PlistValue {
  // fromEntries defines keys; assigning `__proto__` would not.
  return name === 'dict' ? Object.fromEntries(entries) : entries.map(([, value]) => value)
}

function leafValue(name: string, text: string): PlistValue | null {
  switch (name) {
    case 'string':
    case 'date':
    case 'data':
      return text
    case 'true':
      return true
    case 'false':
      return false
    case 'integer':
    case 'real': {
      const value = text.trim() === '' ? Number.NaN : Number(text)
      return Number.isFinite(value) ? value : null
    }
    default:
      return null
  }
}

const entities: Readonly<Record<string, string>> = {
  amp: '&',
  lt: '<',
  gt: '>',
  quot: '"',
  apos: "'",
}

function withoutEntities(text: string): string {
  return text.replace(/&(#x?[0-9a-f]{1,6}|[a-z]{1,4});/gi, (whole, name: string) => {
    if (!name.startsWith('#')) return entities[name] ?? whole
    const code = name[1] === 'x' ? Number.parseInt(name.slice(2), 16) : Number(name.slice(1))
    return code > 0 && code <= 0x10ffff ? String.fromCodePoint(code) : whole
  })
}
