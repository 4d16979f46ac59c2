import { describe, expect, it } from 'vitest'
import { includesRole, roleOf } from '../../../main/core/roles.ts'

const mac = { platform: 'darwin', hostName: 'm', account: 'a', userId: 501 } as const
const linux = { platform: 'linux', hostName: 'l', account: 'a', userId: 1000 } as const

describe('roleOf', () => {
  it('reads an admin from the groups that each system uses for it', () => {
    // The groups of test/fixtures: `id -Gn` of an administrator and of a standard account on macOS.
    expect(roleOf({ ...mac, groups: ['staff', 'everyone', 'admin', 'com.apple.access_ssh'] })).toBe(
      'admin',
    )
    expect(roleOf({ ...mac, groups: ['staff', 'everyone'] })).toBe('member')
    expect(roleOf({ ...linux, groups: ['ana', 'sudo'] })).toBe('admin')
    expect(roleOf({ ...linux, groups: ['root'], userId: 0 })).toBe('admin')
    expect(roleOf({ ...linux, groups: ['ana'] })).toBe('member')
  })

  it('does not take the group of one system for that of the other', () => {
    expect(roleOf({ ...mac, groups: ['staff', 'sudo'] })).toBe('member')
    expect(roleOf({ ...linux, groups: ['admin'] })).toBe('member')
  })
})

describe('includesRole', () => {
  it('orders guest, member, admin', () => {
    const roles = ['guest', 'member', 'admin'] as const
    const table = roles.map((has) => roles.map((needs) => includesRole(has, needs)))
    expect(table).toEqual([
      [true, false, false],
      [true, true, false],
      [true, true, true],
    ])
  })
})
