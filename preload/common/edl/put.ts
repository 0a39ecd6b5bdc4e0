import { samples } from '../units/samples.ts'
import type { Samples } from '../units/samples.ts'
import type { EditContext, LaneClips, PutMode, SourceFacts } from './commands.ts'
import type { Draft, EditError, EditRefusal } from './draft.ts'
import { clearRange, MAX_TIMELINE, refuse, shiftFrom, splitAt } from './draft.ts'
import { brokenRules, followsFrom } from './invariants.ts'
import { openMarkers } from './markers.ts'
import { firstStartingAt } from './slice.ts'
import type { Clip, Range, Source } from './types.ts'
import { clipEnd, plainClip } from './types.ts'

/** Sound that comes in: items of the library, and what a clipboard holds. */
const reasons: Partial<Record<string, EditRefusal>> = { I5: 'fade-too-long', I6: 'outside-clip' }

/** Why clips, in order, cannot lie on a lane together, or null. */
function clipsRefused(draft: Draft, clips: readonly Clip[]): EditError | null {
  const lengths = new Map(draft.edl.sources.map((source) => [source.id, source.length]))
  let before: Clip | null = null
  for (const clip of clips) {
    const [rule] = brokenRules(clip, lengths)
    if (rule !== undefined) return refuse(reasons[rule] ?? 'outside-source')
    if (before !== null && !followsFrom(before, clip)) return refuse('overlap')
    before = clip
  }
  return null
}

const inOrder = (clips: readonly Clip[]): Clip[] => [...clips].sort((a, b) => a.start - b.start)

/** Puts clips on a lane so that the first begins at `at`. They keep their distances and get new ids. */
export function putClips(draft: Draft, clips: readonly Clip[], laneId: string, at: Samples, mode: PutMode, context: EditContext): EditError | null {
  const ordered = inOrder(clips)
  const first = ordered[0]
  const last = ordered.at(-1)
  if (draft.lane(laneId) === undefined) return refuse('no-lane')
  if (first === undefined || last === undefined) return refuse('nothing-there')
  const wrong = clipsRefused(draft, ordered)
  if (wrong !== null) return wrong
  const moved = ordered.map((clip) => ({ ...clip, start: samples(clip.start - first.start) }))
  return putLanes(draft, [{ laneId, clips: moved }], at, samples(clipEnd(last) - first.start), mode, context)
}

/** Puts what was copied from several lanes back, each at its distance from the beginning of the copied range. */
export function pasteLanes(draft: Draft, lanes: readonly LaneClips[], sources: readonly Source[], at: Samples, length: Samples, mode: PutMode, context: EditContext): EditError | null {
  if (length === 0 || lanes.every(({ clips }) => clips.length === 0)) return refuse('nothing-there')
  if (new Set(lanes.map(({ laneId }) => laneId)).size < lanes.length || !lanes.every(({ laneId }) => draft.lane(laneId) !== undefined)) return refuse('no-lane')
  const ids = adopt(draft, lanes, sources, context)
  if (ids === null) return refuse('no-item')
  const own = (sourceId: string): string => ids.get(sourceId) ?? sourceId
  const ready: LaneClips[] = []
  for (const { laneId, clips } of lanes) {
    const known = inOrder(clips).map((clip): Clip => ({
      ...clip, sourceId: own(clip.sourceId), alternatives: clip.alternatives.map((other) => ({ ...other, sourceId: own(other.sourceId) })),
      original: clip.original === null ? null : { ...clip.original, sourceId: own(clip.original.sourceId) },
    }))
    const wrong = clipsRefused(draft, known)
    if (wrong !== null) return wrong
    if (known.some((clip) => clipEnd(clip) > length)) return refuse('too-far')
    ready.push({ laneId, clips: known })
  }
  return putLanes(draft, ready, at, length, mode, context)
}

