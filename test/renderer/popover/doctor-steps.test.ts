import { expect, test } from 'vitest'
import { type DoctorProgress, doctorProgressSchema } from '../../../preload/contract/doctor.ts'
import { outcomeOf, rowsOf } from '../../../renderer/popover/doctor/steps.ts'

const findings = import.meta.glob('../../fixtures/doctor/*.json', {
  eager: true,
  import: 'default',
})

function story(name: string): DoctorProgress {
  return doctorProgressSchema.parse(findings[`../../fixtures/doctor/${name}.json`])
}

/** `failed`, `attention` ... per line, and `passed 6` for six together. */
function shapes(progress: DoctorProgress | null, isRunning = false): string[] {
  return rowsOf(progress, isRunning).map((row) =>
    row.kind === 'fold' ? `${row.state} ${row.steps.length}` : row.state,
  )
}

test('all steps are listed from the start, so that nothing moves while they pass', () => {
  expect(shapes(null, true)).toEqual(Array(13).fill('waiting'))
  expect(shapes(story('refused'), true)).toHaveLength(13)
})

test('what passed and what was not tried are one line each once it is over', () => {
  expect(shapes(story('refused'))).toEqual(['passed 6', 'failed', 'skipped 6'])
  expect(shapes(story('healthy'))).toEqual(['passed 13'])
})

test('steps that do not apply and steps behind the broken one stay apart', () => {
  expect(shapes(story('local-network'))).toEqual(['off 6', 'failed', 'skipped 6'])
})

test('a step alone between others is named', () => {
  expect(shapes(story('relay'))).toEqual(['passed 5', 'attention', 'passed 7'])
  expect(shapes(story('logged-out'))).toEqual(['passed 2', 'failed', 'skipped 10'])
  expect(shapes(story('not-running'))).toEqual(['passed', 'failed', 'skipped 11'])
})

test('a run that was cancelled lists what it had reached, and claims no more', () => {
  const { steps, ...rest } = story('healthy')
  const begun = steps.slice(0, 3).map((step, index) => ({
    ...step,
    ...(index === 2 && { state: 'running' as const }),
  }))
  const cancelled = { ...rest, steps: begun, isDone: false }
  expect(shapes(cancelled)).toEqual(['passed 2'])
  expect(outcomeOf(cancelled, false)).toBe('cancelled')
})

test.each([
  ['healthy', 'passed'],
  ['relay', 'attention'],
  ['refused', 'broken'],
  ['disk-full', 'broken'],
])('the outcome of %s is %s', (name, outcome) => {
  expect(outcomeOf(story(name), false)).toBe(outcome)
})

test('it is never said to work while one step could not be asked', () => {
  const healthy = story('healthy')
  const steps = healthy.steps.map((step, index) =>
    index === 11 ? { ...step, state: 'unknown' as const } : step,
  )
  expect(outcomeOf({ ...healthy, steps }, false)).toBe('unknown')
  expect(outcomeOf(healthy, true)).toBe('running')
})
