import type { FillItem, PlayoutDay, PlayoutLine, PlayoutSlot, ReasonCode } from '#common/playout/index.ts'
import type { LineReason } from '#contract/log.ts'
import type { Clock } from '../context.ts'
import type { AirRoom } from '../faces.ts'
import { noTimes, plannedTimes, postsOf, predictedTimes } from './bus-times.ts'
import type { BusDays, LineTimes, Posts } from './bus-times.ts'
import type { DayStore } from './day-store.ts'
import type { Gate, Verdict } from './gate.ts'
import { pastOf } from './past.ts'
import type { Past } from './past.ts'
import { asHeard, playoutDayOf, playoutSlotOf, timedLineOf } from './playout-lines.ts'
import type { StoredLine, StoredSlot } from './stored.ts'

export interface PlannedLine {
  readonly line: StoredLine
  readonly verdict: Verdict
  readonly times: LineTimes
  /** What keeps a line that may sound from its place. */
  readonly timingNote: LineReason | null
}

/** Consecutive days as they stand at one moment. Every list has each line once, in the order of the log. */
export interface DaysRead {
  readonly past: Past
  /** By what has happened so far. */
  predicted(): readonly PlannedLine[]
  /** As if everything went by the log. */
  planned(): readonly PlannedLine[]
  /** Fixed points to come, of every bus. */
  posts(fill: readonly FillItem[]): Posts
}

/** Asks the sequencer for the times of the log. Everything the log room says about time comes from here. */
export interface Rundown {
  past(dates: readonly string[]): Past
  /** @param instead another list of lines for one of the days: what would be */
  read(dates: readonly string[], past: Past, instead?: { readonly date: string; readonly lines: readonly StoredLine[] }): DaysRead
  /** Where rules end a slot before its own end; UTC ms. */
  ruleEndOf(slot: StoredSlot): number | null
  useRuleEnds(ruleEndAt: (slot: StoredSlot) => number | null): void
}

export function createRundown({ clock }: { clock: Clock }, deps: { days: DayStore; gate: Gate; air: Pick<AirRoom, 'asRunBetween' | 'modeOf'> }): Rundown {
  const { days, gate, air } = deps
  let ruleEndAt: (slot: StoredSlot) => number | null = () => null

  return {
    past(dates) {
      const [first, last] = [dates[0] ?? '', dates.at(-1) ?? '']
      return pastOf(clock.now(), air.asRunBetween(days.day(first).startsAt, days.day(last).endsAt))
    },
    read(dates, past, instead) {
      const lines = dates.flatMap((date) => (instead?.date === date ? instead.lines : days.lines(date)))
      const slots = dates.flatMap((date) => days.slots(date).map((slot) => ({ bus: slot.bus, slot: playoutSlotOf(slot, ruleEndAt(slot)) })))
      return new ReadDays({ lines, slots, days: dates.map((date) => playoutDayOf(days.day(date))), past, gate, waits: (bus) => air.modeOf(bus) !== 'auto' })
    },
    ruleEndOf: (slot) => ruleEndAt(slot),
    useRuleEnds(ends) {
      ruleEndAt = ends
    },
  }
}

interface Reading {
  readonly lines: readonly StoredLine[]
  readonly slots: readonly { readonly bus: string; readonly slot: PlayoutSlot }[]
  readonly days: readonly PlayoutDay[]
  readonly past: Past
  readonly gate: Gate
  readonly waits: (bus: string) => boolean
}

class ReadDays implements DaysRead {
  readonly past: Past
  private readonly reading: Reading
  private verdicts: readonly Verdict[]
  private buses: ReadonlyMap<string, BusDays>
  private readonly times: ReadonlyMap<string, LineTimes>

