import type { Edl, FadeShape, MoveMode } from '#common/edl/index.ts'
import type { EditMode } from '../../editor-store.ts'
import type { LaneBox } from '../layout.ts'
import type { SnapPlace } from '../snap.ts'
import type { View } from '../view.ts'
import type { Hit } from './hit.ts'

/** What a drag says beside what it does. */
export type Note = { readonly kind: 'mode'; readonly mode: Exclude<MoveMode, 'refuse'> } | { readonly kind: 'gain'; readonly gainDb: number } | { readonly kind: 'fade'; readonly shape: FadeShape; readonly length: number }

export interface Press {
  readonly hit: Hit
  readonly x: number
  readonly y: number
  readonly at: number
  readonly isSnapping: boolean
  /** Places that positions are drawn to; empty = snapping is off. */
  readonly places: readonly SnapPlace[]
  /** Other end of what is being extended. */
  readonly anchor: number | null
  /** The range is added to those that are selected. */
  readonly isAdding: boolean
}
export interface Keys {
  readonly ctrl: boolean
  readonly shift: boolean
}
export interface Scale {
  readonly edl: Edl
  readonly view: View
  readonly boxes: readonly LaneBox[]
  readonly editMode: EditMode
  /** The zero crossing near a place on these lanes, or the place itself. */
  readonly zeroAt: (at: number, laneIds: readonly string[]) => number
}
