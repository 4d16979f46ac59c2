import { expect, test } from 'vitest'
import { type ConnectTool, connectToolIdSchema } from '../../../preload/contract/connect.ts'
import { isOfConnection } from '../../../preload/contract/of-connection.ts'
import { orderTools, partTools } from '../../../renderer/panels/connect/order-tools.ts'
import { portOf } from '../../../renderer/panels/connect/usual-tunnels.ts'

function tools(...missing: ConnectTool['id'][]): ConnectTool[] {
  return (['cursor', 'vscode', 'terminal'] as const).map((id) => ({
    ...{ id, name: id, kind: 'editor' as const, isInstalled: !missing.includes(id) },
  }))
}

test.each([
  ['cursor', [], ['cursor', 'vscode', 'terminal']],
  ['vscode', [], ['vscode', 'cursor', 'terminal']],
  ['cursor', ['cursor'], ['vscode', 'terminal', 'cursor']],
  ['vscode', ['cursor', 'vscode'], ['terminal', 'cursor', 'vscode']],
] as const)('prefers %s, lacks %j: %j', (preferred, missing, order) => {
  expect(orderTools(tools(...missing), preferred).map(({ id }) => id)).toEqual(order)
})

test('what was not looked for yet counts as there', () => {
  const unasked = tools().map((tool) => ({ ...tool, isInstalled: null }))
  expect(orderTools(unasked, 'vscode')[0]?.id).toBe('vscode')
})

const all = (isInstalled: ConnectTool['isInstalled']): ConnectTool[] =>
  connectToolIdSchema.options.map((id) => ({ id, name: id, kind: 'editor', isInstalled }))

test('three have buttons, the preferred one first, and the others are in the menu', () => {
  const { shown, inMenu } = partTools(all(true), 'zed')
  expect(shown.map(({ id }) => id)).toEqual(['zed', 'cursor', 'vscode'])
  expect(inMenu.map(({ id }) => id)).toEqual(['windsurf', 'terminal', 'iterm2', 'ghostty', 'warp'])
})

test('what is not installed has no button', () => {
  const { shown, inMenu } = partTools(tools('cursor', 'vscode'), 'cursor')
  expect([shown.map(({ id }) => id), inMenu]).toEqual([['terminal'], []])
})

test('with nothing installed the preferred one is there, to say so', () => {
  expect(partTools(all(false), 'vscode').shown).toHaveLength(1)
})

test.each([
  ['8080', 8080],
  ['1', 1],
  ['65535', 65_535],
  ['65536', null],
  ['0', null],
  ['', null],
  ['80a', null],
  ['1e3', null],
  ['-80', null],
  ['000080', null],
])('a port typed as %j is %s', (text, port) => {
  expect(portOf(text)).toBe(port)
})

test.each([
  ['unreachable', true],
  ['auth', true],
  ['host-key-changed', true],
  ['timeout', true],
  ['not-installed', false],
  ['not-permitted', false],
  ['cancelled', false],
] as const)('the doctor is shown by itself after %s: %s', (code, isIt) => {
  expect(isOfConnection(code)).toBe(isIt)
})
