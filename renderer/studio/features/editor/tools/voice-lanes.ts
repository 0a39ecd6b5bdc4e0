import type { Edl, Lane } from '#common/edl/index.ts'
import { clipEnd } from '#common/edl/index.ts'

/** Lanes that carry speech: by their role, else the first one that has anything. */
export function voiceLanes(edl: Edl): Lane[] {
  const voices = edl.lanes.filter((lane) => lane.role === 'voice' && lane.clips.length > 0)
  return voices.length > 0 ? voices : edl.lanes.filter((lane) => lane.clips.length > 0).slice(0, 1)
}
export function itemsOf(edl: Edl, lanes: readonly Lane[]): string[] {
  const items = new Map(edl.sources.map((source) => [source.id, source.itemId]))
  return [...new Set(lanes.flatMap((lane) => lane.clips.map((clip) => items.get(clip.sourceId) ?? '')))].filter((itemId) => itemId !== '')
}
export const endOf = (lanes: readonly Lane[]): number => lanes.reduce((end, lane) => Math.max(end, lane.clips.reduce((last, clip) => Math.max(last, clipEnd(clip)), 0)), 0)
