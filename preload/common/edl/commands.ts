import type { Samples } from '../units/samples.ts'
import type { Clip, ClipLoudness, Duck, EnvelopePoint, Fade, FadeShape, LaneRole, MarkerKind, Range, Source } from './types.ts'

export type PutMode = 'insert' | 'overwrite'
/**
 * What happens to what lies where a clip is moved to. `refuse`: nothing may. `crossfade`: the overlap with a neighbour becomes a crossfade.
 * `overwrite`: it is cut away. `ripple`: the place left closes up, room opens at the new one, and the clip begins exactly there.
 */
export type MoveMode = 'refuse' | 'crossfade' | 'overwrite' | 'ripple'

/** What one lane gives to a paste: places count from the beginning of the copied range. */
export interface LaneClips {
  readonly laneId: string
  readonly clips: readonly Clip[]
}

/** What a person asks for. Ids of new clips, lanes and markers are given by the context. */
export type SingleCommand =
  | { readonly op: 'insertItem'; readonly itemId: string; readonly laneId: string; readonly at: Samples; readonly mode: PutMode; readonly range?: Range | undefined }
  | { readonly op: 'split'; readonly at: Samples; readonly laneIds: readonly string[] }
  | { readonly op: 'deleteRange'; readonly range: Range; readonly ripple: boolean; readonly laneIds: readonly string[] }
  | { readonly op: 'trimTo'; readonly range: Range; readonly laneIds: readonly string[] }
  | { readonly op: 'trimEdge'; readonly clipId: string; readonly edge: 'start' | 'end'; readonly to: Samples; readonly over?: 'refuse' | 'crossfade' | undefined }
  | { readonly op: 'silence'; readonly range: Range; readonly laneIds: readonly string[] }
  | { readonly op: 'move'; readonly clipId: string; readonly laneId: string; readonly to: Samples; readonly mode?: MoveMode | undefined }
  | { readonly op: 'shift'; readonly clipIds: readonly string[]; readonly by: number }
  | { readonly op: 'duplicate'; readonly clipId: string }
  | { readonly op: 'crossfade'; readonly laneId: string; readonly at: Samples; readonly length: Samples; readonly shape: FadeShape }
  | { readonly op: 'paste'; readonly clips: readonly Clip[]; readonly laneId: string; readonly at: Samples; readonly mode: PutMode }
  | { readonly op: 'pasteLanes'; readonly lanes: readonly LaneClips[]; readonly sources: readonly Source[]; readonly at: Samples; readonly length: Samples; readonly mode: PutMode }
  | { readonly op: 'setGain'; readonly clipId: string; readonly gainDb: number }
  | { readonly op: 'setFade'; readonly clipId: string; readonly edge: 'in' | 'out'; readonly fade: Fade }
  | { readonly op: 'setEnvelope'; readonly clipId: string; readonly points: readonly EnvelopePoint[] }
  | { readonly op: 'level'; readonly clipId: string; readonly gainDb: number; readonly loudness: ClipLoudness | null }
  | { readonly op: 'punch'; readonly laneId: string; readonly at: Samples; readonly itemId: string; readonly crossfade: Samples }
  | { readonly op: 'useAlternative'; readonly clipId: string; readonly index: number }
  | { readonly op: 'replaceClip'; readonly clipId: string; readonly itemId: string; readonly offset: Samples; readonly length: Samples }
  | { readonly op: 'revertClip'; readonly clipId: string }
  | { readonly op: 'setLane'; readonly laneId: string; readonly gainDb: number; readonly mute: boolean; readonly solo: boolean }
  | { readonly op: 'renameLane'; readonly laneId: string; readonly name: string }
  | { readonly op: 'setRole'; readonly laneId: string; readonly role: LaneRole }
  | { readonly op: 'setDuck'; readonly laneId: string; readonly duck: Duck | null }
  | { readonly op: 'addLane'; readonly name: string; readonly role?: LaneRole | undefined }
  | { readonly op: 'removeLane'; readonly laneId: string }
  | { readonly op: 'addMarker'; readonly at: Samples; readonly length: Samples; readonly label: string; readonly kind?: MarkerKind | undefined; readonly slideId?: string | null | undefined }
  | { readonly op: 'setMarker'; readonly markerId: string; readonly at: Samples; readonly length: Samples; readonly label: string; readonly slideId?: string | null | undefined }
  | { readonly op: 'removeMarker'; readonly markerId: string }
  | { readonly op: 'setMaster'; readonly gainDb: number; readonly limiter: boolean; readonly ceilingDbtp: number }
  | { readonly op: 'setSlot'; readonly startsAtSec: number | null; readonly length: Samples | null }

/** Several commands as one step of the history. Those that would change nothing are passed over; any other refusal refuses the whole. */
export interface Batch {
  readonly op: 'batch'
  readonly commands: readonly SingleCommand[]
  readonly name: string
}
export type Command = SingleCommand | Batch

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
  /**
   * Where somebody speaks in a source, in its samples, in order; null = not known, the whole source counts as speech. Left out (a window that shows
   * a preview), ducked lanes keep the envelopes they have.
   */
  speech?(source: Source): readonly Range[] | null
}
