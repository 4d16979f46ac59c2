/**
 * Makes the recording behind the demo Studio: `node test/support/make-demo-recording.ts`. Formats are those of the recorded
 * outputs in test/fixtures/probes; the machine, its names and its figures are invented, and add up.
 */
import { createHash } from 'node:crypto'
import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'

const recordedAt = '2026-11-20T09:00:00Z'
const pageBytes = 16_384
const totalBytes = 549_755_813_888
const sampleCount = 30
const groups = ['staff', 'everyone', 'localaccounts', 'admin', 'com.apple.access_ssh']

interface DemoModel {
  name: string
  fileBytes: number
  family: string
  parameters: string
  quantisation: string
  modifiedAt: string
}

const models: readonly DemoModel[] = [
  model('deepseek-v3:q3_k_m', 181_206_530_112, 'deepseek2', '671B', 'Q3_K_M', '2026-10-02'),
  model('qwen3:30b-a3b', 18_556_699_314, 'qwen3moe', '30.5B', 'Q4_K_M', '2026-11-17'),
  model('gpt-oss:120b', 65_369_818_941, 'gptoss', '116.8B', 'MXFP4', '2026-11-03'),
  model('llama3.3:70b-q8', 74_975_065_485, 'llama', '70.6B', 'Q8_0', '2026-09-12'),
  model('qwen3-coder:480b', 290_100_437_952, 'qwen3moe', '480.2B', 'Q4_K_M', '2026-10-21'),
  model('gemma3:27b', 17_396_936_941, 'gemma3', '27.4B', 'Q4_K_M', '2026-08-30'),
  model('mistral-small3.2:24b', 15_177_384_862, 'mistral3', '24.0B', 'Q4_K_M', '2026-08-30'),
  model('qwen2.5-coder:7b', 4_683_087_519, 'qwen2', '7.6B', 'Q4_K_M', '2026-07-04'),
  model('nomic-embed-text:latest', 274_302_450, 'nomic-bert', '137M', 'F16', '2026-06-15'),
]

/** What the runtime holds: weights, KV cache and compute buffers. */
const loaded = [
  {
    name: 'deepseek-v3:q3_k_m',
    bytes: 187_402_158_080,
    context: 32_768,
    // Never: Ollama adds its longest duration to now.
    expiresAt: '2319-03-02T17:47:16.854775+01:00',
  },
  {
    name: 'qwen3:30b-a3b',
    bytes: 26_115_768_320,
    context: 65_536,
    expiresAt: '2026-11-20T10:04:12.351802+01:00',
  },
] as const

const modelBytes = loaded.reduce((sum, { bytes }) => sum + bytes, 0)
const wiredBytes = modelBytes + 9_100_000_000
const appsBytes = 28_900_000_000
const compressedBytes = 7_000_000_000
const purgeableBytes = 620_000_000
const fileBackedBytes = 214_000_000_000
/** Taken by the firmware before macOS starts: in no line of vm_stat. */
const reservedBytes = 2_300_000_000

interface RecordedCommand {
  argv: string[]
  stdout: string
  stderr: string
  exitCode: number
  durationMs: number
}

const commands: RecordedCommand[] = []

function answer(argv: string[], stdout: string, options: Partial<RecordedCommand> = {}) {
  commands.push({ argv, stdout, stderr: '', exitCode: 0, durationMs: 8, ...options })
}

function model(
  name: string,
  fileBytes: number,
  family: string,
  parameters: string,
  quantisation: string,
  day: string,
): DemoModel {
  return {
    name,
    fileBytes,
    family,
    parameters,
    quantisation,
    modifiedAt: `${day}T18:26:26.994125+01:00`,
  }
}

/** -1 to 1, gentle, and the same again after `sampleCount` steps. */
function wave(step: number, turns = 1, shift = 0): number {
  return Math.sin(((step * turns) / sampleCount + shift) * 2 * Math.PI)
}

