import type { Message } from '../contract/base.ts'
import { formatBytes, formatDuration, formatMoment, formatRatio, type Language } from './units.ts'

/** What i18next's `t` does for us. */
export type Translate = (key: string, params: Record<string, string | number>) => string

/**
 * Says a Message. Its parameters are facts; each is formatted by the end of its name: `…Bytes`, `…Ms`, `…Ratio` and
 * `…At` (by its distance from `now`). All others are said as they are; null is a dash.
 *
 * @example say({ key: 'check.updates.title.waiting', params: { count: 1 } }, t, { language: 'en', now })
 */
export function say(
  message: Message,
  translate: Translate,
  { language, now }: { language: Language; now: number },
): string {
  const params: Record<string, string | number> = {}
  for (const [name, value] of Object.entries(message.params ?? {})) {
    params[name] = formatParam(name, value, language, now)
  }
  return translate(message.key, params)
}

function formatParam(name: string, value: string | number | null, language: Language, now: number) {
  if (value === null) return '–'
  if (typeof value === 'string') {
    return name.endsWith('At') ? formatMoment(value, now, language) : value
  }
  if (name.endsWith('Bytes')) return formatBytes(value)
  if (name.endsWith('Ms')) return formatDuration(value, language)
  if (name.endsWith('Ratio')) return formatRatio(value)
  return value
}
