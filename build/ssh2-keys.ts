import type { Plugin } from 'vite'

const wanted = "require('crypto')"

/** Gives the ciphers of ssh2 the module at `path` for `crypto`. An ssh2 that is written otherwise ends the build. */
export function ssh2Keys(path: string): Plugin {
  return {
    name: 'ssh2-keys',
    enforce: 'pre',
    transform(code, id) {
      if (!id.endsWith('/ssh2/lib/protocol/crypto.js')) return null
      if (code.split(wanted).length !== 2) this.error(`${id} has not one ${wanted}`)
      return { code: code.replace(wanted, () => `require(${JSON.stringify(path)})`), map: null }
    },
  }
}
