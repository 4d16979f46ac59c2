import { expect, test } from 'vitest'
import type { ConnectTool } from '../../../preload/contract/connect.ts'
import { orderTools } from '../../../renderer/panels/connect/order-tools.ts'

function tools(...missing: ConnectTool['id'][]): ConnectTool[] {
  return (['cursor', 'vscode', 'terminal'] as const).map((id) => ({
    ...{ id, name: id, isInstalled: !missing.includes(id) },
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
