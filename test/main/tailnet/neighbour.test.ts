import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { macAddressIn } from '../../../main/tailnet/neighbour.ts'

describe('macAddressIn', () => {
  it('reads what arp of macOS says, with the zeros that it leaves out', () => {
    const text = '? (192.168.1.20) at 1c:f:64:0:a:b on en0 ifscope [ethernet]\n'
    expect(macAddressIn(text, '192.168.1.20')).toBe('1c:0f:64:00:0a:0b')
    expect(macAddressIn(text.replace('?', 'mac-studio.lan'), '192.168.1.20')).toBe(
      '1c:0f:64:00:0a:0b',
    )
  })

  it('reads what ip of Linux says', () => {
    const text = '192.168.1.20 dev eth0 lladdr 1C:0F:64:00:0A:0B REACHABLE \n'
    expect(macAddressIn(text, '192.168.1.20')).toBe('1c:0f:64:00:0a:0b')
    expect(macAddressIn('fd00::20 dev eth0 lladdr 1c:0f:64:00:0a:0b STALE\n', 'fd00::20')).toBe(
      '1c:0f:64:00:0a:0b',
    )
  })

  it.each([
    '? (192.168.1.20) at (incomplete) on en0 ifscope [ethernet]\n',
    '192.168.1.20 (192.168.1.20) -- no entry\n',
    '192.168.1.20 dev eth0 FAILED\n',
    '192.168.1.20 dev eth0 lladdr 00:00:00:00:00:00 NOARP\n',
    '? (192.168.1.20) at ff:ff:ff:ff:ff:ff on en0 ifscope [ethernet]\n',
    '? (192.168.1.21) at 1c:f:64:0:a:b on en0 ifscope [ethernet]\n',
    'arp: illegal option\n',
    '',
  ])('finds none in %j', (text) => {
    expect(macAddressIn(text, '192.168.1.20')).toBeNull()
  })

  it('takes the entry that was answered where there are several interfaces', () => {
    const text =
      '? (192.168.1.20) at (incomplete) on en1 ifscope [ethernet]\n? (192.168.1.20) at 2:0:0:0:0:1 on en0 ifscope [ethernet]\n'
    expect(macAddressIn(text, '192.168.1.20')).toBe('02:00:00:00:00:01')
  })

  it('never throws, and gives nothing but an address that the settings take', () => {
    const word = fc.oneof(
      fc.string(),
      fc.constantFrom('at', 'lladdr', '\n', '(10.0.0.1)', '10.0.0.1', ' ', '1:2:3:4:5:6', '?'),
    )
    fc.assert(
      fc.property(fc.array(word), fc.string(), (words, address) => {
        for (const to of [address, '10.0.0.1']) {
          const found = macAddressIn(words.join(' '), to)
          if (found !== null) expect(found).toMatch(/^([0-9a-f]{2}:){5}[0-9a-f]{2}$/)
        }
      }),
    )
  })
})
