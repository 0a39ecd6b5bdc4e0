import type { MixFade } from '../mix/index.ts'
import type {
  AfterKind, ContentKind, EditCode, LineKind, LineState, LineStatus, OnLateKind, OverrunPolicy, PlayoutMode, ReasonCode, ResumeMode, SoftPreference, StartSource, StopReason, Transition, UnderrunPolicy,
} from './words.ts'

/**
 * Units of this folder. **Wall sample** = UTC Unix milliseconds × 48, an integer: every instant. **Sample** = 1/48 000 s, an integer: every
 * length and every position inside an item. Names that end in `Ms` are milliseconds of a setting. Nothing here is rounded to anything coarser.
 */

/** What happens to the line on air (P) when the time of a timed line comes. Grace in milliseconds from that time. */
export type OnReach =
  | { readonly kind: 'cut' }
  | { readonly kind: 'makeNext' }
  | { readonly kind: 'waitUpTo'; readonly graceMs: number }

/** Instants are wall samples. */
export type PlayoutTiming =
  | { readonly kind: 'follow' }
  | { readonly kind: 'hard'; readonly at: number; readonly onReach: OnReach }
  | { readonly kind: 'soft'; readonly at: number; readonly earlyMs: number; readonly lateMs: number; readonly prefer: SoftPreference; readonly onReach: OnReach }
  | { readonly kind: 'notBefore'; readonly at: number }
  | { readonly kind: 'backtimed'; readonly endsAt: number; readonly onReach: OnReach; readonly onLate: OnLateKind }

/**
 * Samples of the item, each null when not set; the override of the line where it has one, else the take's.
 * `cueIn ≤ fadeInEnd`, `cueIn ≤ introStart ≤ introEnd ≤ segueStart ≤ segueEnd ≤ cueOut ≤ length`, `fadeOutStart ≤ cueOut`.
 */
export interface Markers {
  readonly cueIn: number | null
  /** The fade-in runs from `cueIn` to here. */
  readonly fadeInEnd: number | null
  readonly introStart: number | null
  /** Where the singing begins: speech over this item ends here at the latest. */
  readonly introEnd: number | null
  readonly segueStart: number | null
  readonly segueEnd: number | null
  /** The fade-out runs from here to `cueOut`. */
  readonly fadeOutStart: number | null
  readonly cueOut: number | null
}

/** A line of the log as the gate left it. Lines are given in the order of the log: by broadcast date, then by order key. */
export interface PlayoutLine {
  readonly id: string
  /** What sounds; null for what is not an item (relay, live, note …). Two lines of one item are the same material. */
  readonly itemId: string | null
  /** One service, one broadcast day; timers and orders name log, line and rev. */
  readonly logId: string
  readonly rev: number
  readonly broadcastDate: string
  readonly slotId: string | null
  readonly kind: LineKind
  readonly timing: PlayoutTiming
  readonly transition: Transition
  /** Later than this after its time (its own, else `plannedStart`) it is not played; null = however late. */
  readonly lateMaxMs: number | null
  readonly after: AfterKind
  /** Where the published plan puts it, wall sample; null when it has not been planned. A relative line is late against this. */
  readonly plannedStart: number | null
  /** The solver leaves it alone. A hard start still cuts it. */
  readonly protected: boolean
  /** The solver may drop it; the lowest `fillPriority` goes first. */
  readonly droppable: boolean
  readonly fillPriority: number
  /** Dropped at planning to fit; the solver may bring it back. It does not play otherwise. */
  readonly dropped: boolean
  /** Set to skip by a person. */
  readonly skip: boolean
  /** `ok` = the gate lets it sound. */
  readonly state: LineState
  readonly priority: number
  readonly content: ContentKind
  /** Lines of one news block keep their order and nothing is put between them; null = in none. */
  readonly newsBlockId: string | null
  /** A stretched file of it can be made in time. Relay and live never. */
  readonly stretchable: boolean
  /** Decoded samples of the whole item; what sounds is the cue window of `markers`. 0 = nothing to sound (note, command, fixed point). */
  readonly lengthSamples: number
  /** Has no end of its own: relay, live, loop. It goes on to `endAt`, the next fixed point, or a key. */
  readonly endless: boolean
  /** Fixed out of a relay, wall sample; null = none. */
  readonly endAt: number | null
  readonly markers: Markers | null
  /** A voice line that ends on the `introEnd` of the music after it, whatever that does to its start. */
  readonly hitPost: boolean
}

