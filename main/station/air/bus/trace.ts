import type { EditCode, LineStatus, Placement, Plan, ReasonCode, StartSource } from '#common/playout/index.ts'

/** One decision about a line. Wall samples. */
export interface Decision {
  readonly at: number
  readonly status: LineStatus
  readonly sounds: boolean
  readonly start: number | null
  readonly startSource: StartSource
  readonly editCode: EditCode
  readonly reason: ReasonCode
  readonly because: string | null
}

const KEPT = 24
/** A start that moves by less says nothing new. */
const MOVED = 48_000

/** Why each line plays or does not: its last decisions, oldest first; the same decision again is not written twice. */
export class Trace {
  private readonly lines = new Map<string, Decision[]>()
  private readonly told = new Map<string, Decision[]>()

  note(at: number, plan: Plan): void {
    for (const placement of plan.placements) {
      const known = this.lines.get(placement.lineId)
      const last = known?.at(-1)
      if (last !== undefined && isSame(last, placement)) continue
      const { status, sounds, start, startSource, editCode, reason, because } = placement
      const decision = { at, status, sounds, start, startSource, editCode, reason, because }
      if (known === undefined) this.lines.set(placement.lineId, [decision])
      else {
        known.push(decision)
        if (known.length > KEPT) known.shift()
      }
    }
  }

  /** What was heard of a line that sounds, between what was decided about it. */
  tell(lineId: string, at: number, reason: ReasonCode): void {
    const known = this.told.get(lineId) ?? []
    known.push({ at, status: 'playing', sounds: reason === 'sourceBack', start: null, startSource: reason === 'sourceBack' ? 'relayReturn' : 'fallback', editCode: 'none', reason, because: null })
    if (known.length > KEPT) known.shift()
    this.told.set(lineId, known)
  }

  of(lineId: string): readonly Decision[] {
    return [...(this.lines.get(lineId) ?? []), ...(this.told.get(lineId) ?? [])].sort((a, b) => a.at - b.at)
  }

  /** Forgets lines that are in no plan any more. */
  keep(isKept: (lineId: string) => boolean): void {
    for (const kept of [this.lines, this.told]) for (const lineId of kept.keys()) if (!isKept(lineId)) kept.delete(lineId)
  }
}

function isSame(a: Decision, b: Placement): boolean {
  return a.status === b.status && a.sounds === b.sounds && a.startSource === b.startSource && a.editCode === b.editCode && a.reason === b.reason && a.because === b.because
    && (a.start === null) === (b.start === null) && Math.abs((a.start ?? 0) - (b.start ?? 0)) < MOVED
}
