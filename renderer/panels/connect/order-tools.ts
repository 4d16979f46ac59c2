import type { ConnectTool } from '../../../preload/contract/connect.ts'

/** More than these are in the menu. */
const mostShown = 3

/** The preferred one first, what is not installed last. */
export function orderTools(
  tools: readonly ConnectTool[],
  preferredId: ConnectTool['id'],
): ConnectTool[] {
  const rank = ({ id, isInstalled }: ConnectTool) =>
    isInstalled === false ? 2 : id === preferredId ? 0 : 1
  return tools.toSorted((a, b) => rank(a) - rank(b))
}

/** Those with a button of their own, and those in the menu. What is not installed has none, unless nothing else is there. */
export function partTools(
  tools: readonly ConnectTool[],
  preferredId: ConnectTool['id'],
): { shown: ConnectTool[]; inMenu: ConnectTool[] } {
  const ordered = orderTools(tools, preferredId)
  const there = ordered.filter(({ isInstalled }) => isInstalled !== false)
  if (there.length === 0) return { shown: ordered.slice(0, 1), inMenu: [] }
  return { shown: there.slice(0, mostShown), inMenu: there.slice(mostShown) }
}
