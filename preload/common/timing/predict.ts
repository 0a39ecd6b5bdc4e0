/**
 * From log lines to planned times. A hard line starts a chain at its instant; the lines after it follow sample-exact until the next hard line
 * in order. Chains run in the order of their instants, and each one cuts whatever is still on air (playout rules R, C, G3, C8).
 *
 * Positions are wall samples: UTC Unix milliseconds × 48. A whole millisecond is a whole sample, so hard times lose nothing.
 */
export const WALL_SAMPLES_PER_MS = 48

export function wallSamples(instantMs: number): number {
  return Math.round(instantMs * WALL_SAMPLES_PER_MS)
}
/** Instant of a wall sample; fractional milliseconds. */
export function instantOf(wall: number): number {
  return wall / WALL_SAMPLES_PER_MS
}

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

interface Chain {
  readonly at: number
  readonly lines: TimedLine[]
}

/** @param days lines of consecutive broadcast days, each day in its own order; a day's lines never follow the day before */
export function predict(days: readonly (readonly TimedLine[])[]): Prediction {
  const found = new Map<string, PredictedLine>()
  const chains = chainsOf(days, found)
  const planned: PredictedLine[] = []
  for (const [index, chain] of chains.entries()) {
    const limit = chains[index + 1]?.at ?? Number.POSITIVE_INFINITY
    let cursor = chain.at
    let first = true
    for (const line of chain.lines) {
      if (cursor >= limit) {
        found.set(line.id, silentLine(line.id, 'skippedByHardStart', limit))
        continue
      }
      if (line.lengthSamples <= 0) {
        found.set(line.id, silentLine(line.id, 'empty', cursor))
        continue
      }
      const whole = cursor + line.lengthSamples
      const end = Math.min(whole, limit)
      const predicted: PredictedLine = { id: line.id, state: 'planned', start: cursor, end, cut: end < whole, chainStart: first }
      found.set(line.id, predicted)
      planned.push(predicted)
      cursor = end
      first = false
    }
  }
  return { lines: days.flat().flatMap((line) => found.get(line.id) ?? []), planned, gaps: gapsOf(planned) }
}

function silentLine(id: string, state: 'skippedByHardStart' | 'empty', at: number): PredictedLine {
  return { id, state, start: at, end: at, cut: false, chainStart: false }
}

function chainsOf(days: readonly (readonly TimedLine[])[], found: Map<string, PredictedLine>): Chain[] {
  const chains: Chain[] = []
  for (const day of days) {
    let open: Chain | null = null
    for (const line of day) {
      if (line.timing.kind === 'hard') {
        open = { at: wallSamples(line.timing.at), lines: [line] }
        chains.push(open)
      } else if (open === null) found.set(line.id, { id: line.id, state: 'noStart', start: null, end: null, cut: false, chainStart: false })
      else open.lines.push(line)
    }
  }
  // Array.sort is stable: equal instants keep the order of the log.
  chains.sort((a, b) => a.at - b.at)
  const merged: Chain[] = []
  for (const chain of chains) {
    // A chain with nothing to sound cuts nothing: what is on air is better than silence.
    if (chain.lines.every((line) => line.lengthSamples <= 0)) {
      for (const line of chain.lines) found.set(line.id, silentLine(line.id, 'empty', chain.at))
      continue
    }
    const previous = merged.at(-1)
    if (previous === undefined || previous.at !== chain.at) {
      merged.push(chain)
      continue
    }
    // Two hard lines at one instant: the first by order plays whole, the second comes next, the first one's followers are jumped over.
    const audible = previous.lines.findIndex((line) => line.lengthSamples > 0)
    for (const line of previous.lines.slice(audible + 1)) found.set(line.id, silentLine(line.id, 'skippedByHardStart', chain.at))
    merged[merged.length - 1] = { at: chain.at, lines: [...previous.lines.slice(0, audible + 1), ...chain.lines] }
  }
  return merged
}

function gapsOf(planned: readonly PredictedLine[]): Gap[] {
  const gaps: Gap[] = []
  for (const [index, line] of planned.entries()) {
    const next = planned[index + 1]
    if (next !== undefined && line.end !== null && next.start !== null && next.start > line.end) gaps.push({ from: line.end, until: next.start })
  }
  return gaps
}
