import type { Clip, Edl, Lane } from '#common/edl/index.ts'
import { clipEnd } from '#common/edl/index.ts'
import type { Span } from '#common/quiet/index.ts'
import { RATE_HZ } from '#common/units/samples.ts'
import type { SingleCommand } from '../session.ts'

/** What lies beside the voice when the voice gets another length: outros stay at the end, stings at their word, beds end where the programme does. */

/** Clips of a lane that go together. `bed`: its end was chosen, not moved. */
export interface FitPlace {
  readonly laneId: string
  readonly clips: readonly Clip[]
  readonly from: Span
  readonly to: Span
  readonly kind: 'along' | 'bed' | 'end'
}
export interface Chain extends Span {
  readonly clips: readonly Clip[]
}

/** Longer than this it is music, which may be cut at any place. */
const LONGEST_OUTRO = 60 * RATE_HZ
/** So much of an outro may lie under the last words; less where beds lie. */
const UNDER_WORDS = 10 * RATE_HZ
const UNDER_WORDS_OF_BEDS = 3 * RATE_HZ

/** The clips at the end of a lane that belong to the end of the programme: short, at least half of each behind the voice, and not there from the beginning. */
export function tailOf(lane: Lane, voiceEnd: number): readonly Clip[] {
  const under = lane.role === 'bed' ? UNDER_WORDS_OF_BEDS : UNDER_WORDS
  const belongs = (clip: Clip): boolean => clip.length <= LONGEST_OUTRO && clip.start >= Math.max(voiceEnd / 2, voiceEnd - Math.min(under, clip.length / 2))
  const last = lane.clips.findLastIndex((clip) => !belongs(clip))
  return lane.clips.slice(last + 1)
}

/** Clips that touch or overlap go as one. */
export function chainsOf(clips: readonly Clip[]): Chain[] {
  const chains: Chain[] = []
  for (const clip of clips) {
    const last = chains.at(-1)
    if (last !== undefined && last.end >= clip.start) chains[chains.length - 1] = { start: last.start, end: clipEnd(clip), clips: [...last.clips, clip] }
    else chains.push({ start: clip.start, end: clipEnd(clip), clips: [clip] })
  }
  return chains
}

/** The place of a bed that has to end at `stop`: cut there, or drawn longer where that is wanted. */
export function bedPlace(place: FitPlace, stop: number, mayGrow: boolean): FitPlace {
  const { to } = place
  return stop <= to.start || (stop > to.end && !mayGrow) || stop === to.end ? place : { ...place, to: { start: to.start, end: stop }, kind: 'bed' }
}

const BED_FADE = 1.5 * RATE_HZ
const LOOP_FADE = 2 * RATE_HZ
/** A jingle over and over is no bed. */
const SHORTEST_LOOP = 10 * RATE_HZ

/** Can the music of this lane go on as long as one likes? */
export function canGoOn(edl: Edl, lane: Lane, voiceEnd: number): boolean {
  const last = lane.clips.at(-1 - tailOf(lane, voiceEnd).length)
  return lane.role === 'bed' && last !== undefined && sourceLength(edl, last) - last.offset >= SHORTEST_LOOP
}
const sourceLength = (edl: Edl, clip: Clip): number => edl.sources.find((source) => source.id === clip.sourceId)?.length ?? 0

/** From where they are to where they belong: first what has to be shorter, then moves that never lie over one another, then what grows. */
export function placeCommands(edl: Edl, places: readonly FitPlace[]): SingleCommand[] {
  const shorter = places.flatMap(({ laneId, from, to }): SingleCommand[] => {
    const excess = from.end - from.start - (to.end - to.start)
    return excess > 0 ? [{ op: 'silence', range: { start: from.end - excess, end: from.end }, laneIds: [laneId] }] : []
  })
  const moves = places.map((place): { by: number; command: SingleCommand } => {
    const by = place.to.start - place.from.start
    const left = place.from.start + (place.to.end - place.to.start)
    return { by, command: { op: 'shift', clipIds: place.clips.filter((clip) => clip.start < left).map((clip) => clip.id), by } }
  })
  const earlier = moves.filter(({ by }) => by < 0)
  const later = moves.filter(({ by }) => by > 0).toReversed()
  return [...shorter, ...[...earlier, ...later].map(({ command }) => command), ...places.flatMap((place) => (place.kind === 'bed' ? endCommands(edl, place) : []))]
}

/** The end of a bed that lies where it belongs: drawn longer as far as its sound goes, then over and over; faded out. */
function endCommands(edl: Edl, { laneId, clips, from, to }: FitPlace): SingleCommand[] {
  const by = to.start - from.start
  const last = clips.findLast((clip) => clip.start + by < to.end)
  if (last === undefined) return []
  const source = sourceLength(edl, last)
  const start = last.start + by
  const fadeOut = (length: number): { length: number; shape: 'sCurve' } => ({ length: Math.min(BED_FADE, Math.floor(length / 2)), shape: 'sCurve' })
  if (start + source - last.offset >= to.end) {
    const grown: SingleCommand[] = clipEnd(last) + by < to.end ? [{ op: 'trimEdge', clipId: last.id, edge: 'end', to: to.end }] : []
    const fade = fadeOut(to.end - start - last.fadeIn.length)
    return fade.length > last.fadeOut.length ? [...grown, { op: 'setFade', clipId: last.id, edge: 'out', fade }] : grown
  }
  // Each round begins where the first one did and crosses into the next with sound left on both sides.
  const half = LOOP_FADE / 2
  const round = source - last.offset - LOOP_FADE
  if (round < SHORTEST_LOOP - LOOP_FADE) return []
  const first = Math.min(start + source - last.offset - half, to.end - 2 * LOOP_FADE)
  const count = Math.ceil((to.end - first) / round)
  const joint = (n: number): number => first + Math.round(((to.end - first) * n) / count)
  const commands: SingleCommand[] = [{ op: 'setFade', clipId: last.id, edge: 'out', fade: { length: 0, shape: last.fadeOut.shape } }, { op: 'trimEdge', clipId: last.id, edge: 'end', to: first }]
  for (let n = 0; n < count; n++) {
    const length = joint(n + 1) - joint(n)
    const fade = n < count - 1 ? { length: 0, shape: 'sCurve' as const } : fadeOut(length)
    const clip = { ...last, start: 0, offset: last.offset + half, length, fadeIn: { length: 0, shape: 'linear' as const }, fadeOut: fade, envelope: [], loudness: null, alternatives: [], original: null }
    commands.push({ op: 'paste', clips: [clip], laneId, at: joint(n), mode: 'overwrite' }, { op: 'crossfade', laneId, at: joint(n), length: LOOP_FADE, shape: 'equalPower' })
  }
  return commands
}
