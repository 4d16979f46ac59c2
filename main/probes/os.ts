import { explain, labelled } from './answer.ts'
import type { Answer, Probe, Unparsed } from './probe.ts'

export interface OsValue {
  name: string
  version: string | null
  build: string | null
}

/**
 * The operating system. `ProductVersionExtra`, as of a rapid security response, belongs to the version.
 *
 *     ProductName:		macOS
 *     ProductVersion:		26.1
 *     BuildVersion:		25B78
 *
 * On Linux the lines `NAME`, `VERSION_ID` of /etc/os-release, and the kernel as the build. No recorded output of sw_vers
 * is at hand: its fixtures are synthetic, after sw_vers(1).
 */
export const os: Probe<'os', OsValue> = {
  id: 'os',
  columns: [
    { field: 'name', about: 'Name of the operating system' },
    { field: 'version', about: 'Its version' },
    { field: 'build', about: 'Its build; on Linux the kernel' },
  ],
  everyMs: 3_600_000,
  questions: {
    darwin: [[['sw_vers']]],
    linux: [[['cat', '/etc/os-release']], [['uname', '-r']]],
  },
  parse: (answers, { platform }) =>
    platform === 'darwin' ? parseDarwin(answers[0]) : parseLinux(answers),
}

function parseDarwin(answer: Answer | undefined): OsValue | Unparsed {
  const labels = labelled(answer?.stdout ?? '')
  const name = labels.get('ProductName')
  const version = labels.get('ProductVersion')
  if (!name) return explain(answer, 'ProductName')
  if (!version) return explain(answer, 'ProductVersion')
  const extra = labels.get('ProductVersionExtra')
  return {
    name,
    version: extra ? `${version} ${extra}` : version,
    build: labels.get('BuildVersion') || null,
  }
}

function parseLinux([release, kernel]: readonly Answer[]): OsValue | Unparsed {
  const labels = labelled(release?.stdout ?? '', '=')
  const textOf = (label: string) => labels.get(label)?.replace(/^(["'])(.*)\1$/, '$2') || null
  const name = textOf('NAME')
  if (name === null) return explain(release, 'NAME')
  const build = kernel?.exitCode === 0 ? kernel.stdout.trim() : ''
  return { name, version: textOf('VERSION_ID'), build: build || null }
}
