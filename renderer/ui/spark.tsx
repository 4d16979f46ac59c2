/** A value of a history: when (milliseconds since 1970) and how much of the whole (0 to 1); null = not known. */
export interface SparkPoint {
  at: number
  ratio: number | null
}

/** The drawing's own units; the picture is stretched to the card. */
const width = 100
const height = 24
const ceiling = 2

/**
 * SVG paths of a history of `spanMs` that ends at `endAt`: one line per stretch without a gap, and the area under it.
 * A gap is a null, or more than `gapMs` without a point; it is left open, never bridged.
 */
export function sparkPaths(
  points: readonly SparkPoint[],
  { endAt, spanMs, gapMs }: { endAt: number; spanMs: number; gapMs: number },
): { line: string; area: string } {
  const stretches: { x: number; y: number; at: number }[][] = []
  let isOpen = false
  for (const { at, ratio } of points) {
    if (ratio === null || at > endAt) {
      isOpen = false
      continue
    }
    const last = stretches.at(-1)
    const before = last?.at(-1)
    const x = Math.max(0, width - ((endAt - at) / spanMs) * width)
    const y = height - Math.min(1, Math.max(0, ratio)) * (height - ceiling) - 0.7
    if (isOpen && last !== undefined && before !== undefined && at - before.at <= gapMs) {
      // Points older than the picture's left edge collapse onto it.
      if (x === 0 && before.x === 0) last.pop()
      last.push({ x, y, at })
    } else stretches.push([{ x, y, at }])
    isOpen = true
  }
  const round = (value: number) => Math.round(value * 100) / 100
  const lines = stretches.map((stretch) =>
    stretch.map(({ x, y }, index) => `${index === 0 ? 'M' : 'L'}${round(x)} ${round(y)}`).join(''),
  )
  const areas = stretches.map((stretch, index) => {
    const first = stretch[0]
    const last = stretch.at(-1)
    if (first === undefined || last === undefined || stretch.length < 2) return ''
    return `${lines[index]}L${round(last.x)} ${height}L${round(first.x)} ${height}Z`
  })
  return { line: lines.filter((line) => line.includes('L')).join(''), area: areas.join('') }
}

interface SparkProps {
  /** Said by a screen reader in place of the drawing. */
  label: string
  points: readonly SparkPoint[]
  /** @default the last point's time */
  endAt?: number
  spanMs?: number
}

/** The last two minutes as a small area. */
export function Spark({ label, points, endAt, spanMs = 120_000 }: SparkProps) {
  const { line, area } = sparkPaths(points, {
    endAt: endAt ?? points.at(-1)?.at ?? 0,
    spanMs,
    gapMs: 5_000,
  })
  return (
    <svg
      role="img"
      aria-label={label}
      viewBox={`0 0 ${width} ${height}`}
      preserveAspectRatio="none"
      className="block h-6 w-full overflow-visible"
    >
      <path d={area} className="fill-accent-wash" />
      <path
        d={line}
        fill="none"
        className="stroke-accent"
        strokeWidth="1.4"
        strokeLinejoin="round"
        strokeLinecap="round"
        vectorEffect="non-scaling-stroke"
      />
      <path
        d={`M0 ${height}H${width}`}
        className="stroke-line"
        strokeWidth="1"
        vectorEffect="non-scaling-stroke"
      />
    </svg>
  )
}
