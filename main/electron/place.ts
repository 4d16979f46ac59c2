export interface Rectangle {
  x: number
  y: number
  width: number
  height: number
}
export interface Point {
  x: number
  y: number
}
/** A display; `workArea` is what the menu bar and the Dock leave of it. */
export interface Screen {
  bounds: Rectangle
  workArea: Rectangle
}

/** Where the popover hangs: at the icon where the system tells its place, else at the pointer. */
export interface Anchor {
  icon: Rectangle | null
  pointer: Point
}

const gap = 6

/**
 * The popover's place: centred under the icon (above it where the bar is at the bottom), on the display of the click,
 * wholly inside the work area, in whole pixels, no taller than the work area.
 */
export function placePopover(
  anchor: Anchor,
  size: { width: number; height: number },
  screens: readonly Screen[],
): Rectangle {
  const { pointer } = anchor
  const screen = screens.find(({ bounds }) => contains(bounds, pointer)) ?? screens[0]
  if (screen === undefined) return { x: 0, y: 0, ...size }
  const { workArea } = screen
  const width = Math.min(size.width, workArea.width)
  const height = Math.min(size.height, workArea.height - 2 * gap)
  // with several displays each has a menu bar, but the icon tells its place in one of them only
  const icon =
    anchor.icon !== null && contains(screen.bounds, centre(anchor.icon)) ? anchor.icon : null
  const isBarBelow = centre(icon ?? { ...pointer, width: 0, height: 0 }).y > centre(workArea).y
  const x = icon === null ? pointer.x - width / 2 : icon.x + icon.width / 2 - width / 2
  const y = isBarBelow ? workArea.y + workArea.height - height - gap : workArea.y + gap
  return {
    x: Math.round(clamp(x, workArea.x + gap, workArea.x + workArea.width - width - gap)),
    y: Math.round(y),
    width,
    height,
  }
}

/** A remembered place, if it still lies on a display so far that its title bar can be reached. */
export function usablePlace(place: Rectangle | null, screens: readonly Screen[]) {
  if (place === null) return null
  const titleBar = { x: place.x + place.width / 2, y: place.y + 12 }
  return screens.some(({ workArea }) => contains(workArea, titleBar)) ? place : null
}

function contains(area: Rectangle, { x, y }: Point): boolean {
  return x >= area.x && x < area.x + area.width && y >= area.y && y < area.y + area.height
}

function centre({ x, y, width, height }: Rectangle): Point {
  return { x: x + width / 2, y: y + height / 2 }
}

function clamp(value: number, min: number, max: number): number {
  return Math.max(min, Math.min(max, value))
}
