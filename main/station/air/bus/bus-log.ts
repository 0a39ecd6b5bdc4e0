import { WALL_SAMPLES_PER_MS, defaultSequencerSettings, instantOf, sequence } from '#common/playout/index.ts'
import type { Banner, EditCode, FillItem, Happened, Hold, OrderAnswer, Placement, Plan, PlayoutLine, PlayoutMode, Returned, SequencerSettings, SolverChange, StopReason } from '#common/playout/index.ts'
import type { CompiledLine, CompiledSlot, PassedSound } from '../../faces.ts'
import type { AirProgramme } from '../programme.ts'
import { isHeldBack } from './embargo.ts'
import { LogLines, graceIdOf } from './log-lines.ts'
import { OrderBook } from './order-book.ts'
import type { BusOrder } from './order-book.ts'
import { Trace } from './trace.ts'

/** 100 ms: a clock that moves by no more is slewed. */
const SLEWED = 4_800

export interface BusLogStart {
  readonly mode: PlayoutMode
  readonly happened: readonly Happened[]
  readonly returned: Returned | null
}

/** What began: where it stands on the wall clock and in its item. */
export interface Began {
  readonly lineId: string
  readonly start: number
  readonly from: number
  readonly ratio: number
  readonly editCode: EditCode
  readonly fill: FillItem | null
}

/**
 * What one bus knows of its log and what it has decided: the lines, what has happened to them, keys pressed, who has the bus. Asks the
 * sequencer and keeps its answer. Nothing here knows of samples that sound.
 */
export class BusLog {
  plan: Plan
  readonly trace = new Trace()
  private readonly settings: SequencerSettings
  private readonly lines = new LogLines()
  private readonly book = new OrderBook()
  private readonly happened: Map<string, Happened>
  /** Lines of `happened` that began on this bus since its thread began. */
  private readonly own = new Set<string>()
  private hold: Hold | null = null
  private returned: Returned | null
  private current: PlayoutMode
  private modeSince: number | null = null
  /** Changes of the solver in force: in auto those of the last plan, else those that a person has accepted. */
  private solved: readonly SolverChange[] = []

  constructor(start: BusLogStart, settings: SequencerSettings = defaultSequencerSettings) {
    this.current = start.mode
    this.settings = settings
    this.happened = new Map(start.happened.map((one) => [one.lineId, one]))
    this.returned = start.returned
    this.plan = { placements: [], sounding: [], onAir: null, next: null, waiting: null, banners: [], overUnder: null, solver: [], holes: [], answers: [], wakeAt: null }
  }

  use(programme: AirProgramme): void {
    this.lines.use(programme)
  }
  /** Nobody knows what time it is: timed lines come in the order of the log. */
  set timedHeld(held: boolean) {
    this.lines.timedHeld = held
  }

  lineOf(lineId: string): CompiledLine | null {
    return this.lines.get(lineId)
  }
  soundOf({ lineId, fill, start }: Pick<Placement, 'lineId' | 'fill' | 'start'>): PassedSound | null {
    const sound = fill === null ? (this.lines.soundOf(lineId)?.sound ?? null) : this.lines.soundOfFill(fill.id)
    return sound === null || isHeldBack(sound, start) ? null : sound
  }
  /** A backup of its own plays in it. */
  isBackup(lineId: string): boolean {
    return this.lines.soundOf(lineId)?.isBackup ?? false
  }
  /** What it plays cannot be opened. False: it has no backup left. */
  useBackup(lineId: string): boolean {
    return this.lines.useBackup(lineId)
  }
  compiledSlotAt(wall: number): CompiledSlot | null {
    return this.lines.slotAt(wall)
  }
  get stationBackups(): readonly PassedSound[] {
    return this.lines.stationBackups
  }
  openSlotAt(wall: number): string | null {
    return this.lines.slotAt(wall)?.slot.id ?? null
  }
  happenedTo(lineId: string): Happened | null {
    return this.happened.get(lineId) ?? null
  }
  /** Who pressed the key that a placement came from, or that took its turn. */
  operatorOf(placement: Placement): string | null {
    return this.book.operatorOf(placement)
  }
  /** Who ended what a person has ended. */
  stopperOf(reason: StopReason): string | null {
    return this.book.stopperOf(reason)
  }
  /** Four of the five times, UTC ms: of the source list, frozen at publication, by its own timing or else by the prediction it began with. */
  timesOf({ lineId, start }: Placement): { readonly importedAt: number | null; readonly initialAt: number | null; readonly plannedAt: number | null; readonly predictedAt: number | null } {
    const line = this.lines.get(lineId)?.line
    const predictedAt = start === null ? null : Math.round(instantOf(start))
    if (line === undefined) return { importedAt: null, initialAt: null, plannedAt: null, predictedAt }
    const initialAt = line.plannedStart === null ? null : Math.round(instantOf(line.plannedStart))
    const own = line.timing.kind === 'hard' || line.timing.kind === 'soft' ? Math.round(instantOf(line.timing.at)) : null
    return { importedAt: null, initialAt, plannedAt: initialAt ?? own ?? predictedAt, predictedAt }
  }
  /** Its own time, wall sample, when it has come for that: how late it is says how good the air is. */
  dueOf({ lineId, reason }: Placement): number | null {
    const timing = this.lines.get(lineId)?.line.timing
    return reason === 'atItsTime' && timing?.kind === 'hard' ? timing.at : null
  }

