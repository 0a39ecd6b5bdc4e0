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

let measured: { at: number; offset: number } | null = null

/** System time minus counter. Date.now() is cut to whole milliseconds, so it is read at the moment it changes; once a second for all radios of the process. */
function systemOffset(): number {
  const now = performance.now()
  if (measured !== null && now - measured.at < 900) return measured.offset
  const before = Date.now()
  let wall = before
  let counter = now
  while (wall === before && counter - now < 3) {
    wall = Date.now()
    counter = performance.now()
  }
  measured = { at: counter, offset: wall - counter }
  return measured.offset
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
      const difference = systemOffset() + skew - offset
      if (Math.abs(difference) <= 80) {
        // The system clock is slewed against the counter: follow it, at most half a millisecond per second.
        offset += Math.max(-0.5, Math.min(0.5, difference / 2))
        suspicious = 0
        return null
      }
      suspicious++
      if (suspicious < 3) return null
      suspicious = 0
      const fromMs = Math.round(performance.now() + offset)
      measured = null
      offset = systemOffset() + skew
      return { fromMs, toMs: Math.round(performance.now() + offset) }
    },
  }
}
