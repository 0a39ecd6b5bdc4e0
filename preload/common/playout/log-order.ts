import type { Shape } from './shape.ts'
import { playLength, shapeOf, silentShape } from './shape.ts'
import type { OnReach, PlayoutDay, PlayoutLine, PlayoutSlot } from './types.ts'

/** The time of a timed line, in wall samples. Inside `[earliest, latest]` it is on time; hard and backtimed lines have one instant. */
export interface Anchor {
  readonly line: PlayoutLine
  readonly at: number
  readonly earliest: number
  readonly latest: number
  readonly onReach: OnReach
  /** C8: another line before it has the same instant, so this one comes next and cuts nothing. */
  readonly second: boolean
}

/** Lines that belong together: a timed line and what follows it, the lines of a slot up to its first timed line, or what stands before either. */
export interface Group {
  readonly anchor: Anchor | null
  /** What it is ordered by. */
  readonly at: number
  /** Places in the sequence, half-open. */
  readonly first: number
  readonly end: number
  readonly day: PlayoutDay | null
  /** No time of its own: it goes on only from what sounds into its day. */
  readonly headless: boolean
}

/**
 * The log as one sequence in time. Groups are ordered by their times, each day's in the order of the log where times are equal; every slot has a
 * mark where it opens, whether it has lines or not.
 */
export interface LogOrder {
  /** Null = the mark of a slot that opens. */
  readonly lines: readonly (PlayoutLine | null)[]
  /** Slot of the line, or the one the mark opens. */
  readonly slots: readonly (PlayoutSlot | null)[]
  /** Of the line; of no use for a mark. */
  readonly shapes: readonly Shape[]
  readonly groups: readonly Group[]
  readonly groupOf: Int32Array
  readonly placeOf: ReadonlyMap<string, number>
}

interface Draft {
  readonly anchor: Anchor | null
  readonly at: number
  /** The slot whose mark it is; null = lines `from` to `end` of the log. */
  readonly mark: PlayoutSlot | null
  readonly from: number
  end: number
  readonly day: PlayoutDay | null
  readonly headless: boolean
}

export function orderLog(lines: readonly PlayoutLine[], slots: readonly PlayoutSlot[], days: readonly PlayoutDay[]): LogOrder {
  const slotById = new Map(slots.map((slot) => [slot.id, slot]))
  const dayByLog = new Map(days.map((day) => [`${day.logId} ${day.broadcastDate}`, day]))
  const slotOf = new Array<PlayoutSlot | null>(lines.length)
  const drafts = slots.map((slot): Draft => ({ anchor: null, at: slot.startAt, mark: slot, from: 0, end: 0, day: null, headless: false }))
  const marks = drafts.length
  let open: Draft | null = null
  let logId = ''
  let date = ''
  let day: PlayoutDay | null = null
  let slotId: string | null = null
  for (const [index, line] of lines.entries()) {
    if (line.broadcastDate !== date || line.logId !== logId) {
      date = line.broadcastDate
      logId = line.logId
      day = dayByLog.get(`${logId} ${date}`) ?? null
      open = null
      slotId = null
    }
    const slot: PlayoutSlot | null = line.slotId === null ? null : line.slotId === slotId ? (slotOf[index - 1] ?? slotById.get(line.slotId) ?? null) : (slotById.get(line.slotId) ?? null)
    slotOf[index] = slot
    const opensSlot = slot !== null && slot.id !== slotId
    if (slot !== null) slotId = slot.id
    const anchor = anchorOf(line, day)
    if (anchor !== null) drafts.push(open = { anchor, at: anchor.at, mark: null, from: index, end: index + 1, day, headless: false })
    else if (opensSlot && slot !== null) drafts.push(open = { anchor: null, at: slot.startAt, mark: null, from: index, end: index + 1, day, headless: false })
    else if (open === null) drafts.push(open = { anchor: null, at: day?.startsAt ?? Number.NEGATIVE_INFINITY, mark: null, from: index, end: index + 1, day, headless: true })
    else open.end = index + 1
  }
  // Stable: equal instants keep the order of the log, marks of slots first.
  if (marks > 0 || drafts.some((draft, index) => index > 0 && draft.at < (drafts[index - 1]?.at ?? draft.at))) drafts.sort((a, b) => a.at - b.at)
  return lay(drafts, lines, slotOf)
}

function lay(drafts: readonly Draft[], log: readonly PlayoutLine[], slotOf: readonly (PlayoutSlot | null)[]): LogOrder {
  const lines: (PlayoutLine | null)[] = []
  const slots: (PlayoutSlot | null)[] = []
  const shapes: Shape[] = []
  const groups: Group[] = []
  const placeOf = new Map<string, number>()
  let anchoredAt = Number.NaN
  for (const { anchor, at, mark, from, end, day, headless } of drafts) {
    const first = lines.length
    if (mark !== null) {
      lines.push(null)
      slots.push(mark)
      shapes.push(silentShape)
    }
    for (let index = from; index < end; index++) {
      const line = log[index]
      if (line === undefined) continue
      placeOf.set(line.id, lines.length)
      lines.push(line)
      slots.push(slotOf[index] ?? null)
      shapes.push(shapeOf(line))
    }
    const second = anchor !== null && anchor.at === anchoredAt
    if (anchor !== null) anchoredAt = anchor.at
    groups.push({ anchor: anchor !== null && second ? { ...anchor, second, onReach: { kind: 'makeNext' } } : anchor, at, first, end: lines.length, day, headless })
  }
  const groupOf = new Int32Array(lines.length)
  for (const [index, group] of groups.entries()) groupOf.fill(index, group.first, group.end)
  return { lines, slots, shapes, groups, groupOf, placeOf }
}

/** Null when the line has no time of its own, or one outside its day: a log's times count only inside its own day. */
function anchorOf(line: PlayoutLine, day: PlayoutDay | null): Anchor | null {
  const { timing } = line
  const inDay = (at: number): boolean => day !== null && at >= day.startsAt && at < day.endsAt
  switch (timing.kind) {
    case 'follow':
    case 'notBefore': return null
    case 'hard': return inDay(timing.at) ? { line, at: timing.at, earliest: timing.at, latest: timing.at, onReach: timing.onReach, second: false } : null
    case 'soft': return inDay(timing.at) ? { line, at: timing.at, earliest: timing.at - timing.earlyMs * 48, latest: timing.at + timing.lateMs * 48, onReach: timing.onReach, second: false } : null
    case 'backtimed': {
      const length = playLength(shapeOf(line))
      const at = Number.isFinite(length) ? timing.endsAt - length : timing.endsAt
      return inDay(at) ? { line, at, earliest: at, latest: at, onReach: timing.onReach, second: false } : null
    }
  }
}
