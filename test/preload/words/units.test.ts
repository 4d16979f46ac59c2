import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { say } from '../../../preload/words/say.ts'
import {
  formatAge,
  formatBytes,
  formatDay,
  formatDuration,
  formatMoment,
  formatRatio,
} from '../../../preload/words/units.ts'

describe('units', () => {
  it.each([
    [0, '0 B'],
    [999, '999 B'],
    [512_000_000, '512 MB'],
    [999_600_000, '1 GB'],
    [4_683_087_332, '4.7 GB'],
    [9_960_000_000, '10 GB'],
    [105_400_000_000, '105 GB'],
    [1_200_000_000_000, '1.2 TB'],
  ])('says %i bytes as %s', (bytes, text) => expect(formatBytes(bytes)).toBe(text))

  it('says a day as it is written in each language', () => {
    expect(formatDay('2027-03-28T11:00:00Z', 'en')).toBe('Mar 28, 2027')
    expect(formatDay('2027-03-28T11:00:00Z', 'zh-CN')).toBe('2027 年 3 月 28 日')
    expect(formatDay('soon', 'en')).toBe('soon')
  })

  it.each([
    [4, '4 ms', '4 毫秒'],
    [999.4, '999 ms', '999 毫秒'],
    [9_000, '9 s', '9 秒'],
    [240_000, '4 min', '4 分钟'],
    [7_200_000, '2 h', '2 小时'],
    [14 * 86_400_000, '14 days', '14 天'],
  ])('says %i ms as %s', (ms, en, zh) => {
    expect(formatDuration(ms, 'en')).toBe(en)
    expect(formatDuration(ms, 'zh-CN')).toBe(zh)
  })

  it('never says that something is older than it is', () => {
    expect(formatAge(1_999, 'en')).toBe('1 s ago')
    expect(formatAge(400, 'en')).toBe('just now')
    expect(formatAge(7_199_000, 'zh-CN')).toBe('1 小时前')
  })

  it('says moments before and after now', () => {
    const now = Date.parse('2026-11-20T09:00:00Z')
    expect(formatMoment('2026-11-20T07:00:00Z', now, 'en')).toBe('2 h ago')
    expect(formatMoment('2026-11-20T09:04:00Z', now, 'zh-CN')).toBe('4 分钟后')
    expect(formatMoment('not a time', now, 'en')).toBe('not a time')
  })

  it('says a share as a percentage', () => expect(formatRatio(0.644)).toBe('64 %'))

  it('has an answer without NaN, exponents or double blanks for any number', () => {
    const any = fc.double({ min: 0, max: 1e15, noNaN: true })
    fc.assert(
      fc.property(any, (value) => {
        for (const text of [
          formatBytes(value),
          formatDuration(value, 'en'),
          formatAge(value, 'zh-CN'),
        ]) {
          expect(text).not.toMatch(/NaN|e\+|Infinity| {2}/)
        }
      }),
    )
  })
})

describe('say', () => {
  it('formats parameters by the end of their names', () => {
    const params = {
      roomBytes: 105e9,
      waitMs: 9_000,
      usedRatio: 0.5,
      lastAt: '2026-11-20T07:00:00Z',
      name: 'a',
      gone: null,
      count: 2,
    }
    const text = say({ key: 'k', params }, (key, given) => `${key} ${JSON.stringify(given)}`, {
      language: 'en',
      now: Date.parse('2026-11-20T09:00:00Z'),
    })
    expect(JSON.parse(text.slice(2))).toEqual({
      ...{ roomBytes: '105 GB', waitMs: '9 s', usedRatio: '50 %', lastAt: '2 h ago' },
      ...{ name: 'a', gone: '–', count: 2 },
    })
  })
})
