import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { loadWords } from '../../../main/node/words.ts'
import { downloadPage, machinesPage, policyPage } from '../../../main/tailnet/pages.ts'
import type { DoctorProgress } from '../../../preload/contract/doctor.ts'
import { doctorText, withoutLogIns } from '../../../preload/words/doctor-text.ts'

const root = join(import.meta.dirname, '../../..')
const outcomesDir = join(root, 'test/fixtures/doctor')
const words = loadWords(join(root, 'resources'))
const now = Date.parse('2026-11-20T09:00:08Z')
const languages = ['en', 'zh-CN'] as const

function read(name: string): DoctorProgress {
  return JSON.parse(readFileSync(join(outcomesDir, `${name}.json`), 'utf8'))
}

/** The healthy result with these words of a program in its first step. */
function withDetail(detail: string): DoctorProgress {
  const { steps, ...progress } = read('healthy')
  return { ...progress, steps: steps.map((step) => ({ ...step, detail })) }
}

function textOf(name: string, language: (typeof languages)[number]): string {
  return doctorText(read(name), (message) => words(message, language, now))
}

describe('the doctor’s result as text', () => {
  it('tells a colleague which step broke, why perhaps, and what to do where', () => {
    const text = textOf('refused', 'en')
    expect(text.split('\n')[0]).toBe('Connection to Mac Studio, tried 2026-11-20 09:00 UTC')
    expect(text).toContain('[Failed] SSH port')
    expect(text).toContain('Cause: Remote Login is off on Mac Studio.')
    expect(text).toContain('On Mac Studio: Turn on Remote Login')
    expect(text).toContain('sudo systemsetup -setremotelogin on')
    expect(text).toContain('[Not tried] Login')
  })

  it('is in the person’s language', () => {
    const text = textOf('refused', 'zh-CN')
    expect(text.split('\n')[0]).toContain('与 Mac Studio 的连接')
    expect(text).toContain('原因：Mac Studio 的远程登录没有打开。')
  })

  it.each([
    ['logged-out', 'https://login.tailscale.com/a/3f1c0d9e2b', 'Log in on this page.'],
    ['tailscale-ssh', 'https://login.tailscale.com/a/l1b2c3d4e5f6', 'Open this page, log in'],
  ])('keeps to itself the page that would log somebody in: %s', (name, page, remedy) => {
    expect(JSON.stringify(read(name))).toContain(page)
    const text = textOf(name, 'en')
    expect(text).toContain(remedy)
    expect(text).toContain('\n        (address shown in Studiolo)\n')
    expect(text).not.toContain(page)
  })

  it('names the pages that are the same for everybody', () => {
    for (const page of [machinesPage, policyPage, downloadPage]) {
      expect(withoutLogIns(withDetail(`see ${page}`), '-').steps[0]?.detail).toBe(`see ${page}`)
    }
    expect(textOf('relay', 'en')).toContain(
      '\n        https://tailscale.com/kb/1257/connection-types\n',
    )
  })

  it.each([
    'Logged out.\nLog in at: https://headscale.example.com/register/nMzX9bN1',
    '# To authenticate, visit: http://headscale.lan:8080/a/l1b2c3d4e5f6',
    'https://login.tailscale.com/admin/machines?next=/a/l1b2c3d4e5f6',
  ])('keeps an address in the words of a program to itself: %s', (words) => {
    const [step] = withoutLogIns(withDetail(words), 'hidden').steps
    expect(step?.detail).toMatch(/^(?:[^/]*: )?hidden$/)
  })

  const outcomes = readdirSync(outcomesDir).map((file) => file.replace(/\.json$/, ''))
  it.each(outcomes)('says every word of it: %s', (name) => {
    for (const language of languages) {
      const text = textOf(name, language)
      // a key without words, or a fact without its place
      expect(text).not.toMatch(/\b(doctor|error)\.[a-z]|\{\{|undefined|\[object/)
      expect(text.match(/^\[/gm)).toHaveLength(13)
    }
  })
})
