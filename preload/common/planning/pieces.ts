import { RATE_HZ } from '../units/samples.ts'
import type { OpenSession } from './day.ts'
import type { PlanItem, Position } from './parts.ts'

export const SAMPLES_PER_MS = RATE_HZ / 1000

/** Something laid in a session: an item, a relay, or room for fill. Positions are wall samples (UTC ms × 48). */
export interface Laid {
  readonly position: Position
  readonly from: 'position' | 'campaign' | 'fill'
  readonly item: PlanItem | null
  readonly lengthSamples: number
  /** An empty place for fill; what is packed into it follows it in the piece. */
  readonly isRoom: boolean
  readonly categoryId: string | null
  readonly campaignId: string | null
  readonly separationMs: number
}
/** A stretch of a session that nothing else takes: between fixed instants and lines somebody put there by hand. */
export interface Piece {
  readonly start: number
  readonly limit: number
  /** What its first line hangs on: an instant of its own, or the end of the line before. */
  readonly begins: 'sessionStart' | 'fixedTime' | 'afterManual'
  readonly isLast: boolean
  readonly laid: Laid[]
}
export interface Group {
  readonly positions: readonly Position[]
  readonly pieces: readonly Piece[]
}
export interface Busy {
  readonly start: number
  readonly end: number
}

export const usedIn = (piece: Piece): number => piece.laid.reduce((sum, one) => sum + one.lengthSamples, 0)
export const slackIn = (piece: Piece): number => piece.limit - piece.start - usedIn(piece)

/** Positions of a session by the instants they hang on, each with the room between. */
export function groupsOf(open: OpenSession, busy: readonly Busy[]): Group[] {
  const [start, end] = [open.startAt * SAMPLES_PER_MS, open.endAt * SAMPLES_PER_MS]
  const anchored: { at: number; positions: Position[] }[] = [{ at: start, positions: [] }]
  for (const position of open.clock.positions) {
    const at = position.atSec === null ? null : Math.min(end, start + position.atSec * 1000 * SAMPLES_PER_MS)
    if (at !== null && at > start) anchored.push({ at, positions: [position] })
    else anchored.at(-1)?.positions.push(position)
  }
  const sorted = anchored.toSorted((a, b) => a.at - b.at)
  const holes = busy.toSorted((a, b) => a.start - b.start)
  const groups = sorted.map((group, index): { positions: Position[]; pieces: Omit<Piece, 'isLast'>[] } => {
    const until = sorted[index + 1]?.at ?? end
    const pieces: Omit<Piece, 'isLast'>[] = []
    let at = group.at
    let begins: Piece['begins'] = index === 0 ? 'sessionStart' : 'fixedTime'
    for (const hole of holes) {
      if (hole.end <= at || hole.start >= until) continue
      if (hole.start > at) pieces.push({ start: at, limit: hole.start, begins, laid: [] })
      at = Math.max(at, hole.end)
      begins = 'afterManual'
    }
    if (at < until) pieces.push({ start: at, limit: until, begins, laid: [] })
    return { positions: group.positions, pieces }
  })
  const last = groups.findLast(({ pieces }) => pieces.length > 0)?.pieces.at(-1)
  return groups.map(({ positions, pieces }) => ({ positions, pieces: pieces.map((piece) => ({ ...piece, isLast: piece === last })) }))
}
