import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Host } from '../../main/hosts/host.ts'
import { sshHostOf } from './support/ssh.ts'
import { type Studio, startStudio } from './support/studio.ts'

/** Every way to go wrong that a shell knows: quotes, blanks, expansions, a lone `=`, line ends, characters of other scripts. */
const traps = [
  '',
  ' ',
  "it's",
  '"double"',
  '`id`',
  '$(id)',
  '$HOME',
  // biome-ignore lint/suspicious/noTemplateCurlyInString: a shell's word, not a template
  '${HOME}',
  '~',
  '~root',
  '*',
  '?',
  '[a-z]*',
  '{a,b}',
  '=ls',
  '===X===',
  '!!',
  '!history',
  '#comment',
  'a;b',
  'a&b',
  'a|b',
  '<in',
  '>out',
  '\\',
  '\\n',
  'back\\',
  "'\\''",
  'line\nbreak',
  '\n',
  'tab\there',
  '-n',
  '--',
  '%s',
  '^x^y',
  'Büro 书房 🗝️',
  '\u2028',
  '\u0301',
  '\u0001\u007f',
]

const anyWord = fc.oneof(
  fc.constantFrom(...traps),
  // a word can hold anything but NUL, which no program can be given
  fc.string({ unit: 'binary' }).filter((word) => !word.includes('\0')),
  fc
    .array(fc.constantFrom(...`'"\`$\\!*?[]{}()<>|&;=~#% \n\t`), { maxLength: 12 })
    .map((parts) => parts.join('')),
)

describe('words through the login shell of a real account', () => {
  let studio: Studio
  const hosts: Host[] = []
  beforeAll(async () => {
    studio = await startStudio()
  })
  afterAll(async () => {
    for (const host of hosts) await host.close()
    await studio?.close()
  })

  it.each(['/bin/dash', '/bin/bash', '/usr/bin/zsh', '/usr/bin/fish', '/usr/bin/tcsh'])(
    'arrive unchanged through %s',
    async (shell) => {
      const host = sshHostOf(studio, studio.addAccount(shell))
      hosts.push(host)
      const passed = async (words: string[]) => {
        // printf ends each word with NUL, which no word holds
        const { stdout } = await host.run(['printf', String.raw`%s\0`, ...words])
        return stdout.split('\0').slice(0, -1)
      }
      expect(await passed(traps)).toEqual(traps)
      await fc.assert(
        fc.asyncProperty(fc.array(anyWord, { minLength: 1, maxLength: 8 }), async (words) => {
          expect(await passed(words)).toEqual(words)
        }),
        { numRuns: 150 },
      )
    },
    120_000,
  )

  it('keep the program that was meant, whatever its name', async () => {
    const host = sshHostOf(studio)
    hosts.push(host)
    const output = await host.run(['no such program; echo $(id)', 'x'])
    expect(output).toMatchObject({ isMissing: true, exitCode: 127, stdout: '' })
  })
})
