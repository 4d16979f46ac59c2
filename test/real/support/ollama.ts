import { join } from 'node:path'
import { until } from '../../support/until.ts'
import { type FarProcess, processes } from './far-side.ts'
import { modelsDir, ollamaPath } from './installed.ts'
import type { Studio } from './studio.ts'

/** A real Ollama on the Studio's loopback, which nothing outside reaches but through SSH. */
export interface FarOllama {
  pid: number
  /** The processes that hold models, or are loading one. */
  runners(): FarProcess[]
}

export async function startOllama(studio: Studio): Promise<FarOllama> {
  const home = join(studio.scratchDir, 'ollama')
  const env = { HOME: home, OLLAMA_MODELS: modelsDir, OLLAMA_NOPRUNE: '1' }
  const said: string[] = []
  const child = studio.spawn([ollamaPath, 'serve'], { env })
  child.stdout?.on('data', (chunk: Buffer) => said.push(chunk.toString()))
  child.stderr?.on('data', (chunk: Buffer) => said.push(chunk.toString()))
  await until(
    () => {
      if (child.exitCode !== null) throw new Error(said.join(''))
      return said.some((words) => words.includes('Listening on'))
    },
    { withinMs: 30_000 },
  )
  // `ip netns exec` becomes the program it starts
  const pid = child.pid ?? 0
  const runners = () =>
    processes().filter((one) => one.parentPid === pid && one.args.includes('runner'))
  return { pid, runners }
}
