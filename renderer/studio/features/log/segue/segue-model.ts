import { defaultSequencerSettings, markerBounds, markerNames, sequence } from '#common/playout/index.ts'
import type { ContentKind, MarkerName, Markers, Placement, PlayoutLine, Transition } from '#common/playout/index.ts'

/** One of the two lines that meet, as the sequencer needs it. */
export interface SegueSide {
  readonly itemId: string | null
  readonly lengthSamples: number
  readonly markers: Markers
  readonly content: ContentKind
  readonly hitPost: boolean
}
/** How two lines sound together. Places are samples from the first sample of the line before. */
export interface Join {
  /** First sample of the line that comes in. */
  readonly nextAt: number
  readonly prevEnd: number
  readonly overlapSamples: number
  readonly prev: Pick<Placement, 'from' | 'length' | 'fadeIn' | 'fadeOut'>
  readonly next: Pick<Placement, 'from' | 'length' | 'fadeIn' | 'fadeOut'>
}

export const noMarkers: Markers = { cueIn: null, fadeInEnd: null, introStart: null, introEnd: null, segueStart: null, segueEnd: null, fadeOutStart: null, cueOut: null }
/** What of each line matters where they meet. */
export const tailMarkers = ['segueStart', 'segueEnd', 'fadeOutStart', 'cueOut'] as const satisfies readonly MarkerName[]
export const headMarkers = ['cueIn', 'fadeInEnd', 'introStart', 'introEnd'] as const satisfies readonly MarkerName[]

const LONG = 48_000 * 86_400 * 4
const day = { logId: 'log', broadcastDate: '', startsAt: 0, endsAt: LONG }

/** The same answer the air would give: it asks the same sequencer. Null when one of them has nothing to sound. */
export function joinOf(prev: SegueSide, next: SegueSide, transition: Transition): Join | null {
  const lines = [lineOf('prev', prev, 'play', true), lineOf('next', next, transition, false)]
  const { placements } = sequence({
    now: 0, mode: 'auto', modeSince: null, lines, slots: [], days: [day], happened: new Map(), orders: [], hold: null, returned: null, fill: [], solved: [], settings: { ...defaultSequencerSettings, solves: false },
  })
  const [one, other] = placements
  if (one?.start == null || other?.start == null || one.length <= 0 || other.length <= 0) return null
  const [nextAt, prevEnd] = [other.start - one.start, one.length]
  return { nextAt, prevEnd, overlapSamples: Math.max(0, Math.min(prevEnd, nextAt + other.length) - Math.max(0, nextAt)), prev: one, next: other }
}

function lineOf(id: string, side: SegueSide, transition: Transition, first: boolean): PlayoutLine {
  return {
    id, itemId: side.itemId, logId: day.logId, rev: 0, broadcastDate: day.broadcastDate, slotId: null, kind: 'audio', timing: first ? { kind: 'hard', at: 0, onReach: { kind: 'cut' } } : { kind: 'follow' }, transition, lateMaxMs: null, after: 'join', plannedStart: null,
    protected: true, droppable: false, fillPriority: 0, dropped: false, skip: false, state: 'ok', priority: 3, content: side.content, newsBlockId: null, stretchable: false, lengthSamples: side.lengthSamples, endless: false, endAt: null, markers: side.markers, hitPost: side.hitPost,
  }
}

/** The marker at a place, or as near as the others let it stand. */
export function movedMarker(markers: Markers, name: MarkerName, at: number, lengthSamples: number): Markers {
  const [low, high] = markerBounds(name, markers, lengthSamples)
  return high < low ? markers : { ...markers, [name]: Math.round(Math.min(high, Math.max(low, at))) }
}

/** Where a marker that is not set yet is put: a place that is heard at once, kept inside what the others allow. */
export function firstPlace(markers: Markers, name: MarkerName, lengthSamples: number): Markers {
  const [first, last] = [markers.cueIn ?? 0, markers.cueOut ?? lengthSamples]
  const length = last - first
  const near = Math.min(48_000 * 3, Math.floor(length / 4))
  const places: Readonly<Record<MarkerName, number>> = {
    cueIn: first, fadeInEnd: first + Math.floor(near / 6), introStart: first, introEnd: first + near, segueStart: last - near, segueEnd: last, fadeOutStart: markers.segueStart ?? last - near, cueOut: last,
  }
  return movedMarker(markers, name, places[name], lengthSamples)
}

export function isSame(one: Markers, other: Markers): boolean {
  return markerNames.every((name) => one[name] === other[name])
}
export function isEmpty(markers: Markers): boolean {
  return isSame(markers, noMarkers)
}
