import { instantOf, wallSamples } from '#common/timing/predict.ts'
import type { PlannedPlay } from '../faces.ts'
import type { Slot } from './slot.ts'
import { createSlot, endAt, endOf } from './slot.ts'

/**
 * The order of slots on the bus. Promises: slots never overlap, a hard start is never moved, followers stand at the end of the one before
 * them (whatever it really took), and a line that had its turn never comes back.
 */
export class Rundown {
  slots: Slot[] = []
  /** Bus sample where a line ended; null when that was before this thread. */
  readonly ended = new Map<string, number | null>()
  /** Wall sample of bus sample 0. */
  zeroWall: number
  private plays: readonly PlannedPlay[] = []
  private handles = 0

  constructor(zeroWall: number, doneLineIds: readonly string[]) {
    this.zeroWall = zeroWall
    for (const id of doneLineIds) this.ended.set(id, null)
  }

  wallOf(busSample: number): number {
    return this.zeroWall + busSample
  }
  instantOf(busSample: number): number {
    return instantOf(this.zeroWall + busSample)
  }

  /**
   * Lays a new plan over what is there. A slot on air keeps its place and only its end may move; one that is no longer planned is given back
   * as `orphan` for the engine to fade out, with its followers pulled to its end by `pull`.
   */
  lay(plays: readonly PlannedPlay[], position: number): { orphan: Slot | null; dropped: Slot[]; reopen: Slot[] } {
    this.plays = plays
    const old = new Map(this.slots.map((slot) => [slot.lineId, slot]))
    const limits = this.hardLimits(plays, old)
    const next: Slot[] = []
    const reopen: Slot[] = []
    let before: number | null = null
    let plannedEnd = Number.NaN
    for (const [index, play] of plays.entries()) {
      // A line may be missing from the plan because it was withdrawn after its turn: then the neighbour in the list is not the one before on air.
      if (wallSamples(play.startAt) !== plannedEnd) before = null
      plannedEnd = wallSamples(play.startAt) + play.playSamples
      const done = this.ended.get(play.lineId)
      if (done !== undefined) {
        before = done
        continue
      }
      const known = old.get(play.lineId)
      const planned = wallSamples(play.startAt) - this.zeroWall
      const start: number = known?.state === 'playing' ? known.start : play.chainStart ? planned : (before ?? (known?.shifted === true ? known.start : planned))
      const end = Math.min(start + play.pcm.length, limits[index] ?? Number.POSITIVE_INFINITY)
      before = known !== undefined && known.stop !== null ? endOf(known) : Math.max(start, end)
      if (end <= start || (end <= position && known?.state !== 'playing')) continue
      const slot = known ?? createSlot(play, this.handles++, start, play.pcm.length)
      old.delete(play.lineId)
      slot.play = play
      // What was read for another place may not be what is needed now.
      if (slot.source !== null && slot.start !== start && (slot.openedFrom > 0 || start < position)) reopen.push(slot)
      slot.start = start
      slot.chainStart = play.chainStart
      if (slot.stop === null) endAt(slot, end, position)
      next.push(slot)
    }
    const left = [...old.values()]
    const orphan = left.find((slot) => slot.state === 'playing') ?? null
    // One that was already told to stop fades to its end in peace.
    this.slots = orphan === null ? next : [orphan, ...next]
    this.slots.sort((a, b) => a.start - b.start)
    return { orphan: orphan?.stop === null ? orphan : null, dropped: left.filter((slot) => slot !== orphan), reopen }
  }

  /** The same plan on a moved clock: hard starts go to their new bus samples. */
  relay(position: number): { orphan: Slot | null; dropped: Slot[]; reopen: Slot[] } {
    return this.lay(this.plays, position)
  }

  /**
   * Brings what follows `slot` to bus sample `end`: its followers, up to the next hard start. Gives the slots that moved and those that no
   * longer fit.
   */
  pull(slot: Slot, end: number, position: number): { moved: Slot[]; dropped: Slot[] } {
    const at = this.slots.indexOf(slot)
    const rest = this.slots.slice(at + 1)
    const stop = rest.findIndex((other) => other.chainStart && other.start >= end)
    const followers = stop < 0 ? rest : rest.slice(0, stop)
    const limit = stop < 0 ? Number.POSITIVE_INFINITY : (rest[stop]?.start ?? Number.POSITIVE_INFINITY)
    const dropped: Slot[] = []
    let cursor = end
    for (const [index, follower] of followers.entries()) {
      follower.start = cursor
      follower.chainStart = false
      follower.shifted = true
      follower.whenReady = index === 0
      endAt(follower, Math.min(cursor + follower.play.pcm.length, limit), position)
      if (follower.length <= 0) dropped.push(follower)
      cursor = Math.max(cursor, endOf(follower))
    }
    this.slots = this.slots.filter((other) => !dropped.includes(other))
    return { moved: followers.filter((other) => !dropped.includes(other)), dropped }
  }

  remove(slot: Slot, endedAt: number | null): void {
    this.slots = this.slots.filter((other) => other !== slot)
    if (endedAt !== null) this.ended.set(slot.lineId, endedAt)
  }

  /** For each play: bus sample of the next hard start after it. */
  private hardLimits(plays: readonly PlannedPlay[], old: ReadonlyMap<string, Slot>): number[] {
    const limits = new Array<number>(plays.length)
    let limit = Number.POSITIVE_INFINITY
    for (let index = plays.length - 1; index >= 0; index--) {
      limits[index] = limit
      const play = plays[index]
      if (play === undefined || !play.chainStart || this.ended.has(play.lineId)) continue
      const known = old.get(play.lineId)
      limit = known?.state === 'playing' ? known.start : wallSamples(play.startAt) - this.zeroWall
    }
    return limits
  }
}
