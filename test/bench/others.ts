import { type ChildProcess, spawn } from 'node:child_process'
import { homedir } from 'node:os'
import { join } from 'node:path'
import { until } from '../support/until.ts'

/** A program that serves the same readings over HTTP, for comparison. */
export interface Other {
  name: string
  pid: number
  /** One scrape, as a page that shows the machine would make it. */
  scrape(): Promise<void>
  close(): void
}

const dir = process.env.STUDIOLO_REAL_DIR ?? join(homedir(), '.cache/studiolo-real')

export async function startOthers(): Promise<Other[]> {
  return Promise.all([
    start('glances', 'http://127.0.0.1:61219/api/4/all', [
      join(dir, 'glances/bin/glances'),
      ...[
        '-w',
        '--disable-webui',
        '--disable-check-update',
        '-B',
        '127.0.0.1',
        '-p',
        '61219',
        '-t',
        '1',
      ],
    ]),
    start('prometheus-node-exporter', 'http://127.0.0.1:61220/metrics', [
      '/usr/bin/prometheus-node-exporter',
      '--web.listen-address=127.0.0.1:61220',
    ]),
  ])
}

async function start(name: string, url: string, argv: string[]): Promise<Other> {
  const [program = '', ...args] = argv
  const child: ChildProcess = spawn(program, args, { stdio: 'ignore' })
  const scrape = async () => {
    const response = await fetch(url, { signal: AbortSignal.timeout(5000) })
    await response.text()
    if (!response.ok) throw new Error(`${name}: HTTP ${response.status}`)
  }
  await until(
    () =>
      scrape().then(
        () => true,
        () => false,
      ),
    { withinMs: 30_000, everyMs: 200 },
  )
  return { name, pid: child.pid ?? 0, scrape, close: () => void child.kill('SIGKILL') }
}
