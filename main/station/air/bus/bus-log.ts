import { WALL_SAMPLES_PER_MS, defaultSequencerSettings, instantOf } from '#common/playout/index.ts'
import type { Banner, EditCode, FillItem, Happened, Hold, OrderAnswer, Placement, Plan, PlayoutLine, PlayoutMode, PlayoutOrder, PlayoutSlot, Returned, SequencerInput, SequencerSettings, SolverChange, StopReason } from '#common/playout/index.ts'
import type { CompiledLine, PassedSound } from '../../faces.ts'
import type { AirProgramme } from '../programme.ts'
import { isHeldBack } from './embargo.ts'
import { Trace } from './trace.ts'

export type Sequence = (input: SequencerInput) => Plan
export type BusOrder = PlayoutOrder & { readonly operator: string }

/** 10 s: more than the sequencer takes two presses for one. */
const SECOND_PRESS = 480_000
const FORGOTTEN = 86_400_000 * WALL_SAMPLES_PER_MS
const byHand: ReadonlySet<StopReason> = new Set(['operatorStop', 'operatorSkip', 'fadedToTime'])

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
  private readonly sequence: Sequence
  private readonly settings: SequencerSettings
  private lines: readonly CompiledLine[] = []
  private playoutLines: readonly PlayoutLine[] = []
  private slots: readonly PlayoutSlot[] = []
  private days: AirProgramme['days'] = []
  private fill: readonly FillItem[] = []
  private readonly byLine = new Map<string, CompiledLine>()
  private readonly fillSounds = new Map<string, PassedSound>()
  private readonly happened: Map<string, Happened>
  private orders: BusOrder[] = []
  private hold: Hold | null = null
  private returned: Returned | null
  private current: PlayoutMode
  private modeSince: number | null = null
  /** Changes of the solver that a person has accepted. */
  private accepted: readonly SolverChange[] = []
  /** Nobody knows what time it is: timed lines come in the order of the log. */
  timedHeld = false
  private readonly heldGraces = new Set<string>()
  private changed: { readonly key: string; readonly of: readonly PlayoutLine[]; readonly lines: readonly PlayoutLine[] } | null = null
  private latestStart = Number.NEGATIVE_INFINITY
  private answered = new Map<string, string>()
  private answers: OrderAnswer[] = []

  constructor(start: BusLogStart, sequence: Sequence, settings: SequencerSettings = defaultSequencerSettings) {
    this.current = start.mode
    this.sequence = sequence
    this.settings = settings
    this.happened = new Map(start.happened.map((one) => [one.lineId, one]))
    this.returned = start.returned
    this.plan = { placements: [], sounding: [], onAir: null, next: null, waiting: null, banners: [], overUnder: null, solver: [], holes: [], answers: [], wakeAt: null }
  }

  use(programme: AirProgramme): void {
    this.lines = programme.lines
    this.playoutLines = programme.lines.map(({ line }) => line)
    this.slots = programme.slots.map(({ slot }) => slot)
    this.days = programme.days
    this.fill = programme.fill.map(({ item }) => item)
    this.byLine.clear()
    for (const line of this.lines) this.byLine.set(line.line.id, line)
    this.fillSounds.clear()
    for (const { item, sound } of programme.fill) this.fillSounds.set(item.id, sound)
  }

  lineOf(lineId: string): CompiledLine | null {
    return this.byLine.get(lineId) ?? null
  }
  soundOf({ lineId, fill, start }: Pick<Placement, 'lineId' | 'fill' | 'start'>): PassedSound | null {
    const sound = fill === null ? (this.byLine.get(lineId)?.sound ?? null) : (this.fillSounds.get(fill.id) ?? null)
    return sound === null || isHeldBack(sound, start) ? null : sound
  }
  openSlotAt(wall: number): string | null {
    return this.slots.find(({ startAt, endAt }) => startAt <= wall && wall < endAt)?.id ?? null
  }
  happenedTo(lineId: string): Happened | null {
    return this.happened.get(lineId) ?? null
  }
  /** Who pressed the key that a placement came from. */
  operatorOf(orderId: string | null): string | null {
    return this.orders.find((order) => order.id === orderId)?.operator ?? null
  }

  /** Who ended what a person has ended. */
  stopperOf(reason: StopReason): string | null {
    return byHand.has(reason) ? (this.orders.at(-1)?.operator ?? null) : null
  }
  /** Four of the five times, UTC ms: of the source list, frozen at publication, by its own timing or else by the prediction it began with. */
  timesOf({ lineId, start }: Placement): { readonly importedAt: number | null; readonly initialAt: number | null; readonly plannedAt: number | null; readonly predictedAt: number | null } {
    const line = this.byLine.get(lineId)?.line
    const predictedAt = start === null ? null : Math.round(instantOf(start))
    if (line === undefined) return { importedAt: null, initialAt: null, plannedAt: null, predictedAt }
    const initialAt = line.plannedStart === null ? null : Math.round(instantOf(line.plannedStart))
    const own = line.timing.kind === 'hard' || line.timing.kind === 'soft' ? Math.round(instantOf(line.timing.at)) : null
    return { importedAt: null, initialAt, plannedAt: initialAt ?? own ?? predictedAt, predictedAt }
  }

  get mode(): PlayoutMode {
    return this.current
  }
  setMode(mode: PlayoutMode, at: number): void {
    if (mode === this.current) return
    this.current = mode
    this.modeSince = at
    this.accepted = []
  }
  /** @param bannerId log:line:rev; another rev is another timer */
  holdGrace(bannerId: string, held: boolean): void {
    if (held) this.heldGraces.add(bannerId)
    else this.heldGraces.delete(bannerId)
  }
  isGraceHeld(bannerId: string): boolean {
    return this.heldGraces.has(bannerId)
  }
  /** Banners of the plan, and of graces that a person holds: those count for nobody, but can be let go. */
  bannersAt(now: number): readonly Banner[] {
    const held = this.lines.flatMap(({ line }): Banner[] => {
      const { timing } = line
      const id = `${line.logId}:${line.id}:${line.rev}`
      if (!this.heldGraces.has(id) || this.happened.has(line.id) || !('onReach' in timing) || timing.onReach.kind !== 'waitUpTo') return []
      const at = timing.kind === 'backtimed' ? timing.endsAt - line.lengthSamples : timing.at
      const until = at + timing.onReach.graceMs * WALL_SAMPLES_PER_MS
      return [{ id, lineId: line.id, kind: 'grace', at, until, phase: now < at ? 'coming' : now < until ? 'running' : 'over' }]
    })
    return [...this.plan.banners.filter((banner) => !held.some(({ id }) => id === banner.id)), ...held]
  }
  /** Runs this thread has not seen: those it knows better stay. */
  learn(happened: readonly Happened[]): void {
    for (const one of happened) if (!this.happened.has(one.lineId)) this.happened.set(one.lineId, one)
  }
  order(order: BusOrder): void {
    this.orders.push(order)
  }
  /** Takes over a plan of the solver as it was shown. False when it is not shown any more. */
  accept(planId: string): boolean {
    const shown = this.plan.solver.find(({ id }) => id === planId)
    if (shown === undefined) return false
    this.accepted = [...this.accepted, ...shown.changes]
    return true
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
    this.latestStart = began.start
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
  /** The clock was moved under the bus: what has happened stays on its samples, so all of it moves with the bus. */
  moved(shift: number): void {
    for (const [lineId, one] of this.happened) this.happened.set(lineId, { ...one, start: one.start + shift, end: one.end === null ? null : one.end + shift, endsAt: one.endsAt === null ? null : one.endsAt + shift })
    this.orders = this.orders.map((order) => ({ ...order, at: order.at + shift }))
    this.latestStart += shift
    if (this.modeSince !== null) this.modeSince += shift
    if (this.hold !== null) this.hold = { ...this.hold, since: this.hold.since + shift }
    if (this.returned !== null) this.returned = { ...this.returned, since: this.returned.since + shift, at: this.returned.at + shift }
  }

  /** Decides anew. `now` = first wall sample that is not mixed yet. */
  replan(now: number): Plan {
    if (this.orders.length > 0) this.orders = this.orders.filter((order) => !this.isSpent(order, now))
    this.plan = this.sequence({
      now, mode: this.current, modeSince: this.modeSince, lines: this.linesNow(), slots: this.slots, days: this.days, happened: this.happened, orders: this.orders, hold: this.hold, returned: this.returned, fill: this.fill,
      solved: this.current === 'auto' ? this.plan.solver.flatMap(({ changes }) => changes) : this.accepted, settings: this.settings,
    })
    this.trace.note(now, this.plan)
    this.noteAnswers()
    return this.plan
  }

  /** What became of orders since the last call. */
  takeAnswers(): OrderAnswer[] {
    const taken = this.answers
    if (taken.length > 0) this.answers = []
    return taken
  }

  /** Lines of the last plan whose turn has gone by without a sample; each once. They count as happened from here on. */
  takePassed(now: number): Placement[] {
    const passed = this.plan.placements.filter(({ sounds, status, start, lineId }) => !sounds && (status === 'skipped' || status === 'failed') && start !== null && start <= now && !this.happened.has(lineId) && this.isHeard(lineId))
    for (const { lineId, start, stopReason, editCode, fill } of passed) this.passed(lineId, start ?? now, stopReason, editCode, fill)
    return passed
  }

  /** Forgets what ended before `wall` and is not in the log any more. */
  forget(wall: number): void {
    for (const [lineId, one] of this.happened) if (one.end !== null && one.end < wall && !this.byLine.has(lineId)) this.happened.delete(lineId)
  }

  /** The same list as long as nothing in it changes: the sequencer works out the order of a list only once. */
  private linesNow(): readonly PlayoutLine[] {
    if (!this.timedHeld && this.heldGraces.size === 0) return this.playoutLines
    const key = `${this.timedHeld} ${[...this.heldGraces].join(' ')}`
    if (this.changed?.key !== key || this.changed.of !== this.playoutLines) this.changed = { key, of: this.playoutLines, lines: this.playoutLines.map((line) => this.withoutClock(line)) }
    return this.changed.lines
  }

  private withoutClock(line: PlayoutLine): PlayoutLine {
    const { timing } = line
    if (this.timedHeld) return timing.kind === 'follow' ? line : { ...line, timing: { kind: 'follow' } }
    if (!('onReach' in timing) || timing.onReach.kind !== 'waitUpTo' || !this.heldGraces.has(`${line.logId}:${line.id}:${line.rev}`)) return line
    return { ...line, timing: { ...timing, onReach: { kind: 'makeNext' } } }
  }

  /** A skip counts until its line has had its turn, any other key until something has begun after it; a refused one so long that a second press is known as such. */
  private isSpent(order: BusOrder, now: number): boolean {
    if (order.kind === 'skip') return (this.happened.get(order.lineId)?.end ?? null) !== null || now - order.at > FORGOTTEN
    const isOver = this.answered.get(order.id) === 'refused' || this.latestStart > order.at
    return isOver && now - order.at > SECOND_PRESS
  }

  private noteAnswers(): void {
    for (const answer of this.plan.answers) {
      if (this.answered.get(answer.orderId) === answer.outcome) continue
      this.answered.set(answer.orderId, answer.outcome)
      this.answers.push(answer)
    }
  }

  /** Notes, commands and fixed points make no sound and leave no row. */
  private isHeard(lineId: string): boolean {
    const kind = this.byLine.get(lineId)?.line.kind
    return kind === 'audio' || kind === 'relay' || kind === 'live' || kind === 'track'
  }
}
