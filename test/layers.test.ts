import { readdirSync, readFileSync } from 'node:fs'
import { dirname, join, normalize, relative } from 'node:path'
import { describe, expect, it } from 'vitest'

/** The rules of dependency (docs/architecture.md) that the linter cannot say, read off the import lines. */

const root = join(import.meta.dirname, '..')

interface Import {
  from: string
  to: string
  isType: boolean
}

function sourcesIn(dir: string): string[] {
  return readdirSync(join(root, dir), { recursive: true, encoding: 'utf8' })
    .filter((path) => /\.tsx?$/.test(path))
    .map((path) => `${dir}/${path}`)
}

const imports: Import[] = ['main', 'preload', 'renderer'].flatMap(sourcesIn).flatMap((from) => {
  const text = readFileSync(join(root, from), 'utf8')
  const found = text.matchAll(
    /^(?:import|export)\s+(type\s)?[^'"]*?from\s+'([^']+)'|import\('([^']+)'\)/gm,
  )
  return [...found].map(([, type, plain, dynamic]) => {
    const target = plain ?? dynamic ?? ''
    const to = target.startsWith('.')
      ? relative(root, normalize(join(root, dirname(from), target)))
      : target
    return { from, to, isType: type !== undefined }
  })
})

function offenders(isBad: (one: Import) => boolean): string[] {
  return imports.filter(isBad).map(({ from, to }) => `${from} -> ${to}`)
}

const inDir = (path: string, ...dirs: string[]) => dirs.some((dir) => path.startsWith(`${dir}/`))

describe('layers', () => {
  it('has found the imports', () => {
    expect(imports.length).toBeGreaterThan(100)
  })

  it('takes the values of node:http by require, in one place', () => {
    const place = 'main/hosts/node-http.ts'
    expect(
      offenders(({ from, to, isType }) => to === 'node:http' && !isType && from !== place),
    ).toEqual([])
  })

  it('keeps the core free of faces: no Electron, no browser host', () => {
    const inner = [
      'core',
      'hosts',
      'probes',
      'runtimes',
      'checks',
      'models',
      'tailnet',
      'alerts',
      'connect',
      'doctor',
    ].map((dir) => `main/${dir}`)
    const isFace = (to: string) =>
      to === 'electron' ||
      to === 'electron-store' ||
      inDir(to, 'main/electron', 'main/node', 'renderer')
    expect(offenders(({ from, to }) => inDir(from, ...inner) && isFace(to))).toEqual([])
  })

  it('lets probes, checks and runtimes see a machine only through Host', () => {
    const pure = ['main/probes', 'main/checks', 'main/runtimes']
    expect(offenders(({ from, to }) => inDir(from, ...pure) && to.startsWith('node:'))).toEqual([])
    const isImplementation = (to: string) =>
      inDir(to, 'main/hosts') && !/\/(host|http)\.ts$/.test(to)
    expect(
      offenders(({ from, to, isType }) => inDir(from, ...pure) && isImplementation(to) && !isType),
    ).toEqual([])
  })

  it('keeps the contract free of Node and of everything behind it', () => {
    expect(
      offenders(
        ({ from, to }) =>
          inDir(from, 'preload/contract') &&
          (to.startsWith('node:') || inDir(to, 'main', 'renderer')),
      ),
    ).toEqual([])
  })

  it('gives the page types of the core, never values', () => {
    expect(
      offenders(({ from, to, isType }) => inDir(from, 'renderer') && inDir(to, 'main') && !isType),
    ).toEqual([])
    expect(offenders(({ from, to }) => inDir(from, 'renderer') && to.startsWith('node:'))).toEqual(
      [],
    )
  })

  it('keeps zod out of the page', () => {
    const takesZod = (path: string): boolean =>
      imports.some(
        ({ from, to, isType }) =>
          from === path && !isType && (to === 'zod' || to.startsWith('@orpc/') || takesZod(to)),
      )
    expect(takesZod('preload/contract/base.ts')).toBe(true)
    const isSchema = ({ to, isType }: Import) => inDir(to, 'preload') && !isType && takesZod(to)
    expect(offenders((one) => inDir(one.from, 'renderer') && isSchema(one))).toEqual([])
  })

  it('imports each machine library in one place', () => {
    const homes: Record<string, RegExp> = {
      electron: /^(main\/index\.ts|main\/electron\/|preload\/index\.ts)/,
      'electron-store': /^main\/electron\/settings\.ts$/,
      'node-ssh': /^main\/hosts\/ssh\.ts$/,
      systeminformation: /^main\/hosts\/local\.ts$/,
      'ollama/browser': /^main\/runtimes\/ollama\.ts$/,
    }
    for (const [name, home] of Object.entries(homes)) {
      expect(
        offenders(({ from, to, isType }) => to === name && !isType && !home.test(from)),
      ).toEqual([])
    }
  })

  it('quotes words for a shell in quote.ts only, and runs fixed scripts in these places', () => {
    const filesWith = (pattern: RegExp) =>
      sourcesIn('main').filter((path) => pattern.test(readFileSync(join(root, path), 'utf8')))
    expect(filesWith(/shell:\s*true|\bexecSync\(|[^.\w]exec\(['"`]/)).toEqual([])
    expect(filesWith(/'\\\\''|replaceAll?\((?:"'"|\/'\/)/)).toEqual(['main/hosts/quote.ts'])
    // a word of somebody's goes in as an argument ("$1"), or through quote.ts
    expect(
      filesWith(/\b(?:ba|da|z)?sh',\s*'-l?c'|\bsh -c\b|\/bin\/(?:ba|da|z)?sh\b/).toSorted(),
    ).toEqual([
      'main/connect/key-set-up/authorized-keys.ts',
      'main/connect/key-set-up/sshd-settings.ts',
      'main/connect/service.ts',
      // the account's own shell, asked for its agent
      'main/doctor/agents.ts',
      'main/hosts/local/ticks.ts',
      'main/hosts/quote.ts',
      'main/hosts/ssh/openssh/room.ts',
      // the shell that ssh runs jumps with
      'main/hosts/ssh/proxy.ts',
      // the ProxyCommand of the person's own ssh configuration
      'main/hosts/ssh/socket.ts',
      'main/probes/gpu-limit.ts',
    ])
  })
})
