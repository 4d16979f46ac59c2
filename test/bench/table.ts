import { type Figure, isMet } from './measure.ts'

export interface Machine {
  at: string
  processors: string
  memoryBytes: number
  node: string
}

/** A table a group, with each figure's goal and whether it was met. */
export function markdownOf(figures: readonly Figure[], machine: Machine): string {
  const groups = [...new Set(figures.map(({ group }) => group))]
  const tables = groups.map((group) =>
    [
      `## ${group}`,
      '',
      '| what | measured | goal | met |',
      '| --- | ---: | ---: | --- |',
      ...figures.filter((figure) => figure.group === group).map(rowOf),
    ].join('\n'),
  )
  return `${[
    '# Measured',
    [
      `By \`npm run bench\` on ${machine.at.slice(0, 10)}: Linux, ${machine.processors},`,
      `${Math.round(machine.memoryBytes / 1e9)} GB, Node ${machine.node}. Figures of other machines differ; the ratios`,
      'of a part were taken in one run on the same machine.',
    ].join('\n'),
    ...tables,
  ].join('\n\n')}\n`
}

function rowOf(figure: Figure): string {
  const met = isMet(figure)
  return `| ${figure.what} | ${say(figure.value, figure.unit)} | ${figure.most === null ? '' : `≤ ${say(figure.most, figure.unit)}`} | ${met === null ? '' : met ? 'yes' : '**no**'} |`
}

/** `204 ms`, `0.83 times`, `1.17 MB`: three digits that mean something. */
function say(value: number, unit: Figure['unit']): string {
  const text = value >= 100 ? value.toFixed(0) : Number(value.toPrecision(3)).toString()
  return `${text} ${unit}`
}
