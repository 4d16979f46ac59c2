import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import type { Argv, Platform } from '../../../main/hosts/host.ts'
import { isProbeId, probeById, probes } from '../../../main/probes/index.ts'
import { type Answer, isUnparsed, type Probe } from '../../../main/probes/probe.ts'
import { unknownReasonSchema } from '../../../preload/contract/readings.ts'
import en from '../../../resources/locales/en.json' with { type: 'json' }
import zh from '../../../resources/locales/zh-CN.json' with { type: 'json' }

const all: readonly Probe[] = probes
const folder = join(import.meta.dirname, '../../../main/probes')
const platforms: readonly Platform[] = ['darwin', 'linux']
/** Files that hold no probe of their own. */
const shared = ['answer', 'index', 'json', 'parse', 'plist', 'probe', 'read', 'tick']

describe('the list of probes', () => {
  test('holds every file of the folder under its own name, and each once', () => {
    const files = readdirSync(folder).map((name) => name.replace(/\.ts$/, ''))
    const ids = all.map(({ id }) => id)
    expect(ids.toSorted()).toEqual(files.filter((name) => !shared.includes(name)).toSorted())
    expect(new Set(ids).size).toBe(ids.length)
  })

  test.each(all.map((probe) => [probe.id, probe] as const))(
    '%s is described whole',
    (id, probe) => {
      expect(isProbeId(id) && probeById(id)).toBe(probe)
      expect(probe.columns.length).toBeGreaterThan(0)
      expect(probe.everyMs).toBeGreaterThanOrEqual(1000)
      expect(Object.keys(probe.questions).length).toBeGreaterThan(0)
      expect(en.probe).toHaveProperty([id], expect.stringMatching(/\S/))
      expect(zh.probe).toHaveProperty([id], expect.stringMatching(/\S/))
    },
  )

  test('shows real output in the comment of every probe, and has fixtures for it', () => {
    for (const { id } of all) {
      const source = readFileSync(join(folder, `${id}.ts`), 'utf8')
      expect(source, id).toMatch(/\/\*\*[\s\S]{20,}\*\/\nexport const/)
      const fixtures = readdirSync(join(import.meta.dirname, '../../fixtures/probes', id))
      expect(fixtures, id).toContain('about.md')
      expect(fixtures.length, id).toBeGreaterThan(1)
    }
  })

  test('every file of fixtures is told of in its about.md', () => {
    const root = join(import.meta.dirname, '../../fixtures/probes')
    for (const id of readdirSync(root)) {
      const about = readFileSync(join(root, id, 'about.md'), 'utf8')
      const files = readdirSync(join(root, id), { recursive: true, withFileTypes: true })
      for (const file of files.filter((one) => one.isFile() && one.name !== 'about.md')) {
        expect(about, `${id}/${file.name}`).toContain(file.name)
      }
    }
  })

  test('says every reason for an unknown reading in both languages', () => {
    for (const reason of unknownReasonSchema.options) {
      expect(en.probe.unknown).toHaveProperty([reason])
      expect(zh.probe.unknown).toHaveProperty([reason])
    }
  })

  test('no argument holds what only a shell would expand', () => {
    for (const { questions, id } of all) {
      const argvs = platforms.flatMap((platform) => (questions[platform] ?? []).flat())
      for (const [program, ...args] of argvs) {
        expect(program, id).toMatch(/^[\w./-]+$/)
        // Two programs take a script as their argument: a text that stands in the source as it is.
        if (program === 'sh' || program === 'osascript') continue
        for (const arg of args) expect(arg, id).toMatch(/^[\w./+%=,:@-]+$/)
      }
    }
  })
})

/** Words of real output, so that random texts get past the first label. */
const words = fc.constantFrom(
  ...[
    '\n',
    ' ',
    '\t',
    '{',
    '}',
    '"',
    ':',
    '=',
    '0',
    '1',
    '9999999999999999',
    '-1',
    'null',
    '<plist>',
    '<dict>',
  ],
  ...[
    'FileVault is On.',
    'Percent completed = 4e9',
    'PID COMMAND MEM USER',
    'us sy id',
    'cpu ',
    'MemTotal: 5 kB',
  ],
  ...[
    'page size of 16384 bytes',
    'Pages free: 3.',
    'Filesystem 1024-blocks',
    '"PerformanceStatistics" = {',
  ],
  ...[
    '{"BackendState":"Running","Peer":{"a":{}}}',
    '{"SPHardwareDataType":[{}]}',
    '* Label: x',
    'Title: y, Version',
  ],
  ...[
    '2026-11-20-080000',
    'Running = 1;',
    'Name          : x',
    '====================',
    'some avg10=1.00 ',
    'sleep 1',
  ],
)
const text = fc.oneof(
  fc.string({ unit: 'binary', maxLength: 300 }),
  fc
    .array(fc.oneof(words, fc.string({ maxLength: 8 })), { maxLength: 30 })
    .map((parts) => parts.join('')),
)
const answer = fc.record({
  argv: fc.constant<Argv>(['tmutil', 'destinationinfo']),
  stdout: text,
  stderr: text,
  exitCode: fc.integer({ min: -1, max: 255 }),
  durationMs: fc.nat(),
}) satisfies fc.Arbitrary<Answer>

describe('every parser', () => {
  for (const probe of all) {
    for (const platform of platforms) {
      const count = probe.questions[platform]?.length
      if (count === undefined) continue
      test(`${probe.id} never throws on ${platform}, and never makes up a negative number`, () => {
        const answers = fc.array(answer, { minLength: 0, maxLength: count })
        fc.assert(
          fc.property(answers, answers, fc.nat(), (given, previous, now) => {
            const value = probe.parse(given, { platform, now, previous })
            for (const one of given) probe.isUsable?.(one, one.argv)
            if (!isUnparsed(value))
              expect(numbersIn(value).filter((one) => !(one >= 0))).toEqual([])
          }),
        )
      })
    }
  }

  test('reads a megabyte of garbage before the test times out', () => {
    const fillings = [
      'x'.repeat(100),
      ' '.repeat(100),
      '\n',
      '1 ',
      '<a>',
      'FileVault is ',
      '2026-11-20-080000 ',
      `a${' '.repeat(4000)}\n`,
    ]
    const starts = [
      '',
      'Filesystem 1024-blocks\n',
      'PID COMMAND MEM\n',
      '<plist>',
      '{\n{"BackendState":',
      '* Label: a\n Title:',
    ]
    for (const start of starts) {
      for (const filling of fillings) {
        const stdout =
          start + filling.repeat(Math.min(1e5, (start === '' ? 1e6 : 1e5) / filling.length))
        const given: Answer = { argv: ['x'], stdout, stderr: '', exitCode: 0, durationMs: 1 }
        for (const probe of all) {
          probe.isUsable?.(given, ['tmutil', 'status'])
          for (const platform of platforms) {
            expect(probe.parse([given, given], { platform, now: 0 })).toBeDefined()
          }
        }
      }
    }
  })
})

/** All numbers within a value. */
function numbersIn(value: unknown): number[] {
  if (typeof value === 'number') return [value]
  return typeof value === 'object' && value !== null ? Object.values(value).flatMap(numbersIn) : []
}
