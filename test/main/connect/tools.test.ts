import { describe, expect, it } from 'vitest'
import { findProgram, lookUp, tools } from '../../../main/connect/tools.ts'

const tool = (id: string) => {
  const found = tools.find((one) => one.id === id)
  if (found === undefined) throw new Error(id)
  return found
}

describe('tools', () => {
  // The forms are those of the editors' own documentation of remote windows.
  it('opens an editor with a remote and no folder', () => {
    const request = { destination: 'mac-studio', folderPath: null }
    expect(tool('cursor').args(request)).toEqual(['--remote', 'ssh-remote+mac-studio'])
    expect(tool('vscode').args(request)).toEqual(['--remote', 'ssh-remote+mac-studio'])
  })

  it('opens a remote folder by its address, with blanks and Chinese names encoded', () => {
    const args = tool('cursor').args({
      destination: 'ana@studio',
      folderPath: '/Users/ana/My 模型',
    })
    expect(args[0]).toBe('--folder-uri')
    const url = new URL(args[1] ?? '')
    expect(url.protocol).toBe('vscode-remote:')
    expect(decodeURIComponent(url.host)).toBe('ssh-remote+ana@studio')
    expect(decodeURIComponent(url.pathname)).toBe('/Users/ana/My 模型')
  })

  it('opens a terminal with ssh as a program and its destination as one word', () => {
    const args = tool('terminal').args({ destination: 'ana@studio', folderPath: null })
    expect(args).toEqual(['-e', 'ssh', 'ana@studio'])
  })

  it('takes the bundle before the PATH and says when there is neither', async () => {
    const asked: string[] = []
    const look = (there: string) => (program: string) => {
      asked.push(program)
      return Promise.resolve(program === there)
    }
    const cursor = '/Users/ana/Applications/Cursor.app/Contents/Resources/app/bin/cursor'
    expect(await findProgram(tool('cursor'), 'darwin', '/Users/ana', look(cursor))).toBe(cursor)
    expect(asked[0]).toBe('/Applications/Cursor.app/Contents/Resources/app/bin/cursor')
    expect(await findProgram(tool('vscode'), 'darwin', '/Users/ana', look('nothing'))).toBeNull()
  })

  it('looks a program up without starting it', () => {
    expect(lookUp('/Applications/X')).toEqual(['test', '-x', '/Applications/X'])
    expect(lookUp('code')).toEqual(['which', 'code'])
  })
})