/** Something the station may put in where a slot is short: an approved, valid, verified local take. The order of the list is the rotation. */
export interface FillItem {
  /** Item id; the placement's line id is made of the fixed point it stands before and a number. */
  readonly id: string
  readonly fillGroup: string | null
  readonly lengthSamples: number
  readonly markers: Markers | null
  readonly content: ContentKind
  /** A bed: may be faded out anywhere without being missed. */
  readonly fadesAnywhere: boolean
}

/** Outside slots silence is correct. Instants are wall samples. */
export interface PlayoutSlot {
  readonly id: string
  readonly broadcastDate: string
  readonly startAt: number
  readonly endAt: number
  readonly onOverrun: OverrunPolicy
  readonly maxOverrunMs: number
  readonly onUnderrun: UnderrunPolicy
  readonly fillGroup: string | null
  /** A session limit or quiet hour, wall sample: an end for everything of priority ≤ 5 in every mode. Null = none. */
  readonly ruleEndAt: number | null
  /** Played when the slot closes early. */
  readonly closing: FillItem | null
}

/** A broadcast day `[startsAt, endsAt)` in wall samples. A log's hard times count only inside its own day. */
export interface PlayoutDay {
  readonly logId: string
  readonly broadcastDate: string
  readonly startsAt: number
  readonly endsAt: number
}

/**
 * The latest run of a line on this bus, or the fact that it had its turn without one. The air worker keeps it by bus samples; it survives restarts.
 * Wall samples are those of the clock in force: when the clock is stepped, they move with the bus, as do those of orders, hold, return and mode.
 */
export interface Happened {
  readonly lineId: string
  /** Wall sample of its first audible sample; where it would have stood when it never sounded. */
  readonly start: number
  /** Sample of the item that sounded there. */
  readonly from: number
  /** Wall sample of its end; null while it sounds. */
  readonly end: number | null
  /** While it sounds: end of a segue or fade that has begun and is not taken back. Null = none. */
  readonly endsAt: number | null
  readonly stopReason: StopReason | null
  readonly editCode: EditCode
  /** Bus samples per item sample of this run; 1 = not stretched. */
  readonly ratio: number
  /** False: it had its turn without a sample (skipped, failed). */
  readonly sounded: boolean
  /** Set for fill: which item, because no line of the log says so. */
  readonly fill: FillItem | null
}

interface OrderBase {
  readonly id: string
  /** Wall sample of the key. An order is spent by what starts after it. */
  readonly at: number
}
/** Keys and commands. `rev` = the one the person saw; a stale one is refused. */
export type PlayoutOrder = OrderBase & (
  /** The start key: the named line, or what waits. Assist: P goes out by segue rules. Manual: P ends whole first. A second press within 5 s overrides a refusal. */
  | { readonly kind: 'go'; readonly lineId: string | null; readonly rev: number | null }
  /** P fades 600 ms, the next (or named) line starts at once, in every mode. */
  | { readonly kind: 'nextNow'; readonly lineId: string | null; readonly rev: number | null }
  /** At the next junction. */
  | { readonly kind: 'makeNext'; readonly lineId: string; readonly rev: number | null }
  /** P ends (150 ms) and the log goes on; another line loses its turn. */
  | { readonly kind: 'skip'; readonly lineId: string; readonly rev: number | null }
  /** P ends (150 ms) and the log waits for a key. */
  | { readonly kind: 'stop' }
  /** To where the clock says. */
  | { readonly kind: 'goToNow' }
)

