import type { Clip, Edl, Lane } from '#common/edl/index.ts'
import { clipEnd } from '#common/edl/index.ts'
import { newLengths } from '#common/quiet/index.ts'
import type { FitPlan } from '#common/quiet/index.ts'
import { AppError } from '#contract/errors.ts'
import type { TreatedPart } from '#contract/sound.ts'
import { call, finishedJob } from '../../../app/station-client/index.ts'
import type { SingleCommand } from '../session.ts'
import { bedCommands, movedCuts } from './fit-plan.ts'

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
