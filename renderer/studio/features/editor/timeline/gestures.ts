import type { Clip, Edl, Fade } from '#common/edl/index.ts'
import { clipEnd, edit, edlLength } from '#common/edl/index.ts'
import { samples } from '#common/units/samples.ts'
import type { EditorCommand } from '../session.ts'
import type { Selection } from '../editor-store.ts'
import { gainAtY, laneBoxes, waveBox } from './layout.ts'
import type { Hit, LaneBox } from './layout.ts'
import { SNAP_PX, snapPiece, snapPoints, snapTo } from './snap.ts'
import { sampleAt } from './view.ts'
import type { View } from './view.ts'

/** What a pressed pointer means, as plain functions: the same edit that is shown while dragging is sent when the pointer is let go. */
export interface Press {
  readonly hit: Hit
  readonly x: number
  readonly y: number
  readonly at: number
  /** Points that positions are drawn to; empty = snapping is off. */
  readonly points: readonly number[]
}
export interface Scale {
  readonly edl: Edl
  readonly view: View
  readonly height: number
}
export type Outcome =
  | { readonly kind: 'select'; readonly selection: Selection | null; readonly laneIds: readonly string[]; readonly cursor: number }
  | { readonly kind: 'edit'; readonly command: EditorCommand; readonly preview: Edl }
  /** The edit would be refused here: nothing is shown and nothing will be done. */
  | { readonly kind: 'refused' }
  | { readonly kind: 'none' }

const DRAG_PX = 3

export function press(hit: Hit, x: number, y: number, scale: Scale, options: { snapping: boolean; playhead: number }): Press {
  const dragged = 'clip' in hit && hit.part !== 'lane' ? hit.clip.id : null
  return { hit, x, y, at: sampleAt(scale.view, x), points: options.snapping ? snapPoints(scale.edl, options.playhead, dragged) : [] }
}

export function drag(start: Press, x: number, y: number, scale: Scale): Outcome {
  const { hit } = start
  const isMoved = Math.abs(x - start.x) >= DRAG_PX || Math.abs(y - start.y) >= DRAG_PX
  if (hit.part === 'nothing') return { kind: 'none' }
  if (hit.part === 'ruler' || hit.part === 'lane') return select(start, x, y, scale, isMoved)
  if (!isMoved) return { kind: 'none' }
  return tryEdit(scale.edl, commandOf(start, hit, x, y, scale))
}

function select(start: Press, x: number, y: number, scale: Scale, isMoved: boolean): Outcome {
  const reach = SNAP_PX * scale.view.samplesPerPx
  const length = Math.max(edlLength(scale.edl), start.at)
  const from = Math.min(length, snapTo(start.at, start.points, reach))
  const laneIds = start.hit.part === 'lane' ? lanesBetween(laneBoxes(scale.edl, scale.height), start.y, y) : scale.edl.lanes.map((lane) => lane.id)
  if (!isMoved) return { kind: 'select', selection: null, laneIds: start.hit.part === 'lane' ? laneIds : [], cursor: from }
  const to = Math.min(Math.max(length, 0), snapTo(sampleAt(scale.view, x), start.points, reach))
  const [low, high] = from < to ? [from, to] : [to, from]
  return { kind: 'select', selection: high > low ? { start: low, end: high } : null, laneIds, cursor: low }
}

function lanesBetween(boxes: readonly LaneBox[], y1: number, y2: number): string[] {
  const low = Math.min(y1, y2)
  const high = Math.max(y1, y2)
  return boxes.filter((box) => box.top <= high && box.top + box.height >= low).map((box) => box.lane.id)
}

type Handle = Extract<Hit, { clip: Clip; part: 'title' | 'start' | 'end' | 'fadeIn' | 'fadeOut' | 'gain' }>

function commandOf(start: Press, { part, clip, laneId }: Handle, x: number, y: number, { edl, view, height }: Scale): EditorCommand {
  const reach = SNAP_PX * view.samplesPerPx
  const moved = Math.round((x - start.x) * view.samplesPerPx)
  const boxes = laneBoxes(edl, height)
  const own = boxes.find((box) => box.lane.id === laneId)
  switch (part) {
    case 'title': {
      const target = boxes.find((box) => y >= box.top && y < box.top + box.height) ?? own
      return { op: 'move', clipId: clip.id, laneId: target?.lane.id ?? laneId, to: snapPiece(Math.max(0, clip.start + moved), clip.length, start.points, reach) }
    }
    case 'start': return { op: 'trimEdge', clipId: clip.id, edge: 'start', to: Math.max(clip.start - clip.offset, 0, Math.min(clipEnd(clip) - 1, snapTo(clip.start + moved, start.points, reach))) }
    case 'end': {
      const source = edl.sources.find((one) => one.id === clip.sourceId)
      const most = clip.start + (source?.length ?? 0) - clip.offset
      return { op: 'trimEdge', clipId: clip.id, edge: 'end', to: Math.max(clip.start + 1, Math.min(most, snapTo(clipEnd(clip) + moved, start.points, reach))) }
    }
    case 'fadeIn': {
      const to = snapTo(clip.start + clip.fadeIn.length + moved, start.points, reach)
      return { op: 'setFade', clipId: clip.id, edge: 'in', fade: { ...clip.fadeIn, length: fadeLength(to - clip.start, clip, clip.fadeOut) } }
    }
    case 'fadeOut': {
      const from = snapTo(clipEnd(clip) - clip.fadeOut.length + moved, start.points, reach)
      return { op: 'setFade', clipId: clip.id, edge: 'out', fade: { ...clip.fadeOut, length: fadeLength(clipEnd(clip) - from, clip, clip.fadeIn) } }
    }
    case 'gain': return { op: 'setGain', clipId: clip.id, gainDb: own === undefined ? clip.gainDb : gainAtY(waveBox(own), y) }
  }
}

const fadeLength = (wanted: number, clip: Clip, other: Fade): number => Math.max(0, Math.min(clip.length - other.length, wanted))

/** The station would do the same; ids made here are never sent. */
export function tryEdit(edl: Edl, command: EditorCommand): Outcome {
  let n = 0
  const made = edit(edl, branded(command), { newId: () => `preview-${++n}`, item: () => null })
  if ('refused' in made) return made.refused === 'no-change' ? { kind: 'none' } : { kind: 'refused' }
  return { kind: 'edit', command, preview: made.edl }
}

/** Only the few commands that can be dragged. */
function branded(command: EditorCommand): Parameters<typeof edit>[1] {
  switch (command.op) {
    case 'move': return { ...command, to: samples(command.to) }
    case 'trimEdge': return { ...command, to: samples(command.to) }
    case 'setFade': return { ...command, fade: { ...command.fade, length: samples(command.fade.length) } }
    case 'setGain': return command
    default: throw new Error(`${command.op} cannot be dragged`)
  }
}

export const cursorFor: Readonly<Record<Hit['part'], string>> = { ruler: 'text', nothing: 'default', lane: 'text', title: 'grab', start: 'ew-resize', end: 'ew-resize', fadeIn: 'ew-resize', fadeOut: 'ew-resize', gain: 'ns-resize' }
