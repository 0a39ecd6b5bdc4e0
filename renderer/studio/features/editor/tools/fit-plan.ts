import type { Clip, Edl, Lane } from '#common/edl/index.ts'
import { clipEnd } from '#common/edl/index.ts'
import { newLengths } from '#common/quiet/index.ts'
import type { FitPlan, Span } from '#common/quiet/index.ts'
import { bedPlace, chainsOf, tailOf } from './fit-others.ts'
import type { FitPlace } from './fit-others.ts'
import { endOf } from './voice-lanes.ts'

/** What a plan makes of the timeline, before any sound is made: the same for the picture and for the commands. */
export interface FitLayout {
  /** New lengths of the speech clips, by id. */
  readonly lengths: ReadonlyMap<string, number>
  /** What has to be moved on the voice lanes when each lane has followed its own clips: voices on two lanes stay together. */
  readonly corrections: readonly { readonly clipIds: readonly string[]; readonly at: number; readonly by: number }[]
  /** Cuts on the voice lanes, on the timeline with those lengths. */
  readonly cuts: readonly Span[]
  readonly voiceEnd: number
  /** What lies on other lanes, in order: where from and where to. */
  readonly places: readonly FitPlace[]
}
export interface FitFacts {
  readonly edl: Edl
  readonly voice: readonly Lane[]
  /** What may be stretched. */
  readonly speech: readonly Clip[]
  readonly plan: FitPlan
  readonly target: number
  readonly withBed: boolean
}
type TimeMap = (at: number) => number

/** Where the programme ends: its voice, and what hangs on its end on other lanes. Beds end where they are told. */
export function programmeEnd(edl: Edl, voice: readonly Lane[]): number {
  const end = endOf(voice)
  return Math.max(end, ...othersOf(edl, voice).map((lane) => tailOf(lane, end).at(-1)).map((clip) => (clip === undefined ? 0 : clipEnd(clip))))
}
export const othersOf = (edl: Edl, voice: readonly Lane[]): Lane[] => edl.lanes.filter((lane) => lane.clips.length > 0 && !voice.some((one) => one.id === lane.id))

/** Stretches of the timeline with speech in them; two voices at once are one. */
export function spokenSpans(speech: readonly Clip[]): Span[] {
  const spans: Span[] = []
  for (const clip of speech.toSorted((a, b) => a.start - b.start)) {
    const last = spans.at(-1)
    if (last !== undefined && clip.start <= last.end) spans[spans.length - 1] = { start: last.start, end: Math.max(last.end, clipEnd(clip)) }
    else spans.push({ start: clip.start, end: clipEnd(clip) })
  }
  return spans
}
export const lengthOf = (spans: readonly Span[]): number => spans.reduce((sum, span) => sum + span.end - span.start, 0)

/** Where places of the old timeline lie when the spans are `factor` times as long, together exactly so, and what is between them is not. */
export function stretchedBy(spans: readonly Span[], factor: number): TimeMap {
  const lengths = newLengths(spans.map((span) => span.end - span.start), Math.round(lengthOf(spans) * factor))
  return (at) => {
    let by = 0
    for (const [n, span] of spans.entries()) {
      const grown = (lengths[n] ?? 0) - (span.end - span.start)
      if (at >= span.end) by += grown
      else if (at > span.start) return at + by + Math.round(((at - span.start) * grown) / (span.end - span.start))
      else break
    }
    return at + by
  }
}

/** Where a place lies when the cuts are closed. */
export function afterCuts(cuts: readonly Span[], at: number): number {
  return at - cuts.reduce((sum, cut) => sum + Math.max(0, Math.min(at, cut.end) - cut.start), 0)
}

/** The same cuts after stretching, together exactly `total` samples: what rounding left over goes to the longest. */
export function movedCuts(cuts: readonly Span[], map: TimeMap, total: number): Span[] {
  const moved = cuts.map((cut) => ({ start: map(cut.start), end: map(cut.end) }))
  const longest = moved.reduce((best, cut, n) => (cut.end - cut.start > (moved[best]?.end ?? 0) - (moved[best]?.start ?? 0) ? n : best), 0)
  const left = total - lengthOf(moved)
  return moved.map((cut, n) => (n === longest ? { start: cut.start, end: cut.end + left } : cut)).filter((cut) => cut.end > cut.start)
}

