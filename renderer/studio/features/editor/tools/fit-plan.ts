import type { Clip, Edl, Lane } from '#common/edl/index.ts'
import { clipEnd } from '#common/edl/index.ts'
import type { Span } from '#common/quiet/index.ts'
import { RATE_HZ } from '#common/units/samples.ts'
import type { SingleCommand } from '../session.ts'

const BED_FADE = 1.5 * RATE_HZ

/** Where a place of the old timeline lies when the clips before and around it have their new lengths. */
export function movedBy(clips: readonly Clip[], lengths: readonly number[], at: number): number {
  let by = 0
  for (const [n, clip] of clips.entries()) {
    const length = lengths[n] ?? clip.length
    if (at >= clipEnd(clip)) by += length - clip.length
    else if (at > clip.start) return at + by + Math.round(((at - clip.start) * (length - clip.length)) / clip.length)
    else break
  }
  return at + by
}

/** The same cuts after stretching, together exactly `total` samples: what rounding left over goes to the longest. */
export function movedCuts(cuts: readonly Span[], clips: readonly Clip[], lengths: readonly number[], total: number): Span[] {
  const moved = cuts.map((cut) => ({ start: movedBy(clips, lengths, cut.start), end: movedBy(clips, lengths, cut.end) }))
  const longest = moved.reduce((best, cut, n) => (cut.end - cut.start > (moved[best]?.end ?? 0) - (moved[best]?.start ?? 0) ? n : best), 0)
  const left = total - moved.reduce((sum, cut) => sum + cut.end - cut.start, 0)
  return moved.map((cut, n) => (n === longest ? { start: cut.start, end: cut.end + left } : cut)).filter((cut) => cut.end > cut.start)
}

/** Beds end where the programme ends: cut there with a fade, or drawn longer as far as their source goes. */
export function bedCommands(edl: Edl, voice: readonly Lane[], target: number): SingleCommand[] {
  const lengths = new Map(edl.sources.map((source) => [source.id, source.length]))
  return edl.lanes.filter((lane) => !voice.some((one) => one.id === lane.id)).flatMap((lane): SingleCommand[] => {
    const last = lane.clips.at(-1)
    if (last === undefined) return []
    const crossing = lane.clips.findLast((clip) => clip.start < target) ?? null
    const commands: SingleCommand[] = clipEnd(last) > target ? [{ op: 'silence', range: { start: target, end: clipEnd(last) }, laneIds: [lane.id] }] : []
    if (crossing === null || crossing !== last && clipEnd(crossing) < target) return commands
    const end = Math.min(target, crossing.start + (lengths.get(crossing.sourceId) ?? 0) - crossing.offset)
    if (clipEnd(crossing) < target && (lane.role !== 'bed' || end <= clipEnd(crossing))) return commands
    if (clipEnd(crossing) < target) commands.push({ op: 'trimEdge', clipId: crossing.id, edge: 'end', to: end })
    const length = Math.min(BED_FADE, Math.floor((end - crossing.start - crossing.fadeIn.length) / 2))
    if (length > crossing.fadeOut.length) commands.push({ op: 'setFade', clipId: crossing.id, edge: 'out', fade: { length, shape: 'sCurve' } })
    return commands
  })
}
