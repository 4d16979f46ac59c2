import type { Locator, Page } from 'playwright-core'

type Place = 'Hosts' | 'Connection' | 'Settings' | 'About'

/** The window's places, by what a person sees or hears of them. English. */
export class WindowPage {
  readonly page: Page
  readonly hosts: Locator
  readonly test: Locator
  readonly peers: Locator
  readonly tunnels: Locator
  /** The lines of the change to `~/.ssh/config`. */
  readonly diff: Locator

  constructor(page: Page) {
    this.page = page
    this.hosts = page.getByRole('list', { name: 'Hosts' })
    this.test = page.getByRole('dialog')
    this.peers = page.getByRole('list', { name: 'Machines on the tailnet' })
    this.tunnels = page.getByRole('list', { name: 'Open tunnels' })
    this.diff = page.getByRole('region', { name: 'The change to your file' })
  }

  async goTo(place: Place): Promise<void> {
    await this.page.getByRole('navigation').getByRole('link', { name: place }).click()
  }

  async back(): Promise<void> {
    await this.page.getByRole('button', { name: 'Back' }).click()
  }

  field(label: string): Locator {
    return this.page.getByLabel(label, { exact: true })
  }

  button(name: string): Locator {
    return this.page.getByRole('button', { name, exact: true })
  }

  host(name: string): Locator {
    return this.hosts.getByRole('listitem').filter({ hasText: name })
  }

  peer(name: string): Locator {
    return this.peers.getByRole('listitem').filter({ hasText: name })
  }

  /** A hop of the test that runs: its line, with its state in words. */
  hop(name: string): Locator {
    return this.test.getByRole('listitem').filter({ hasText: name })
  }
}