export function layoutOf(facts: FitFacts): FitLayout {
  const { edl, voice, speech, plan, target } = facts
  const map = stretchedBy(spokenSpans(speech), plan.factor)
  const { lengths, corrections } = voicesBy(voice, speech, map)
  const grown = map(endOf(voice)) - endOf(voice)
  // The programme ends on the sample, unless the plan could not bring it there.
  const cutLength = plan.factor === 1 ? plan.removed : plan.removed === 0 ? 0 : Math.round(plan.removed * plan.factor)
  const missing = plan.rest === 0 && plan.removed > 0 && plan.factor !== 1 ? programmeEnd(edl, voice) + grown - target : cutLength
  const cuts = movedCuts(plan.cuts, map, missing)
  const voiceEnd = map(endOf(voice)) - lengthOf(cuts)
  return { lengths, corrections, cuts, voiceEnd, places: placesOf(facts, (at) => afterCuts(cuts, map(at)), voiceEnd) }
}

/** Each clip of a chain begins where the one before it lets it, and ends where the map says: crossfades keep their length, and the sum is exact. */
function voicesBy(voice: readonly Lane[], speech: readonly Clip[], map: TimeMap): Pick<FitLayout, 'lengths' | 'corrections'> {
  const lengths = new Map<string, number>()
  const corrections: { clipIds: string[]; at: number; by: number }[] = []
  for (const lane of voice) {
    let grown = 0
    for (const chain of chainsOf(lane.clips)) {
      const by = map(chain.start) - chain.start
      let own = by
      for (const clip of chain.clips) {
        if (!speech.includes(clip)) continue
        const length = Math.max(1, map(clipEnd(clip)) - (clip.start + own))
        lengths.set(clip.id, length)
        own += length - clip.length
      }
      if (by !== grown) corrections.push({ clipIds: chain.clips.map((clip) => clip.id), at: chain.start, by: by - grown })
      grown += own - by
    }
  }
  return { lengths, corrections }
}

/** Ends of beds within so much of each other, of the voice or of the outro are meant to be there. */
const NEAR = 2 * 48_000

function placesOf({ edl, voice, plan, target, withBed }: FitFacts, at: TimeMap, voiceEnd: number): FitPlace[] {
  const oldEnd = endOf(voice)
  const wholeEnd = programmeEnd(edl, voice)
  // With music going on, the end of the programme is the end of the slot, and the outro stands there.
  const tailBy = plan.filled > 0 ? target - wholeEnd : voiceEnd - oldEnd
  const lanes = othersOf(edl, voice).map((lane) => {
    const tail = tailOf(lane, oldEnd)
    return { lane, tail, chains: chainsOf(lane.clips.slice(0, lane.clips.length - tail.length)) }
  })
  const outroStart = Math.min(...lanes.map(({ tail }) => tail[0]?.start ?? Infinity))
  const lastBed = Math.max(...lanes.map(({ chains }) => chains.at(-1)?.end ?? 0))
  /** Where a bed that ended at `end` should end now; null = as it comes. */
  const stopOf = (end: number, outro: number, isSameLane: boolean): number | null => {
    if (outro === Infinity || (!isSameLane && end >= wholeEnd - NEAR)) return target
    // It gave way to the outro, or faded out under it: so it does now.
    if (end >= Math.min(outro, oldEnd) - NEAR) return isSameLane ? outro + tailBy : end + tailBy
    return plan.filled > 0 ? outro + tailBy : null
  }
  return lanes.flatMap(({ lane, tail, chains }): FitPlace[] => {
    let free = 0
    const moved = chains.map((chain, n): FitPlace => {
      const start = Math.max(free, at(chain.start))
      free = start + chain.end - chain.start
      const place: FitPlace = { laneId: lane.id, clips: chain.clips, from: { start: chain.start, end: chain.end }, to: { start, end: free }, kind: 'along' }
      const stop = n < chains.length - 1 || !withBed ? null : stopOf(chain.end, tail[0]?.start ?? outroStart, tail.length > 0)
      return stop === null ? place : bedPlace(place, Math.min(stop, target), lane.role === 'bed' && chain.end >= lastBed - NEAR)
    })
    const [first] = tail
    const last = tail.at(-1)
    if (first === undefined || last === undefined) return moved
    return [...moved, { laneId: lane.id, clips: tail, from: { start: first.start, end: clipEnd(last) }, to: { start: first.start + tailBy, end: clipEnd(last) + tailBy }, kind: 'end' }]
  })
}
