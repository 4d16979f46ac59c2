import { createReadStream, readdirSync, statSync } from 'node:fs'
import type { IncomingMessage, ServerResponse } from 'node:http'
import { extname, join, relative, sep } from 'node:path'

const types: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.json': 'application/json; charset=utf-8',
  '.svg': 'image/svg+xml',
  '.png': 'image/png',
  '.ico': 'image/x-icon',
  '.woff2': 'font/woff2',
}

export interface StaticFiles {
  /** False where there is no such file; nothing is answered then. */
  serve(pathName: string, request: IncomingMessage, response: ServerResponse): boolean
}

/**
 * Serves exactly the files that a listing of `dir` shows: a path is looked up, never opened as it came. Throws where there is
 * no `dir` yet; one that goes later, as while the page is built anew, has no files.
 */
export function createStaticFiles(dir: string): StaticFiles {
  let paths = list(dir)
  return {
    serve(pathName, request, response) {
      const name = pathName === '/' ? '/index.html' : pathName
      // a page that is loaded anew may be of a newer build
      if (name === '/index.html') paths = listOrNull(dir) ?? paths
      const path = paths.get(name)
      const type = types[extname(name)]
      if (path === undefined || type === undefined) return false
      const size = sizeOrNull(path)
      if (size === null) return false
      response.writeHead(200, { 'Content-Type': type, 'Content-Length': size })
      if (request.method === 'HEAD') response.end()
      else {
        createReadStream(path)
          .on('error', () => response.destroy())
          .pipe(response)
      }
      return true
    },
  }
}

function listOrNull(dir: string): ReadonlyMap<string, string> | null {
  try {
    return list(dir)
  } catch {
    return null
  }
}

function sizeOrNull(path: string): number | null {
  try {
    return statSync(path).size
  } catch {
    return null
  }
}

function list(dir: string): ReadonlyMap<string, string> {
  const entries = readdirSync(dir, { recursive: true, withFileTypes: true })
  return new Map(
    entries
      .filter((entry) => entry.isFile())
      .map((entry) => {
        const path = join(entry.parentPath, entry.name)
        return [`/${relative(dir, path).split(sep).join('/')}`, path]
      }),
  )
}
