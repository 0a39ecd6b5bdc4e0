/** One timer for all outputs of the process, aimed at every 20 ms of the monotonic counter. A late wake-up is made good by whoever listens: they look at the clock, not at the number of calls. */
export interface Ticker {
  add(run: () => void): () => void
}

const PERIOD_MS = 20

function openTicker(): Ticker {
  const listeners = new Set<() => void>()
  let timer: NodeJS.Timeout | null = null
  const wake = (): void => {
    timer = null
    for (const run of listeners) run()
    if (listeners.size > 0) arm()
  }
  const arm = (): void => {
    const counter = performance.now()
    timer = setTimeout(wake, Math.max(1, Math.ceil(PERIOD_MS - (counter % PERIOD_MS))))
  }
  return {
    add(run) {
      listeners.add(run)
      if (timer === null) arm()
      return () => {
        listeners.delete(run)
        if (listeners.size === 0 && timer !== null) {
          clearTimeout(timer)
          timer = null
        }
      }
    },
  }
}

export const ticker = openTicker()
