import { sequence } from './plan.ts'
import { defaultSequencerSettings } from './settings.ts'
import type { Placement, PlayoutDay, PlayoutLine } from './types.ts'
import { wallSamples } from './wall.ts'

/** A line as far as hard and relative times need it. */
export interface TimedLine {
  readonly id: string
  readonly timing: { readonly kind: 'hard'; readonly at: number } | { readonly kind: 'follow' }
  /** What the line is worth on air: its whole length, 0 when it cannot be played, less when it was ended by hand. */
  readonly lengthSamples: number
}

export type PredictedState = 'planned' | 'noStart' | 'skippedByHardStart' | 'empty'
export interface PredictedLine {
  readonly id: string
  readonly state: PredictedState
  /** Wall samples; null only for `noStart`. For skipped and empty lines start = end = where they would have stood. */
  readonly start: number | null
  readonly end: number | null
  /** Ended by the next hard line before its own end. */
  readonly cut: boolean
  /** First audible line of a chain. */
  readonly chainStart: boolean
}
export interface Gap {
  readonly from: number
  readonly until: number
}
export interface Prediction {
  /** Every line given, in the order given. */
  readonly lines: readonly PredictedLine[]
  /** Audible lines only, by start. */
  readonly planned: readonly PredictedLine[]
  /** Silence between two audible lines. */
  readonly gaps: readonly Gap[]
}

/**
 * Planned times of whole days as the sequencer sees them before anything has happened.
 * @param days lines of consecutive broadcast days, each day in its own order; a day's lines never follow the day before
 */
export function predictDays(days: readonly (readonly TimedLine[])[]): Prediction {
  const bounds = days.map(boundsOf)
  const lines = days.flatMap((day, index) => day.map((line) => playoutLine(line, bounds[index]?.broadcastDate ?? '')))
  const { placements, sounding } = sequence({
    now: Number.NEGATIVE_INFINITY, mode: 'auto', modeSince: null, lines, slots: [], days: bounds, happened: new Map(), orders: [], hold: null, returned: null, fill: [], solved: [], settings: { ...defaultSequencerSettings, squeezeCap: 0, stretchCap: 0 },
  })
  const planned = sounding.map(predictedOf)
  return { lines: placements.map(predictedOf), planned, gaps: gapsOf(planned) }
}

/** A day reaches from its first hard time on: what stands before that has no start. */
function boundsOf(lines: readonly TimedLine[], index: number): PlayoutDay {
  let startsAt = Number.POSITIVE_INFINITY
  for (const { timing } of lines) if (timing.kind === 'hard') startsAt = Math.min(startsAt, wallSamples(timing.at))
  return { logId: '', broadcastDate: String(index), startsAt, endsAt: Number.POSITIVE_INFINITY }
}

function playoutLine({ id, timing, lengthSamples }: TimedLine, broadcastDate: string): PlayoutLine {
  return {
    id, itemId: null, logId: '', rev: 0, broadcastDate, slotId: null, kind: 'audio', timing: timing.kind === 'hard' ? { kind: 'hard', at: wallSamples(timing.at), onReach: { kind: 'cut' } } : timing, transition: 'play', lateMaxMs: null, after: 'join',
    plannedStart: null, protected: true, droppable: false, fillPriority: 0, dropped: false, skip: false, state: 'ok', priority: 3, content: 'programme', newsBlockId: null, stretchable: false, lengthSamples, endless: false, endAt: null, markers: null,
    hitPost: false,
  }
}

function predictedOf({ lineId, sounds, start, length, stopReason, startSource, reason, editCode }: Placement): PredictedLine {
  if (sounds && start !== null) return { id: lineId, state: 'planned', start, end: start + length, cut: stopReason === 'cutByHardStart', chainStart: startSource === 'time' }
  const state: PredictedState = reason === 'noAnchor' ? 'noStart' : editCode === 'skippedByHardStart' ? 'skippedByHardStart' : 'empty'
  return { id: lineId, state, start, end: start, cut: false, chainStart: false }
}

function gapsOf(planned: readonly PredictedLine[]): Gap[] {
  const gaps: Gap[] = []
  for (const [index, line] of planned.entries()) {
    const next = planned[index + 1]
    if (next !== undefined && line.end !== null && next.start !== null && next.start > line.end) gaps.push({ from: line.end, until: next.start })
  }
  return gaps
}
