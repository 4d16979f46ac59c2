import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { isOpenable, isOwnUrl, ownFile, pageUrl } from '../../../main/electron/addresses.ts'

describe('pageUrl', () => {
  it('names a place of the page in the fragment', () => {
    expect(pageUrl('window/settings')).toBe('studiolo://app/index.html#window/settings')
  })

  it('names a Host of the place in it, whatever its id holds', () => {
    const url = pageUrl('window/hosts', { id: 'a b&c#d', as: 'key' })
    expect(url).toBe('studiolo://app/index.html#window/hosts?key=a%20b%26c%23d')
  })
})

describe('isOwnUrl', () => {
  it.each(['studiolo://app/index.html#popover', 'studiolo://app/assets/index-DfC1.js'])(
    'knows %s',
    (url) => {
      expect(isOwnUrl(url)).toBe(true)
    },
  )

  it.each([
    'https://app/index.html',
    'studiolo://evil/index.html',
    'studiolo://app@evil/index.html',
    'studiolo://ana@app/index.html',
    'file:///Applications/Studiolo.app',
    'studiolo:app',
    '',
  ])('refuses %j', (url) => {
    expect(isOwnUrl(url)).toBe(false)
  })
})

describe('ownFile', () => {
  it('finds what the build writes', () => {
    expect(ownFile('studiolo://app/index.html#popover')).toEqual({
      name: 'index.html',
      mediaType: 'text/html; charset=utf-8',
    })
    expect(ownFile('studiolo://app/assets/index-Dy0_x-9.css')?.mediaType).toBe(
      'text/css; charset=utf-8',
    )
  })

  it.each([
    'studiolo://app/',
    'studiolo://app/%2e%2e%2fsettings.json',
    'studiolo://app/assets/..%5csettings.json',
    'studiolo://app/assets//etc/passwd.js',
    'studiolo://app/.hidden.js',
    'studiolo://app/index.exe',
    'https://app/index.html',
  ])('has nothing at %s', (url) => {
    expect(ownFile(url)).toBeNull()
  })

  it.each(['studiolo://app/../settings.json', 'studiolo://app/%2e%2e/%2e%2e/settings.json'])(
    'stays inside the folder with %s',
    (url) => {
      expect(ownFile(url)?.name).toBe('settings.json')
    },
  )

  it('never leaves the folder, whatever the address', () => {
    fc.assert(
      fc.property(fc.string(), (path) => {
        const name = ownFile(`studiolo://app/${path}`)?.name
        expect(name?.split('/').some((part) => part === '' || part.startsWith('.'))).not.toBe(true)
      }),
    )
  })
})

describe('isOpenable', () => {
  it.each([
    'https://support.apple.com/guide/mac-help',
    'x-apple.systempreferences:com.apple.settings.PrivacySecurity.extension?FileVault',
    'cursor://vscode-remote/ssh-remote+studio/Users/ana',
    'vscode://vscode-remote/ssh-remote+studio/Users/ana',
    'http://127.0.0.1:11434/',
  ])('opens %s', (url) => {
    expect(isOpenable(url)).toBe(true)
  })

  it.each([
    'file:///System/Applications/Calculator.app',
    'http://example.org',
    'http://127.0.0.1:11434/api/delete',
    'http://127.0.0.1:99999/',
    'http://127.0.0.1:80@example.org/',
    'javascript:alert(1)',
    'ssh://-oProxyCommand=x',
    'smb://server/share',
    '/Applications/Calculator.app',
    'HTTPS',
  ])('refuses %s', (url) => {
    expect(isOpenable(url)).toBe(false)
  })
})