  constructor(reading: Reading) {
    const { lines, past, gate } = reading
    this.reading = reading
    this.past = past
    const seen = new Map<string, Verdict>()
    this.verdicts = lines.map((line) => gate.judge(line, null, seen))
    this.buses = this.byBus(timedLineOf)
    let times = this.predict()
    if (gate.hasJudges || this.verdicts.some(({ item }) => item?.embargoUntil !== undefined)) {
      // Rules go by the clock, and the clock goes by what sounds: once around is enough, the blocked line makes room and no more.
      this.verdicts = lines.map((line) => gate.judge(line, msOf(times.get(line.id)?.start ?? null), seen))
      this.buses = this.byBus(timedLineOf)
      times = this.predict()
    }
    this.times = times
  }

  predicted(): readonly PlannedLine[] {
    return this.with(this.times)
  }

  planned(): readonly PlannedLine[] {
    const { lines, past } = this.reading
    const changed = lines.some((line, index) => past.rows.has(line.id) && this.verdicts[index]?.state !== 'ok')
    const buses = changed ? this.byBus((line, verdict) => (past.rows.has(line.id) ? asHeard(timedLineOf(line, verdict), line) : timedLineOf(line, verdict))) : this.buses
    return this.with(new Map([...buses.values()].flatMap((log) => [...plannedTimes(log)])))
  }

  posts(fill: readonly FillItem[]): Posts {
    const all = [...this.buses].map(([bus, log]) => postsOf(log, this.past, this.reading.waits(bus), fill))
    return { posts: all.flatMap(({ posts }) => posts), plans: all.flatMap(({ plans }) => plans) }
  }

  private predict(): Map<string, LineTimes> {
    return new Map([...this.buses].flatMap(([bus, log]) => [...predictedTimes(log, this.past, this.reading.waits(bus))]))
  }

  private byBus(made: (line: StoredLine, verdict: Verdict) => PlayoutLine): Map<string, BusDays> {
    const { lines, slots, days } = this.reading
    const buses = new Map<string, PlayoutLine[]>()
    for (const [index, line] of lines.entries()) {
      const verdict = this.verdicts[index]
      if (verdict === undefined) continue
      const own = buses.get(line.bus)
      if (own === undefined) buses.set(line.bus, [made(line, verdict)])
      else own.push(made(line, verdict))
    }
    return new Map([...buses].map(([bus, own]) => [bus, { lines: own, slots: slots.flatMap((one) => (one.bus === bus ? [one.slot] : [])), days }]))
  }

  private with(times: ReadonlyMap<string, LineTimes>): PlannedLine[] {
    return this.reading.lines.flatMap((line, index): PlannedLine[] => {
      const verdict = this.verdicts[index]
      const own = times.get(line.id) ?? noTimes
      return verdict === undefined ? [] : [{ line, verdict, times: own, timingNote: noteOf(line, own) }]
    })
  }
}

export function hasStarted({ line, times }: PlannedLine, { now, rows }: Past): boolean {
  return rows.has(line.id) || times.state === 'missed' || startsBy(times, now)
}

/** So close to the air that the sound is being opened: neither it nor what is on air may be changed under the air's hands. */
const GUARD_MS = 10_000

export function isGuarded(planned: PlannedLine, past: Past): boolean {
  return hasStarted(planned, past) || startsBy(planned.times, past.now + GUARD_MS)
}

function startsBy({ state, start }: LineTimes, at: number): boolean {
  return state === 'planned' && start !== null && start <= at * 48
}

/** UTC ms, whole, as windows get it. */
export function msOf(wall: number | null): number | null {
  return wall === null ? null : Math.round(wall / 48)
}

const silentKinds: ReadonlySet<StoredLine['kind']> = new Set(['note', 'command', 'fixedPoint'])
/** What a person who plans can mend; why a line may not sound at all is the gate's word, and what a person set is known. */
const notes: ReadonlySet<ReasonCode> = new Set(['noAnchor', 'jumpedByHardStart', 'waitsForEnd', 'slotOver', 'ruleEnd', 'tooLate', 'backtimedTooLate', 'outsideItsDay'])

function noteOf(line: StoredLine, { state, reason }: LineTimes): LineReason | null {
  return silentKinds.has(line.kind) || state === 'planned' || state === 'missed' || !notes.has(reason) ? null : { code: reason }
}
