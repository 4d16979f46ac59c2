import { activity } from './activity/index.tsx'
import { connect } from './connect/index.tsx'
import { memory } from './memory/index.tsx'
import { models } from './models/index.tsx'
import type { Panel } from './panel.ts'
import { shields } from './shields/index.tsx'

/** The popover's panels, from top to bottom. */
export const panels: readonly Panel[] = [memory, activity, models, connect, shields]
