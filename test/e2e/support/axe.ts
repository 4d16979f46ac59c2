import { AxeBuilder } from '@axe-core/playwright'
import type { Page } from 'playwright-core'

/** The page's violations in words, for a comparison with the empty list. */
export async function violationsOf(page: Page): Promise<string[]> {
  const { violations } = await new AxeBuilder({ page }).analyze()
  return violations.flatMap(({ id, help, nodes }) =>
    nodes.map(
      ({ html, failureSummary }) => `${id}: ${help}: ${html.slice(0, 200)} ${failureSummary}`,
    ),
  )
}
