import { existsSync } from 'node:fs'
import { join } from 'node:path'
import {
  headscalePath,
  modelsDir,
  ollamaPath,
  tailscaledPath,
  tailscalePath,
} from './support/installed.ts'
import { removeLeftovers } from './support/studio.ts'

/** Says in one line what is missing, instead of a hundred failures; and clears what a killed run left behind. */
export default function setup(): void {
  const needed = [
    ...[ollamaPath, `${modelsDir}/manifests`, tailscalePath, tailscaledPath, headscalePath],
    ...['/usr/sbin/sshd', '/usr/sbin/ip'],
  ]
  const missing = needed.filter((path) => !existsSync(path))
  if (process.getuid?.() !== 0)
    throw new Error('npm run test:real needs root: it makes accounts and a network namespace')
  if (missing.length > 0)
    throw new Error(`Missing: ${missing.join(', ')}. Run bash test/real/install.sh`)
  if (!existsSync(join(import.meta.dirname, '../../out/main/serve.js'))) {
    throw new Error('The app has not been built yet. Run npm run build')
  }
  removeLeftovers()
}
