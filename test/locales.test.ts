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
/** i18next's plural endings: English has two, Chinese one. */
const stem = (key: string) => key.replace(/_(one|other)$/, '')
const stems = (words: Map<string, string>) => [...new Set([...words.keys()].map(stem))].toSorted()
const params = (text: string) =>
  new Set([...text.matchAll(/\{\{(\w+)\}\}/g)].map(([, name]) => name))

const sources = ['main', 'renderer', 'build'].flatMap((dir) =>
  readdirSync(join(root, dir), { recursive: true, encoding: 'utf8' })
    .filter((path) => /\.tsx?$/.test(path))
    .map((path) => readFileSync(join(root, dir, path), 'utf8')),
)

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
    const areas = [...new Set([...en.keys()].map((key) => key.split('.')[0]))].join('|')
    const used = sources.flatMap((text) =>
      [...text.matchAll(new RegExp(`['"\`]((?:${areas})\\.[a-z0-9.-]+)['"\`]`, 'g'))].map(
        ([, key]) => key ?? '',
      ),
    )
    expect(used.length).toBeGreaterThan(100)
    // the start of keys is completed by the code
    const known = [...en.keys()].flatMap((key) => [key, stem(key)])
    const isKnown = (key: string) => known.some((one) => one === key || one.startsWith(`${key}.`))
    const isFile = (key: string) => key.endsWith('.js')
    expect(used.filter((key) => !isKnown(key) && !isFile(key))).toEqual([])
  })

  it('are all used', () => {
    const text = sources.join('\n')
    const isUsed = (key: string) => {
      const parts = stem(key).split('.')
      const name = parts.join('.')
      if (text.includes(`${name.slice(0, name.lastIndexOf('-'))}-\${`)) return true
      // whole, or begun in the code (`popover.status.${state}`) at any depth below the area
      return (
        parts.some((_, index) => index > 0 && text.includes(parts.slice(0, index + 1).join('.'))) ||
        text.includes(`${parts[0]}.\${`)
      )
    }
    expect([...en.keys()].filter((key) => !isUsed(key))).toEqual([])
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
