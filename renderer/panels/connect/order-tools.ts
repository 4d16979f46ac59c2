import type { ConnectTool } from '../../../preload/contract/connect.ts'

/** The preferred editor first, what is not installed last. */
export function orderTools(
  tools: readonly ConnectTool[],
  preferredId: ConnectTool['id'],
): ConnectTool[] {
  const rank = ({ id, isInstalled }: ConnectTool) =>
    isInstalled === false ? 2 : id === preferredId ? 0 : 1
  return tools.toSorted((a, b) => rank(a) - rank(b))
}
