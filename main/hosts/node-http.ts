import { createRequire } from 'node:module'

/**
 * `node:http` as `require` gives it. An `import` makes Node read everything that the module offers, WebSocket among it, and with
 * that load undici: 12 MB of memory for as long as the app runs, of which nothing is used.
 */
const http: typeof import('node:http') = createRequire(import.meta.url)('node:http')

export const { Agent, createServer, request } = http
