/**
 * One press of the menu-bar icon takes the focus from the open popover, which closes it, and then counts as a click,
 * which would open it again. This remembers what was there when the press began.
 */
export interface PressMemory {
  /** The popover closed because it lost the focus. */
  blurred(): void
  /** The button went down; only macOS tells. The two events come in either order. */
  down(isOpen: boolean): void
  /** What the click means. */
  click(isOpen: boolean): 'open' | 'close'
}

/** A loss of focus this shortly before a press belongs to it. */
const sameGestureMs = 250

export function createPressMemory(monotonic: () => number): PressMemory {
  let blurredAt = Number.NEGATIVE_INFINITY
  let wasOpenAtPress: boolean | null = null
  const hasJustBlurred = () => monotonic() - blurredAt < sameGestureMs
  return {
    blurred() {
      blurredAt = monotonic()
    },
    down(isOpen) {
      wasOpenAtPress = isOpen || hasJustBlurred()
    },
    click(isOpen) {
      const wasOpen = isOpen || (wasOpenAtPress ?? hasJustBlurred())
      wasOpenAtPress = null
      blurredAt = Number.NEGATIVE_INFINITY
      return wasOpen ? 'close' : 'open'
    },
  }
}
