/** What the app was started for. */
export type Launch =
  | { kind: 'cli'; args: readonly string[] }
  | {
      kind: 'app'
      /** Started at login: nothing is shown but the icon. */
      isHidden: boolean
      /** Only the demo Studio. */
      isDemoOnly: boolean
      /** How long the popover's page is kept after it closed. */
      popoverKeptMs: number
    }

const popoverKeptMs = 10 * 60_000

/**
 * Reads the command line. What it does not know is left to Chromium.
 *
 * @example
 * parseLaunch(['Studiolo', '--cli', 'status', '--json']) // { kind: 'cli', args: ['status', '--json'] }
 */
export function parseLaunch(argv: readonly string[]): Launch {
  const cli = argv.indexOf('--cli')
  if (cli !== -1) return { kind: 'cli', args: argv.slice(cli + 1) }
  const kept = argv.find((arg) => /^--popover-kept-ms=\d{1,9}$/.test(arg))
  return {
    kind: 'app',
    isHidden: argv.includes('--hidden'),
    isDemoOnly: argv.includes('--demo'),
    popoverKeptMs: kept === undefined ? popoverKeptMs : Number(kept.split('=')[1]),
  }
}
