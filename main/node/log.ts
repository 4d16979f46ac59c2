import { chmodSync, mkdirSync } from 'node:fs'
import { join } from 'node:path'
import electronLog from 'electron-log/node.js'
import type { Log } from '../core/ports.ts'
import { redactFields, redactText } from './redact.ts'

/** Writes to `<logsDir>/<name>.log`, a megabyte at most and the one before it, without secrets. */
export function openLog(logsDir: string, name: string): Log {
  const logger = electronLog.create({ logId: name })
  logger.transports.console.level = false
  try {
    mkdirSync(logsDir, { recursive: true, mode: 0o700 })
    chmodSync(logsDir, 0o700)
    logger.transports.file.level = 'info'
    logger.transports.file.resolvePathFn = () => join(logsDir, `${name}.log`)
    logger.transports.file.writeOptions = { flag: 'a', mode: 0o600, encoding: 'utf8' }
    logger.transports.file.format = '{iso} {level} {text}'
  } catch {
    // no log is no reason not to run
    logger.transports.file.level = false
  }

  function write(level: keyof Log) {
    return (message: string, fields?: Record<string, unknown>) => {
      const text = redactText(message)
      logger[level](fields === undefined ? text : `${text} ${JSON.stringify(redactFields(fields))}`)
    }
  }
  return {
    debug: write('debug'),
    info: write('info'),
    warn: write('warn'),
    error: write('error'),
  }
}
