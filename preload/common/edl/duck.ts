import { samples, samplesFromMs } from '../units/samples.ts'
import type { EditContext } from './commands.ts'
import type { Draft } from './draft.ts'
import type { CurvePoint } from './envelope.ts'
import { cutEnvelope, sameEnvelope } from './envelope.ts'
import type { Clip, Duck, Edl, Lane, Range } from './types.ts'
import { clipEnd } from './types.ts'

export type DuckSettings = Pick<Duck, 'reduceDb' | 'attackMs' | 'holdMs' | 'releaseMs'>
type Speech = NonNullable<EditContext['speech']>

/** An envelope of more points says nothing that is heard; the contract bounds it. */
const MAX_POINTS = 9_000

/** Where somebody speaks on the timeline: activity of the sources as far as clips of the voice lanes show it. A muted lane says nothing. */
export function voiceActivity(edl: Edl, laneIds: readonly string[], speech: Speech): Range[] {
  const known = new Map(edl.sources.map((source) => [source.id, speech(source)]))
  const found: Range[] = []
  for (const lane of edl.lanes) {
    if (lane.mute || !laneIds.includes(lane.id)) continue
    for (const clip of lane.clips) {
      const ranges = known.get(clip.sourceId) ?? null
      if (ranges === null) found.push({ start: clip.start, end: samples(clipEnd(clip)) })
      else addSpoken(clip, ranges, found)
    }
  }
  return found.sort((a, b) => a.start - b.start)
}

function addSpoken(clip: Clip, ranges: readonly Range[], into: Range[]): void {
  const end = clip.offset + clip.length
  let low = 0
  for (let high = ranges.length; low < high;) {
    const middle = (low + high) >>> 1
    if ((ranges[middle]?.end ?? 0) <= clip.offset) low = middle + 1
    else high = middle
  }
  for (let n = low; n < ranges.length; n++) {
    const range = ranges[n]
    if (range === undefined || range.start >= end) return
    const shift = clip.start - clip.offset
    into.push({ start: samples(Math.max(range.start, clip.offset) + shift), end: samples(Math.min(range.end, end) + shift) })
  }
}

/**
 * How a bed goes under speech, over the timeline: down by `reduceDb` within the attack before the first word, held after the last one, up within the
 * release. Where it would not come all the way up before the next word, it stays down.
 */
export function duckCurve(activity: readonly Range[], settings: DuckSettings): CurvePoint[] {
  const [attack, hold, release] = [samplesFromMs(settings.attackMs), samplesFromMs(settings.holdMs), samplesFromMs(settings.releaseMs)]
  let spans = closed(activity, attack + hold + release)
  for (let pause = attack + hold + release + 48_000; spans.length * 4 > MAX_POINTS; pause *= 2) spans = closed(spans, pause)
  const curve: CurvePoint[] = []
  const put = (at: number, gainDb: number) => {
    // With no attack or release the curve steps: within one sample.
    const last = curve.at(-1)
    if (last !== undefined && at <= last.at) {
      if (last.gainDb !== gainDb) curve.push({ at: last.at + 1, gainDb })
    } else curve.push({ at, gainDb })
  }
  const down = -settings.reduceDb
  for (const { start, end } of spans) {
    put(attack === 0 ? start - 1 : start - attack, 0)
    put(start, down)
    put(end + hold, down)
    put(end + hold + release, 0)
  }
  return settings.reduceDb === 0 ? [] : curve
}

function closed(spans: readonly { readonly start: number; readonly end: number }[], pause: number): { start: number; end: number }[] {
  const joined: { start: number; end: number }[] = []
  for (const { start, end } of spans) {
    const last = joined.at(-1)
    // A sample more than touching, so that points of the curve stay apart.
    if (last !== undefined && start - last.end <= pause + 2) last.end = Math.max(last.end, end)
    else joined.push({ start, end })
  }
  return joined
}

/** The points of one clip under such a curve. */
export function duckEnvelope(curve: readonly CurvePoint[], clip: Pick<Clip, 'start' | 'length'>): Clip['envelope'] {
  return cutEnvelope(curve, clip.start, clip.start + clip.length)
}

/** Lanes that go down under speech follow what an edit did to the voice, or to themselves, within that edit. */
export function followVoice(draft: Draft, before: Edl, context: EditContext): void {
  const { speech } = context
  if (speech === undefined) return
  for (const lane of draft.edl.lanes) {
    const { duck } = lane
    if (duck === null || duck.handEdited || !hasChanged(draft.edl, before, [lane.id, ...duck.voiceLaneIds])) continue
    rewrite(draft, lane, duckCurve(voiceActivity(draft.edl, duck.voiceLaneIds, (source) => speech(source)), duck))
  }
}

function hasChanged(edl: Edl, before: Edl, laneIds: readonly string[]): boolean {
  const laneOf = (list: Edl, id: string) => list.lanes.find((lane) => lane.id === id)
  return laneIds.some((id) => laneOf(edl, id) !== laneOf(before, id))
}

function rewrite(draft: Draft, lane: Lane, curve: readonly CurvePoint[]): void {
  const next = lane.clips.map((clip) => {
    const envelope = duckEnvelope(curve, clip)
    return sameEnvelope(envelope, clip.envelope) ? clip : { ...clip, envelope }
  })
  for (let from = 0; from < next.length;) {
    if (next[from] === lane.clips[from]) {
      from += 1
      continue
    }
    let to = from + 1
    while (to < next.length && next[to] !== lane.clips[to]) to += 1
    draft.replaceClips(lane.id, from, lane.clips.slice(from, to), next.slice(from, to))
    from = to
  }
}
