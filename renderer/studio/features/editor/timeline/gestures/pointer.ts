import type { PointerEvent as ReactPointerEvent } from 'react'
import { showError } from '../../../../app/errors/index.ts'
import { preciseText } from '../../../../i18n/formats.ts'
import { translate } from '../../../../i18n/index.ts'
import { editorNow, showEditor, withRange } from '../../editor-store.ts'
import { apply } from '../../session.ts'
import { endScrub, playhead, scrubTo, seek } from '../../transport.ts'
import { envelopeGainAt, laneBoxes } from '../layout.ts'
import { holdStill } from '../motion.ts'
import { setLaneHeight, showTimeline, timelineNow } from '../timeline-store.ts'
import { addedPoint, withoutPoint } from './edits.ts'
import { drag, placesOf, press } from './gestures.ts'
import type { Keys, Outcome, Press, Scale } from './gestures.ts'
import { hintOf } from './hint.ts'
import { cursorFor, hitTest } from './hit.ts'
import type { Hit } from './hit.ts'
import type { ZeroFinder } from './zero-finder.ts'

/** Nearer than this one sees a shift of some milliseconds while dragging; further away it is made when the pointer is let go. */
const ZERO_BELOW = 512
/** Samples around the pointer that are not here by then decide nothing. */
const ZERO_WAIT_MS = 400

export interface PointerOptions {
  readonly element: HTMLElement
  readonly zero: ZeroFinder
  readonly mayEdit: () => boolean
  /** The badge of other takes was pressed. */
  readonly takes: (clipId: string, x: number, y: number) => void
}
type Pointer = Pick<ReactPointerEvent, 'clientX' | 'clientY' | 'pointerId' | 'button' | 'altKey' | 'shiftKey' | 'ctrlKey' | 'metaKey'>

/** The pointer over the picture. One drag is one command at its end. */
export class TimelinePointer {
  private readonly options: PointerOptions
  private pressed: Press | null = null

  constructor(options: PointerOptions) {
    this.options = options
  }

  down(event: Pointer): void {
    holdStill()
    const scale = this.scale()
    if (scale === null || event.button !== 0) return
    this.options.element.setPointerCapture(event.pointerId)
    const { x, y } = this.placeOf(event)
    const hit = this.hitAt(scale, x, y)
    const { selection, snapping } = editorNow()
    // The key held inverts the setting for this drag.
    this.pressed = press(hit, x, y, scale, { snapping: snapping !== event.altKey, playhead: playhead(), keys: keysOf(event), selection })
    if ('clip' in hit && !(keysOf(event).shift && hit.part === 'lane')) showEditor({ clipId: hit.clip?.id ?? null })
    if ('laneId' in hit && hit.part !== 'lane') showEditor({ laneIds: [hit.laneId] })
    if ('marker' in hit) showEditor({ markerId: hit.marker.id })
    if (hit.part === 'playhead') scrubTo(playhead())
    if (hit.part === 'badge') this.options.takes(hit.clip.id, x, y)
    if (hit.part === 'comment') {
      seek(hit.comment.at)
      showEditor({ said: hit.comment.text, ...(hit.comment.length > 0 ? { selection: { start: hit.comment.at, end: hit.comment.at + hit.comment.length } } : {}) })
    }
  }

  move(event: Pointer): void {
    const scale = this.scale()
    if (scale === null) return
    const { x, y } = this.placeOf(event)
    const start = this.pressed
    const { style } = this.options.element
    if (start === null) {
      const hit = this.hitAt(scale, x, y)
      style.cursor = cursorFor[hit.part]
      const hot = hit.part === 'point' ? { clipId: hit.clip.id, index: hit.index } : null
      const known = timelineNow().hotPoint
      if (hot?.clipId !== known?.clipId || hot?.index !== known?.index) showTimeline({ hotPoint: hot })
      return
    }
    const outcome = drag(start, x, y, scale, keysOf(event))
    this.show(outcome)
    style.cursor = outcome.kind === 'refused' ? 'not-allowed' : cursorFor[start.hit.part]
  }

  async up(event: Pointer): Promise<void> {
    const start = this.pressed
    const before = this.scale()
    this.pressed = null
    showTimeline({ hint: null })
    if (before === null || start === null) return
    const { x, y } = this.placeOf(event)
    const keys = keysOf(event)
    const places = placesOf(start, x, before)
    const known = drag(start, x, y, before, keys)
    // What was chosen stands at once, since the next key may act on it; an edit waits for the samples that decide where its edge lies.
    if (known.kind !== 'edit' || places.length === 0) this.finish(start, known)
    if (places.length === 0 || (known.kind !== 'edit' && known.kind !== 'select')) return
    const chosen = editorNow()
    await Promise.race([this.options.zero.settle(before.edl, places, before.edl.lanes.map((lane) => lane.id)), new Promise((resolve) => setTimeout(resolve, ZERO_WAIT_MS))])
    const now = editorNow()
    if (now.project?.edl !== before.edl) {
      if (known.kind === 'edit') showEditor({ preview: null })
      return
    }
    if (known.kind === 'select' && (now.ranges !== chosen.ranges || now.cursor !== chosen.cursor || now.playing)) return
    const settled = drag(start, x, y, { ...before, zeroAt: (at, laneIds) => this.options.zero.find(before.edl, at, laneIds) }, keys)
    if (known.kind === 'edit') this.finish(start, settled)
    else this.refine(settled)
  }

  /** The same choice, moved to zero crossings. */
  private refine(outcome: Outcome): void {
    if (outcome.kind !== 'select') return
    if (outcome.selection === null) return seek(outcome.cursor)
    const others = editorNow().ranges.slice(0, -1)
    showEditor({ ranges: [...others, outcome.selection] })
  }

