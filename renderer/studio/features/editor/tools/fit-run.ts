import type { Clip, Edl, Lane } from '#common/edl/index.ts'
import { clipEnd } from '#common/edl/index.ts'
import { newLengths } from '#common/quiet/index.ts'
import type { FitPlan, Span } from '#common/quiet/index.ts'
import { RATE_HZ } from '#common/units/samples.ts'
import { AppError } from '#contract/errors.ts'
import type { TreatedPart } from '#contract/sound.ts'
import { call } from '../../../app/station-client/index.ts'
import { finishedJob } from '../parts/finished-job.ts'
import type { SingleCommand } from '../session.ts'

const BED_FADE = 1.5 * RATE_HZ
/** Pieces at a station at once. */
const AT_ONCE = 2

export interface FitOrder {
  readonly edl: Edl
  readonly lanes: readonly Lane[]
  /** What may be stretched, in order of time. */
  readonly speech: readonly Clip[]
  readonly plan: FitPlan
  readonly target: number
  readonly withBed: boolean
  readonly title: string
  readonly progress: (share: number) => void
}

/** Sound for the new lengths: one item per clip, from its own source, so that undo has the old one untouched. */
async function stretched(order: FitOrder, lengths: readonly number[]): Promise<TreatedPart[]> {
  const items = new Map(order.edl.sources.map((source) => [source.id, source.itemId]))
  const parts: TreatedPart[] = []
  let done = 0
  const waiting = order.speech.map((clip, n) => ({ clip, length: lengths[n] ?? clip.length })).filter(({ clip, length }) => length !== clip.length)
  const total = waiting.length
  const work = async (): Promise<void> => {
    for (let next = waiting.shift(); next !== undefined; next = waiting.shift()) {
      const { clip, length } = next
      const { jobId } = await call('sound.treat', { title: order.title, parts: [{ key: clip.id, itemId: items.get(clip.sourceId) ?? '', offset: clip.offset, length: clip.length }], treatment: { kind: 'stretch', length } })
      await finishedJob(jobId)
      const report = await call('sound.report', { jobId })
      if (report.kind !== 'treated') throw new AppError('internal')
      parts.push(...report.parts)
      done += 1
      order.progress(done / total)
    }
  }
  await Promise.all(Array.from({ length: AT_ONCE }, work))
  return parts
}

/** Where a place of the old timeline lies when the clips before and around it have their new lengths. */
export function movedBy(clips: readonly Clip[], lengths: readonly number[], at: number): number {
  let by = 0
  for (const [n, clip] of clips.entries()) {
    const length = lengths[n] ?? clip.length
    if (at >= clipEnd(clip)) by += length - clip.length
    else if (at > clip.start) return at + by + Math.round(((at - clip.start) * (length - clip.length)) / clip.length)
    else break
  }
  return at + by
}

/** The same cuts after stretching, together exactly `total` samples: what rounding left over goes to the longest. */
export function movedCuts(cuts: readonly Span[], clips: readonly Clip[], lengths: readonly number[], total: number): Span[] {
  const moved = cuts.map((cut) => ({ start: movedBy(clips, lengths, cut.start), end: movedBy(clips, lengths, cut.end) }))
  const longest = moved.reduce((best, cut, n) => (cut.end - cut.start > (moved[best]?.end ?? 0) - (moved[best]?.start ?? 0) ? n : best), 0)
  const left = total - moved.reduce((sum, cut) => sum + cut.end - cut.start, 0)
  return moved.map((cut, n) => (n === longest ? { start: cut.start, end: cut.end + left } : cut)).filter((cut) => cut.end > cut.start)
}

/** Beds end where the programme ends: cut there with a fade, or drawn longer as far as their source goes. */
export function bedCommands(edl: Edl, voice: readonly Lane[], target: number): SingleCommand[] {
  const lengths = new Map(edl.sources.map((source) => [source.id, source.length]))
  return edl.lanes.filter((lane) => !voice.some((one) => one.id === lane.id)).flatMap((lane): SingleCommand[] => {
    const last = lane.clips.at(-1)
    if (last === undefined) return []
    const crossing = lane.clips.findLast((clip) => clip.start < target) ?? null
    const commands: SingleCommand[] = clipEnd(last) > target ? [{ op: 'silence', range: { start: target, end: clipEnd(last) }, laneIds: [lane.id] }] : []
    if (crossing === null || crossing !== last && clipEnd(crossing) < target) return commands
    const end = Math.min(target, crossing.start + (lengths.get(crossing.sourceId) ?? 0) - crossing.offset)
    if (clipEnd(crossing) < target && (lane.role !== 'bed' || end <= clipEnd(crossing))) return commands
    if (clipEnd(crossing) < target) commands.push({ op: 'trimEdge', clipId: crossing.id, edge: 'end', to: end })
    const length = Math.min(BED_FADE, Math.floor((end - crossing.start - crossing.fadeIn.length) / 2))
    if (length > crossing.fadeOut.length) commands.push({ op: 'setFade', clipId: crossing.id, edge: 'out', fade: { length, shape: 'sCurve' } })
    return commands
  })
}

/** Everything as one step of the history. @throws AppError of the stretching job; nothing has been changed then */
export async function fitCommands(order: FitOrder): Promise<SingleCommand[]> {
  const { edl, lanes, speech, plan, target } = order
  const before = speech.reduce((sum, clip) => sum + clip.length, 0)
  const lengths = newLengths(speech.map((clip) => clip.length), Math.round(before * plan.factor))
  const grown = lengths.reduce((sum, length) => sum + length, 0) - before
  const parts = plan.factor === 1 ? [] : await stretched(order, lengths)
  // The voice ends on the sample, unless the plan could not bring it there.
  const cutLength = plan.factor === 1 ? plan.removed : plan.removed === 0 ? 0 : Math.round(plan.removed * plan.factor)
  const missing = plan.rest === 0 && plan.removed > 0 && plan.factor !== 1 ? endOfLanes(lanes) + grown - target : cutLength
  const cuts = movedCuts(plan.cuts, speech, lengths, missing)
  const commands: SingleCommand[] = parts.map((part) => ({ op: 'replaceClip', clipId: part.key, itemId: part.itemId, offset: part.offset, length: part.length }))
  const laneIds = lanes.map((lane) => lane.id)
  commands.push(...cuts.toReversed().map((range): SingleCommand => ({ op: 'deleteRange', range, ripple: true, laneIds })))
  if (order.withBed) commands.push(...bedCommands(edl, lanes, target))
  return commands
}
const endOfLanes = (lanes: readonly Lane[]): number => lanes.reduce((end, lane) => Math.max(end, ...lane.clips.map(clipEnd)), 0)
