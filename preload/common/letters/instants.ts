import type { Anchor, Stagger } from './types.ts'

/** RFC 3339 instant → Unix microseconds (an exact integer); NaN when malformed. */
export function instantUs(text: string): number {
  const match = /^(\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2})(?:\.(\d{1,9}))?(Z|[+-]\d{2}:\d{2})$/i.exec(text)
  if (match === null) return Number.NaN
  return Date.parse(`${match[1]}${match[3]}`) * 1000 + Number((match[2] ?? '').padEnd(6, '0').slice(0, 6))
}

/** Unix microseconds → RFC 3339 with microseconds. */
export function instantText(us: number): string {
  const whole = Math.floor(us / 1_000_000)
  const rest = Math.round(us - whole * 1_000_000)
  return `${new Date(whole * 1000).toISOString().slice(0, 19)}.${String(rest).padStart(6, '0')}Z`
}

const samplesUs = (samples: number): number => Math.round((samples * 1_000_000) / 48_000)

/** When sample n of a live stream sounds (BS1 11), Unix microseconds. */
export function livePlayAtUs(anchor: Anchor, sample: number, bufferMs: number, delayMs: number): number {
  return instantUs(anchor.at) + samplesUs(sample - anchor.sample) + (bufferMs + delayMs) * 1000
}

/** When sample n of a stored item sounds. */
export function storedPlayAtUs(startAt: string, sample: number, delayMs: number): number {
  return instantUs(startAt) + samplesUs(sample) + delayMs * 1000
}

/** When sample n of the `play`-th speech (0 = first) of a staggered alert sounds. */
export function staggerPlayAtUs(at: { startAt: string; sirenMs: number; stagger: Stagger; index: number; play: number; sample: number; delayMs: number }): number {
  const slots = at.play * at.stagger.slots + at.index
  return instantUs(at.startAt) + at.sirenMs * 1000 + slots * at.stagger.slotSec * 1_000_000 + samplesUs(at.sample) + at.delayMs * 1000
}
