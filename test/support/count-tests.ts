import { existsSync, readFileSync } from 'node:fs'
import { basename, join, relative } from 'node:path'

/** The part of vitest's JSON report that we read. */
interface Report {
  testResults: {
    name: string
    message?: string
    assertionResults: { status: string; fullName: string; failureMessages?: string[] | null }[]
  }[]
}

/**
 * Counts the tests of several vitest runs and prints the sum, after what failed and why: who reads only the end of a long log
 * sees it. Fails where a run left no report, where anything failed, and where a main journey was skipped or is missing: the
 * files named after a colon.
 *
 *     node test/support/count-tests.ts REPORTS_DIR everywhere electron:journey.test.ts real:journey.test.ts
 */
const [, , reportsDir = '.', ...runs] = process.argv
const sum = { passed: 0, failed: 0, skipped: 0 }
const problems: string[] = []

for (const run of runs) {
  const [name, journeyFile] = run.split(':')
  const path = join(reportsDir, `${name}.json`)
  if (!existsSync(path)) {
    problems.push(`${name}: no report`)
    sum.failed += 1
    continue
  }
  const report = JSON.parse(readFileSync(path, 'utf8')) as Report
  let journeys = 0
  for (const file of report.testResults) {
    const isJourney = basename(file.name) === journeyFile
    // a file that could not be read has no tests of its own, and is a failure
    if (file.assertionResults.length === 0) {
      sum.failed += 1
      problems.push(`${name}: failed: ${relative('.', file.name)}: ${excerpt(file.message)}`)
    }
    for (const { status, fullName, failureMessages } of file.assertionResults) {
      if (status === 'passed') sum.passed += 1
      else if (status === 'failed') {
        sum.failed += 1
        const why = excerpt(failureMessages?.join('\n'))
        problems.push(`${name}: failed: ${relative('.', file.name)}: ${fullName}: ${why}`)
      } else sum.skipped += 1
      if (isJourney && status === 'passed') journeys += 1
      if (isJourney && status !== 'passed' && status !== 'failed')
        problems.push(`${name}: ${status}: ${fullName}`)
    }
  }
  if (journeyFile !== undefined && journeys === 0)
    problems.push(`${name}: no main journey was made`)
}

/** The first lines of an error: what was expected and seen, without the way there. */
function excerpt(message = '') {
  return message.split('\n').slice(0, 12).join('\n  ')
}

for (const problem of problems) console.error(problem)
console.log(`${sum.passed} passed, ${sum.failed} failed, ${sum.skipped} skipped`)
process.exitCode = problems.length > 0 || sum.failed > 0 ? 1 : 0
