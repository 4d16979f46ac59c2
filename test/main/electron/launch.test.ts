import { describe, expect, it } from 'vitest'
import { parseLaunch } from '../../../main/electron/launch.ts'

describe('parseLaunch', () => {
  it('starts the app, and keeps the popover for ten minutes', () => {
    expect(parseLaunch(['/Applications/Studiolo.app/Contents/MacOS/Studiolo'])).toEqual({
      kind: 'app',
      isHidden: false,
      isDemoOnly: false,
      popoverKeptMs: 600_000,
    })
  })

  it('knows its options among those of Chromium', () => {
    const argv = [
      'electron',
      '--no-sandbox',
      '--inspect=0',
      '/app',
      '--hidden',
      '--demo',
      '--popover-kept-ms=50',
    ]
    expect(parseLaunch(argv)).toEqual({
      kind: 'app',
      isHidden: true,
      isDemoOnly: true,
      popoverKeptMs: 50,
    })
  })

  it('gives everything after --cli to the command line', () => {
    expect(parseLaunch(['electron', '/app', '--cli', 'status', '--host', '--hidden'])).toEqual({
      kind: 'cli',
      args: ['status', '--host', '--hidden'],
    })
  })

  it('ignores a time that is none', () => {
    expect(parseLaunch(['electron', '--popover-kept-ms=soon'])).toMatchObject({
      popoverKeptMs: 600_000,
    })
  })
})
