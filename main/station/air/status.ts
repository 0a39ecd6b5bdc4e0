import type { AirStatus, BusState } from '#contract/air.ts'
import { instantOf } from '#common/playout/index.ts'
import type { SolverPlan } from '#common/playout/index.ts'
import type { AirHost } from './host.ts'
import type { BusNow } from './messages.ts'

export interface StatusParts {
  readonly host: AirHost
  /** By the setting, in its order; the position is the number of the bus less one. */
  readonly buses: readonly { readonly id: string; readonly name: string }[]
  peakOf(number: number): number
  titleOf(lineId: string): string
  now(): number
}

/** What windows are told of the air. */
export function airStatus({ host, buses, peakOf, titleOf, now }: StatusParts): AirStatus {
  return {
    at: Math.round(now()), state: host.phase, clock: host.clock.status(),
    buses: buses.map(({ id, name }, index) => busState(host.buses.find(({ bus }) => bus === id) ?? null, { bus: id, number: index + 1, name, running: host.phase === 'running', peakDbfs: peakOf(index + 1) }, titleOf)),
  }
}

function busState(now: BusNow | null, own: Pick<BusState, 'bus' | 'number' | 'name' | 'running' | 'peakDbfs'>, titleOf: (lineId: string) => string): BusState {
  if (now === null) return { ...own, mode: 'auto', playing: null, finishing: null, next: null, waiting: null, banners: [], overUnder: null, solver: [], heldBy: null, fallback: null, relays: [], output: { silentMs: 0, level: 'well', clips: false, outOfPhase: false }, underruns: 0, zeroAtUs: null }
  const { playing, overUnder } = now
  return {
    ...own, mode: now.mode, underruns: now.underruns, zeroAtUs: now.zeroAtUs, heldBy: now.holdPriority, fallback: now.fallback, relays: [...now.relays], output: now.output, finishing: now.finishing, next: now.next, waiting: now.waiting, banners: [...now.banners],
    playing: playing === null ? null : { lineId: playing.lineId, title: playing.title, startedAt: playing.startedAt, endsAt: playing.endsAt, source: playing.source, priority: playing.priority },
    overUnder: overUnder === null ? null : { kind: overUnder.target.kind, id: overUnder.target.id, at: Math.round(instantOf(overUnder.target.at)), rawSamples: overUnder.rawSamples, samples: overUnder.samples },
    solver: now.solver.map((plan) => proposal(plan, titleOf)),
  }
}

function proposal({ id, target, changes, restSamples, why }: SolverPlan, titleOf: (lineId: string) => string): BusState['solver'][number] {
  return {
    id, restSamples, why, target: { kind: target.kind, id: target.id, at: Math.round(instantOf(target.at)) },
    changes: changes.map(({ lineId, what, deltaSamples, ratio, reason, fill }) => ({ lineId, title: titleOf(fill?.id ?? lineId), what, deltaSamples, ratio, reason })),
  }
}
