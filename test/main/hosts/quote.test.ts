import { execFileSync, spawnSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import {
  commandScript,
  forLoginShell,
  forProxyCommand,
  quotePosix,
} from '../../../main/hosts/quote.ts'

const nastyWords = [
  '',
  ' ',
  "'",
  "''",
  '"',
  '\\',
  "\\'",
  '\\\\',
  '\\0101',
  '!',
  '!!',
  'a!b',
  '$HOME',
  '$(id)',
  '`id`',
  '\n',
  'a\n\nb\n',
  '\r\n',
  '\t',
  '*',
  '?',
  '[a-z]',
  '{a,b}',
  '~',
  '~root',
  '=ls',
  '%',
  '%s%n',
  '-n',
  '--',
  '#',
  '&&',
  ';',
  '^a^b',
  '本机',
  '🧠',
  '\u0001\u001b[31m\u007f',
  'x'.repeat(3000),
  "'".repeat(3000),
]

const word = fc.oneof(
  fc.constantFrom(...nastyWords),
  fc.string({ unit: fc.constantFrom(...'\'"\\!$`\n \t%0a(){}[]^&|;<>~#*?=') }),
  fc.string({ unit: 'binary' }).map((text) => text.replaceAll('\0', '')),
)

function isInstalled(shell: string): boolean {
  return spawnSync(shell, ['-c', 'exit 0']).error === undefined
}

function passThrough(shell: string, words: readonly string[]): string[] {
  const script = quotePosix(['printf', '%s\\0', ...words])
  const stdout = execFileSync(shell, ['-c', forLoginShell(script)], { encoding: 'utf8' })
  return stdout.split('\0').slice(0, -1)
}

describe.each(['/bin/sh', 'dash', 'bash', 'zsh', 'fish', 'tcsh'])('as login shell: %s', (shell) => {
  const there = isInstalled(shell)
  test.skipIf(!there)(
    `words arrive as they are${there ? '' : ` (${shell} is not installed)`}`,
    () => {
      expect(passThrough(shell, nastyWords)).toEqual(nastyWords)
      fc.assert(
        fc.property(fc.array(word, { minLength: 1, maxLength: 30 }), (words) => {
          expect(passThrough(shell, words)).toEqual(words)
        }),
        { numRuns: 25 },
      )
    },
  )

  test.skipIf(!there || !isInstalled('ssh'))('words of a ProxyCommand come through ssh', () => {
    const dir = mkdtempSync(join(tmpdir(), 'quote-'))
    const write = ['sh', '-c', 'printf "%%s\\0" "$@" >"$0"', join(dir, 'words')] as const
    const words = nastyWords.map((text) => text.replaceAll('%', '%%'))
    const proxyCommand = forProxyCommand([...write, '[%h]:%p', ...words])
    // one more ssh in between, as over two hops
    const before = ['-o', `ProxyCommand=${proxyCommand}`].map((text) => text.replaceAll('%', '%%'))
    const nested = ['ssh', '-F', '/dev/null', ...before, '--', 'inner'] as const
    for (const command of [proxyCommand, forProxyCommand(nested)]) {
      const args = ['-F', '/dev/null', '-o', `ProxyCommand=${command}`, '--', 'inner']
      spawnSync('ssh', args, { env: { ...process.env, SHELL: shell } })
      const came = readFileSync(join(dir, 'words'), 'utf8').split('\0').slice(0, -1)
      expect(came).toEqual(['[inner]:22', ...nastyWords])
      rmSync(join(dir, 'words'))
    }
    rmSync(dir, { recursive: true })
  })

  test.skipIf(!there)('a script of 20 kB with every kind of line is run whole', () => {
    const line = `case "$((1 + 1))" in 2) printf '%s\\n' "it's \\"two\\"!" ;; esac # $(false)\n`
    const script = line.repeat(250)
    const result = execFileSync(shell, ['-c', forLoginShell(script)], { encoding: 'utf8' })
    expect(result).toBe(`it's "two"!\n`.repeat(250))
  })

  test.skipIf(!there)('stdin and the exit code belong to the program', () => {
    const script = commandScript(['sh', '-c', 'cat; exit 7'])
    const result = spawnSync(shell, ['-c', forLoginShell(script)], {
      input: 'from outside',
      encoding: 'utf8',
    })
    expect(result.stdout).toBe('from outside')
    expect(result.status).toBe(7)
  })
})

test('plain words stay readable', () => {
  expect(quotePosix(['sysctl', '-n', 'hw.memsize'])).toBe('sysctl -n hw.memsize')
  expect(quotePosix(["it's", '$HOME', ''])).toBe(`'it'\\''s' '$HOME' ''`)
  expect(forLoginShell('uname -s')).toBe(`exec /bin/sh -c 'uname -s'`)
})

test('a program that is named like a word of the shell is still a program', () => {
  for (const program of ['if', 'time', 'for', 'test', 'exit', 'cd', 'A=1']) {
    const result = spawnSync('/bin/sh', ['-c', commandScript([program, '/nowhere'])], {
      env: { PATH: '/nonexistent', HOME: '/nonexistent' },
      encoding: 'utf8',
    })
    expect(result.status, `${program}: ${result.stderr}`).toBe(127)
  }
})

test('a command sees our variables, and the PATH is only ever extended', () => {
  const result = spawnSync('/bin/sh', ['-c', commandScript(['env'])], {
    env: { PATH: '/usr/bin:/bin', HOME: '/Users/an a', LC_ALL: 'de_DE.UTF-8' },
    encoding: 'utf8',
  })
  const lines = result.stdout.split('\n')
  expect(lines).toContain('LC_ALL=C')
  expect(lines).toContain('TERM=dumb')
  expect(lines).toContain('TAILSCALE_BE_CLI=1')
  const path = lines.find((line) => line.startsWith('PATH='))
  expect(path).toMatch(/^PATH=\/usr\/bin:\/bin:\/opt\/homebrew\/bin:/)
  expect(path).toContain(':/Users/an a/.lmstudio/bin:')
})

test('refuses what no command line can carry', () => {
  expect(() => quotePosix(['a\0b'])).toThrow(TypeError)
  expect(() => forLoginShell('a\0b')).toThrow(TypeError)
  expect(() => commandScript(['-x'])).toThrow(TypeError)
  expect(() => commandScript([''])).toThrow(TypeError)
})
