import { copyRange } from '#common/edl/index.ts'
import type { Clip, Edl, Source } from '#common/edl/index.ts'
import { samples } from '#common/units/samples.ts'
import type { Selection } from './editor-store.ts'

/** What a clipboard or a bin holds: clips as they sound, lane by lane, and the facts of their sources, so that they can be put into any project. */
export interface Piece {
  readonly title: string
  readonly length: number
  /** Lanes counted from the uppermost one that was copied; places count from the beginning of what was copied. */
  readonly lanes: readonly { readonly offset: number; readonly clips: readonly Clip[] }[]
  readonly sources: readonly Source[]
}

/** Several ranges are laid one behind the other. Null when there is nothing in them. */
export function pieceOf(edl: Edl, laneIds: readonly string[], ranges: readonly Selection[]): Piece | null {
  const indexes = edl.lanes.flatMap((lane, index) => (laneIds.includes(lane.id) ? [index] : []))
  const first = indexes[0]
  if (first === undefined) return null
  const lanes = indexes.map((index) => {
    let put = 0
    const clips = ranges.flatMap((range) => {
      const by = put - range.start
      put += range.end - range.start
      return copyRange(edl, edl.lanes[index]?.id ?? '', { start: samples(range.start), end: samples(range.end) }).map((clip) => ({ ...clip, start: samples(clip.start + by) }))
    })
    return { offset: index - first, clips }
  })
  const used = new Set(lanes.flatMap((lane) => lane.clips.flatMap((clip) => [clip.sourceId, ...clip.alternatives.map((other) => other.sourceId), ...(clip.original === null ? [] : [clip.original.sourceId])])))
  if (used.size === 0) return null
  const sources = edl.sources.filter((source) => used.has(source.id))
  return { title: sources[0]?.title ?? '', length: ranges.reduce((sum, range) => sum + range.end - range.start, 0), lanes, sources }
}

/** Is any sound of the piece in this project? */
export function isUsed(edl: Edl, piece: Omit<Piece, 'title'>): boolean {
  const shaOf = new Map(edl.sources.map((source) => [source.id, source.sha256]))
  const mine = new Map(piece.sources.map((source) => [source.id, source.sha256]))
  const kept = piece.lanes.flatMap((lane) => lane.clips)
  return edl.lanes.some((lane) => lane.clips.some((clip) => kept.some((one) => shaOf.get(clip.sourceId) === mine.get(one.sourceId) && clip.offset < one.offset + one.length && one.offset < clip.offset + clip.length)))
}
