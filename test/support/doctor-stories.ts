import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { type DoctorProgress, doctorProgressSchema } from '../../preload/contract/doctor.ts'

const dir = join(import.meta.dirname, '../fixtures/doctor')

/** The names of the doctor's findings in `test/fixtures/doctor`; `running` is one that is not over. */
export const doctorStories: readonly string[] = [
  ...readdirSync(dir)
    .filter((name) => name.endsWith('.json'))
    .map((name) => name.replace('.json', '')),
  'running',
]

/** Stories that show between them each part that the doctor's page is made of, with the fewest repeated. */
export function storiesOfEachPart(): string[] {
  const seen = new Set<string>()
  return doctorStories.filter((name) => {
    const fresh = name === 'running' ? [name] : partsOf(name).filter((part) => !seen.has(part))
    for (const part of fresh) seen.add(part)
    return fresh.length > 0
  })
}

/** Nothing is broken in it, so that a Host which has it answers. */
export function isHealthyStory(name: string): boolean {
  return name === 'running' || read(name).brokenStepId === null
}

function partsOf(name: string): string[] {
  return read(name).steps.flatMap(({ state, meaning, causes, remedies, detail }) => [
    state,
    ...(meaning === null ? [] : [`${state}, meaning`]),
    ...(causes.length === 0 ? [] : [causes.length === 1 ? 'one cause' : 'causes']),
    ...remedies.map(({ kind, where, action }) => `${kind} ${where} ${action ?? ''}`),
    ...(detail === null ? [] : ['detail']),
  ])
}

function read(name: string): DoctorProgress {
  return doctorProgressSchema.parse(JSON.parse(readFileSync(join(dir, `${name}.json`), 'utf8')))
}
