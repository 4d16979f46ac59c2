import { HostError } from '../../hosts/host.ts'
import { disk, type Volume } from '../../probes/disk.ts'
import { readProbe } from '../../probes/read.ts'
import { doIt } from '../remedies.ts'
import { type DoctorStep, outcome } from '../step.ts'
import type { Visit } from '../visit.ts'

/** The folders into which Cursor and VS Code put their servers, in the home folder, where a session over SSH begins. */
const folders = { Cursor: '.cursor-server', 'VS Code': '.vscode-server' } as const

/** Below this an editor's server, some hundred megabytes, does not fit. */
const fullBytes = 500_000_000
const tightBytes = 5_000_000_000

/** Looks for the servers of Cursor and VS Code, and whether the disk has room for one. */
export const editorServer: DoctorStep = {
  id: 'editor-server',
  beginsAfter: 'first-command',
  async look(visit) {
    const [editors, volume] = await Promise.all([installed(visit), homeVolume(visit)])
    const { name } = visit.config
    if (volume === null && editors === null) {
      return outcome('unknown', { key: 'doctor.editor-server.unknown', params: { name } })
    }
    const freeBytes = volume?.freeBytes ?? null
    const params = { name, freeBytes, editors: editors?.join(', ') ?? null }
    const remedies = [doIt('on-host', 'doctor.remedy.free-disk', { name })]
    if (freeBytes !== null && freeBytes < fullBytes) {
      return outcome(
        'failed',
        { key: 'doctor.editor-server.disk-full', params },
        { meaning: { key: 'doctor.meaning.disk-full' }, remedies },
      )
    }
    if (freeBytes !== null && freeBytes < tightBytes) {
      return outcome('attention', { key: 'doctor.editor-server.disk-tight', params }, { remedies })
    }
    if (editors === null) {
      return outcome('unknown', { key: 'doctor.editor-server.servers-unknown', params })
    }
    const isThere = editors.length > 0
    if (freeBytes === null) {
      const key = isThere ? 'there' : 'to-come'
      return outcome('attention', { key: `doctor.editor-server.${key}-disk-unknown`, params })
    }
    return outcome('passed', {
      key: isThere ? 'doctor.editor-server.there' : 'doctor.editor-server.to-come',
      params,
    })
  },
}

/** The editors whose server is there; null where the Host did not say. */
async function installed({ attempt, signal }: Visit): Promise<string[] | null> {
  try {
    const argv = ['ls', '-d', ...Object.values(folders)] as const
    const { stdout, stderr, exitCode, isNotRecorded } = await attempt.host.run([...argv], {
      timeoutMs: 8_000,
      signal,
    })
    if (isNotRecorded === true) return null
    // `ls` fails for a folder that is not there, and says that; else it could not look
    if (exitCode !== 0 && !/No such file/.test(stderr)) return null
    const lines = stdout.split('\n').map((line) => line.trim())
    return Object.entries(folders).flatMap(([editor, path]) =>
      lines.includes(path) ? [editor] : [],
    )
  } catch (error) {
    if (error instanceof HostError && error.kind !== 'cancelled') return null
    throw error
  }
}

/** The volume that the home folders lie on. An APFS container shows the same free space on each of its volumes. */
async function homeVolume({ attempt, signal }: Visit): Promise<Volume | null> {
  const reading = await readProbe(attempt.host, disk, { signal })
  if (reading.kind === 'unknown') return null
  const { volumes } = reading.value
  const at = (path: string) => volumes.find(({ mountPath }) => mountPath === path)
  return at('/System/Volumes/Data') ?? at('/home') ?? at('/') ?? null
}
