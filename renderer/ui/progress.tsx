import { Progress as BaseProgress } from '@base-ui/react/progress'

/** How far something measured has come. What cannot be measured has no bar. */
export function Progress({ label, done, total }: { label: string; done: number; total: number }) {
  return (
    <BaseProgress.Root aria-label={label} value={Math.min(done, total)} max={total}>
      <BaseProgress.Track className="block h-[3px] overflow-hidden rounded-full bg-track">
        <BaseProgress.Indicator className="block h-full rounded-full bg-accent transition-[width] duration-200 ease-glide" />
      </BaseProgress.Track>
    </BaseProgress.Root>
  )
}
