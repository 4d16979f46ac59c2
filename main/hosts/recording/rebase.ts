import type { Recording } from './recording.ts'

/** Moments that stand for "never" and "no time" (Go's year 1, Ollama's "for ever") stay where they are. */
const firstYear = 1990
const lastYear = 2200

const isoTime =
  /\b(\d{4}-\d{2}-\d{2})([T ])(\d{2}:\d{2}:\d{2})(\.\d+)?( ?)(Z|[+-]\d{2}:?\d{2})(?!\d)/g
/** tmutil's folders: `2026-11-20-084512`, local time of the machine. */
const stamp = /(?<![\d-])(\d{4}-\d{2}-\d{2})-(\d{2})(\d{2})(\d{2})(?!\d)/g

/**
 * The same recording as if it were made at `now`: every moment in its outputs moves by the same time, to the second.
 *
 * @example `2026-11-20-084512` in a recording of 09:00 is `2026-11-21-084512` a day later
 */
export function rebase(recording: Recording, now: number): Recording {
  const byMs = Math.round((now - Date.parse(recording.host.recordedAt)) / 1000) * 1000
  const move = (text: string) => moveTimes(text, byMs)
  return {
    ...recording,
    host: { ...recording.host, recordedAt: new Date(now).toISOString() },
    commands: recording.commands.map((command) => ({
      ...command,
      stdout: move(command.stdout),
      stderr: move(command.stderr),
    })),
    files: recording.files.map((file) => ({ ...file, text: move(file.text) })),
    http: recording.http.map((exchange) => ({ ...exchange, body: move(exchange.body) })),
  }
}

/** Zones, fractions of a second and the way of writing stay as they are. */
export function moveTimes(text: string, byMs: number): string {
  return text
    .replaceAll(isoTime, (whole, day: string, between, time: string, fraction = '', gap, zone) => {
      const moved = move(day, time, byMs)
      return moved === null ? whole : `${moved.day}${between}${moved.time}${fraction}${gap}${zone}`
    })
    .replaceAll(stamp, (whole, day: string, hours, minutes, seconds) => {
      const moved = move(day, `${hours}:${minutes}:${seconds}`, byMs)
      return moved === null ? whole : `${moved.day}-${moved.time.replaceAll(':', '')}`
    })
}

function move(day: string, time: string, byMs: number): { day: string; time: string } | null {
  const at = new Date(`${day}T${time}Z`)
  const year = at.getUTCFullYear()
  if (Number.isNaN(year) || year < firstYear || year > lastYear) return null
  const moved = new Date(at.getTime() + byMs)
  if (Number.isNaN(moved.getTime()) || moved.getUTCFullYear() > 9999) return null
  const iso = moved.toISOString()
  return { day: iso.slice(0, 10), time: iso.slice(11, 19) }
}
