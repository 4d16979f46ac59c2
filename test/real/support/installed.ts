import { homedir } from 'node:os'
import { join } from 'node:path'

/** Where install.sh keeps what it built. */
const dir = process.env.STUDIOLO_REAL_DIR ?? join(homedir(), '.cache/studiolo-real')

export const ollamaPath = join(dir, 'bin/ollama')
export const modelsDir = join(dir, 'store')
/** Half a megabyte, and 157 MB: see make-gguf.py. Ollama adds the tag. */
export const tinyModel = 'tiny:latest'
export const largeModel = 'large:latest'

export const tailscalePath = join(dir, 'bin/tailscale')
export const tailscaledPath = join(dir, 'bin/tailscaled')
export const headscalePath = join(dir, 'bin/headscale')
