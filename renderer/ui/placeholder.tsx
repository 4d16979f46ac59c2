import { classNames } from './class-names.ts'

/** In place of words that are not known yet, as high as a line of them, so that nothing moves when they come. */
export function Placeholder({ className }: { className: string }) {
  return (
    <span
      aria-hidden="true"
      className={classNames('inline-block h-2 rounded-full bg-track', className)}
    />
  )
}