  get mode(): PlayoutMode {
    return this.current
  }
  setMode(mode: PlayoutMode, at: number): void {
    if (mode === this.current) return
    // What a person has accepted goes on in auto; what the log has decided by itself is for a person only a proposal.
    if (this.current === 'auto') this.solved = []
    this.current = mode
    this.modeSince = at
  }
  /** @param bannerId log:line:rev; another rev is another timer */
  holdGrace(bannerId: string, held: boolean): void {
    this.lines.holdGrace(bannerId, held)
  }
  isGraceHeld(bannerId: string): boolean {
    return this.lines.isGraceHeld(bannerId)
  }
  /** Banners of the plan, and of graces that a person holds: those count for nobody, but can be let go. */
  bannersAt(now: number): readonly Banner[] {
    const held = this.lines.held.flatMap((line): Omit<Banner, 'phase'>[] => {
      const at = graceBegins(line)
      if (this.happened.has(line.id) || at === null || !('onReach' in line.timing) || line.timing.onReach.kind !== 'waitUpTo') return []
      return [{ id: graceIdOf(line), lineId: line.id, kind: 'grace', at, until: at + line.timing.onReach.graceMs * WALL_SAMPLES_PER_MS }]
    })
    return [...this.plan.banners.filter((banner) => !held.some(({ id }) => id === banner.id)), ...held].map((banner) => ({ ...banner, phase: phaseAt(now, banner) }))
  }
  /** Runs this thread has not seen: those it knows better stay. */
  learn(happened: readonly Happened[]): void {
    for (const one of happened) if (!this.happened.has(one.lineId)) this.happened.set(one.lineId, one)
  }
  order(order: BusOrder): void {
    this.book.add(order)
  }
  /** Takes over a plan of the solver as it was shown. False when it is not shown any more. */
  accept(planId: string): boolean {
    const shown = this.current === 'auto' ? undefined : this.plan.solver.find(({ id }) => id === planId)
    if (shown === undefined) return false
    // A proposal holds what was accepted for its fixed point before.
    this.solved = [...this.solved.filter(({ targetId }) => targetId !== shown.target.id), ...shown.changes]
    return true
  }
  /** No file of it at another speed can be made: the solver finds another way. */
  cannotStretch(sha256: string): void {
    this.lines.cannotStretch(sha256)
    this.solved = this.solved.filter(({ lineId, what }) => (what !== 'stretch' && what !== 'squeeze') || this.lines.get(lineId)?.sound?.sha256 !== sha256)
  }
  taken(since: number, priority: number): void {
    this.hold = { since, priority, expectedUntil: null }
  }
  givenBack(at: number): void {
    const since = this.hold?.since ?? at
    this.hold = null
    this.returned = { since, at, why: 'preempted', resume: 'catchUp' }
  }

  /** The bus stood still from wall sample `since` to `at`. */
  wasDown(since: number, at: number): void {
    this.returned = { since, at, why: 'down', resume: 'catchUp' }
  }