function vmStat(step: number): string {
  const anonymousBytes = appsBytes + purgeableBytes + wave(step, 2) * 260_000_000
  const wired = wiredBytes + wave(step, 5, 0.2) * 40_000_000
  const compressed = compressedBytes + wave(step, 1, 0.6) * 30_000_000
  const speculative = 1_150_000_000
  const held = anonymousBytes + wired + compressed + fileBackedBytes + reservedBytes
  const lines: [string, number][] = [
    ['Pages free', totalBytes - held - speculative],
    ['Pages active', (anonymousBytes + fileBackedBytes) * 0.52],
    ['Pages inactive', (anonymousBytes + fileBackedBytes) * 0.47],
    ['Pages speculative', speculative],
    ['Pages throttled', 0],
    ['Pages wired down', wired],
    ['Pages purgeable', purgeableBytes],
    ['"Translation faults"', (6_597_766_653 + step * 21_400) * pageBytes],
    ['Pages copy-on-write', (180_737_980 + step * 310) * pageBytes],
    ['Pages zero filled', (4_384_339_679 + step * 9_020) * pageBytes],
    ['Pages reactivated', 23_078_527 * pageBytes],
    ['Pages purged', 2_252_458 * pageBytes],
    ['File-backed pages', fileBackedBytes],
    ['Anonymous pages', anonymousBytes],
    ['Pages stored in compressor', compressed * 1.9],
    ['Pages occupied by compressor', compressed],
    ['Decompressions', 7_174_110 * pageBytes],
    ['Compressions', 16_509_911 * pageBytes],
    ['Pageins', 53_548_367 * pageBytes],
    ['Pageouts', 401_649 * pageBytes],
    ['Swapins', 0],
    ['Swapouts', 0],
  ]
  const rows = lines.map(([label, bytes]) => {
    const start = `${label}:`
    return `${start}${`${Math.round(bytes / pageBytes)}.`.padStart(53 - start.length)}\n`
  })
  return `Mach Virtual Memory Statistics: (page size of ${pageBytes} bytes)\n${rows.join('')}`
}

/** Answers of several people, one over the other: busy, never flat, and back where it began after the last step. */
function gpuPercent(step: number): number {
  return Math.round(56 + wave(step) * 18 + wave(step, 3, 0.2) * 6 + wave(step, 8) * 3)
}

function ioreg(step: number): string {
  const percent = gpuPercent(step)
  const inUse = Math.round((modelBytes + 640_000_000 + percent * 1_300_000) / pageBytes) * pageBytes
  const statistics = [
    '"In use system memory (driver)"=0',
    `"Alloc system memory"=${inUse + 3_194_683_392}`,
    `"Tiler Utilization %"=${percent > 50 ? 1 : 0}`,
    '"recoveryCount"=0',
    '"lastRecoveryTime"=0',
    `"Renderer Utilization %"=${percent > 50 ? 2 : 1}`,
    '"TiledSceneBytes"=1179648',
    `"Device Utilization %"=${percent}`,
    '"SplitSceneCount"=0',
    '"Allocated PB Size"=75497472',
    `"In use system memory"=${inUse}`,
  ]
  return `+-o AGXAcceleratorG15X  <class AGXAcceleratorG15X, id 0x1000005d4, registered, matched, active, busy 0 (18211 ms), retain 118>
    {
      "IOClass" = "AGXAcceleratorG15X"
      "model" = "Apple M3 Ultra"
      "gpu-core-count" = 80
      "PerformanceStatistics" = {${statistics.join(',')}}
      "IOMatchedAtBoot" = Yes
    }

`
}

function iostat(step: number): string {
  const user = Math.round(7 + wave(step, 3) * 3 + (gpuPercent(step) > 50 ? 4 : 0))
  const system = Math.round(3 + wave(step, 5, 0.3))
  const row = (us: number, sy: number) =>
    `${[us, sy, 100 - us - sy].map((part) => String(part).padStart(3)).join('')}  4.17 3.93 3.63\n`
  return `      cpu    load average\n us sy id   1m   5m   15m\n${row(6, 3)}${row(user, system)}`
}