/** Someone of higher priority has the bus. */
export interface Hold {
  readonly since: number
  readonly priority: number
  /** Wall sample when it is thought to end; null = not known: predictions take now. */
  readonly expectedUntil: number | null
}
/**
 * The bus has come back to the log at `at`; in force until something starts, then the caller lets it go. What was interrupted has its end in `happened`.
 * A first start of the station is `down` since the first day began; a clock set forward by more than 2 s is `down` from the old to the new time.
 */
export interface Returned {
  readonly since: number
  readonly at: number
  readonly why: 'preempted' | 'down'
  readonly resume: ResumeMode
}

export interface SequencerSettings {
  /** False: the solver neither acts nor proposes and nothing is filled; only figures are given. Default true. */
  readonly solves: boolean
  /** Fade of what a hard start, a skip or a withdrawal ends. Default 150 ms. */
  readonly cutFade: number
  /** Default 600 ms. */
  readonly nextNowFade: number
  /** Ramp at a bare cut. Default 5 ms. */
  readonly declick: number
  /** Most the solver may change a line's length: 0.02 = 2 %. */
  readonly squeezeCap: number
  readonly stretchCap: number
  /** Fade of what the solver shortens. Default 3 s. */
  readonly timeFade: number
  /** Closer than this to its time the solver leaves a plan alone. Default 0.5 s. */
  readonly tolerance: number
  /** Silence that is left alone where nothing fits. Default 2 s. */
  readonly silenceMax: number
}

export interface SequencerInput {
  /** Wall sample. */
  readonly now: number
  readonly mode: PlayoutMode
  /** Wall sample of the last change of mode, null = none: a change starts nothing by itself. */
  readonly modeSince: number | null
  readonly lines: readonly PlayoutLine[]
  /** By start. */
  readonly slots: readonly PlayoutSlot[]
  /** By start; a line whose day is not here has no times of its own. */
  readonly days: readonly PlayoutDay[]
  readonly happened: ReadonlyMap<string, Happened>
  /** Oldest first. */
  readonly orders: readonly PlayoutOrder[]
  readonly hold: Hold | null
  readonly returned: Returned | null
  readonly fill: readonly FillItem[]
  /**
   * Solver changes in force: in auto those of the plan before (`Plan.solver`), so that the pair on air + next keeps what was decided and a plan that
   * still ends on time stays; in assist and manual those a person accepted.
   */
  readonly solved: readonly SolverChange[]
  readonly settings: SequencerSettings
}

/**
 * What a line will do. The air worker executes placements with `sounds` and no `needsKey` as they stand: from wall sample `start`, samples of the
 * item from `from`, `length` bus samples, with these fades; two of them overlap only at a segue. A window shows `reason`.
 */
export interface Placement {
  readonly lineId: string
  readonly logId: string
  readonly rev: number
  readonly status: LineStatus
  /**
   * False: it makes no sound (skipped, dropped, note, over); `start` is then where it would have stood. One that is `skipped`
   * with `start ≤ now` and no `needsKey` has had its turn: the air worker writes it down in `happened`, and from then on it is done.
   */
  readonly sounds: boolean
  /** Starts only after a key, its own or that of a line before it; predicted as if the key came when the bus is free. */
  readonly needsKey: boolean
  /** Wall sample; null only when it has no place in time. */
  readonly start: number | null
  /** Samples of the item at `start`. */
  readonly from: number
  /** Bus samples; `start + length` = its last sample + 1. An endless line without an end has `openEnded` and the length up to the horizon known. */
  readonly length: number
  readonly openEnded: boolean
  readonly fadeIn: MixFade
  readonly fadeOut: MixFade
  /** Bus samples per item sample: > 1 stretched, < 1 squeezed. */
  readonly ratio: number
  readonly startSource: StartSource
  /** As it will be when nothing else happens. */
  readonly stopReason: StopReason
  readonly editCode: EditCode
  readonly reason: ReasonCode
  /** Line, slot or order the reason is about; null = none. */
  readonly because: string | null
  /** The item, when it is fill of the solver and no line of the log. */
  readonly fill: FillItem | null
}

