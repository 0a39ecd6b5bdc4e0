import type { Samples } from '../units/samples.ts'
import type { Clip, Fade, LaneRole, Range } from './types.ts'

export type PutMode = 'insert' | 'overwrite'

/** What a person asks for. Ids of new clips, lanes and markers are given by the context. */
export type Command =
  | { readonly op: 'insertItem'; readonly itemId: string; readonly laneId: string; readonly at: Samples; readonly mode: PutMode }
  | { readonly op: 'split'; readonly at: Samples; readonly laneIds: readonly string[] }
  | { readonly op: 'deleteRange'; readonly range: Range; readonly ripple: boolean; readonly laneIds: readonly string[] }
  | { readonly op: 'trimTo'; readonly range: Range; readonly laneIds: readonly string[] }
  | { readonly op: 'trimEdge'; readonly clipId: string; readonly edge: 'start' | 'end'; readonly to: Samples }
  | { readonly op: 'silence'; readonly range: Range; readonly laneIds: readonly string[] }
  | { readonly op: 'move'; readonly clipId: string; readonly laneId: string; readonly to: Samples }
  | { readonly op: 'paste'; readonly clips: readonly Clip[]; readonly laneId: string; readonly at: Samples; readonly mode: PutMode }
  | { readonly op: 'setGain'; readonly clipId: string; readonly gainDb: number }
  | { readonly op: 'setFade'; readonly clipId: string; readonly edge: 'in' | 'out'; readonly fade: Fade }
  | { readonly op: 'setLane'; readonly laneId: string; readonly gainDb: number; readonly mute: boolean; readonly solo: boolean }
  | { readonly op: 'addLane'; readonly name: string; readonly role?: LaneRole | undefined }
  | { readonly op: 'removeLane'; readonly laneId: string }
  | { readonly op: 'addMarker'; readonly at: Samples; readonly length: Samples; readonly label: string }
  | { readonly op: 'removeMarker'; readonly markerId: string }

export interface SourceFacts {
  readonly itemId: string
  readonly title: string
  readonly sha256: string
  readonly channels: number
  readonly length: Samples
}

export interface EditContext {
  newId(): string
  /** Facts of a library item; null when there is none. */
  item(itemId: string): SourceFacts | null
}
