/**
 * In place of ajv, which conf brings along for schemas: our schema is zod's, so that a third of a megabyte of code would lie idle in memory.
 * The build puts it there; see electron.vite.config.ts.
 */
export class Ajv2020 {
  constructor() {
    throw new Error('conf was given a schema; the settings have one of their own')
  }
}

export default function addFormats(): void {}
