import { expect } from 'vitest'
import { edit, emptyEdl, violations } from '#common/edl/index.ts'
import type { Clip, Command, Edl, EditContext } from '#common/edl/index.ts'
import { samples } from '#common/units/samples.ts'
import { counterContext } from './edits.ts'

const s = samples
export const span = (start: number, end: number) => ({ start: s(start), end: s(end) })

/** Makes the edits one after the other; each has to be accepted and to leave a list that keeps its rules. */
export function make(context: EditContext, edl: Edl, ...commands: Command[]): Edl {
  for (const command of commands) {
    const result = edit(edl, command, context)
    if ('refused' in result) throw new Error(`${command.op}: ${result.refused}`)
    expect(violations(result.edl)).toEqual([])
    edl = result.edl
  }
  return edl
}
export function refusal(edl: Edl, command: Command, context: EditContext): string {
  const result = edit(edl, command, context)
  return 'refused' in result ? result.refused : 'made'
}
export const clipsOf = (edl: Edl, lane = 0): readonly Clip[] => edl.lanes[lane]?.clips ?? []
/** Begin, end, offset, fade-in and fade-out of each clip. */
export const shapeOf = (edl: Edl, lane = 0) => clipsOf(edl, lane).map((clip) => [clip.start, clip.start + clip.length, clip.offset, clip.fadeIn.length, clip.fadeOut.length])
export const idOf = (edl: Edl, n: number, lane = 0): string => clipsOf(edl, lane)[n]?.id ?? ''

export interface Bench {
  readonly context: EditContext
  readonly edl: Edl
  readonly laneId: string
}
/** Two pieces of item b (12 345 samples): 1 000…5 000 at 0 and 6 000…10 000 at 4 000, meeting in a cut with sound left on both sides. */
export function cut(): Bench {
  const context = counterContext()
  const lanes = make(context, emptyEdl, { op: 'addLane', name: 'Lời' })
  const laneId = lanes.lanes[0]?.id ?? ''
  const edl = make(
    context, lanes,
    { op: 'insertItem', itemId: 'b', laneId, at: s(0), mode: 'insert', range: span(1_000, 5_000) },
    { op: 'insertItem', itemId: 'b', laneId, at: s(4_000), mode: 'insert', range: span(6_000, 10_000) },
  )
  return { context, edl, laneId }
}
export function crossed(length = 600): Bench {
  const { context, edl, laneId } = cut()
  return { context, laneId, edl: make(context, edl, { op: 'crossfade', laneId, at: s(4_000), length: s(length), shape: 'equalPower' }) }
}
