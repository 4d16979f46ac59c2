/** What people reach on a Studio in a browser, with the port that each listens on unless told otherwise. */
export const usualTunnels = [
  { name: 'Ollama', port: 11434 },
  { name: 'JupyterLab', port: 8888 },
  { name: 'MLflow', port: 5000 },
  { name: 'TensorBoard', port: 6006 },
] as const

/** A port as somebody typed it; null for what is none. */
export function portOf(text: string): number | null {
  const port = /^\d{1,5}$/.test(text) ? Number(text) : 0
  return port >= 1 && port <= 65_535 ? port : null
}
