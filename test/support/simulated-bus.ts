import type { FillItem, Happened, Placement, Plan, PlayoutDay, PlayoutLine, PlayoutMode, PlayoutOrder, PlayoutSlot, ResumeMode, SequencerInput, SolverChange } from '#common/playout/index.ts'
import { defaultSequencerSettings, sequence } from '#common/playout/index.ts'

/** What one line sounded, by the bus: the truth. Bus samples run on whatever the clock on the wall does. */
export interface Heard {
  readonly lineId: string
  from: number
  until: number
  /** Sample of the item at `from`. */
  readonly item: number
  readonly row: Row
}
/** What the bus wrote down about one run. */
export interface Row {
  readonly lineId: string
  readonly placement: Placement
  readonly from: number
  readonly wall: number
  until: number | null
  stopReason: string | null
  readonly editCode: string
  /** False: it had its turn without a sound. */
  readonly sounded: boolean
}

interface Voice {
  placement: Placement
  readonly from: number
  readonly item: number
  end: number
  readonly row: Row
  piece: Heard | null
}

const SAME_INSTANT = 20

/**
 * A bus without sound: asks the sequencer at each start, end, key and change, and does what the placements say, sample by sample. What it heard
 * and what it wrote down are kept apart, so that a test can compare them.
 */
export class SimulatedBus {
  lines: readonly PlayoutLine[] = []
  slots: readonly PlayoutSlot[] = []
  days: readonly PlayoutDay[] = []
  fill: readonly FillItem[] = []
  mode: PlayoutMode = 'auto'
  modeSince: number | null = null
  orders: PlayoutOrder[] = []
  hold: SequencerInput['hold'] = null
  returned: SequencerInput['returned'] = null
  solved: readonly SolverChange[] = []
  plan: Plan
  readonly heard: Heard[] = []
  readonly rows: Row[] = []
  /** By line, in bus samples. */
  private readonly past = new Map<string, Happened>()
  private readonly voices = new Map<string, Voice>()
  /** Bus samples since the start. */
  at = 0
  private zeroWall: number
  asked = 0

  constructor(now: number, log: Partial<Pick<SimulatedBus, 'lines' | 'slots' | 'days' | 'fill' | 'mode'>> = {}) {
    this.zeroWall = now
    Object.assign(this, log)
    this.plan = this.ask()
    this.replan()
  }

  get now(): number {
    return this.zeroWall + this.at
  }
  get onAir(): readonly string[] {
    return [...this.voices.keys()]
  }

  happened(): ReadonlyMap<string, Happened> {
    const wall = (busSample: number | null): number | null => (busSample === null ? null : busSample + this.zeroWall)
    const all = new Map<string, Happened>()
    for (const [id, one] of this.past) all.set(id, { ...one, start: one.start + this.zeroWall, end: wall(one.end), endsAt: wall(one.endsAt) })
    return all
  }

  private ask(): Plan {
    this.asked++
    return sequence({
      now: this.now, mode: this.mode, modeSince: this.modeSince, lines: this.lines, slots: this.slots, days: this.days, happened: this.happened(), orders: this.orders, hold: this.hold, returned: this.returned, fill: this.fill,
      solved: this.solved, settings: defaultSequencerSettings,
    })
  }

  /** New lines, slots or days; what has happened to lines that are gone is kept for a day. */
  load(log: Partial<Pick<SimulatedBus, 'lines' | 'slots' | 'days' | 'fill'>>): void {
    Object.assign(this, log)
    if ('lines' in log) {
      const known = new Set(this.lines.map(({ id }) => id))
      for (const [id, one] of this.past) if (!known.has(id) && !this.voices.has(id) && (one.end ?? this.at) < this.at - 86_400 * 48_000) this.past.delete(id)
    }
    this.replan()
  }
  press(order: PlayoutOrder): void {
    this.orders.push(order)
    this.replan()
  }
  setMode(mode: PlayoutMode): void {
    this.mode = mode
    this.modeSince = this.now
    this.replan()
  }

  /** Someone of higher priority takes the bus, and gives it back. */
  take(priority = 9): void {
    for (const [id, voice] of this.voices) this.finish(id, voice, 'preempted', this.at)
    this.hold = { since: this.now, priority, expectedUntil: null }
    this.returned = null
    this.replan()
  }
  release(): void {
    if (this.hold === null) return
    this.returned = { since: this.hold.since, at: this.now, why: 'preempted', resume: 'catchUp' }
    this.hold = null
    this.replan()
  }

  /** The process dies here and is back `samples` later. */
  kill(samples: number, resume: ResumeMode = 'catchUp'): void {
    const since = this.now
    for (const [id, voice] of this.voices) this.finish(id, voice, 'unclean', this.at)
    this.at += samples
    this.returned = { since, at: this.now, why: 'down', resume }
    this.replan()
  }

  /**
   * The clock on the wall is set. The bus and what it sounds go on; a step forward by more than 2 s leaves a stretch of time nobody played.
   */
  stepClock(samples: number): void {
    const since = this.now
    this.zeroWall += samples
    this.orders = this.orders.map((order) => ({ ...order, at: order.at + samples }))
    if (this.hold !== null) this.hold = { ...this.hold, since: this.hold.since + samples }
    if (this.modeSince !== null) this.modeSince += samples
    if (this.returned !== null) this.returned = { ...this.returned, since: this.returned.since + samples, at: this.returned.at + samples }
    if (samples > 2 * 48_000) this.returned = { since, at: this.now, why: 'down', resume: 'catchUp' }
    this.replan()
  }

