import type { ErrorInfo } from '../../preload/contract/base.ts'

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
