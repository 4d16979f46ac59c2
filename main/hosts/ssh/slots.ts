import { cancelled } from './errors.ts'

/** A line in front of a limited number of places. First come, first served; who gives up leaves the line. */
export class Slots {
  #limit: number
  #used = 0
  readonly #waiting: (() => void)[] = []

  constructor(limit: number) {
    this.#limit = limit
  }

  get used(): number {
    return this.#used
  }

  /** Resolves with a function that frees the place again (once). Rejects with `cancelled` after an abort. */
  take(signal: AbortSignal): Promise<() => void> {
    return new Promise((resolve, reject) => {
      if (signal.aborted) return reject(cancelled())
      const enter = () => {
        signal.removeEventListener('abort', leave)
        this.#used++
        let isFreed = false
        resolve(() => {
          if (isFreed) return
          isFreed = true
          this.#used--
          this.#admit()
        })
      }
      const leave = () => {
        this.#waiting.splice(this.#waiting.indexOf(enter), 1)
        reject(cancelled())
      }
      signal.addEventListener('abort', leave, { once: true })
      this.#waiting.push(enter)
      this.#admit()
    })
  }

  /** The far side takes fewer than we thought: as many as are in use now. False where that is none. */
  shrink(): boolean {
    this.#limit = Math.max(1, Math.min(this.#limit - 1, this.#used))
    return this.#used > 0
  }

  #admit(): void {
    while (this.#used < this.#limit) {
      const enter = this.#waiting.shift()
      if (enter === undefined) return
      enter()
    }
  }
}
