/** Token bucket. `take` answers whether one more is allowed now. */
export function createBudget(perSecond: number, burst: number, monotonicMs: () => number): { take(): boolean } {
  let left = burst
  let atMs = monotonicMs()
  return {
    take() {
      const now = monotonicMs()
      left = Math.min(burst, left + ((now - atMs) * perSecond) / 1000)
      atMs = now
      if (left < 1) return false
      left -= 1
      return true
    },
  }
}
