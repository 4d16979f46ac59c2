import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { checks } from '../../../main/checks/index.ts'
import { panes } from '../../../main/checks/judgement.ts'
import { judgeAll, judgeCheck } from '../../../main/checks/run.ts'
import { checkResultSchema } from '../../../preload/contract/checks.ts'
import { unknownReasonSchema } from '../../../preload/contract/readings.ts'
import en from '../../../resources/locales/en.json' with { type: 'json' }
import zh from '../../../resources/locales/zh-CN.json' with { type: 'json' }
import { at, here, onHost, unknown } from '../../support/check-readings.ts'
import { now } from '../../support/probe-answers.ts'

const folder = join(import.meta.dirname, '../../../main/checks')
const shared = ['check', 'index', 'judgement', 'run']
const languages = { en, 'zh-CN': zh }

type Words = { readonly [key: string]: string | Words }

/** All texts of an area by their keys: `check.sip.title.on`. Plural forms count as one. */
function texts(words: Words, prefix: string): Map<string, string> {
  const all = new Map<string, string>()
  for (const [key, one] of Object.entries(words)) {
    const path = `${prefix}.${key.replace(/_(one|other)$/, '')}`
    if (typeof one === 'string') all.set(path, one)
    else for (const [inner, text] of texts(one, path)) all.set(inner, text)
  }
  return all
}

/** The outcomes that a check's source names, and the states that they stand for. */
function outcomesOf(id: string): string[] {
  const source = readFileSync(join(folder, `${id}.ts`), 'utf8')
  const calls = source.matchAll(
    /judgement\(\s*'[\w-]+',\s*(?:'[a-z]+'|state),\s*([^)]*?)(?:,\s*\{|\))/g,
  )
  return [...calls].flatMap(([, said = '']) =>
    [...said.matchAll(/'([\w-]+)'/g)].map(([, one = '']) => one),
  )
}

describe('the list of checks', () => {
  test('holds every file of the folder under its own name, and each once', () => {
    const files = readdirSync(folder).map((name) => name.replace(/\.ts$/, ''))
    const ids = checks.map(({ id }) => id)
    expect(ids.toSorted()).toEqual(files.filter((name) => !shared.includes(name)).toSorted())
    expect(new Set(ids).size).toBe(ids.length)
  })

  test.each(checks.map((check) => [check.id, check] as const))(
    '%s is unknown or off, never green, where it could not be asked',
    (id, check) => {
      for (const reason of unknownReasonSchema.options) {
        for (const context of [onHost, here, { platform: 'linux', now } as const]) {
          const readings = Object.fromEntries(check.needs.map((need) => [need, unknown(reason)]))
          const result = checkResultSchema.parse(judgeCheck(check, readings, context))
          expect(['unknown', 'off']).toContain(result.state)
          expect(result).toMatchObject({ id, area: check.area, at })
          if (reason === 'not-supported') expect(result.state).toBe('off')
          for (const { key } of [
            result.title,
            result.reason,
            ...(result.remedy ? [result.remedy.text] : []),
          ]) {
            expect(texts(en.check, 'check').has(key), key).toBe(true)
          }
        }
      }
    },
  )

  test('says what is lost in the comment of every check', () => {
    for (const { id } of checks) {
      expect(readFileSync(join(folder, `${id}.ts`), 'utf8'), id).toMatch(
        /\/\*\* [A-Z].{30,}\.\s\*\/\nexport const/,
      )
    }
  })

  test('links only to panes of System Settings', () => {
    for (const target of Object.values(panes))
      expect(target).toMatch(/^x-apple\.systempreferences:com\.apple\.[\w.?-]+$/)
  })
})

describe.each(Object.entries(languages))('the words in %s', (language, words) => {
  const all = texts(words.check, 'check')

  test.each(checks.map(({ id }) => id))('%s has a title and a reason for each outcome', (id) => {
    const outcomes = outcomesOf(id)
    expect(outcomes.length).toBeGreaterThan(1)
    for (const one of outcomes) {
      expect(all.has(`check.${id}.title.${one}`), `title of ${one}`).toBe(true)
      expect(all.has(`check.${id}.reason.${one}`), `reason of ${one}`).toBe(true)
    }
    for (const one of ['off', 'unknown']) expect(all.has(`check.${id}.title.${one}`)).toBe(true)
    expect(all.has(`check.${id}.name`)).toBe(true)
    const said = [...all.keys()].filter((key) => key.startsWith(`check.${id}.title.`))
    expect(said.map((key) => key.split('.').at(-1)).toSorted()).toEqual(
      [...new Set([...outcomes, 'off', 'unknown'])].toSorted(),
    )
  })

  test('every remedy has a text, and every text a remedy', () => {
    const sources = readdirSync(folder)
      .map((name) => readFileSync(join(folder, name), 'utf8'))
      .join('')
    const named = [
      ...sources.matchAll(/(?:inSettings|doIt|runCommand|readPage)\(\s*'([\w-]+)'/g),
    ].map(([, name = '']) => name)
    const whole = [...sources.matchAll(/'check\.remedy\.([\w-]+)'/g)].map(([, name = '']) => name)
    expect([...new Set([...named, ...whole])].toSorted()).toEqual(
      Object.keys(words.check.remedy).toSorted(),
    )
  })

  test('are the same in number and parameters in every language', () => {
    const parameters = (text: string) => [...new Set(text.match(/{{\w+}}/g) ?? [])].toSorted()
    const english = texts(en.check, 'check')
    expect([...all.keys()].toSorted()).toEqual([...english.keys()].toSorted())
    for (const [key, text] of all)
      expect(parameters(text), key).toEqual(parameters(english.get(key) ?? ''))
  })

  test('are whole, and calm', () => {
    for (const [key, text] of all) {
      expect(text.trim(), key).toBe(text)
      expect(text, key).toMatch(/\S/)
      expect(text, key).not.toMatch(/[!！]/)
      if (/\.(reason|remedy)\./.test(key) && !text.endsWith('csrutil enable')) {
        expect(text, key).toMatch(language === 'en' ? /\.$/ : /。$/)
      }
    }
  })
})

describe('judgeAll', () => {
  test('judges only what was read, in display order', () => {
    const readings = { updates: unknown('timed-out'), filevault: unknown('timed-out') }
    expect(judgeAll(readings, onHost).map(({ id }) => id)).toEqual(['filevault', 'updates'])
  })

  test('is as old as the oldest reading', () => {
    const older = { ...unknown('timed-out'), at: '2026-11-20T08:00:00.000Z' }
    const [result] = judgeAll({ swap: unknown('timed-out'), memory: older }, onHost)
    expect(result).toMatchObject({ id: 'swap', at: '2026-11-20T08:00:00.000Z' })
  })
})
