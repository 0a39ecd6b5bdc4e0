import { AppError } from '#contract/errors.ts'
import type { TreatedPart } from '#contract/sound.ts'
import { call, finishedJob } from '../../../app/station-client/index.ts'
import type { SingleCommand } from '../session.ts'
import { placeCommands } from './fit-others.ts'
import type { FitPlace } from './fit-others.ts'
import { layoutOf } from './fit-plan.ts'
import type { FitFacts, FitLayout } from './fit-plan.ts'

/** Pieces at a station at once. */
const AT_ONCE = 2

export interface FitOrder extends FitFacts {
  readonly title: string
  readonly progress: (share: number) => void
}

/** Sound for the new lengths: one item per clip, from its own source, so that undo has the old one untouched. */
async function stretched(order: FitOrder, lengths: FitLayout['lengths']): Promise<TreatedPart[]> {
  const items = new Map(order.edl.sources.map((source) => [source.id, source.itemId]))
  const parts: TreatedPart[] = []
  let done = 0
  const waiting = order.speech.map((clip) => ({ clip, length: lengths.get(clip.id) ?? clip.length })).filter(({ clip, length }) => length !== clip.length)
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
  const layout = layoutOf(order)
  const parts = order.plan.factor === 1 ? [] : await stretched(order, layout.lengths)
  return fitSteps(order, parts)
}

/** The edits, with the sound that was made for them. */
export function fitSteps(facts: FitFacts, parts: readonly Pick<TreatedPart, 'key' | 'itemId' | 'offset' | 'length'>[]): SingleCommand[] {
  const { edl, voice, plan, target } = facts
  const { corrections, cuts, places } = layoutOf(facts)
  const laneIds = voice.map((lane) => lane.id)
  return [
    ...parts.map((part): SingleCommand => ({ op: 'replaceClip', clipId: part.key, itemId: part.itemId, offset: part.offset, length: part.length })),
    ...inTurn(corrections).map(({ clipIds, by }): SingleCommand => ({ op: 'shift', clipIds: [...clipIds], by })),
    ...cuts.toReversed().map((range): SingleCommand => ({ op: 'deleteRange', range, ripple: true, laneIds })),
    ...placeCommands(edl, places),
    ...(plan.filled > 0 ? markersOfEnd(facts, places) : []),
    { op: 'setSlot', startsAtSec: edl.slot.startsAtSec, length: target },
  ]
}

/** Nothing lies over anything on the way. */
const inTurn = (moves: FitLayout['corrections']): FitLayout['corrections'] => [...moves.filter(({ by }) => by < 0).toSorted((a, b) => a.at - b.at), ...moves.filter(({ by }) => by > 0).toSorted((a, b) => b.at - a.at)]

/** What is marked in the outro goes to the end with it: nothing before it was moved. */
function markersOfEnd({ edl }: FitFacts, places: readonly FitPlace[]): SingleCommand[] {
  const [first] = places.filter(({ kind }) => kind === 'end').toSorted((a, b) => a.from.start - b.from.start)
  if (first === undefined) return []
  const by = first.to.start - first.from.start
  return edl.markers.filter((marker) => marker.at >= first.from.start).map(({ id, at, length, label, slideId }) => ({ op: 'setMarker', markerId: id, at: at + by, length, label, slideId }))
}
