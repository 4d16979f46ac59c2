import type { Locator, Page } from 'playwright-core'

/** What only the person can decide, wherever it is asked: in the popover or in a test. English. */
export class QuestionCard {
  readonly fingerprint: Locator
  readonly accept: Locator
  readonly refuse: Locator
  readonly secret: Locator
  readonly connect: Locator

  constructor(page: Page) {
    this.fingerprint = page.getByText(/^SHA256:/)
    this.accept = page.getByRole('button', { name: 'It is the same' })
    this.refuse = page.getByRole('button', { name: 'Do not connect' })
    this.secret = page.getByLabel(/^(Password|Passphrase) of /)
    this.connect = page.getByRole('button', { name: 'Connect', exact: true })
  }
}
