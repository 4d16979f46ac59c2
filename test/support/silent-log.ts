import type { Log } from '../../main/core/ports.ts'

/** A Log that keeps nothing. */
export const silentLog: Log = { debug() {}, info() {}, warn() {}, error() {} }
