import { access, readFile } from 'node:fs/promises'
import { publicKeyLine } from '../keys.ts'
import type { LoginFacts } from './choose.ts'

/** The types of the keys that are there, and whether one has a certificate beside it. Decrypts nothing; never rejects. */
export async function readIdentityFacts(
  paths: readonly string[],
): Promise<Pick<LoginFacts, 'keyTypes' | 'hasCertificate'>> {
  const found = await Promise.all(
    paths.map(async (path) => {
      const publicText = await readFile(`${path}.pub`, 'latin1').catch(() => null)
      const text = await readFile(path, 'latin1').catch(() => null)
      if (text === null && publicText === null) return null
      // the path may lead to a public key, whose private half an agent has
      const line = (text === null ? null : publicKeyLine(text)) ?? publicText ?? text ?? ''
      const type = /^[a-z0-9@.-]+(?= )/.exec(line)?.[0] ?? ''
      const hasCertificate =
        (await isThere(`${path}-cert.pub`)) ||
        (path.endsWith('.pub') && (await isThere(path.replace(/\.pub$/, '-cert.pub'))))
      return { type, hasCertificate }
    }),
  )
  const keys = found.filter((key) => key !== null)
  return {
    keyTypes: keys.map(({ type }) => type).filter((type) => type !== ''),
    hasCertificate: keys.some((key) => key.hasCertificate),
  }
}

function isThere(path: string): Promise<boolean> {
  return access(path).then(
    () => true,
    () => false,
  )
}
