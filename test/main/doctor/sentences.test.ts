import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { doctorProgressSchema } from '../../../preload/contract/doctor.ts'
import { doctorStepIds } from '../../../preload/contract/doctor-steps.ts'
import { scenes } from './scenes/index.ts'

const root = join(import.meta.dirname, '../../..')
const fixturesDir = join(root, 'test/fixtures/doctor')

/** What the scenes come to: `doctor.test.ts` compares each with its fixture. */
const stories = Object.keys(scenes).map((name) =>
  doctorProgressSchema.parse(JSON.parse(readFileSync(join(fixturesDir, `${name}.json`), 'utf8'))),
)
const steps = stories.flatMap((story) => story.steps)

/** The texts below `doctor.<group>`, as full keys. */
function keysOf(groups: readonly string[]): string[] {
  const texts = JSON.parse(readFileSync(join(root, 'resources/locales/en.json'), 'utf8')).doctor
  return groups.flatMap((group) => Object.keys(texts[group]).map((id) => `doctor.${group}.${id}`))
}

it('comes in the scenes to everything that a step can find', () => {
  const found = new Set(steps.map((step) => step.found?.key))
  const keys = keysOf([...doctorStepIds, 'unknown', 'skipped'])
  expect(keys.filter((key) => !found.has(key))).toEqual([])
})

it('gives in the scenes every meaning, cause and remedy that it has words for', () => {
  const said = new Set(
    steps.flatMap(({ meaning, causes, remedies }) => [
      ...(meaning === null ? [] : [meaning.key]),
      ...causes.map(({ key }) => key),
      ...remedies.map(({ text }) => text.key),
    ]),
  )
  expect(keysOf(['meaning', 'cause', 'remedy']).filter((key) => !said.has(key))).toEqual([])
})

it('has a fixture, and so a picture, for each scene and no other', () => {
  const names = Object.keys(scenes).map((name) => `${name}.json`)
  expect(readdirSync(fixturesDir).toSorted()).toEqual(names.toSorted())
})
