import type { Clip, Command, Edl, EnvelopePoint, Fade, FadeShape, Marker, MoveMode } from '#common/edl/index.ts'
import { clipEnd, edit } from '#common/edl/index.ts'
import { samples } from '#common/units/samples.ts'
import type { EditorCommand } from '../../session.ts'
import { envelopeAtY, gainAtY, waveBox } from '../layout.ts'
import { nearest, nearestPiece, SNAP_PX } from '../snap.ts'
import type { SnapPlace } from '../snap.ts'
import type { SnapKind } from '../timeline-store.ts'
import type { ClipPart, Hit } from './hit.ts'
import type { Keys, Note, Press, Scale } from './kinds.ts'

/** What a drag of a handle asks for, and what to say beside it. */
export interface Wanted {
  readonly commands: readonly { readonly command: EditorCommand; readonly note: Note | null }[]
  readonly snapped: SnapPlace | null
  readonly at: number
}

export type Handle =
  | { readonly part: 'marker' | 'markerEnd'; readonly marker: Marker }
  | { readonly part: 'point'; readonly laneId: string; readonly clip: Clip; readonly index: number }
  | { readonly part: ClipPart; readonly laneId: string; readonly clip: Clip }

/** Shapes in the order in which the middle of the fade rises. */
export const shapesByRise: readonly FadeShape[] = ['log', 'linear', 'sCurve', 'equalPower']
const SHAPE_PX = 26
/** Near 0 dB a point means 0 dB. */
const UNITY_PX = 3

export function wantedOf(start: Press, hit: Handle, x: number, y: number, scale: Scale, keys: Keys): Wanted {
  const { view } = scale
  const reach = SNAP_PX * view.samplesPerPx
  const moved = Math.round((x - start.x) * view.samplesPerPx)
  if ('marker' in hit) return marker(start, hit, moved, reach)
  const { clip } = hit
  const own = scale.boxes.find((box) => box.lane.id === hit.laneId)
  const snap = (to: number): { to: number; snapped: SnapPlace | null } => {
    const place = nearest(to, start.places, reach)
    if (place !== null) return { to: place.at, snapped: place }
    const zero = start.isSnapping ? scale.zeroAt(to, [hit.laneId]) : to
    return { to: zero, snapped: zero === to ? null : { at: zero, kind: 'zero' satisfies SnapKind } }
  }
  switch (hit.part) {
    case 'title': return move(start, clip, hit.laneId, moved, y, scale, keys, reach)
    case 'start': {
      const { to, snapped } = snap(clip.start + moved)
      return one({ op: 'trimEdge', clipId: clip.id, edge: 'start', to: Math.max(clip.start - clip.offset, 0, Math.min(clipEnd(clip) - 1, to)) }, to, snapped)
    }
    case 'end': {
      const source = scale.edl.sources.find((one) => one.id === clip.sourceId)
      const most = clip.start + (source?.length ?? 0) - clip.offset
      // Beyond the clip the zero crossing would be looked for in another sound.
      const { to, snapped } = snap(clipEnd(clip) + moved)
      return one({ op: 'trimEdge', clipId: clip.id, edge: 'end', to: Math.max(clip.start + 1, Math.min(most, to)) }, to, snapped)
    }
    case 'fadeIn':
    case 'fadeOut': return fade(start, hit.part === 'fadeIn' ? 'in' : 'out', clip, moved, y, reach)
    case 'gain': {
      const gainDb = own === undefined ? clip.gainDb : gainAtY(waveBox(own), y)
      return one({ op: 'setGain', clipId: clip.id, gainDb }, start.at, null, { kind: 'gain', gainDb })
    }
    case 'point': {
      if (own === undefined) return one({ op: 'setEnvelope', clipId: clip.id, points: [...clip.envelope] }, start.at, null)
      const wave = waveBox(own)
      const place = nearest(start.at + moved, start.places, reach)
      const to = keys.shift ? clip.start + (clip.envelope[hit.index]?.at ?? 0) : (place?.at ?? start.at + moved)
      const isUnity = Math.abs(y - (wave.top + wave.height / 2)) <= UNITY_PX
      const gainDb = isUnity ? 0 : envelopeAtY(wave, y)
      return one({ op: 'setEnvelope', clipId: clip.id, points: movedPoint(clip, hit.index, to - clip.start, gainDb) }, to, keys.shift ? null : place, { kind: 'gain', gainDb })
    }
  }
}

function one(command: EditorCommand, at: number, snapped: SnapPlace | null, note: Note | null = null): Wanted {
  return { commands: [{ command, note }], snapped, at }
}

