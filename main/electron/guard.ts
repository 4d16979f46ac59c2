import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { app, protocol, type Session, session } from 'electron'
import { appScheme, isOwnUrl, ownFile } from './addresses.ts'

/** Everything comes from our own files. Styles may stand inline: meters and popups are placed by them. */
const contentSecurityPolicy = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self' 'unsafe-inline'",
  "img-src 'self' data:",
  "font-src 'self'",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
].join('; ')

/** Before the app is ready: a standard scheme has an origin, a secure one may use the clipboard. */
export function registerAppScheme(): void {
  protocol.registerSchemesAsPrivileged([
    { scheme: appScheme, privileges: { standard: true, secure: true, codeCache: true } },
  ])
}

/** Serves our own pages, and denies them and everybody else whatever they do not need. */
export function guardPages(rendererDir: string): void {
  guardSession(session.defaultSession)
  protocol.handle(appScheme, (request) => serveOwnFile(rendererDir, request))

  app.on('web-contents-created', (_event, contents) => {
    // our pages change their fragment only, which is no navigation
    contents.on('will-navigate', (event) => event.preventDefault())
    contents.on('will-redirect', (event) => event.preventDefault())
    contents.on('will-attach-webview', (event) => event.preventDefault())
    contents.setWindowOpenHandler(() => ({ action: 'deny' }))
  })
}

function guardSession(own: Session): void {
  // copying an address is a write to the clipboard that the person asked for by a click
  const isAllowed = (permission: string, url: string) =>
    permission === 'clipboard-sanitized-write' && isOwnUrl(url)
  own.setPermissionRequestHandler((contents, permission, answer) =>
    answer(isAllowed(permission, contents.getURL())),
  )
  own.setPermissionCheckHandler((_contents, permission, origin) =>
    isAllowed(permission, `${origin}/`),
  )
  own.setDevicePermissionHandler(() => false)
  own.webRequest.onBeforeRequest((request, answer) =>
    answer({ cancel: !isOwnUrl(request.url) && !request.url.startsWith('devtools://') }),
  )
  own.on('will-download', (event) => event.preventDefault())
}

async function serveOwnFile(rendererDir: string, request: Request): Promise<Response> {
  const file = request.method === 'GET' ? ownFile(request.url) : null
  if (file === null) return new Response(null, { status: 404 })
  try {
    const bytes = await readFile(join(rendererDir, file.name))
    return new Response(new Uint8Array(bytes), {
      headers: {
        'content-type': file.mediaType,
        'content-security-policy': contentSecurityPolicy,
        'x-content-type-options': 'nosniff',
        'cross-origin-opener-policy': 'same-origin',
      },
    })
  } catch {
    return new Response(null, { status: 404 })
  }
}
