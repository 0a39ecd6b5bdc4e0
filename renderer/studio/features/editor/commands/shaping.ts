import type { Clip, EnvelopePoint } from '#common/edl/index.ts'
import { clipEnd, envelopeDbAt } from '#common/edl/index.ts'
import { RATE_HZ, samples } from '#common/units/samples.ts'
import { editorNow, showEditor } from '../editor-store.ts'
import { apply, applyAll } from '../session.ts'
import type { SingleCommand } from '../session.ts'
import { playhead } from '../transport.ts'
import { clipAtHand, clipsAtHand, nothingChosen, placeAtHand } from './at-hand.ts'

/** Gain, fades, crossfades and envelopes by key. */
const CROSSFADE = RATE_HZ / 2

/** From the clip's edge to the playhead. */
export async function fadeToPlayhead(edge: 'in' | 'out'): Promise<void> {
  const clip = clipAtHand()
  if (clip === null) return nothingChosen()
  const at = playhead()
  const other = edge === 'in' ? clip.fadeOut : clip.fadeIn
  const old = edge === 'in' ? clip.fadeIn : clip.fadeOut
  const length = Math.max(0, Math.min(clip.length - other.length, edge === 'in' ? at - clip.start : clipEnd(clip) - at))
  await apply({ op: 'setFade', clipId: clip.id, edge, fade: { length, shape: old.shape } })
}

/** The gain of the chosen clip, by key: the field in the side panel takes the focus. */
export function focusGain(): void {
  const clip = clipAtHand()
  if (clip === null) return nothingChosen()
  showEditor({ clipId: clip.id, sideOpen: true, sideTab: 'clip' })
  focusField('clip-gain')
}
/** What was asked for appears with the next frames. */
export function focusField(testId: string, tries = 10): void {
  requestAnimationFrame(() => {
    const field = document.querySelector<HTMLElement>(`[data-testid="${testId}"]`)
    if (field === null) return tries > 0 ? focusField(testId, tries - 1) : undefined
    field.focus()
    if (field instanceof HTMLInputElement) field.select()
  })
}

/** One decibel up or down, for all clips in the selection. */
export async function changeGain(by: number): Promise<void> {
  const clips = clipsAtHand()
  if (clips.length === 0) return nothingChosen()
  await applyAll(clips.map((clip): SingleCommand => ({ op: 'setGain', clipId: clip.id, gainDb: Math.max(-60, Math.min(24, Math.round((clip.gainDb + by) * 100) / 100)) })), 'setGain')
}

/** The cut nearest to the playhead on the lane at hand becomes a crossfade; one that is there is taken away. */
export async function crossfadeHere(): Promise<void> {
  const place = placeAtHand()
  const { project, laneIds } = editorNow()
  const lane = place?.lane ?? project?.edl.lanes.find((one) => laneIds.includes(one.id))
  if (lane === undefined) return nothingChosen()
  const at = playhead()
  let cut: { at: number; isCrossfade: boolean } | null = null
  lane.clips.forEach((right, n) => {
    const left = lane.clips[n - 1]
    if (left === undefined || clipEnd(left) < right.start) return
    const middle = Math.round((clipEnd(left) + right.start) / 2)
    if (cut === null || Math.abs(middle - at) < Math.abs(cut.at - at)) cut = { at: middle, isCrossfade: clipEnd(left) > right.start }
  })
  if (cut === null) return nothingChosen()
  const { at: middle, isCrossfade }: { at: number; isCrossfade: boolean } = cut
  await apply({ op: 'crossfade', laneId: lane.id, at: middle, length: isCrossfade ? 0 : CROSSFADE, shape: 'equalPower' })
}

/** A point with the gain the envelope has there, then its field takes the focus: the sound changes when a number is given. */
export async function addEnvelopePoint(): Promise<void> {
  const place = placeAtHand()
  if (place === null) return nothingChosen()
  const { clip } = place
  const at = Math.max(0, Math.min(clip.length, playhead() - clip.start))
  showEditor({ clipId: clip.id, sideOpen: true, sideTab: 'clip' })
  const points = withPoint(clip.envelope, { at: samples(at), gainDb: Math.round(envelopeDbAt(clip.envelope, at) * 10) / 10 })
  if (points.length !== clip.envelope.length && !(await setEnvelope(clip, points))) return
  focusField(`envelope-gain-${points.findIndex((point) => point.at === at)}`)
}
export function withPoint(points: readonly EnvelopePoint[], point: EnvelopePoint): EnvelopePoint[] {
  if (points.some((one) => one.at === point.at)) return [...points]
  return [...points, point].sort((a, b) => a.at - b.at)
}
export const setEnvelope = (clip: Clip, points: readonly EnvelopePoint[]): Promise<boolean> => apply({ op: 'setEnvelope', clipId: clip.id, points: points.map((point) => ({ ...point })) })
