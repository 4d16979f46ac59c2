import { type Runtime, RuntimeError } from './runtime.ts'

/** More than anybody keeps; each entry is a line in every page that looks at the Host. */
const maxEntries = 2_000
/** As long as the contract lets the name of a model be. */
const maxCharacters = 500

/**
 * A Runtime whose answers cannot be larger than a page can show: whatever listens at a model server's port, also a program
 * of somebody else on the Host, decides what is in them. Longer ones reject as `unrecognised`; a part of a list would look like
 * the whole.
 */
export function bounded(runtime: Runtime): Runtime {
  return {
    ...runtime,
    async detect(host, options) {
      const detected = await runtime.detect(host, options)
      if (detected !== null) refuseLongTexts(detected)
      return detected
    },
    models: async (...args) => boundedList(await runtime.models(...args)),
    loaded: async (...args) => boundedList(await runtime.loaded(...args)),
  }
}

function boundedList<T extends object>(entries: T[]): T[] {
  if (entries.length > maxEntries) {
    throw new RuntimeError('unrecognised', `a list of ${entries.length} models`)
  }
  for (const entry of entries) refuseLongTexts(entry)
  return entries
}

function refuseLongTexts(entry: object): void {
  for (const [field, value] of Object.entries(entry)) {
    if (typeof value === 'string' && value.length > maxCharacters) {
      throw new RuntimeError('unrecognised', `a ${field} of ${value.length} characters`)
    }
  }
}
