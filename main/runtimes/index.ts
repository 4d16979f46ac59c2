import { bounded } from './bounded.ts'
import { llamaCpp } from './llama-cpp.ts'
import { lmStudio } from './lm-studio.ts'
import { mlx } from './mlx.ts'
import { ollama } from './ollama.ts'
import type { Runtime } from './runtime.ts'

/** All runtimes, in display order. */
export const runtimes: readonly Runtime[] = [ollama, llamaCpp, lmStudio, mlx].map(bounded)
