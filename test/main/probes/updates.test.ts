import { describe, expect, test } from 'vitest'
import { updates } from '../../../main/probes/updates.ts'
import { answer, fixture, parse, testBadAnswers } from '../../support/probe-answers.ts'

describe('updates', () => {
  test('lists what waits, and what needs a restart', () => {
    expect(parse(updates, 'darwin', fixture('updates', 'macos26-mini-two-updates.txt'))).toEqual({
      items: [
        {
          label: 'Command Line Tools for Xcode 26.5-26.5',
          title: 'Command Line Tools for Xcode 26.5',
          version: '26.5',
          isRestartNeeded: false,
          isRecommended: true,
        },
        {
          label: 'macOS Tahoe 26.5-25F71',
          title: 'macOS Tahoe 26.5',
          version: '26.5',
          isRestartNeeded: true,
          isRecommended: true,
        },
      ],
    })
  })

  test('nothing waits: the words are on stderr', () => {
    const lines = fixture('updates', 'macos26-any-none.txt').trimEnd().split('\n')
    const stderr = `${lines.pop()}\n`
    const given = answer(`${lines.join('\n')}\n`, { stderr })
    expect(parse(updates, 'darwin', given)).toEqual({ items: [] })
    expect(updates.isUsable?.(given, ['softwareupdate'])).toBe(true)
  })

  test('an answer without these words is not "nothing waits"', () => {
    const text = 'Software Update Tool\n\nFinding available software\n'
    expect(parse(updates, 'darwin', text)).toMatchObject({
      reason: 'unrecognised',
      detail: expect.stringContaining('"Label"'),
    })
    expect(updates.isUsable?.(answer(text), ['softwareupdate'])).toBe(false)
  })

  test('a title may hold commas', () => {
    const text =
      '* Label: Pro Apps-1\n\tTitle: Pro, Apps and More, Version: 1.2, Size: 10K, Recommended: NO, \n'
    expect(parse(updates, 'darwin', text)).toMatchObject({
      items: [{ title: 'Pro, Apps and More', version: '1.2', isRecommended: false }],
    })
  })

  test('an update without its second line is still an update', () => {
    expect(parse(updates, 'darwin', '* Label: Safari26.1\n')).toMatchObject({
      items: [{ label: 'Safari26.1', title: 'Safari26.1', version: null }],
    })
  })

  testBadAnswers(updates, 'darwin')
})
