import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  diffOf,
  isIncluding,
  withInclude,
  withoutInclude,
} from '../../../../main/connect/ssh-config/edit.ts'
import { parseConfigLines, quoteArgument } from '../../../../main/connect/ssh-config/syntax.ts'
import { defaultAlias } from '../../../../preload/contract/default-alias.ts'

const line = 'Include ~/.ssh/studiolo.config'
const isOwn = (argument: string) => argument === '~/.ssh/studiolo.config'

/** Pieces of configurations, so that chance finds its way to Host, Match, quotes and line breaks. */
const text = fc
  .array(
    fc.oneof(
      fc.constantFrom('Host', 'match', 'Include', 'User', ' ', '\t', '=', '"', "'", '\\', '#'),
      fc.constantFrom('\n', '\r\n', '\r', '*', '!', 'studio', '~/.ssh/studiolo.config', '\0'),
      fc.string({ unit: 'binary' }),
    ),
  )
  .map((pieces) => pieces.join(''))

describe('an ssh_config file', () => {
  it('is split as OpenSSH splits it', () => {
    const parsed = parseConfigLines(
      'Host a "b c" # mine\r\n\n# Host no\n\tport=22\n  User = ana\nIdentityFile "/x \\"y\\" #1"\nInclude a b',
    )
    expect(parsed.map(({ keyword, args }) => [keyword, ...args])).toEqual([
      ['host', 'a', 'b c'],
      ['port', '22'],
      ['user', 'ana'],
      ['identityfile', '/x "y" #1'],
      ['include', 'a', 'b'],
    ])
  })

  it('is never a reason to throw', () => {
    fc.assert(fc.property(text, (any) => void parseConfigLines(any)))
  })

  it('gets back every argument that was written into it', () => {
    const value = fc
      .string({ unit: 'grapheme', minLength: 1 })
      .filter((one) => !/\p{Cc}/u.test(one))
    fc.assert(
      fc.property(value, (one) => {
        expect(parseConfigLines(`Key ${quoteArgument(one)}\n`)[0]?.args).toEqual([one])
      }),
    )
    expect(() => quoteArgument('a\nHost *')).toThrow()
  })

  it('is byte for byte the same after our line came and went', () => {
    fc.assert(
      fc.property(
        fc.oneof(
          text.map((one) => Buffer.from(one)),
          fc.uint8Array(),
        ),
        (any) => {
          const bytes = Buffer.from(any)
          fc.pre(!isIncluding(bytes, isOwn))
          const included = withInclude(bytes, line)
          expect(isIncluding(included, isOwn)).toBe(true)
          expect(withoutInclude(included, isOwn)).toEqual(bytes)
        },
      ),
    )
  })

  it('takes our line with the line breaks that it has', () => {
    expect(withInclude(Buffer.from('Host a\r\n'), line).toString()).toBe(`${line}\r\nHost a\r\n`)
    expect(withInclude(Buffer.from('Host a\n'), line).toString()).toBe(`${line}\nHost a\n`)
    expect(withInclude(Buffer.alloc(0), line).toString()).toBe(`${line}\n`)
  })

  it('keeps an Include that is not ours alone, or holds for one block only', () => {
    for (const theirs of [
      'Host a\n  Include ~/.ssh/studiolo.config\n',
      'Match all\nInclude ~/.ssh/studiolo.config\n',
      'Include ~/.ssh/studiolo.config ~/.ssh/work\n',
      '# Include ~/.ssh/studiolo.config\n',
      'Include ~/.ssh/studiolo.config.old\n',
    ]) {
      expect([theirs, isIncluding(Buffer.from(theirs), isOwn)]).toEqual([theirs, false])
      expect(withoutInclude(Buffer.from(theirs), isOwn).toString()).toBe(theirs)
    }
  })

  it('loses our line wherever the person moved it above the blocks, however they wrote it', () => {
    const moved = '# mine\nUser ana\n  include "~/.ssh/studiolo.config"\nHost a\n'
    expect(withoutInclude(Buffer.from(moved), isOwn).toString()).toBe('# mine\nUser ana\nHost a\n')
  })

  it('shows what changes with the lines around it', () => {
    const bytes = Buffer.from('# 机器\r\nHost a\r\n  Port 1\r\n  User b\r\n')
    expect(diffOf(bytes, line)).toEqual([
      { kind: 'added', text: line },
      { kind: 'same', text: '# 机器' },
      { kind: 'same', text: 'Host a' },
      { kind: 'same', text: '  Port 1' },
    ])
    expect(diffOf(Buffer.alloc(0), line)).toEqual([{ kind: 'added', text: line }])
  })
})

describe('the alias that nobody chose', () => {
  const host = (name: string, target: string, tailnetNodeId: string | null = null) => ({
    ...{ name, target, tailnetNodeId },
  })

  it.each([
    [
      'a Studio by its DNS name',
      host('Mac Studio', 'ms.tail1a2b3c.ts.net'),
      'mac-studio-tailscale',
    ],
    ['a Studio by its address', host('Ana’s Studio', 'ana@100.101.2.3'), 'mac-studio-tailscale'],
    ['a Studio by its node', host('工作室', 'ms', 'nTEST1'), 'mac-studio-tailscale'],
    ['by its IPv6 address', host('Studio', 'fd7a:115c:a1e0::5'), 'mac-studio-tailscale'],
    ['another machine there', host('GPU Box', 'gpu.tail1a2b3c.ts.net'), 'gpu-box-tailscale'],
    ['one that is not in the tailnet', host('Größe 2', '10.0.0.5'), 'gro-e-2'],
    ['an address that only looks like one', host('Lab', '100.200.1.1'), 'lab'],
  ])('%s', (_, one, alias) => {
    expect(defaultAlias(one, new Set())).toBe(alias)
  })

  it('is never one that exists', () => {
    const studio = host('Mac Studio 2', 'a.ts.net')
    const taken = new Set(['mac-studio-tailscale'])
    expect(defaultAlias(studio, taken)).toBe('mac-studio-2-tailscale')
    taken.add('mac-studio-2-tailscale')
    expect(defaultAlias(studio, taken)).toBe('mac-studio-2-tailscale-2')
  })

  it('is always one that the settings take', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme', maxLength: 80 }), fc.boolean(), (name, isIn) => {
        const alias = defaultAlias(host(name, isIn ? 'a.ts.net' : 'a'), new Set())
        expect(alias).toMatch(/^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$/)
      }),
    )
  })
})