/** Footprint as top prints it, account, and path. What macOS itself holds is wired and in no process. */
const programs: readonly [pid: number, mem: string, account: string, path: string][] = [
  [4127, '175G', 'ana', '/Applications/Ollama.app/Contents/Resources/llama-server'],
  [9862, '24G', 'ana', '/Applications/Ollama.app/Contents/Resources/llama-server'],
  [
    7714,
    '9728M',
    'ben',
    '/opt/homebrew/Cellar/python@3.13/3.13.7/Frameworks/Python.framework/Versions/3.13/Resources/Python.app/Contents/MacOS/Python',
  ],
  [
    2210,
    '4310M',
    'ana',
    '/System/Library/Frameworks/Virtualization.framework/Versions/A/XPCServices/com.apple.Virtualization.VirtualMachine.xpc/Contents/MacOS/com.apple.Virtualization.VirtualMachine',
  ],
  [5583, '2265M', 'ben', '/Users/ben/.cursor-server/bin/node'],
  [
    412,
    '1423M',
    '_windowserver',
    '/System/Library/PrivateFrameworks/SkyLight.framework/Resources/WindowServer',
  ],
  [
    698,
    '1188M',
    '_spotlight',
    '/System/Library/Frameworks/CoreServices.framework/Frameworks/Metadata.framework/Support/mds_stores',
  ],
  [
    6120,
    '964M',
    'ana',
    '/Applications/Cursor.app/Contents/Frameworks/Cursor Helper (Renderer).app/Contents/MacOS/Cursor Helper (Renderer)',
  ],
  [1904, '812M', 'ana', '/Applications/Safari.app/Contents/MacOS/Safari'],
  [3306, '640M', '_postgres', '/opt/homebrew/opt/postgresql@17/bin/postgres'],
  [1120, '422M', 'ana', '/System/Library/CoreServices/Finder.app/Contents/MacOS/Finder'],
  [
    331,
    '286M',
    'root',
    '/System/Library/PrivateFrameworks/TimeMachine.framework/Versions/A/Resources/backupd',
  ],
  [4098, '214M', 'ana', '/Applications/Ollama.app/Contents/Resources/ollama'],
  [
    877,
    '143M',
    'root',
    '/Applications/Tailscale.app/Contents/PlugIns/IPNExtension.appex/Contents/MacOS/IPNExtension',
  ],
  [1433, '96M', 'ana', '/Applications/Ollama.app/Contents/MacOS/Ollama'],
]

function top(step: number): string {
  const rows = programs.map(([pid, mem, account, path], index) => {
    const name = (path.split('/').at(-1) ?? '').slice(0, 16)
    const change = (index + step) % 4 === 0 ? '+' : ''
    return `${String(pid).padEnd(7)}${name.padEnd(17)}${`${mem}${change}`.padEnd(7)}${account}\n`
  })
  const clock = `10:00:${String(step * 5).padStart(2, '0')}`
  return `Processes: 612 total, 3 running, 609 sleeping, 3874 threads 
2026/11/20 ${clock}
Load Avg: 4.17, 3.93, 3.63 
CPU usage: 9.12% user, 3.40% sys, 87.48% idle 
SharedLibs: 1190M resident, 212M data, 141M linkedit.
MemRegions: 241870 total, 27G resident, 612M private, 5330M shared.
PhysMem: 441G used (207G wired, 6676M compressor), 70G unused.
VM: 301T vsize, 5702M framework vsize, 0(0) swapins, 0(0) swapouts.
Networks: packets: 91120541/118G in, 63812044/402G out.
Disks: 30112904/2210G read, 9120118/612G written.

PID    COMMAND          MEM    USER
${rows.join('')}`
}

function plist(body: string): string {
  return `<?xml version="1.0" encoding="UTF-8"?>
<!DOCTYPE plist PUBLIC "-//Apple//DTD PLIST 1.0//EN" "http://www.apple.com/DTDs/PropertyList-1.0.dtd">
<plist version="1.0">
<dict>
${body}</dict>
</plist>
`
}

function nodeKey(name: string): string {
  return `nodekey:${createHash('sha256').update(name).digest('hex')}`
}

function tailscaleNode(name: string, os: string, last: number, fields: Record<string, unknown>) {
  return {
    ID: `nDEMO${last}CNTRL`,
    HostName: name,
    DNSName: `${name}.tail3f2a1.ts.net.`,
    OS: os,
    TailscaleIPs: [`100.64.7.${last}`, `fd7a:115c:a1e0::7:${last}`],
    CurAddr: '',
    Relay: 'fra',
    PeerRelay: '',
    LastSeen: '0001-01-01T00:00:00Z',
    Online: true,
    Active: false,
    ...fields,
  }
}

