import type { HeldModel } from './loaded-models.ts'

/** What the demo's models take now, against what they took in the recording. */
export interface DemoMemory {
  held: readonly HeldModel[]
  recordedBytes: number
}

/**
 * A recorded output of macOS as it would be with the models that the demo holds now. Models are wired memory, GPU memory and
 * the footprint of a `llama-server` each, so that memory bar, GPU and list of processes agree. Any other output is left as it is.
 */
export function withDemoModels(program: string, stdout: string, memory: DemoMemory): string {
  switch (program) {
    case 'vm_stat':
      return vmStat(stdout, deltaBytes(memory))
    case 'ioreg':
      return accelerator(stdout, deltaBytes(memory), memory.held.length > 0)
    case 'top':
      return top(stdout, memory.held)
    case 'ps':
      return ps(stdout, memory.held)
    default:
      return stdout
  }
}

function deltaBytes({ held, recordedBytes }: DemoMemory): number {
  return held.reduce((sum, { bytes }) => sum + bytes, 0) - recordedBytes
}

/** Free memory that macOS keeps; below it, caches of files go first. */
const reserveBytes = 2_000_000_000

function vmStat(text: string, delta: number): string {
  const pageBytes = Number(/page size of (\d+) bytes/.exec(text)?.[1])
  if (!Number.isFinite(pageBytes) || pageBytes <= 0) return text
  const pagesOf = (label: string) =>
    Number(new RegExp(`^${label}: +(\\d+)\\.`, 'm').exec(text)?.[1] ?? 0)
  const changes = new Map<string, number>()
  const change = (label: string, by: number) => changes.set(label, (changes.get(label) ?? 0) + by)
  let pages = Math.round(delta / pageBytes)
  change('Pages wired down', pages)
  const free = pagesOf('Pages free')
  const fromFree =
    pages <= 0 ? pages : Math.min(pages, Math.max(0, free - Math.round(reserveBytes / pageBytes)))
  change('Pages free', -fromFree)
  pages -= fromFree
  for (const label of ['Pages inactive', 'Pages active']) {
    const cached = Math.max(
      0,
      pagesOf('File-backed pages') + (changes.get('File-backed pages') ?? 0),
    )
    const taken = Math.min(pages, pagesOf(label), cached)
    if (taken <= 0) continue
    change(label, -taken)
    change('File-backed pages', -taken)
    pages -= taken
  }
  return text.replaceAll(/^([A-Z][\w -]+): +(\d+)\./gm, (line, label: string, count: string) => {
    const by = changes.get(label)
    if (by === undefined || by === 0) return line
    const value = `${Math.max(0, Number(count) + by)}.`
    return `${label}:${value.padStart(line.length - label.length - 1)}`
  })
}

function accelerator(text: string, delta: number, hasModels: boolean): string {
  const moved = text.replaceAll(
    /("(?:In use|Alloc) system memory"=)(\d+)/g,
    (_whole, key: string, bytes: string) => key + Math.max(0, Number(bytes) + delta),
  )
  // without a model there is nothing to compute
  return hasModels
    ? moved
    : moved.replaceAll(/("(?:Device|Renderer|Tiler) Utilization %"=)\d+/g, '$10')
}

/** Process ids of the demo's model servers that are not in the recording. */
const firstPid = 41_000

interface ServerLine {
  pid: number
  account: string
}

/** One line per model, in the place of the recorded ones; sorted by memory as top does. */
function top(text: string, held: readonly HeldModel[]): string {
  const lines = text.split('\n')
  const header = lines.findIndex((line) => /^PID\s+COMMAND\s+MEM/.test(line))
  if (header < 0) return text
  const rows = lines.slice(header + 1).filter((line) => line.trim() !== '')
  const servers = rows.filter(isServer)
  const others = rows.filter((line) => !isServer(line))
  const ours = byModel(held, servers.map(serverOf)).map(({ pid, account, bytes }) =>
    [String(pid).padEnd(6), 'llama-server'.padEnd(16), memory(bytes).padEnd(6), account].join(' '),
  )
  const sorted = [...ours, ...others]
    .sort((a, b) => memoryOf(b) - memoryOf(a))
    .slice(0, rows.length)
  return [...lines.slice(0, header + 1), ...sorted, ''].join('\n')
}

function isServer(line: string): boolean {
  return /^\s*\d+[*+-]?\s+(?:\S*\/)?llama-server\b/.test(line)
}

function serverOf(line: string): ServerLine {
  const words = line.trim().split(/\s+/)
  return { pid: Number.parseInt(words[0] ?? '', 10), account: words.at(-1) ?? 'ana' }
}

/** The largest model has the recorded process of the largest, and so on; further ones get numbers of their own. */
function byModel(held: readonly HeldModel[], servers: readonly ServerLine[]) {
  const account = servers[0]?.account ?? 'ana'
  return [...held]
    .sort((a, b) => b.bytes - a.bytes)
    .map(({ bytes }, i) => ({ bytes, ...(servers[i] ?? { pid: firstPid + i, account }) }))
}

/** As top writes it: five characters at most. */
function memory(bytes: number): string {
  const mebibytes = bytes / 2 ** 20
  return mebibytes < 10_000 ? `${Math.round(mebibytes)}M` : `${Math.round(mebibytes / 1024)}G`
}

const unitBytes: Readonly<Record<string, number>> = { B: 1, K: 2 ** 10, M: 2 ** 20, G: 2 ** 30 }

function memoryOf(line: string): number {
  const match = /\s(\d+)([BKMG])[+-]?\s+\S+\s*$/.exec(line)
  return Number(match?.[1] ?? 0) * (unitBytes[match?.[2] ?? ''] ?? 0)
}

/** `ps -o pid=,comm=`: names of the processes that top cuts. */
function ps(text: string, held: readonly HeldModel[]): string {
  const lines = text.split('\n')
  const servers = lines.filter(isServer)
  const path = servers[0]?.trim().replace(/^\d+\s+/, '') ?? 'llama-server'
  const numbers = byModel(held, servers.map(serverOf)).map(({ pid }) => pid)
  const ours = numbers.map((pid) => `${String(pid).padStart(5)} ${path}`)
  return [...lines.filter((line) => line !== '' && !isServer(line)), ...ours, ''].join('\n')
}
