import type { FillItem, Happened, LogPlan, Markers, Placement, Plan, PlayoutDay, PlayoutLine, PlayoutOrder, PlayoutSlot, PlayoutTiming, SequencerInput } from '#common/playout/index.ts'
import { defaultSequencerSettings, sequence, wallSamples } from '#common/playout/index.ts'
import { randomSource } from './signals.ts'

/** 08:00 in Vietnam on 21/11/2026, and the broadcast day it is in. */
export const T = wallSamples(Date.UTC(2026, 10, 21, 1, 0, 0))
export const DAY: PlayoutDay = { logId: 'log', broadcastDate: '2026-11-21', startsAt: wallSamples(Date.UTC(2026, 10, 20, 17)), endsAt: wallSamples(Date.UTC(2026, 10, 21, 17)) }

export const seconds = (n: number): number => Math.round(n * 48_000)
export const minutes = (n: number): number => seconds(n * 60)

export const noMarkers: Markers = { cueIn: null, fadeInEnd: null, introStart: null, introEnd: null, segueStart: null, segueEnd: null, fadeOutStart: null, cueOut: null }
export const markers = (set: Partial<Markers>): Markers => ({ ...noMarkers, ...set })

/** A plain programme line that follows; nothing of it may be changed by the solver unless the test says so. */
export function line(id: string, lengthSamples: number, set: Partial<PlayoutLine> = {}): PlayoutLine {
  return {
    id, itemId: `item-${id}`, logId: DAY.logId, rev: 1, broadcastDate: DAY.broadcastDate, slotId: null, kind: 'audio', timing: { kind: 'follow' }, transition: 'play', lateMaxMs: null, after: 'join', plannedStart: null, protected: true, droppable: false,
    fillPriority: 0, dropped: false, skip: false, state: 'ok', priority: 3, content: 'programme', newsBlockId: null, stretchable: true, lengthSamples, endless: false, endAt: null, markers: null, hitPost: false, ...set,
  }
}
export const hard = (at: number, onReach: 'cut' | 'makeNext' | number = 'cut'): PlayoutTiming => ({ kind: 'hard', at, onReach: reach(onReach) })
export const soft = (at: number, earlySeconds: number, lateSeconds: number, prefer: 'closest' | 'over' | 'under' = 'closest', onReach: 'cut' | 'makeNext' | number = 'makeNext'): PlayoutTiming =>
  ({ kind: 'soft', at, earlyMs: earlySeconds * 1000, lateMs: lateSeconds * 1000, prefer, onReach: reach(onReach) })
export const notBefore = (at: number): PlayoutTiming => ({ kind: 'notBefore', at })
export const backtimed = (endsAt: number, onLate: 'join' | 'trimEnd' | 'skip' = 'join', onReach: 'cut' | 'makeNext' | number = 'cut'): PlayoutTiming => ({ kind: 'backtimed', endsAt, onReach: reach(onReach), onLate })
/** A number is a grace in seconds. */
const reach = (onReach: 'cut' | 'makeNext' | number) => (typeof onReach === 'number' ? { kind: 'waitUpTo' as const, graceMs: onReach * 1000 } : { kind: onReach })

export function slot(id: string, startAt: number, endAt: number, set: Partial<PlayoutSlot> = {}): PlayoutSlot {
  return { id, broadcastDate: DAY.broadcastDate, startAt, endAt, onOverrun: 'cut', maxOverrunMs: 0, onUnderrun: 'fill', fillGroup: null, ruleEndAt: null, closing: null, ...set }
}
export function fill(id: string, lengthSamples: number, set: Partial<FillItem> = {}): FillItem {
  return { id, fillGroup: null, lengthSamples, markers: null, content: 'music', fadesAnywhere: false, ...set }
}

export function playing(lineId: string, start: number, set: Partial<Happened> = {}): Happened {
  return { lineId, start, from: 0, end: null, endsAt: null, stopReason: null, editCode: 'none', ratio: 1, sounded: true, fill: null, ...set }
}
export function played(lineId: string, start: number, end: number, set: Partial<Happened> = {}): Happened {
  return { ...playing(lineId, start), end, stopReason: 'natural', ...set }
}
export const happened = (...all: readonly Happened[]): ReadonlyMap<string, Happened> => new Map(all.map((one) => [one.lineId, one]))

export type Press = PlayoutOrder extends infer Order ? (Order extends PlayoutOrder ? Omit<Order, 'id'> : never) : never
export const press = (order: Press, id = 'key'): PlayoutOrder => ({ ...order, id })
export const go = (at: number, lineId: string | null = null, rev: number | null = null): PlayoutOrder => press({ kind: 'go', at, lineId, rev })

export function inputOf(set: Partial<SequencerInput> & Pick<SequencerInput, 'now' | 'lines'>): SequencerInput {
  return { mode: 'auto', modeSince: null, slots: [], days: [DAY], happened: new Map(), orders: [], hold: null, returned: null, fill: [], solved: [], settings: defaultSequencerSettings, ...set }
}
export const planOf = (set: Partial<SequencerInput> & Pick<SequencerInput, 'now' | 'lines'>): LogPlan => sequence(inputOf(set))

export function find(plan: Plan, lineId: string): Placement {
  const placement = plan.placements.find((other) => other.lineId === lineId)
  if (placement === undefined) throw new Error(`no placement of ${lineId}`)
  return placement
}
/** Integers below a bound, the same for the same seed on every machine. */
export function randomOf(seed: number): (below: number) => number {
  const next = randomSource(seed)
  // The first numbers of neighbouring seeds are alike.
  for (let skipped = 0; skipped < 16; skipped++) next()
  return (below) => Math.floor(((next() + 1) / 2) * below)
}

/** Where a line sounds, from a reference instant: `[start, end)` in samples. */
export function span(plan: Plan, lineId: string, from = T): [number, number] | string {
  const placement = find(plan, lineId)
  if (!placement.sounds || placement.start === null) return placement.editCode === 'none' ? placement.reason : placement.editCode
  return [placement.start - from, placement.start - from + placement.length]
}