export type BannerKind = 'timedLineDue' | 'grace' | 'softWindow' | 'notBefore' | 'latestStart' | 'relayOut' | 'ruleEnd'
/** What a person sees counting. `id` = log:line:rev, so a banner dies with the line it was for. */
export interface Banner {
  readonly id: string
  readonly lineId: string
  readonly kind: BannerKind
  /** Wall sample of its time. */
  readonly at: number
  /** End of the window or of the grace; null = none. */
  readonly until: number | null
  /** `coming` before `at`, `running` inside the window, `over` after it. */
  readonly phase: 'coming' | 'running' | 'over'
}

export interface OverUnder {
  /** Next fixed point: a timed line or the end of a slot. */
  readonly target: { readonly kind: 'line' | 'slot'; readonly id: string; readonly at: number }
  /** Predicted arrival − time, before the solver; > 0 = too long. */
  readonly rawSamples: number
  /** The same with the solver's changes. */
  readonly samples: number
}

export interface SolverChange {
  readonly lineId: string
  readonly what: 'restore' | 'fill' | 'drop' | 'stretch' | 'squeeze' | 'fade'
  /** Bus samples it adds (> 0) or takes (< 0). */
  readonly deltaSamples: number
  readonly ratio: number
  readonly fill: FillItem | null
  /** Fixed point it serves: a line or the end of a slot. Fill stands right before it. */
  readonly targetId: string
  readonly reason: 'tooLong' | 'tooShort'
}
export interface SolverPlan {
  /** Of its content: the same plan has the same id. */
  readonly id: string
  readonly target: OverUnder['target']
  readonly changes: readonly SolverChange[]
  /** What is left of over (> 0) or under after the changes. */
  readonly restSamples: number
  /** Why the rest is there; null when it ends on time. */
  readonly why: 'noDroppable' | 'noFill' | 'overCap' | 'guarded' | 'silenceAllowed' | null
}

/** Silence the plan has inside an open slot. */
export interface Hole {
  readonly from: number
  readonly until: number
  readonly slotId: string
}
export interface OrderAnswer {
  readonly orderId: string
  readonly outcome: 'done' | 'pending' | 'refused'
  readonly why: 'stale' | 'unknownLine' | 'alreadyPlayed' | 'beforeItsTime' | 'notPlayable' | 'nothingToDo' | null
  /** Obeyed, but to be written down: started before or outside its time. */
  readonly warning: 'beforeItsTime' | 'afterItsTime' | null
}

export interface Plan {
  /** Every line of the log in its order, then what the solver added, by start. */
  readonly placements: readonly Placement[]
  /** Those with `sounds`, by start: what the air executes. Fill included. */
  readonly sounding: readonly Placement[]
  readonly onAir: Placement | null
  readonly next: Placement | null
  /** The line that waits for a key now; null when none does. */
  readonly waiting: Placement | null
  readonly banners: readonly Banner[]
  readonly overUnder: OverUnder | null
  /** In auto already in the placements; in assist a proposal. One per fixed point that needs one, by time. */
  readonly solver: readonly SolverPlan[]
  readonly holes: readonly Hole[]
  readonly answers: readonly OrderAnswer[]
  /** Wall sample at which to ask again even when nothing has happened (a timed line comes due while a key is awaited); null = need not. */
  readonly wakeAt: number | null
}

/** A plan with what people who write the log ask beside it. */
export interface LogPlan extends Plan {
  /** Over or under at every fixed point ahead, by time; the first is `overUnder`. Each as if the log were on time at the one before, when the solver acts. */
  readonly posts: readonly OverUnder[]
}
