import type { Samples } from '../units/samples.ts'
import { samples } from '../units/samples.ts'
import type { LaneClips } from './commands.ts'
import { clipsWithin, lengthsOf } from './slice.ts'
import type { Edl, Range, Source } from './types.ts'

/** What `pasteLanes` puts back, also into another project: it brings its sources. */
export interface LaneClipboard {
  readonly length: Samples
  readonly lanes: readonly LaneClips[]
  readonly sources: readonly Source[]
}

/** The clips of several lanes as they sound inside the range, each at its distance from the beginning of the range. */
export function copyLanes(edl: Edl, laneIds: readonly string[], range: Range): LaneClipboard {
  const lanes = edl.lanes.filter((lane) => laneIds.includes(lane.id)).map((lane): LaneClips => ({
    laneId: lane.id,
    clips: clipsWithin(lane.clips, range.start, range.end, lengthsOf(edl)).map((clip) => ({ ...clip, start: samples(clip.start - range.start) })),
  }))
  const used = new Set(lanes.flatMap(({ clips }) => clips.flatMap((clip) => [clip.sourceId, ...clip.alternatives.map((other) => other.sourceId), clip.original?.sourceId])))
  return { length: samples(Math.max(0, range.end - range.start)), lanes, sources: edl.sources.filter((source) => used.has(source.id)) }
}