/** Of these, Homebrew's daemon has the last two. */
const tailscaleTraces = [
  'ls',
  '-d',
  '/Applications/Tailscale.app',
  '/Applications/Tailscale.app/Contents/_MASReceipt',
  '/Library/LaunchDaemons/com.tailscale.tailscaled.plist',
  '/Library/LaunchDaemons/homebrew.mxcl.tailscale.plist',
  '/var/run/tailscaled.socket',
]

function tailscale(): string {
  const peers = [
    tailscaleNode('macbook-ana', 'macOS', 12, {
      CurAddr: '192.168.1.23:41641',
      Active: true,
      KeyExpiry: '2027-03-28T04:07:50Z',
    }),
    tailscaleNode('macbook-ben', 'macOS', 13, {
      Active: true,
      KeyExpiry: '2027-02-11T16:30:12Z',
    }),
    tailscaleNode('phone-ana', 'iOS', 14, {
      HostName: 'localhost',
      KeyExpiry: '2027-01-19T08:12:44Z',
    }),
    tailscaleNode('archive', 'linux', 15, {
      Online: false,
      LastSeen: '2026-11-18T22:41:09Z',
    }),
  ]
  const status = {
    Version: '1.102.4-t3caf7d9e7',
    TUN: true,
    BackendState: 'Running',
    HaveNodeKey: true,
    AuthURL: '',
    TailscaleIPs: ['100.64.7.11', 'fd7a:115c:a1e0::7:11'],
    Self: tailscaleNode('mac-studio', 'macOS', 11, { KeyExpiry: '2027-04-02T10:00:00Z' }),
    Health: [],
    MagicDNSSuffix: 'tail3f2a1.ts.net',
    CurrentTailnet: { Name: 'demo', MagicDNSSuffix: 'tail3f2a1.ts.net', MagicDNSEnabled: true },
    CertDomains: null,
    Peer: Object.fromEntries(peers.map((peer) => [nodeKey(peer.HostName + peer.DNSName), peer])),
    User: null,
    ClientVersion: null,
  }
  return `${JSON.stringify(status, null, 2)}\n`
}

function df(): string {
  const row = (device: string, total: number, used: number, free: number, path: string) => {
    const share = total === 0 ? 100 : Math.ceil((used / (used + free)) * 100)
    const sizes = [total, used, free].map((size) => String(size).padStart(12)).join('')
    return `${device.padEnd(16)}${sizes}${`${share}%`.padStart(9)}    ${path}\n`
  }
  const total = 3_898_236_928
  const free = 1_624_310_784
  return [
    'Filesystem       1024-blocks        Used   Available Capacity  Mounted on\n',
    row('/dev/disk3s1s1', total, 12_241_904, free, '/'),
    row('devfs', 213, 213, 0, '/dev'),
    row('/dev/disk3s6', total, 24, free, '/System/Volumes/VM'),
    row('/dev/disk3s2', total, 8_020_480, free, '/System/Volumes/Preboot'),
    row('/dev/disk3s4', total, 707_584, free, '/System/Volumes/Update'),
    row('/dev/disk1s2', 512_000, 6_144, 494_592, '/System/Volumes/xarts'),
    row('/dev/disk1s1', 512_000, 5_900, 494_592, '/System/Volumes/iSCPreboot'),
    row('/dev/disk1s3', 512_000, 716, 494_592, '/System/Volumes/Hardware'),
    row('/dev/disk3s5', total, 2_252_956_152, free, '/System/Volumes/Data'),
    row('map auto_home', 0, 0, 0, '/System/Volumes/Data/home'),
    row('/dev/disk7s2', 7_812_499_992, 7_530_112_044, 281_880_212, '/Volumes/Backup'),
  ].join('')
}

