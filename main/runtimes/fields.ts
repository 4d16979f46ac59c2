/**
 * Readers for fields of JSON that a server sent: the value where it has the right form, else null. Pure and total.
 */

export function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

/** The records of a list; null where there is no list. Entries of another form are left out. */
export function recordsOrNull(value: unknown): Record<string, unknown>[] | null {
  return Array.isArray(value) ? value.filter(isRecord) : null
}

/** `''` and `'unknown'` are how servers write "not told". */
export function textOrNull(value: unknown): string | null {
  return typeof value === 'string' && value !== '' && value !== 'unknown' ? value : null
}

/** A count that cannot be 0 where it is known: bytes of a model, tokens of a context. */
export function countOrNull(value: unknown): number | null {
  return Number.isSafeInteger(value) && (value as number) > 0 ? (value as number) : null
}

/** A count that may well be 0: the bytes of a model on the GPU. */
export function countOrZero(value: unknown): number | null {
  return value === 0 ? 0 : countOrNull(value)
}

/**
 * Splits a model's file or repository name where that is all a server tells: the quantisation at its end.
 *
 * `qwen3-30b-a3b-Q4_K_M.gguf` → `Q4_K_M`; `mlx-community/Qwen3-8B-4bit` → `4bit`; `phi-4` → null
 */
export function quantisationInName(name: string): string | null {
  const found =
    /[-._:@/]((?:I?Q\d+(?:_[A-Z0-9]+)*)|[Bb]?[Ff](?:16|32)|MXFP4|\d+bit)(?:\.gguf)?$/.exec(name)
  return found?.[1] ?? null
}
