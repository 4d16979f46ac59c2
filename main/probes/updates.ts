import { explain, linesOf, textOf } from './answer.ts'
import type { Probe } from './probe.ts'

export interface UpdateItem {
  label: string
  title: string
  version: string | null
  isRestartNeeded: boolean
  isRecommended: boolean
}

export interface UpdatesValue {
  items: UpdateItem[]
}

const nothing = /No new software available/i

/**
 * Software updates that wait. Asks Apple over the network and can take minutes. "No new software available." goes to
 * stderr.
 *
 *     * Label: macOS Tahoe 26.5-25F71
 *     	Title: macOS Tahoe 26.5, Version: 26.5, Size: 3690218KiB, Recommended: YES, Action: restart,
 */
export const updates: Probe<'updates', UpdatesValue> = {
  id: 'updates',
  columns: [{ field: 'items', about: 'The software updates that wait' }],
  everyMs: 86_400_000,
  timeoutMs: 180_000,
  slowOn: ['darwin'],
  questions: {
    darwin: [
      [
        ['softwareupdate', '--list'],
        ['softwareupdate', '-l'],
      ],
    ],
  },
  isUsable: (output) => isAnswer(textOf(output)),
  parse([answer]) {
    const text = textOf(answer)
    if (!isAnswer(text)) return explain(answer, 'Label')
    return { items: itemsOf(text) }
  },
}

function isAnswer(text: string): boolean {
  return nothing.test(text) || itemsOf(text).length > 0
}

function itemsOf(text: string): UpdateItem[] {
  const items: UpdateItem[] = []
  for (const line of linesOf(text)) {
    const label = /^\s*\* Label: (.+)$/.exec(line)?.[1]?.trim()
    if (label) {
      items.push({
        label,
        title: label,
        version: null,
        isRestartNeeded: false,
        isRecommended: false,
      })
      continue
    }
    const current = items.at(-1)
    const details = /^\s+Title: (.+)$/.exec(line)?.[1]
    if (current === undefined || details === undefined) continue
    // A title may hold commas: it ends where the next known word begins.
    const textAfter = (name: string) => new RegExp(`, ${name}: ([^,]*)`).exec(details)?.[1]?.trim()
    current.title =
      details.split(/, (?:Version|Size|Recommended|Action):/)[0]?.trim() || current.label
    current.version = textAfter('Version') || null
    current.isRecommended = textAfter('Recommended') === 'YES'
    current.isRestartNeeded = textAfter('Action') === 'restart'
  }
  return items
}