  cancel(): void {
    if (this.pressed?.hit.part === 'playhead') endScrub()
    this.pressed = null
    showTimeline({ hint: null })
    showEditor({ preview: null })
  }

  doubleClick(event: Pointer): void {
    const scale = this.scale()
    if (scale === null) return
    const { x, y } = this.placeOf(event)
    const hit = this.hitAt(scale, x, y)
    if (hit.part === 'laneEdge') return setLaneHeight(hit.laneId, null)
    if (hit.part === 'lane' && hit.clip !== null) return showEditor({ selection: { start: hit.clip.start, end: hit.clip.start + hit.clip.length }, laneIds: [hit.laneId] })
    if (!this.options.mayEdit()) return
    if (hit.part === 'marker' || hit.part === 'markerEnd') return showTimeline({ renamingId: hit.marker.id })
    if (hit.part === 'point') return void this.send(() => apply({ op: 'setEnvelope', clipId: hit.clip.id, points: withoutPoint(hit.clip, hit.index) }))
    if (hit.part !== 'line') return
    const at = Math.round(scale.view.start + x * scale.view.samplesPerPx) - hit.clip.start
    const gain = envelopeGainAt(hit.clip, at)
    const points = addedPoint(hit.clip, at, gain <= 0.001 ? -60 : Math.round(200 * Math.log10(gain)) / 10)
    if (points !== null) void this.send(() => apply({ op: 'setEnvelope', clipId: hit.clip.id, points }))
  }

  /** Lane and place under a point of the screen, for what is dropped there. */
  dropPlace(event: { readonly clientX: number; readonly clientY: number }): { at: number; laneId: string } | null {
    const scale = this.scale()
    if (scale === null) return null
    const { x, y } = this.placeOf(event)
    const box = scale.boxes.find((one) => y >= one.top && y < one.top + one.height) ?? scale.boxes[0]
    return box === undefined ? null : { at: Math.max(0, Math.round(scale.view.start + x * scale.view.samplesPerPx)), laneId: box.lane.id }
  }

  private show(outcome: Outcome): void {
    const { preview, ranges } = editorNow()
    showTimeline({ hint: hintOf(outcome) })
    switch (outcome.kind) {
      case 'select':
        if (outcome.selection !== null) showEditor({ ranges: this.rangesWith(outcome), laneIds: outcome.laneIds })
        else if (ranges.length > 0 && !outcome.isAdding) showEditor({ ranges: [] })
        break
      case 'edit':
        if (this.options.mayEdit()) showEditor({ preview: outcome.preview })
        break
      case 'scrub': scrubTo(outcome.at)
        break
      case 'lane': setLaneHeight(outcome.laneId, outcome.height)
        break
      default: if (preview !== null) showEditor({ preview: null })
    }
  }

  /** The range under the pointer is the last one of those that are selected. */
  private kept: readonly { start: number; end: number }[] | null = null
  private rangesWith(outcome: Extract<Outcome, { kind: 'select' }>): { start: number; end: number }[] {
    if (outcome.selection === null) return []
    if (!outcome.isAdding) return [outcome.selection]
    this.kept ??= [...editorNow().ranges]
    return withRange(this.kept, outcome.selection)
  }

  private finish(start: Press, outcome: Outcome): void {
    const ranges = outcome.kind === 'select' ? this.rangesWith(outcome) : []
    this.kept = null
    switch (outcome.kind) {
      case 'select': {
        const { laneIds } = editorNow()
        if (outcome.selection === null) {
          showEditor({ ...(outcome.isAdding ? {} : { ranges: [] }), laneIds: outcome.laneIds.length > 0 ? outcome.laneIds : laneIds })
          return seek(outcome.cursor)
        }
        showEditor({ ranges, laneIds: outcome.laneIds.length > 0 ? outcome.laneIds : laneIds, said: translate('editor.said.selected', { from: preciseText(outcome.selection.start), to: preciseText(outcome.selection.end) }) })
        return
      }
      case 'edit':
        if (this.options.mayEdit()) void this.send(() => apply(outcome.command))
        return
      case 'scrub': return endScrub()
      default:
        if (start.hit.part === 'marker') seek(start.hit.marker.at)
        showEditor({ preview: null })
    }
  }

  private async send(edit: () => Promise<unknown>): Promise<void> {
    try {
      await edit()
    } catch (error) {
      showEditor({ preview: null })
      showError(error)
    }
  }

  private scale(): Scale | null {
    const { project, view, editMode } = editorNow()
    if (project === null) return null
    const { edl } = project
    const { laneHeights, scrollTop } = timelineNow()
    const boxes = laneBoxes(edl, this.options.element.clientHeight, { heights: laneHeights, scrollTop })
    return { edl, view, boxes, editMode, zeroAt: view.samplesPerPx < ZERO_BELOW ? (at, laneIds) => this.options.zero.find(edl, at, laneIds) : (at) => at }
  }

  private hitAt({ edl, view, boxes }: Scale, x: number, y: number): Hit {
    return hitTest({ edl, boxes, view, clipId: editorNow().clipId, playhead: playhead(), comments: timelineNow().comments }, x, y)
  }

  private placeOf(event: { readonly clientX: number; readonly clientY: number }): { x: number; y: number } {
    const { left, top } = this.options.element.getBoundingClientRect()
    return { x: event.clientX - left, y: event.clientY - top }
  }
}

const keysOf = (event: Pointer): Keys => ({ ctrl: event.ctrlKey || event.metaKey, shift: event.shiftKey })