/** What the edit mode, the keys held and the room allow, in the order in which it is tried. */
function move(start: Press, clip: Clip, laneId: string, moved: number, y: number, scale: Scale, keys: Keys, reach: number): Wanted {
  const target = scale.boxes.find((box) => y >= box.top && y < box.top + box.height)?.lane.id ?? laneId
  const wanted = Math.max(0, clip.start + moved)
  const piece = nearestPiece(wanted, clip.length, start.places, reach)
  const to = piece?.start ?? wanted
  const modes: MoveMode[] = keys.ctrl ? ['overwrite'] : keys.shift ? ['ripple'] : ['refuse', 'crossfade', scale.editMode]
  const commands = modes.map((mode) => ({ command: { op: 'move', clipId: clip.id, laneId: target, to, mode } satisfies EditorCommand, note: mode === 'refuse' ? null : { kind: 'mode' as const, mode } }))
  return { commands, snapped: piece?.place ?? null, at: piece?.place.at ?? to }
}

function fade(start: Press, edge: 'in' | 'out', clip: Clip, moved: number, y: number, reach: number): Wanted {
  const old = edge === 'in' ? clip.fadeIn : clip.fadeOut
  const other: Fade = edge === 'in' ? clip.fadeOut : clip.fadeIn
  const wanted = edge === 'in' ? clip.start + old.length + moved : clipEnd(clip) - old.length + moved
  const place = nearest(wanted, start.places, reach)
  const to = place?.at ?? wanted
  const length = Math.max(0, Math.min(clip.length - other.length, edge === 'in' ? to - clip.start : clipEnd(clip) - to))
  const step = Math.round((start.y - y) / SHAPE_PX)
  const shape = shapesByRise[Math.max(0, Math.min(shapesByRise.length - 1, shapesByRise.indexOf(old.shape) + step))] ?? old.shape
  return one({ op: 'setFade', clipId: clip.id, edge, fade: { length, shape } }, to, place, { kind: 'fade', shape, length })
}

function marker(start: Press, hit: Extract<Hit, { part: 'marker' | 'markerEnd' }>, moved: number, reach: number): Wanted {
  const { id, at, length, label } = hit.marker
  const isEnd = hit.part === 'markerEnd'
  const wanted = Math.max(0, (isEnd ? at + length : at) + moved)
  const place = nearest(wanted, start.places, reach)
  const to = place?.at ?? wanted
  return one({ op: 'setMarker', markerId: id, label, ...(isEnd ? { at, length: Math.max(1, to - at) } : { at: to, length }) }, to, place)
}

/** Between its neighbours and inside the clip. */
export function movedPoint(clip: Clip, index: number, to: number, gainDb: number): EnvelopePoint[] {
  const low = index === 0 ? 0 : (clip.envelope[index - 1]?.at ?? 0) + 1
  const high = index === clip.envelope.length - 1 ? clip.length : (clip.envelope[index + 1]?.at ?? clip.length) - 1
  return clip.envelope.map((point, n) => (n === index ? { at: samples(Math.max(low, Math.min(high, Math.round(to)))), gainDb } : point))
}
/** Null where a point stands already. */
export function addedPoint(clip: Clip, at: number, gainDb: number): EnvelopePoint[] | null {
  const place = Math.round(Math.max(0, Math.min(clip.length, at)))
  if (clip.envelope.some((point) => point.at === place)) return null
  return [...clip.envelope, { at: samples(place), gainDb }].sort((a, b) => a.at - b.at)
}
export const withoutPoint = (clip: Clip, index: number): EnvelopePoint[] => clip.envelope.filter((_, n) => n !== index)

export type Tried = { readonly kind: 'edit'; readonly command: EditorCommand; readonly preview: Edl; readonly note: Note | null } | { readonly kind: 'refused' } | { readonly kind: 'none' }

/** The first of several ways that the edit list allows. Positions are whole and not negative as they are made above; the station parses them again. The station would do the same; ids made here are never sent. */
export function tryEdits(edl: Edl, ways: Wanted['commands']): Tried {
  let outcome: Tried = { kind: 'refused' }
  for (const { command, note } of ways) {
    let n = 0
    const made = edit(edl, command as Command, { newId: () => `preview-${++n}`, item: () => null })
    if (!('refused' in made)) return { kind: 'edit', command, preview: made.edl, note }
    if (made.refused === 'no-change') outcome = { kind: 'none' }
  }
  return outcome
}
