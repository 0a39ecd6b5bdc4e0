import type { ContentItem, EmergencySet, Volume } from '#common/letters/index.ts'
import type { DeviceClock } from '../clock.ts'
import type { RadioSettings } from '../config.ts'
import type { Acks } from '../reports.ts'
import type { Desk } from './desk.ts'
import type { Timeline } from './timeline.ts'
import type { Sounds } from './voice.ts'

/** What the parts that bring items to the output share. */
export interface Stage {
  readonly desk: Desk
  readonly timeline: Timeline
  readonly clock: DeviceClock
  readonly sounds: Sounds
  readonly acks: Acks
  /** First output sample not yet made. */
  now(): number
  settings(): RadioSettings
  emg(): EmergencySet
  item(sha256: string): ContentItem | undefined
  /** Gain of the pole for an item, asked per block. */
  gain(prio: number, volume: Volume | undefined): () => number
  event(kind: string, d: Record<string, unknown>): void
  /** What follows when an item has reached the output level of L1 for the first time since it began. */
  whenHeard(ref: string, run: (outDbfs: number) => void): void
  readonly ampWarmMs: number
  readonly outDbfs: number
}
