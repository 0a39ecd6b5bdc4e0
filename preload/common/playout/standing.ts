import type { LogOrder } from './log-order.ts'
import type { Shape } from './shape.ts'
import { silentShape } from './shape.ts'
import type { Happened, PlayoutLine, Returned, SequencerInput } from './types.ts'
import type { EditCode, PlayoutMode, ReasonCode } from './words.ts'

/** A line that will not sound, and why. */
export interface Refusal {
  readonly editCode: EditCode
  readonly reason: ReasonCode
}

/** What has become of the log by now. */
export interface Standing {
  /** By place in the sequence: 0 = to come, 1 = has sounded, 2 = had its turn without a sound. */
  readonly turns: Uint8Array
  /** The latest that began; null = nothing has. */
  readonly latest: Happened | null
  /** Its place; -1 when it is fill or no longer in the log (then where the log stood before it, if that is known). */
  readonly place: number
  /** Others that still sound, oldest first. */
  readonly tails: readonly Happened[]
}

export function standingOf(input: SequencerInput, order: LogOrder): Standing {
  const turns = new Uint8Array(order.lines.length)
  let latest: Happened | null = null
  let place = -1
  let inLog: Happened | null = null
  let logPlace = -1
  for (const happened of input.happened.values()) {
    const at = order.placeOf.get(happened.lineId) ?? -1
    if (at >= 0) turns[at] = happened.sounded ? 1 : 2
    if (!happened.sounded) continue
    if (isLater(happened, at, latest, place, input.now)) {
      latest = happened
      place = at
    }
    if (at >= 0 && isLater(happened, at, inLog, logPlace, input.now)) {
      inLog = happened
      logPlace = at
    }
  }
  const silence = silenceOf(input, latest)
  if (silence !== null) {
    // What has been written down as missed in this silence keeps its time in it, else what comes behind would be joined too early.
    for (const happened of input.happened.values()) {
      const at = order.placeOf.get(happened.lineId) ?? -1
      if (at >= 0 && !happened.sounded && happened.start >= silence.since && missedInSilence.has(happened.editCode)) turns[at] = 0
    }
  }
  const tails: Happened[] = []
  for (const happened of input.happened.values()) if (happened.sounded && happened.end === null && happened !== latest) tails.push(happened)
  tails.sort((a, b) => a.start - b.start)
  // A voice that rides on the intro of the music after it began later and is over sooner: the log stands at the music.
  const music = latest !== null && place >= 0 && order.shapes[place]?.hitPost === true ? tails.findIndex((tail) => (order.placeOf.get(tail.lineId) ?? -1) > place) : -1
  const under = tails[music]
  if (under !== undefined && latest !== null) {
    tails.splice(music, 1, ...(latest.end === null ? [latest] : []))
    return { turns, latest: under, place: order.placeOf.get(under.lineId) ?? place, tails }
  }
  return { turns, latest, place: latest !== null && place < 0 ? logPlace : place, tails }
}

const missedInSilence: ReadonlySet<EditCode> = new Set<EditCode>(['skippedAtStartup', 'preempted', 'skippedLate'])

/** The time in which nobody could play the log, as long as nothing has begun since; null = it plays. */
export function silenceOf({ hold, returned, now }: SequencerInput, latest: Happened | null): Returned | null {
  if (hold !== null) return { since: hold.since, at: Math.max(now, hold.expectedUntil ?? now), why: 'preempted', resume: 'catchUp' }
  // What still sounds was not interrupted: a clock that was set forward, for one, stops nothing.
  return returned !== null && (latest === null || wasStopped(latest, returned.at)) ? returned : null
}
function wasStopped(latest: Happened, at: number): boolean {
  return latest.end !== null && latest.start < at && (isInterrupted(latest) || latest.end <= at)
}
/** It did not end by itself nor by the log: it may come back. */
export function isInterrupted({ end, stopReason }: Happened): boolean {
  return end === null || stopReason === 'preempted' || stopReason === 'engineStop' || stopReason === 'unclean'
}

/** A start in the future is one of a clock that was wrong then, and says nothing about order. */
function isLater(one: Happened, place: number, other: Happened | null, otherPlace: number, now: number): boolean {
  if (other === null) return true
  const [start, otherStart] = [one.start > now ? Number.NEGATIVE_INFINITY : one.start, other.start > now ? Number.NEGATIVE_INFINITY : other.start]
  return start === otherStart ? place > otherPlace : start > otherStart
}

/** Null when it can sound. A command or a fixed point is no sound, and no failure either: see `isSilentKind`. */
export function refusalOf(line: PlayoutLine, shape: Shape, mode: PlayoutMode, restored: boolean): Refusal | null {
  if (line.kind === 'note') return { editCode: 'none', reason: 'onlyText' }
  if (line.skip) return { editCode: 'setToSkip', reason: 'setToSkip' }
  if (line.dropped && !restored) return { editCode: 'droppedForTime', reason: 'droppedToFit' }
  if (isSilentKind(line)) return null
  if (line.state === 'ruleBlocked') return { editCode: 'skippedByRule', reason: 'notPlayable' }
  if (line.state !== 'ok') return { editCode: 'skippedInvalid', reason: 'notPlayable' }
  if (line.kind === 'live' && mode === 'auto') return { editCode: 'skippedLiveInAuto', reason: 'liveNeedsPerson' }
  if (!shape.endless && shape.cueOut <= shape.cueIn) return { editCode: 'skippedInvalid', reason: 'nothingToPlay' }
  return null
}

/** Takes its turn at a hand-over, without time. */
export function isSilentKind(line: PlayoutLine): boolean {
  return line.kind === 'command' || line.kind === 'fixedPoint'
}

const passedWithoutTurn: ReadonlySet<EditCode> = new Set<EditCode>(['skippedByOperator', 'setToSkip', 'skippedInvalid', 'skippedByRule', 'skippedLiveInAuto', 'none'])

/**
 * Which groups may still pull the log to their time: their first line that can sound has not had its turn, and their time is not one the log has
 * already left behind. When the timed line itself cannot sound, the line after it stands in for it.
 * @returns by group, the place of the line that will come at the group's time; -1 = it pulls nothing
 */
export function pullingHeads(order: LogOrder, standing: Standing, input: SequencerInput, restored: ReadonlySet<string>): Int32Array {
  const heads = new Int32Array(order.groups.length).fill(-1)
  const { latest, place, turns } = standing
  const current = place < 0 ? -1 : (order.groupOf[place] ?? -1)
  for (const [index, group] of order.groups.entries()) {
    if (group.anchor === null) continue
    if (latest !== null && index <= current && group.at < latest.start) continue
    for (let at = group.first; at < group.end; at++) {
      const line = order.lines[at]
      if (line === null || line === undefined) continue
      const turn = turns[at]
      if (turn === 1) break
      if (turn === 2) {
        // One that was judged late or jumped over at its time has used the time up; one that was taken out before it leaves it to its followers.
        if (!passedWithoutTurn.has(input.happened.get(line.id)?.editCode ?? 'none')) break
        continue
      }
      if (isSilentKind(line) || refusalOf(line, order.shapes[at] ?? silentShape, input.mode, restored.has(line.id)) !== null) continue
      // One that may not begin before a time of its own does not come at another's.
      if (line === group.anchor.line || line.timing.kind === 'follow') heads[index] = at
      break
    }
  }
  return heads
}
