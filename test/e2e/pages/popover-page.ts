import type { Locator, Page } from 'playwright-core'

/** The popover, by what a person sees or hears of it. English. */
export class PopoverPage {
  readonly page: Page
  readonly hosts: Locator
  readonly status: Locator
  readonly memory: Locator
  readonly bar: Locator
  readonly room: Locator
  readonly models: Locator
  readonly shields: Locator

  constructor(page: Page) {
    this.page = page
    this.hosts = page.getByRole('tablist', { name: 'Machine' })
    this.status = page.getByRole('status')
    this.memory = page.getByRole('region', { name: 'Memory' })
    this.bar = page.getByRole('img', { name: /^Memory, [\d.]+ [GT]B/ })
    this.room = this.memory.getByText(/^\d+(\.\d)? ?[GMT]B$/).first()
    this.models = page.getByRole('region', { name: 'Models' })
    this.shields = page.getByRole('region', { name: 'Protection' })
  }

  host(name: string | RegExp): Locator {
    return this.hosts.getByRole('tab', { name })
  }

  model(name: string): Locator {
    return this.models.getByRole('listitem').filter({ hasText: name })
  }

  load(name: string): Locator {
    return this.page.getByRole('button', { name: `Load ${name}`, exact: true })
  }

  unload(name: string): Locator {
    return this.page.getByRole('button', { name: `Unload ${name}`, exact: true })
  }

  cancel(name: string): Locator {
    return this.page.getByRole('button', { name: `Cancel ${name}`, exact: true })
  }

  settings(): Locator {
    return this.page.getByRole('button', { name: 'Settings' })
  }

  /** What the memory bar says in words, such as "Memory, 550 GB: Models 213 GB, Apps 38 GB, …". */
  async barText(): Promise<string> {
    return (await this.bar.getAttribute('aria-label')) ?? ''
  }

  /** The bytes in GB of a part of the bar, as said: `models`, `apps`, `compressed`, `free`. */
  async barPart(name: 'Models' | 'Apps' | 'Compressed' | 'Free'): Promise<number> {
    const match = new RegExp(`${name} ([\\d.]+) GB`).exec(await this.barText())
    return match === null ? Number.NaN : Number(match[1])
  }
}