  began(began: Began): void {
    this.returned = null
    this.book.began(began.start)
    this.own.add(began.lineId)
    this.happened.set(began.lineId, { ...began, end: null, endsAt: null, stopReason: null, sounded: true })
  }
  /** Its end at wall sample `end` is decided and not taken back: a fade has begun, the file breaks there. */
  ending(lineId: string, end: number, stopReason: StopReason): void {
    const known = this.happened.get(lineId)
    if (known !== undefined) this.happened.set(lineId, { ...known, endsAt: end, stopReason })
  }
  /** @param end wall sample */
  ended(lineId: string, end: number, stopReason: StopReason, editCode: EditCode): void {
    const known = this.happened.get(lineId)
    if (known !== undefined) this.happened.set(lineId, { ...known, end, stopReason, editCode })
  }
  /** A line that had its turn without a sample. */
  passed(lineId: string, at: number, stopReason: StopReason, editCode: EditCode, fill: FillItem | null = null): void {
    this.happened.set(lineId, { lineId, start: at, from: 0, end: at, endsAt: null, stopReason, editCode, ratio: 1, sounded: false, fill })
  }
  /**
   * The clock was moved under the bus. What this bus has sounded stays on its samples, so it moves with the bus; what was before this bus has none, and keeps
   * its place on the wall unless the clock was stepped.
   */
  moved(shift: number): void {
    for (const [lineId, one] of this.happened) {
      if (Math.abs(shift) <= SLEWED && !this.own.has(lineId)) continue
      this.happened.set(lineId, { ...one, start: one.start + shift, end: one.end === null ? null : one.end + shift, endsAt: one.endsAt === null ? null : one.endsAt + shift })
    }
    this.book.moved(shift)
    if (this.modeSince !== null) this.modeSince += shift
    if (this.hold !== null) this.hold = { ...this.hold, since: this.hold.since + shift }
    if (this.returned !== null) this.returned = { ...this.returned, since: this.returned.since + shift, at: this.returned.at + shift }
  }

  /** True when the plan changes by the mere passing of time: a key is awaited, or the bus is somebody else's. */
  get drifts(): boolean {
    return this.hold !== null || this.plan.next?.needsKey === true
  }

  /** Decides anew. `now` = first wall sample that is not mixed yet. */
  replan(now: number): Plan {
    this.book.spend(now, (lineId) => (this.happened.get(lineId)?.end ?? null) !== null)
    const { slots, days, fill } = this.lines
    this.plan = sequence({
      now, mode: this.current, modeSince: this.modeSince, lines: this.lines.now, slots, days, happened: this.happened, orders: this.book.orders, hold: this.hold, returned: this.returned, fill, solved: this.solved, settings: this.settings,
    })
    if (this.current === 'auto') this.solved = this.plan.solver.flatMap(({ changes }) => changes)
    this.trace.note(now, this.plan)
    this.book.note(this.plan.answers)
    return this.plan
  }

  /** What became of orders since the last call. */
  takeAnswers(): OrderAnswer[] {
    return this.book.takeAnswers()
  }

  /** Lines of the last plan whose turn has gone by without a sample; each once. They count as happened from here on. */
  takePassed(now: number): Placement[] {
    const passed = this.plan.placements.filter((placement) => isPassedBy(now, placement) && !this.happened.has(placement.lineId) && this.isHeard(placement.lineId))
    for (const { lineId, start, stopReason, editCode, fill } of passed) this.passed(lineId, start ?? now, stopReason, editCode, fill)
    return passed
  }
  /** Wall sample after `now` at which the next line of the plan will have missed its turn; Infinity = none. */
  nextPassed(now: number): number {
    let next = Number.POSITIVE_INFINITY
    for (const placement of this.plan.placements) if (placement.start !== null && placement.start > now && placement.start < next && isPassedBy(placement.start, placement)) next = placement.start
    return next
  }

  /** Forgets what ended before `wall` and is not in the log any more. */
  forget(wall: number): void {
    for (const [lineId, one] of this.happened) if (one.end !== null && one.end < wall && this.lines.get(lineId) === null && this.happened.delete(lineId)) this.own.delete(lineId)
    this.trace.keep((lineId) => this.lines.get(lineId) !== null || this.happened.has(lineId))
  }

  /** Notes, commands and fixed points make no sound and leave no row. */
  private isHeard(lineId: string): boolean {
    const kind = this.lines.get(lineId)?.line.kind
    return kind === 'audio' || kind === 'relay' || kind === 'live' || kind === 'track'
  }
}

/** Put before what is on air since, a line (`passed`) has lost no turn: it may still be moved to where it gets one. */
function isPassedBy(now: number, { sounds, needsKey, status, reason, start }: Placement): boolean {
  return !sounds && !needsKey && (status === 'skipped' || status === 'failed') && reason !== 'passed' && start !== null && start <= now
}

function phaseAt(now: number, { at, until }: Pick<Banner, 'at' | 'until'>): Banner['phase'] {
  return now < at ? 'coming' : until === null || now < until ? 'running' : 'over'
}

/** Wall sample from which the grace of a line counts. */
function graceBegins({ timing, lengthSamples, markers }: PlayoutLine): number | null {
  switch (timing.kind) {
    case 'hard': return timing.at
    case 'soft': return timing.at + timing.lateMs * WALL_SAMPLES_PER_MS
    case 'backtimed': return timing.endsAt - ((markers?.cueOut ?? lengthSamples) - (markers?.cueIn ?? 0))
    case 'follow':
    case 'notBefore': return null
  }
}
