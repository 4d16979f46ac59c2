/**
 * The order in which rows are shown. While the pointer is over them (`isHeld`), rows that are on screen stay where they
 * are and new ones come last, so that a click never lands on a row that slid under the pointer.
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
