import * as z from 'zod'
import { call, hostId, isoTime } from './base.ts'

/** A thing that a Runtime can load. A column the Runtime does not tell is null. */
export const modelSchema = z.object({
  /** The Runtime's own name for it: `qwen3:30b-a3b`. */
  id: z.string(),
  name: z.string(),
  sizeBytes: z.int().nullable(),
  format: z.string().nullable(),
  family: z.string().nullable(),
  parameters: z.string().nullable(),
  quantisation: z.string().nullable(),
  contextTokens: z.int().nullable(),
  /** Served by somebody else's machine: never part of this one's memory. */
  isRemote: z.boolean(),
})
export type Model = z.infer<typeof modelSchema>

/** One loaded instance of a Model. */
export const loadedModelSchema = z.object({
  modelId: z.string(),
  instanceId: z.string(),
  /** Total memory as the Runtime says, and the part of it on the GPU. */
  sizeBytes: z.int().nullable(),
  gpuBytes: z.int().nullable(),
  contextTokens: z.int().nullable(),
  /** When it unloads by itself; null = never or not told, see `isKept`. In the past: unloads when idle. */
  expiresAt: isoTime.nullable(),
  /** Loaded until somebody unloads it. */
  isKept: z.boolean(),
  isBusy: z.boolean().nullable(),
})
export type LoadedModel = z.infer<typeof loadedModelSchema>

/** What is known of one Runtime on one Host. */
export const runtimeStateSchema = z.object({
  id: z.enum(['ollama', 'llama-cpp', 'lm-studio', 'mlx']),
  name: z.string(),
  state: z.enum(['running', 'not-running', 'unknown']),
  /** With state `unknown`: why. */
  detail: z.string().nullable(),
  version: z.string().nullable(),
  port: z.int().nullable(),
  models: z.array(modelSchema),
  loaded: z.array(loadedModelSchema),
  /** Actions that this Runtime has; the page offers no others. */
  actions: z.array(z.enum(['load', 'unload'])),
  /** The moment of the last answer; null before the first. */
  at: isoTime.nullable(),
})
export type RuntimeState = z.infer<typeof runtimeStateSchema>

const subject = z.object({
  hostId,
  runtimeId: runtimeStateSchema.shape.id,
  modelId: z.string().min(1).max(500),
})

export const models = {
  /** Starts a `load-model` Job and answers its id at once. */
  load: call({ role: 'member', on: 'host' })
    .input(subject)
    .output(z.object({ jobId: z.string() })),
  /** Starts an `unload-model` Job; it is `done` when the Runtime no longer lists the model. */
  unload: call({ role: 'member', on: 'host' })
    .input(subject)
    .output(z.object({ jobId: z.string() })),
}
