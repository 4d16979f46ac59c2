import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { checks } from '../main/checks/index.ts'
import { probes } from '../main/probes/index.ts'

const root = join(import.meta.dirname, '..')
const read = (path: string) => readFileSync(join(root, path), 'utf8')
const wordsIn = (text: string) => [...text.matchAll(/`([^`]+)`/g)].map(([, word = '']) => word)

describe('the documents', () => {
  it('list every probe with what its value has', () => {
    const rows = read('docs/command-line.md').match(
      /^\| `[a-z-]+` \| .* \| (?:`\w+`(?:, )?)+ \|$/gm,
    )
    const listed = rows?.map((row) => {
      const [, id = '', , fields = ''] = row.split('|')
      return [...wordsIn(id), ...wordsIn(fields)]
    })
    expect(listed).toEqual(
      probes.map(({ id, columns }) => [id, ...columns.map(({ field }) => field)]),
    )
  })

  it('list every check', () => {
    const [, list = ''] = /^The checks: ([^.]*)\.$/m.exec(read('docs/command-line.md')) ?? []
    expect(wordsIn(list)).toEqual(checks.map(({ id }) => id))
  })

  it.each(['README.md', 'docs/architecture.md', 'docs/security.md'])(
    '%s names only files that there are',
    (path) => {
      const isPath = /^(?:main|preload|renderer|test|build|docs|resources)\/[\w./-]+$/
      const links = [...read(path).matchAll(/\]\(([^):#]+)\)/g)].map(([, to = '']) =>
        join(path, '..', to),
      )
      const named = [...wordsIn(read(path)).filter((word) => isPath.test(word)), ...links]
      expect(named.length).toBeGreaterThan(0)
      expect(named.filter((one) => !existsSync(join(root, one)))).toEqual([])
    },
  )

  it('are there where a comment names them', () => {
    const sources = ['main', 'preload', 'renderer', 'build'].flatMap((dir) =>
      readdirSync(join(root, dir), { recursive: true, encoding: 'utf8' })
        .filter((path) => /\.tsx?$/.test(path))
        .map((path) => `${dir}/${path}`),
    )
    const gone = sources.flatMap((path) =>
      [...read(path).matchAll(/(?<![\w:./-])[\w./-]+\.md\b/g)]
        .filter(([name]) => !existsSync(join(root, name)))
        .map(([name]) => `${path}: ${name}`),
    )
    expect(gone).toEqual([])
  })
})
