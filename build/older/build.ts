import { cpSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { builtinModules } from 'node:module'
import { dirname, join } from 'node:path'
import { build, type InlineConfig, mergeConfig, type Plugin } from 'vite'
import config from '../../electron.vite.config.ts'

const root = join(import.meta.dirname, '..', '..')

/** The first Electron that loads ES modules in its main process. */
export const firstWithModules = 28

/**
 * Builds the same sources for an Electron of 2022, for machines that cannot download the one that ships: CommonJS, every
 * dependency bundled, older targets. Nothing else differs. `globalsPath` supplies what libraries expect of a newer Node;
 * `api.cjs` and `page.js` here what we use of a newer Electron and Chromium.
 *
 * `outDir` becomes a folder that Electron starts and electron-builder packs.
 */
export async function buildForOlderElectron(outDir: string, globalsPath: string): Promise<void> {
  rmSync(outDir, { recursive: true, force: true })
  const out = join(outDir, 'out')
  const nodeModules = ['electron', ...builtinModules.flatMap((name) => [name, `node:${name}`])]

  const node = (input: Record<string, string>, dir: string): InlineConfig => ({
    configFile: false,
    root,
    logLevel: 'error',
    publicDir: false,
    ssr: { noExternal: true, target: 'node' },
    build: {
      ssr: true,
      outDir: join(out, dir),
      emptyOutDir: false,
      target: 'node16',
      minify: false,
      reportCompressedSize: false,
      rolldownOptions: {
        input,
        // optional native parts of ssh2; it does without
        external: [...nodeModules, 'cpu-features', /sshcrypto\.node$/],
        output: { format: 'cjs', entryFileNames: '[name].cjs', codeSplitting: false },
      },
    },
  })

  await build(node({ app: join(root, 'main/index.ts') }, 'main'))
  await build(node({ globals: globalsPath }, 'main'))
  await build(node({ index: join(root, 'preload/index.ts') }, 'preload'))
  await build(
    mergeConfig(config.renderer as InlineConfig, {
      configFile: false,
      root: join(root, 'renderer'),
      base: './',
      logLevel: 'error',
      build: {
        outDir: join(out, 'renderer'),
        emptyOutDir: true,
        target: 'chrome108',
        cssMinify: 'lightningcss',
        reportCompressedSize: false,
        rolldownOptions: { input: join(root, 'renderer/index.html') },
      },
      plugins: [withOlderPage()],
    } satisfies InlineConfig),
  )
  cpSync(join(import.meta.dirname, 'api.cjs'), join(out, 'main/api.cjs'))
  cpSync(join(import.meta.dirname, 'page.js'), join(out, 'renderer/page.js'))
  writeFileSync(
    join(out, 'main/index.cjs'),
    ['globals', 'api', 'app'].map((name) => `require('./${name}.cjs')\n`).join(''),
  )
  cpSync(join(root, 'resources'), join(outDir, 'resources'), { recursive: true })
  writePackage(outDir)
}

/** Runs `page.js` before the page's own modules. */
function withOlderPage(): Plugin {
  return {
    name: 'studiolo-older-page',
    transformIndexHtml: {
      order: 'post',
      handler: () => [{ tag: 'script', attrs: { src: './page.js' }, injectTo: 'head-prepend' }],
    },
  }
}

function writePackage(outDir: string) {
  const { name, productName, version, description, author } = JSON.parse(
    readFileSync(join(root, 'package.json'), 'utf8'),
  )
  const fields = { name, productName, version, description, author, main: './out/main/index.cjs' }
  mkdirSync(dirname(outDir), { recursive: true })
  writeFileSync(join(outDir, 'package.json'), `${JSON.stringify(fields, null, 2)}\n`)
}
