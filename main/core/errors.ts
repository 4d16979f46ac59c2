import type { ErrorInfo } from '../../preload/contract/base.ts'
import { HostError } from '../hosts/host.ts'
import { RuntimeError } from '../runtimes/runtime.ts'

/** A failure that the page can say in the person's language; the router sends `info` as it is. */
export class StudioloError extends Error {
  readonly info: ErrorInfo
  constructor(info: ErrorInfo, options?: ErrorOptions) {
    super(info.detail ?? info.code, options)
    this.name = 'StudioloError'
    this.info = info
  }
}

/** An ErrorInfo with its usual sentence, `error.<code>`. */
export function errorInfo(
  code: ErrorInfo['code'],
  params: NonNullable<ErrorInfo['message']['params']> = {},
  detail?: string,
): ErrorInfo {
  const info: ErrorInfo = { code, message: { key: `error.${code}`, params } }
  if (detail !== undefined) info.detail = detail
  return info
}

/** Any thrown thing as something the page can say; what nobody foresaw is `internal`. */
export function toErrorInfo(error: unknown): ErrorInfo {
  if (error instanceof StudioloError || error instanceof HostError) return error.info
  if (error instanceof RuntimeError) return errorInfo(error.code, {}, error.message)
  return errorInfo('internal', {}, error instanceof Error ? error.message : String(error))
}
