/**
 * The order in which rows are shown. While somebody is among them (`isHeld`), rows that are on screen stay where they are
 * and new ones come last, so that neither a click nor Enter lands on a row that slid there.
 *
 * `keepOrder(['a', 'b'], ['b', 'c', 'a'], true)` → `['a', 'b', 'c']`
 */
export function keepOrder(
  shown: readonly string[],
  wanted: readonly string[],
  isHeld: boolean,
): readonly string[] {
  if (!isHeld) return wanted
  const isWanted = new Set(wanted)
  const isShown = new Set(shown)
  return [...shown.filter((id) => isWanted.has(id)), ...wanted.filter((id) => !isShown.has(id))]
}