function http() {
  const details = ({ family, parameters, quantisation }: DemoModel) => ({
    parent_model: '',
    format: 'gguf',
    family,
    families: [family],
    parameter_size: parameters,
    quantization_level: quantisation,
  })
  const digest = (name: string) => createHash('sha256').update(`demo ${name}`).digest('hex')
  const tags = models.map((one) => ({
    name: one.name,
    model: one.name,
    modified_at: one.modifiedAt,
    size: one.fileBytes,
    digest: digest(one.name),
    details: details(one),
  }))
  const running = loaded.flatMap(({ name, bytes, context, expiresAt }) => {
    const known = models.find((one) => one.name === name)
    if (known === undefined) return []
    return {
      name,
      model: name,
      size: bytes,
      digest: digest(name),
      details: details(known),
      expires_at: expiresAt,
      size_vram: bytes,
      context_length: context,
    }
  })
  const get = (path: string, body: unknown) => ({
    port: 11434,
    method: 'GET',
    path,
    requestBody: '',
    status: 200,
    body: JSON.stringify(body),
  })
  return [
    get('/api/version', { version: '0.33.1' }),
    get('/api/tags', { models: tags }),
    get('/api/ps', { models: running }),
  ]
}

function answerAll() {
  answer(['uname', '-s'], 'Darwin\n')
  answer(['hostname'], 'mac-studio\n')
  answer(['id', '-un'], 'ana\n')
  answer(['id', '-u'], '501\n')
  answer(['id', '-Gn'], `${groups.join(' ')}\n`)

  for (let step = 0; step < sampleCount; step++) answer(['vm_stat'], vmStat(step))
  answer(['sysctl', '-n', 'hw.memsize'], `${totalBytes}\n`)
  answer(['sysctl', '-n', 'kern.memorystatus_vm_pressure_level'], '1\n')
  answer(
    ['sysctl', '-n', 'vm.swapusage'],
    'total = 0.00M  used = 0.00M  free = 0.00M  (encrypted)\n',
  )
  for (let step = 0; step < sampleCount; step++) {
    answer(['ioreg', '-r', '-d', '1', '-w', '0', '-c', 'IOAccelerator'], ioreg(step), {
      durationMs: 14,
    })
  }
  answer(['sysctl', '-n', 'iogpu.wired_limit_mb'], '0\n')
  answer(
    [
      'osascript',
      '-l',
      'JavaScript',
      '-e',
      'ObjC.import("Metal"); String($.MTLCreateSystemDefaultDevice().recommendedMaxWorkingSetSize)',
    ],
    '498216206336\n',
    { durationMs: 96 },
  )
  answer(
    [
      'sh',
      '-c',
      'cat "$HOME"/.ollama/logs/server*.log /opt/homebrew/var/log/ollama.log 2>/dev/null | grep recommendedMaxWorkingSetSize | tail -n 1',
    ],
    'ggml_metal_device_init: recommendedMaxWorkingSetSize  = 498216.21 MB\n',
  )
  for (let step = 0; step < sampleCount; step++) {
    answer(['iostat', '-n', '0', '-c', '2', '-w', '1'], iostat(step), { durationMs: 1012 })
  }
  for (let step = 0; step < 4; step++) {
    const stats = ['-stats', 'pid,command,mem,user']
    answer(['top', '-l', '1', '-o', 'mem', '-n', '15', ...stats], top(step), { durationMs: 540 })
  }
  answer(
    ['ps', '-A', '-o', 'pid=,comm='],
    programs
      .toSorted(([one], [other]) => one - other)
      .map(([pid, , , path]) => `${String(pid).padStart(5)} ${path}\n`)
      .join(''),
  )
  answer(['df', '-kP'], df())

  const overview = {
    _name: 'hardware_overview',
    activation_lock_status: 'activation_lock_enabled',
    boot_rom_version: '18000.121.3',
    chip_type: 'Apple M3 Ultra',
    machine_model: 'Mac15,14',
    machine_name: 'Mac Studio',
    model_number: 'Z1CE0000DEMO/A',
    number_processors: 'proc 32:24:8:0',
    os_loader_version: '18000.121.3',
    physical_memory: '512 GB',
    platform_UUID: '00000000-1111-2222-3333-444444444444',
    provisioning_UDID: '00000000-0000000000000000',
    serial_number: 'XXXXXXXXXX',
  }
  answer(
    ['system_profiler', 'SPHardwareDataType', '-json'],
    `${JSON.stringify({ SPHardwareDataType: [overview] }, null, 2).replaceAll('": ', '" : ')}\n`,
    { durationMs: 140 },
  )
  answer(['sw_vers'], 'ProductName:\t\tmacOS\nProductVersion:\t\t26.5.2\nBuildVersion:\t\t25F84\n')
  answer(['tailscale', 'status', '--json'], tailscale(), { durationMs: 22 })
  answer(tailscaleTraces, tailscaleTraces.slice(5).join('\n').concat('\n'), {
    stderr: tailscaleTraces
      .slice(2, 5)
      .map((path) => `ls: ${path}: No such file or directory\n`)
      .join(''),
    ...{ exitCode: 1, durationMs: 3 },
  })

  answer(['fdesetup', 'status'], 'FileVault is On.\n')
  answer(
    ['tmutil', 'destinationinfo', '-X'],
    plist(`	<key>Destinations</key>
	<array>
		<dict>
			<key>ID</key>
			<string>0852943E-8EC2-4386-8C31-ECE56488E8B4</string>
			<key>Kind</key>
			<string>Local</string>
			<key>LastDestination</key>
			<integer>1</integer>
			<key>MountPoint</key>
			<string>/Volumes/Backup</string>
			<key>Name</key>
			<string>Backup</string>
		</dict>
	</array>
`),
  )
  answer(
    ['tmutil', 'status', '-X'],
    plist(`	<key>ClientID</key>
	<string>com.apple.backupd</string>
	<key>Percent</key>
	<real>-1</real>
	<key>Running</key>
	<false/>
`),
  )
  // Two hours before the recording: the stamp is local time, an hour ahead of UTC.
  answer(
    ['tmutil', 'latestbackup'],
    '/Volumes/.timemachine/0852943E-8EC2-4386-8C31-ECE56488E8B4/2026-11-20-080000.backup/2026-11-20-080000.backup\n',
  )
  answer(['date', '+%z'], '+0100\n')
  answer(
    ['softwareupdate', '--list'],
    `Software Update Tool

Finding available software
Software Update found the following new or updated software:
* Label: macOS Tahoe 26.6.2-25G83
	Title: macOS Tahoe 26.6.2, Version: 26.6.2, Size: 3690218KiB, Recommended: YES, Action: restart, 
`,
    { durationMs: 6200 },
  )
  const socketFilter = '/usr/libexec/ApplicationFirewall/socketfilterfw'
  answer([socketFilter, '--getglobalstate'], 'Firewall is enabled. (State = 1) \n')
  answer([socketFilter, '--getstealthmode'], 'Firewall stealth mode is on\n')
  answer(['csrutil', 'status'], 'System Integrity Protection status: enabled.\n')
  answer(['spctl', '--status'], 'assessments enabled\n')
  answer(
    ['launchctl', 'print', 'system/com.openssh.sshd'],
    `system/com.openssh.sshd = {
	active count = 0
	path = (submitted by smd[541])
	type = Submitted
	state = not running

	program = /usr/libexec/sshd-keygen-wrapper
	arguments = {
		sshd-keygen-wrapper
	}
}
`,
  )
  answer(
    ['pmset', '-g'],
    `System-wide power settings:
 SleepDisabled		0
Currently in use:
 standby              0
 Sleep On Power Button 1
 autorestart          1
 powernap             1
 networkoversleep     0
 disksleep            10
 sleep                0 (sleep prevented by powerd, sharingd)
 ttyskeepawake        1
 displaysleep         10
 tcpkeepalive         1
 womp                 1
`,
  )
  answer(['pmset', '-g', 'batt'], "Now drawing from 'AC Power'\n")
  answer(
    ['pmset', '-g', 'therm'],
    'Note: No thermal warning level has been recorded\nNote: No performance warning level has been recorded\n',
  )
}

/** The recording as the text of its file. */
export function makeDemoRecording(): string {
  commands.length = 0
  answerAll()
  const recording = {
    format: 'studiolo-recording/1',
    host: {
      name: 'mac-studio',
      platform: 'darwin',
      account: 'ana',
      recordedAt,
      groups,
      userId: 501,
    },
    commands,
    files: [],
    http: http(),
  }
  return `${JSON.stringify(recording, null, 1)}\n`
}

if (import.meta.main) {
  const path = join(import.meta.dirname, '../../resources/demo/mac-studio.json')
  mkdirSync(join(path, '..'), { recursive: true })
  writeFileSync(path, makeDemoRecording())
}
