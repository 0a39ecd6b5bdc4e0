export type ClockSource = 'ntp' | 'rtc' | 'beacon' | 'none'

/**
 * Time of the device: a monotonic counter plus an offset. Sound runs on the counter, so a step of the system clock never
 * tears what is playing by less than it must; the offset follows the system clock (ntp) or signed time (beacon).
 */
export interface DeviceClock {
  /** UTC ms with fractions. */
  now(): number
  monotonicMs(): number
  wallOf(monotonicMs: number): number
  readonly trusted: boolean
  readonly source: ClockSource
  /** Signed time from the station: `t` was true at `monotonicMs`. */
  set(wallMs: number, monotonicMs: number, source: ClockSource): void
  /** Compares with the system clock; called each second. Steps above 80 ms are reported once. */
  follow(): { fromMs: number; toMs: number } | null
}

/** Date.now() is cut to whole milliseconds: its largest distance to the counter within a few ms is the true one. */
function systemOffset(): number {
  const end = performance.now() + 3
  let best = -Infinity
  for (let counter = performance.now(); counter < end; counter = performance.now()) best = Math.max(best, Date.now() - counter)
  return best
}

export function openClock(options: { source: 'system' | 'none'; offsetMs?: number }): DeviceClock {
  const skew = options.offsetMs ?? 0
  let offset = systemOffset() + skew
  let source: ClockSource = options.source === 'system' ? 'ntp' : 'none'
  let suspicious = 0
  return {
    now: () => performance.now() + offset,
    monotonicMs: () => performance.now(),
    wallOf: (monotonicMs) => monotonicMs + offset,
    get trusted() {
      return source !== 'none'
    },
    get source() {
      return source
    },
    set(wallMs, monotonicMs, from) {
      offset = wallMs - monotonicMs
      source = from
    },
    follow() {
      if (source !== 'ntp') return null
      const difference = Date.now() + 0.5 + skew - (performance.now() + offset)
      if (Math.abs(difference) <= 80) {
        // NTP slews: follow at most 0.1 ms per second, far below what an ear notices.
        if (Math.abs(difference) > 2) offset += Math.sign(difference) * 0.1
        suspicious = 0
        return null
      }
      suspicious++
      if (suspicious < 3) return null
      suspicious = 0
      const fromMs = Math.round(performance.now() + offset)
      offset = systemOffset() + skew
      return { fromMs, toMs: Math.round(performance.now() + offset) }
    },
  }
}
