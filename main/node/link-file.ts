import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'

export interface LinkFile {
  url: string
  /** Does nothing where the folder may no longer be written: the link in it is good for a minute only. */
  remove(): void
}

/**
 * Writes a page that goes on to `link`, readable by its owner only: a program's arguments can be seen by every account
 * of the machine, and the link holds a token.
 */
export function writeLinkFile(link: string, tempDir: string): LinkFile {
  const dir = mkdtempSync(join(tempDir, 'studiolo-'))
  const path = join(dir, 'open.html')
  writeFileSync(
    path,
    `<!doctype html>
<meta charset="utf-8">
<meta name="referrer" content="no-referrer">
<meta http-equiv="refresh" content="0; url=${link.replaceAll('&', '&amp;').replaceAll('"', '&quot;')}">
<title>Studiolo</title>
`,
    { mode: 0o600 },
  )
  return {
    url: pathToFileURL(path).href,
    remove() {
      try {
        rmSync(dir, { recursive: true, force: true })
      } catch {}
    },
  }
}
