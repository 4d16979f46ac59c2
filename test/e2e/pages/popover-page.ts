import type { Locator, Page } from 'playwright-core'

/** The popover, by what a person sees or hears of it. English. */
export class PopoverPage {
  readonly page: Page
  readonly hosts: Locator
  readonly status: Locator
  readonly memory: Locator
  readonly bar: Locator
  readonly room: Locator
  readonly activity: Locator
  readonly models: Locator
  readonly shields: Locator
  readonly alerts: Locator
  readonly tunnels: Locator
  /** In place of the panels, while it is open. */
  readonly doctor: Locator

  constructor(page: Page) {
    this.page = page
    this.hosts = page.getByRole('tablist', { name: 'Host' })
    this.status = page.getByRole('status')
    this.memory = page.getByRole('region', { name: 'Memory' })
    this.bar = page.getByRole('img', { name: /^Memory, [\d.]+ [GT]B/ })
    this.room = this.memory.getByText(/^\d+(\.\d)? ?[GMT]B$/).first()
    this.activity = page.getByRole('region', { name: 'Activity' })
    this.models = page.getByRole('region', { name: 'Models' })
    this.shields = page.getByRole('region', { name: 'Protection' })
    this.alerts = page.getByRole('region', { name: 'Notices' })
    this.tunnels = page.getByRole('region', { name: 'Open tunnels' })
    this.doctor = page.getByRole('region', { name: /^Connection to / })
  }

  host(name: string | RegExp): Locator {
    return this.hosts.getByRole('tab', { name })
  }

  model(name: string): Locator {
    // by its own name: other rows say which model to unload first
    return this.models.getByRole('listitem').filter({ has: this.page.getByTitle(name) })
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

  /** Of a machine that is offered while nothing is configured. */
  add(name: string): Locator {
    return this.page.getByRole('button', { name: `Add ${name}`, exact: true })
  }

  tunnel(name: string): Locator {
    return this.tunnels.getByRole('listitem').filter({ hasText: name })
  }

  /** A line of the doctor's list: its name, and how it went in words. */
  step(name: string): Locator {
    return this.doctor.getByRole('listitem').filter({ hasText: name }).first()
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
