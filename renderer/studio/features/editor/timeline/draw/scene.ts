import type { Edl, Source } from '#common/edl/index.ts'
import type { Proposal, Selection } from '../../editor-store.ts'
import type { Colors } from '../colors.ts'
import type { LaneBox } from '../layout.ts'
import type { LoudnessCourse } from '../../sound/loudness-course.ts'
import type { Hint, TimelineComment } from '../timeline-store.ts'
import type { View } from '../view.ts'
import type { WaveData } from '../wave/wave-data.ts'

/** One picture: everything that is drawn of the timeline but the playhead. */
export interface Scene {
  readonly edl: Edl
  readonly view: View
  readonly height: number
  readonly boxes: readonly LaneBox[]
  readonly ranges: readonly Selection[]
  readonly proposed: readonly Proposal[]
  readonly landings: readonly Proposal[]
  readonly laneIds: readonly string[]
  readonly clipId: string | null
  readonly markerId: string | null
  readonly hotPoint: { readonly clipId: string; readonly index: number } | null
  readonly isClock: boolean
  readonly comments: readonly TimelineComment[]
  readonly loudness: { readonly targetLufs: number } | null
  readonly courses: (itemId: string) => LoudnessCourse | null
  readonly punchAt: number | null
  readonly hint: Hint | null
  readonly data: Pick<WaveData, 'peaks' | 'samples' | 'state'>
  readonly slides: (slideId: string) => CanvasImageSource | null
  readonly colors: Colors
  readonly dpr: number
  readonly words: SceneWords
}
export interface SceneWords {
  readonly missing: string
  readonly loading: string
  readonly takes: (count: number) => string
}

const known = new WeakMap<readonly Source[], ReadonlyMap<string, Source>>()
/** Sources by id; the list of an edit list never changes, so it is made once. */
export function sourcesOf(edl: Edl): ReadonlyMap<string, Source> {
  const found = known.get(edl.sources)
  if (found !== undefined) return found
  const made = new Map(edl.sources.map((source) => [source.id, source]))
  known.set(edl.sources, made)
  return made
}

export const isSilent = (edl: Edl, box: LaneBox): boolean => box.lane.mute || (edl.lanes.some((lane) => lane.solo) && !box.lane.solo)
