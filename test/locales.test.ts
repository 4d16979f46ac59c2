import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { errorCodeSchema } from '../preload/contract/base.ts'

const root = join(import.meta.dirname, '..')

type Words = { [key: string]: string | Words }

function flat(words: Words, prefix = ''): Map<string, string> {
  const found = new Map<string, string>()
  for (const [key, value] of Object.entries(words)) {
    if (typeof value === 'string') found.set(prefix + key, value)
    else for (const [path, text] of flat(value, `${prefix}${key}.`)) found.set(path, text)
  }
  return found
}

function load(language: string): Map<string, string> {
  return flat(JSON.parse(readFileSync(join(root, `resources/locales/${language}.json`), 'utf8')))
}

const en = load('en')
const zh = load('zh-CN')
/** i18next's plural endings: English has two, Chinese one; both may say "none" in a way of its own. */
const stem = (key: string) => key.replace(/_(zero|one|other)$/, '')
const stems = (words: Map<string, string>) => [...new Set([...words.keys()].map(stem))].toSorted()
const params = (text: string) =>
  new Set([...text.matchAll(/\{\{(\w+)\}\}/g)].map(([, name]) => name))

const sources = ['main', 'preload', 'renderer', 'build'].flatMap((dir) =>
  readdirSync(join(root, dir), { recursive: true, encoding: 'utf8' })
    .filter((path) => /\.tsx?$/.test(path))
    .map((path) => readFileSync(join(root, dir, path), 'utf8')),
)

const areas = [...new Set([...en.keys()].map((key) => key.split('.')[0]))].join('|')
const code = sources.join('\n').replace(/\/\*\*[\s\S]*?\*\/|^\s*\/\/.*$/gm, '')
/** The words that stand alone in the code: in quotes, or as the name of a field. */
const literals = new Set(
  [
    ...code.matchAll(/(?<quote>['"`])(?<word>[a-zA-Z0-9.-]+)\k<quote>/g),
    ...code.matchAll(/(?:^|[\s{,(])(?<word>[a-zA-Z][a-zA-Z0-9]*):/gm),
  ].map(({ groups }) => groups?.word ?? ''),
)
/** Template literals that put together a key (`check.${id}.name`), its end (`${key}.title`) or a part (`state.${tailnet.state}`). */
const templates = [...code.matchAll(/`([a-z0-9.-]*\$\{[^`]*)`/g)].flatMap(([, text = '']) => {
  const pieces = text.split(/\$\{[^}]*\}/)
  const words = pieces.join('')
  if (!/^[a-zA-Z0-9.-]*[a-z]{3}[a-zA-Z0-9.-]*$/.test(words)) return []
  const isKey = new RegExp(`^(?:${areas})\\.`).test(text)
  return {
    kind: isKey ? 'key' : /^\$\{key\}/.test(text) ? 'end' : 'part',
    holes: new RegExp(`^${pieces.map((piece) => piece.replaceAll('.', '\\.')).join('(.*)')}$`),
  }
})

/** What stands in the holes where one of these templates gives the text: a list for each that can. */
const fillings = (text: string, kind: string) =>
  templates
    .flatMap((one) => (one.kind === kind ? [one.holes.exec(text)?.slice(1) ?? []] : []))
    .filter((words) => words.length > 0)

/** Whether the code has this part of a key, whole or in pieces. */
const isPartUsed = (part: string): boolean =>
  part === '' ||
  literals.has(part) ||
  fillings(part, 'part').some((words) => words.every(isPartUsed))

/** Whether the code has this key, whole or in pieces. */
const isUsed = (key: string): boolean =>
  literals.has(key) ||
  fillings(key, 'key').some((words) => words.every(isPartUsed)) ||
  fillings(key, 'end').some((words) => words.every(isUsed))

describe('words', () => {
  it('are the same set in both languages', () => {
    expect(stems(zh)).toEqual(stems(en))
  })

  it('take the same facts in both languages', () => {
    for (const [key, text] of zh) {
      const other = en.get(key) ?? en.get(`${stem(key)}_other`) ?? ''
      expect([key, params(text)]).toEqual([key, params(other)])
    }
  })

  it('have a sentence for every error that the contract knows', () => {
    for (const code of errorCodeSchema.options) {
      expect([code, en.has(`error.${code}`), zh.has(`error.${code}`)]).toEqual([code, true, true])
    }
  })

  it('are there for every key that the code says whole', () => {
    const whole = new RegExp(`['"\`]((?:${areas})\\.[a-z0-9.-]*[a-z0-9])['"\`]`, 'g')
    const used = [...code.matchAll(whole)].map(([, key = '']) => key)
    expect(used.length).toBeGreaterThan(100)
    // the start of keys is completed by the code
    const known = [...en.keys()].flatMap((key) => [key, stem(key)])
    const isKnown = (key: string) => known.some((one) => one === key || one.startsWith(`${key}.`))
    const isFile = (key: string) => key.endsWith('.js')
    expect(used.filter((key) => !isKnown(key) && !isFile(key))).toEqual([])
  })

  it('are all used', () => {
    expect([...new Set([...en.keys()].map(stem))].filter((key) => !isUsed(key))).toEqual([])
  })

  it('are known to be used by the whole key, or by what the code puts together', () => {
    const unused = [
      'error.nonsense',
      'popover.models.nonsense',
      'alert.tailnet-stopped.nonsense.title',
    ]
    for (const key of [...unused, 'popover.nonsense', 'nonsense']) {
      expect([key, isUsed(key)]).toEqual([key, false])
    }
    for (const key of [
      'error.timeout',
      'popover.settings',
      'alert.tailnet-stopped.stopped.title',
    ]) {
      expect([key, en.has(key), isUsed(key)]).toEqual([key, true, true])
    }
  })

  it('have no sentence for an error that there is not', () => {
    const codes = [...en.keys()].flatMap((key) => /^error\.([^.]+)$/.exec(key)?.[1] ?? [])
    const isKnown = (code: string) =>
      errorCodeSchema.options.some((one) => one === code) || literals.has(`error.${code}`)
    expect(codes.filter((code) => !isKnown(code))).toEqual([])
  })

  it('are set carefully in Chinese: full-width stops, and a blank between Chinese and Latin', () => {
    const han = '\\p{Script=Han}'
    for (const [key, text] of zh) {
      const plain = text.replace(/\{\{\w+\}\}/g, '')
      expect([key, new RegExp(`${han}[,.;:!?]`, 'u').test(plain)]).toEqual([key, false])
      expect([key, new RegExp(`${han}[A-Za-z0-9]|[A-Za-z0-9]${han}`, 'u').test(plain)]).toEqual([
        key,
        false,
      ])
      expect([key, /!|！/.test(text)]).toEqual([key, false])
    }
  })
})
