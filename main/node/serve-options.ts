import { parseArgs } from 'node:util'
import type { Message } from '../../preload/contract/base.ts'

export interface ServeOptions {
  /** 0 = any free one. */
  port: number
  isOpened: boolean
  isDemoOnly: boolean
}

export type ParsedArgs =
  | { kind: 'run'; options: ServeOptions }
  | { kind: 'help' }
  | { kind: 'wrong'; message: Message }

/** What comes after the program's name. */
export function parseServeArgs(argv: readonly string[]): ParsedArgs {
  try {
    const { values } = parseArgs({
      args: [...argv],
      strict: true,
      allowNegative: true,
      options: {
        port: { type: 'string' },
        open: { type: 'boolean', default: true },
        demo: { type: 'boolean', default: false },
        help: { type: 'boolean', short: 'h', default: false },
      },
    })
    if (values.help) return { kind: 'help' }
    const { port } = values
    if (port !== undefined && !isPort(port)) {
      return { kind: 'wrong', message: { key: 'serve.wrong-port', params: { port } } }
    }
    return {
      kind: 'run',
      options: { port: Number(port ?? 0), isOpened: values.open, isDemoOnly: values.demo },
    }
  } catch (error) {
    const detail = error instanceof Error ? firstSentence(error.message) : String(error)
    return { kind: 'wrong', message: { key: 'serve.wrong-usage', params: { detail } } }
  }
}

function isPort(text: string): boolean {
  return /^\d{1,5}$/.test(text) && Number(text) >= 1 && Number(text) <= 65535
}

/** parseArgs goes on to explain `--` to the person; once is enough. */
function firstSentence(text: string): string {
  return text.split(/\.\s/)[0]?.replace(/\.$/, '') ?? text
}

/** Why the browser host could not start, with what to do. */
export function startFailure(error: unknown, port: number): Message {
  const code = error instanceof Error && 'code' in error ? error.code : null
  if (code === 'EADDRINUSE') return { key: 'serve.port-taken', params: { port } }
  if (code === 'EACCES') return { key: 'serve.port-not-permitted', params: { port } }
  const detail = error instanceof Error ? error.message : String(error)
  return { key: 'serve.failed', params: { detail } }
}
