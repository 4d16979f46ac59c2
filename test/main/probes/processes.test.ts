import { execFileSync } from 'node:child_process'
import { describe, expect, test } from 'vitest'
import { processes } from '../../../main/probes/processes.ts'
import { answer, fixture, parse, testBadAnswers, without } from '../../support/probe-answers.ts'

const top = fixture('processes', 'synthetic/macos26-any-with-user.txt')
const ps = fixture('processes', 'synthetic/macos26-any-ps.txt')
const linux = fixture('processes', 'synthetic/linux-any-ps.txt')

describe('processes', () => {
  test('joins the footprint of top with the whole name of ps', () => {
    expect(parse(processes, 'darwin', top, ps)).toEqual({
      items: [
        { pid: 4127, name: 'llama-server', footprintBytes: 175 * 2 ** 30, account: 'ana' },
        // By the time of ps this number belonged to zsh.
        { pid: 7714, name: 'python3.13', footprintBytes: 9728 * 2 ** 20, account: 'ben' },
        {
          pid: 412,
          name: 'WindowServer',
          footprintBytes: 1423 * 2 ** 20,
          account: '_windowserver',
        },
        {
          pid: 66645,
          name: 'Google Chrome Helper (Renderer)',
          footprintBytes: 568 * 2 ** 20,
          account: 'ana',
        },
        { pid: 1, name: 'launchd', footprintBytes: 21 * 2 ** 20, account: 'root' },
      ],
    })
  })

  test('reads other columns by their headings, and names with blanks', () => {
    const text = fixture('processes', 'macos26-any-six-columns.txt')
    const value = parse(processes, 'darwin', text, answer('', { isMissing: true }))
    expect(value).toMatchObject({ items: { length: 9 } })
    expect(value).toMatchObject({
      items: expect.arrayContaining([
        { pid: 66645, name: 'Google Chrome He', footprintBytes: 595_591_168, account: null },
        { pid: 25379, name: 'Lark Helper (Ren', footprintBytes: 348_127_232, account: null },
      ]),
    })
  })

  test('ignores the mark of a change', () => {
    const text = fixture('processes', 'macos-any-plus.txt')
    expect(parse(processes, 'darwin', text, '')).toMatchObject({
      items: [
        { name: 'firefox', footprintBytes: 1423 * 2 ** 20 },
        { name: 'plugin-container', footprintBytes: 1389 * 2 ** 20 },
        { name: 'lsiagentd' },
        { name: 'WindowServer' },
        { pid: 1673, name: 'Microsoft Teams' },
      ],
    })
  })

  test('names the missing heading', () => {
    expect(parse(processes, 'darwin', without(top, 'COMMAND'), ps)).toMatchObject({
      reason: 'unrecognised',
      detail: expect.stringContaining('"PID COMMAND MEM"'),
    })
  })

  test('a table without rows is not an empty list', () => {
    const text = 'PID    COMMAND          MEM    USER\n'
    expect(parse(processes, 'darwin', text, ps)).toMatchObject({ reason: 'unrecognised' })
  })

  test('reads resident sizes in KiB on Linux, largest first', () => {
    expect(parse(processes, 'linux', linux)).toMatchObject({
      items: [
        { pid: 4127, name: 'llama-server', footprintBytes: 187_396_718_592, account: 'ana' },
        { pid: 9862, name: 'nginx: worker', account: 'www-data' },
        { pid: 638, name: 'node' },
        { pid: 1, name: 'systemd' },
        { pid: 2, footprintBytes: 0 },
      ],
    })
  })

  test('keeps fifteen', () => {
    const text = Array.from({ length: 40 }, (_, pid) => `${pid + 1} ${pid} root worker\n`).join('')
    expect(parse(processes, 'linux', text)).toMatchObject({
      items: { length: 15, 0: { pid: 40, footprintBytes: 39 * 1024 } },
    })
  })

  test.runIf(process.platform === 'linux')('asks the ps of this machine', () => {
    const [argv] = processes.questions.linux?.[0] ?? []
    const [program = '', ...args] = argv ?? []
    const text = execFileSync(program, args, { encoding: 'utf8' })
    const own = text.split('\n').filter((line) => line.trim().startsWith(`${process.pid} `))
    const value = parse(processes, 'linux', own.join('\n'))
    const bytes = 'items' in value ? (value.items[0]?.footprintBytes ?? 0) : 0
    expect(Math.abs(bytes - process.memoryUsage.rss())).toBeLessThan(process.memoryUsage.rss() / 2)
  })

  testBadAnswers(processes, 'darwin')
  testBadAnswers(processes, 'linux')
})
