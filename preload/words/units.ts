/** Numbers as people read them. The one place where bytes, durations, ages and shares become text. */

export type Language = 'en' | 'zh-CN'

const byteUnits = [
  [1e12, 'TB'],
  [1e9, 'GB'],
  [1e6, 'MB'],
  [1e3, 'kB'],
] as const

/**
 * Bytes in powers of ten: what is below ten of a unit gets one digit more.
 *
 * @example formatBytes(105_000_000_000) // '105 GB'
 * @example formatBytes(4_683_087_332)   // '4.7 GB'
 */
export function formatBytes(bytes: number): string {
  for (const [unitBytes, unit] of byteUnits) {
    // 999.6 MB would be said as "1000 MB"
    if (Math.abs(bytes) < unitBytes * 0.9995) continue
    const value = bytes / unitBytes
    return `${value < 9.95 ? value.toFixed(1).replace(/\.0$/, '') : Math.round(value)} ${unit}`
  }
  return `${Math.round(bytes)} B`
}

/** A share from 0 to 1 as a whole percentage: `64 %`. */
export function formatRatio(ratio: number): string {
  return `${Math.round(ratio * 100)} %`
}

const secondMs = 1_000
const minuteMs = 60 * secondMs
const hourMs = 60 * minuteMs
const dayMs = 24 * hourMs

const names = {
  en: { ms: 'ms', s: 's', min: 'min', h: 'h', d: ['day', 'days'] },
  'zh-CN': { ms: '毫秒', s: '秒', min: '分钟', h: '小时', d: ['天', '天'] },
} as const

/**
 * A duration in its largest fitting unit. Below a second in milliseconds.
 *
 * @example formatDuration(240_000, 'en')    // '4 min'
 * @example formatDuration(7_200_000, 'zh-CN') // '2 小时'
 */
export function formatDuration(durationMs: number, language: Language): string {
  return inUnit(Math.max(0, durationMs), language, Math.round)
}

/**
 * How long an answer took: whole milliseconds below a second, tenths of a second from there on.
 *
 * @example formatLatency(19.4, 'en')    // '19 ms'
 * @example formatLatency(3_050, 'zh-CN') // '3.1 秒'
 */
export function formatLatency(latencyMs: number, language: Language): string {
  const unit = names[language]
  const ms = Math.round(Math.max(0, latencyMs))
  if (ms < secondMs) return `${ms} ${unit.ms}`
  return `${(Math.round(ms / 100) / 10).toFixed(1)} ${unit.s}`
}

/**
 * How long ago something was. Whole units, rounded down: nothing is older than it is said to be.
 *
 * @example formatAge(1_400, 'en') // '1 s ago'
 */
export function formatAge(ageMs: number, language: Language): string {
  const ms = Math.max(0, ageMs)
  if (ms < secondMs) return language === 'en' ? 'just now' : '刚刚'
  const text = inUnit(ms, language, Math.floor)
  return language === 'en' ? `${text} ago` : `${text}前`
}

function inUnit(ms: number, language: Language, round: (value: number) => number): string {
  const unit = names[language]
  if (ms < secondMs) return `${round(ms)} ${unit.ms}`
  if (ms < 99.5 * secondMs) return `${round(ms / secondMs)} ${unit.s}`
  if (ms < 99.5 * minuteMs) return `${round(ms / minuteMs)} ${unit.min}`
  if (ms < 2 * dayMs) return `${round(ms / hourMs)} ${unit.h}`
  const days = round(ms / dayMs)
  return `${days} ${days === 1 ? unit.d[0] : unit.d[1]}`
}

/**
 * The day of a moment, here where the person is.
 *
 * @example formatDay('2027-03-28T04:07:50Z', 'en')    // 'Mar 28, 2027'
 * @example formatDay('2027-03-28T04:07:50Z', 'zh-CN') // '2027 年 3 月 28 日'
 */
export function formatDay(at: string, language: Language): string {
  const time = Date.parse(at)
  if (Number.isNaN(time)) return at
  const dateStyle = language === 'en' ? 'medium' : 'long'
  const text = new Intl.DateTimeFormat(language, { dateStyle }).format(time)
  // as all other numbers among Chinese characters are set
  return text.replaceAll(/(?<=\d)(?=[年月日])|(?<=[年月])(?=\d)/g, ' ')
}

/** A moment by its distance from `now`: `2 h ago`, `in 4 min`. */
export function formatMoment(at: string, now: number, language: Language): string {
  const time = Date.parse(at)
  if (Number.isNaN(time)) return at
  if (time <= now) return formatAge(now - time, language)
  const text = formatDuration(time - now, language)
  return language === 'en' ? `in ${text}` : `${text}后`
}
