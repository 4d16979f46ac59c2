import type { HostToOpen } from '../../preload/contract/app.ts'

/** Our own pages live under a scheme of their own: `file:` would give a page the whole disk as its origin. */
export const appScheme = 'studiolo'
export const appOrigin = `${appScheme}://app`

export type WindowPlace = 'hosts' | 'add-host' | 'connect' | 'settings' | 'about'

/**
 * @example
 * pageUrl('window/settings') // 'studiolo://app/index.html#window/settings'
 * pageUrl('window/hosts', { id: 'studio', as: 'edit' }) // 'studiolo://app/index.html#window/hosts?edit=studio'
 */
export function pageUrl(fragment: 'popover' | `window/${WindowPlace}`, host?: HostToOpen): string {
  const more = host === undefined ? '' : `?${host.as}=${encodeURIComponent(host.id)}`
  return `${appOrigin}/index.html#${fragment}${more}`
}

export function isOwnUrl(url: string): boolean {
  const parsed = URL.canParse(url) ? new URL(url) : null
  return parsed?.protocol === `${appScheme}:` && parsed.host === 'app' && parsed.username === ''
}

/** Programs that an address of ours may open. No `file:`, no `http:`, no `ssh:` with options in it. */
const openableSchemes = ['https:', 'x-apple.systempreferences:', 'cursor:', 'vscode:']

/** Whether an address may be handed to the system. A tunnel's end here is known by its address; which are open the core knows. */
export function isOpenable(url: string): boolean {
  if (/^http:\/\/127\.0\.0\.1:\d{1,5}\/$/.test(url)) return URL.canParse(url)
  return URL.canParse(url) && openableSchemes.includes(new URL(url).protocol)
}

const mediaTypes: Readonly<Record<string, string>> = {
  css: 'text/css; charset=utf-8',
  html: 'text/html; charset=utf-8',
  js: 'text/javascript; charset=utf-8',
  json: 'application/json; charset=utf-8',
  png: 'image/png',
  svg: 'image/svg+xml',
  woff2: 'font/woff2',
}

/**
 * The file inside the renderer's folder that an address of ours means, and its media type. Null for anything else: a
 * foreign address, a way out of the folder, a type that we do not ship.
 *
 * @example
 * ownFile('studiolo://app/assets/index.js') // { name: 'assets/index.js', mediaType: 'text/javascript; charset=utf-8' }
 * ownFile('studiolo://app/%2e%2e%2fsettings.json') // null
 */
export function ownFile(url: string): { name: string; mediaType: string } | null {
  if (!isOwnUrl(url)) return null
  const name = new URL(url).pathname.slice(1)
  const mediaType = mediaTypes[name.split('.').at(-1) ?? '']
  // what the build writes needs no escapes; what has some is not ours
  if (!/^[\w-][\w.-]*(\/[\w-][\w.-]*)*$/.test(name) || mediaType === undefined) return null
  return { name, mediaType }
}