  /** Plays to a wall sample. */
  playTo(wall: number): void {
    while (this.now < wall) {
      const until = this.at + Math.min(wall, this.nextEvent()) - this.now
      this.mix(until)
      this.at = until
      this.replan()
    }
  }

  /** What is on the bus from here to there, whatever was written down about it. */
  private mix(until: number): void {
    for (const [lineId, voice] of this.voices) {
      if (voice.piece?.until === this.at) voice.piece.until = until
      else {
        voice.piece = { lineId, from: this.at, until, item: voice.item + Math.round((this.at - voice.from) / voice.placement.ratio), row: voice.row }
        this.heard.push(voice.piece)
      }
    }
  }

  private nextEvent(): number {
    let next = Number.POSITIVE_INFINITY
    for (const voice of this.voices.values()) next = Math.min(next, voice.end + this.zeroWall)
    if (this.hold === null) {
      // By start: the first that is still to come is enough.
      const coming = this.plan.sounding.find((placement) => !placement.needsKey && !this.voices.has(placement.lineId) && (placement.start ?? 0) > this.now)
      if (coming?.start !== undefined && coming.start !== null) next = Math.min(next, coming.start)
      for (const placement of this.plan.placements) if (placement.status === 'skipped' && !placement.needsKey && placement.start !== null && placement.start > this.now && placement.start < next) next = placement.start
    }
    if (this.plan.wakeAt !== null && this.plan.wakeAt > this.now) next = Math.min(next, this.plan.wakeAt)
    return next
  }

  replan(): void {
    for (let turn = 0; ; turn++) {
      if (turn > SAME_INSTANT) throw new Error(`the log does not come to rest at ${this.now}`)
      this.plan = this.ask()
      if (this.mode === 'auto') this.solved = this.plan.solver.flatMap(({ changes }) => changes)
      if (!this.execute()) return
    }
  }

  /** @returns true when something began or ended, so that the sequencer must be asked again */
  private execute(): boolean {
    let changed = false
    for (const placement of this.plan.placements) if (placement.status === 'skipped') changed = this.writeSkipped(placement) || changed
    const planned = new Map(this.plan.sounding.map((placement) => [placement.lineId, placement]))
    for (const [id, voice] of this.voices) {
      const placement = planned.get(id)
      if (placement?.start === undefined || placement.start === null || placement.start !== voice.from + this.zeroWall) throw new Error(`${id} is on air and the plan has moved it`)
      voice.placement = placement
      voice.end = placement.start + placement.length - this.zeroWall
      if (voice.end <= this.at) {
        this.finish(id, voice, placement.stopReason, voice.end)
        changed = true
      } else if (placement.stopReason !== 'natural' && voice.end - placement.fadeOut.length <= this.at) this.commit(id, voice)
    }
    if (this.hold !== null || changed) return changed
    for (const placement of this.plan.sounding) {
      if (placement.needsKey || this.voices.has(placement.lineId) || placement.start === null || placement.start > this.now) continue
      if (placement.start < this.now) throw new Error(`${placement.lineId} should have begun ${this.now - placement.start} samples ago`)
      this.begin(placement)
      changed = true
    }
    return changed
  }

  private begin(placement: Placement): void {
    const row: Row = { lineId: placement.lineId, placement, from: this.at, wall: this.now, until: null, stopReason: null, editCode: placement.editCode, sounded: true }
    this.rows.push(row)
    this.voices.set(placement.lineId, { placement, from: this.at, item: placement.from, end: this.at + placement.length, row, piece: null })
    this.past.set(placement.lineId, { lineId: placement.lineId, start: this.at, from: placement.from, end: null, endsAt: null, stopReason: null, editCode: placement.editCode, ratio: placement.ratio, sounded: true, fill: placement.fill })
  }

  private commit(id: string, voice: Voice): void {
    const one = this.past.get(id)
    if (one !== undefined && one.end === null) this.past.set(id, { ...one, endsAt: voice.end, stopReason: voice.placement.stopReason })
  }

  private finish(id: string, voice: Voice, reason: string, end: number): void {
    this.voices.delete(id)
    voice.row.until = end
    voice.row.stopReason = reason
    const one = this.past.get(id)
    if (one !== undefined) this.past.set(id, { ...one, end, endsAt: null, stopReason: reason as Happened['stopReason'] })
  }

  private writeSkipped(placement: Placement): boolean {
    if (placement.needsKey || placement.start === null || placement.start > this.now || this.past.has(placement.lineId)) return false
    this.rows.push({ lineId: placement.lineId, placement, from: placement.start - this.zeroWall, wall: placement.start, until: placement.start - this.zeroWall, stopReason: null, editCode: placement.editCode, sounded: false })
    this.past.set(placement.lineId, { lineId: placement.lineId, start: placement.start - this.zeroWall, from: 0, end: placement.start - this.zeroWall, endsAt: null, stopReason: null, editCode: placement.editCode, ratio: 1, sounded: false, fill: null })
    return true
  }
}

/** Samples of `[from, until)` on the wall in which no row sounded. Rows by start. */
export function silenceOf(rows: readonly Row[], from: number, until: number): number {
  let at = from
  let silent = 0
  for (const row of rows) {
    if (!row.sounded || row.until === null) continue
    const end = row.wall + row.until - row.from
    if (end <= at) continue
    if (row.wall >= until) break
    silent += Math.max(0, row.wall - at)
    at = Math.max(at, end)
  }
  return silent + Math.max(0, until - at)
}