/** Sources of another project become sources of this one, by their content. */
function adopt(draft: Draft, lanes: readonly LaneClips[], sources: readonly Source[], context: EditContext): Map<string, string> | null {
  const known = new Set(draft.edl.sources.map((source) => source.id))
  const wanted = new Set(lanes.flatMap(({ clips }) => clips.flatMap((clip) => [clip.sourceId, ...clip.alternatives.map((other) => other.sourceId), ...(clip.original === null ? [] : [clip.original.sourceId])])))
  const ids = new Map<string, string>()
  for (const id of wanted) {
    if (known.has(id)) continue
    const foreign = sources.find((source) => source.id === id)
    if (foreign === undefined) continue
    const twin = draft.edl.sources.find((source) => source.sha256 === foreign.sha256 && source.length === foreign.length)
    const facts = twin === undefined ? context.item(foreign.itemId) : null
    if (twin === undefined && facts?.sha256 !== foreign.sha256) return null
    ids.set(id, twin?.id ?? (facts === null ? id : sourceOf(draft, facts, context).id))
  }
  return ids
}

function putLanes(draft: Draft, lanes: readonly LaneClips[], at: Samples, length: Samples, mode: PutMode, context: EditContext): EditError | null {
  if (at + length > MAX_TIMELINE) return refuse('too-far')
  if (mode === 'insert') {
    if (draft.edl.lanes.some((lane) => (lane.clips.at(-1)?.start ?? 0) + length > MAX_TIMELINE)) return refuse('too-far')
    openRoom(draft, lanes.map(({ laneId }) => laneId), at, length, context)
  }
  for (const { laneId, clips } of lanes) {
    if (clips.length === 0) continue
    if (mode === 'overwrite') clearRange(draft, laneId, { start: at, end: samples(at + length) }, context.newId)
    const index = firstStartingAt(draft.lane(laneId)?.clips ?? [], at)
    draft.replaceClips(laneId, index, [], clips.map((clip) => ({ ...clip, id: context.newId(), start: samples(at + clip.start) })))
  }
  return null
}

/** Makes `length` of room at `at`: everything behind it on the lanes and all markers move right. */
function openRoom(draft: Draft, laneIds: readonly string[], at: Samples, length: number, context: EditContext): void {
  let hasMoved = false
  for (const laneId of laneIds) {
    const last = draft.lane(laneId)?.clips.at(-1)
    if (last === undefined || clipEnd(last) <= at) continue
    splitAt(draft, laneId, at, context.newId)
    shiftFrom(draft, laneId, at, length)
    hasMoved = true
  }
  if (hasMoved) openMarkers(draft, at, length)
}

export function sourceOf(draft: Draft, facts: SourceFacts, context: EditContext): Source {
  const known = draft.edl.sources.find((one) => one.itemId === facts.itemId && one.sha256 === facts.sha256)
  if (known !== undefined) return known
  const made: Source = { id: context.newId(), itemId: facts.itemId, title: facts.title, sha256: facts.sha256, channels: facts.channels, length: facts.length }
  draft.push({ kind: 'sources', index: draft.edl.sources.length, remove: [], insert: [made] })
  return made
}

const none = { length: samples(0), shape: 'linear' } as const

export function freshClip(sourceId: string, offset: number, length: number): Clip {
  const { gainDb, ...plain } = plainClip
  return { id: '', sourceId, start: samples(0), offset: samples(offset), length: samples(length), gainDb, fadeIn: none, fadeOut: none, ...plain }
}

export function insertItem(draft: Draft, command: { itemId: string; laneId: string; at: Samples; mode: PutMode; range?: Range | undefined }, context: EditContext): EditError | null {
  const facts = context.item(command.itemId)
  if (facts === null) return refuse('no-item')
  if (facts.length <= 0) return refuse('nothing-there')
  const { start, end } = command.range ?? { start: 0, end: facts.length }
  if (end <= start) return refuse('empty-range')
  if (end > facts.length) return refuse('outside-source')
  if (draft.lane(command.laneId) === undefined) return refuse('no-lane')
  if (command.at + end - start > MAX_TIMELINE) return refuse('too-far')
  return putClips(draft, [freshClip(sourceOf(draft, facts, context).id, start, end - start)], command.laneId, command.at, command.mode, context)
}
