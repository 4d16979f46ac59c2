import { closeSync, readFileSync, rmSync, writeSync } from 'node:fs'
import { Socket } from 'node:net'
import { dirname, join } from 'node:path'
import { type Prompt, parsePrompt } from './prompt.ts'
import type { Room } from './room.ts'

/** Answers the helper of a {@link Room}. */
export interface Askpass {
  /** Variables that make ssh ask through the helper. */
  readonly env: NodeJS.ProcessEnv
  close(): void
}

/**
 * Listens for the prompts of ssh. `answer` gives the line for ssh, or null for none; for `presence` nothing is waited for. Prompts come
 * one after the other. A secret never becomes an argument, a variable or a file.
 */
export function createAskpass(
  room: Room,
  answer: (prompt: Prompt) => Promise<string | null>,
): Askpass {
  const asked = new Socket({ fd: room.askFd, readable: true, writable: false })
  const waiting = new Set<string>()
  let isClosed = false
  let rest = ''

  function reply(helperId: string, line: string | null) {
    if (isClosed || !waiting.delete(helperId)) return
    const isLine = line !== null && !line.includes('\n')
    try {
      writeSync(room.answerFd, isLine ? `${helperId} yes ${line}\n` : `${helperId} no\n`)
    } catch {
      // the helper is gone, or the pipe full: ssh ends at the attempt's time-out
    }
  }
  async function take(helperId: string, hint: string): Promise<void> {
    waiting.add(helperId)
    const prompt = parsePrompt(readPrompt(room, helperId), hint)
    const line = await answer(prompt).catch(() => null)
    if (prompt.kind !== 'presence') reply(helperId, line)
  }

  asked.on('error', () => undefined)
  asked.setEncoding('utf8').on('data', (text: string) => {
    const lines = (rest + text).split('\n')
    rest = lines.pop() ?? ''
    for (const line of lines) {
      const [helperId = '', hint = ''] = line.split(' ')
      if (/^\d+$/.test(helperId)) take(helperId, hint).catch(() => undefined)
    }
  })
  return {
    env: {
      SSH_ASKPASS: room.helperPath,
      SSH_ASKPASS_REQUIRE: 'force',
      STUDIOLO_PID: String(process.pid),
    },
    close() {
      for (const helperId of waiting) reply(helperId, null)
      if (isClosed) return
      isClosed = true
      asked.destroy()
      closeSync(room.answerFd)
    },
  }
}

function readPrompt(room: Room, helperId: string): string {
  const path = join(dirname(room.helperPath), `prompt.${helperId}`)
  try {
    return readFileSync(path, 'utf8').slice(0, 10_000)
  } catch {
    return ''
  } finally {
    rmSync(path, { force: true })
  }
}
