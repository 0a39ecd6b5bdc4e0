import type { AirStatus, AsRunRow, BusState } from '#contract/air.ts'

/** A row of a line that ran by the plan, with what a test wants to be different. */
export function asRunRow(row: Pick<AsRunRow, 'id' | 'broadcastDate' | 'title' | 'actualAt'> & Partial<AsRunRow>): AsRunRow {
  return {
    lineId: null, itemId: null, sha256: null, bus: 'main', importedAt: null, initialAt: null, plannedAt: null, predictedAt: null, startErrorUs: 0, endedAt: null, playedSamples: 0, joinedAtSample: 0, startSource: 'time', playSource: 'log', stopReason: null,
    editCode: 'none', reason: null, priority: 3, onAir: true, integratedLufs: null, silenceMs: null, startedBy: null, endedBy: null, ...row,
  }
}

/** A bus that runs and is silent, with what a test wants to be different. */
export function busState(change: Partial<BusState> = {}): BusState {
  return {
    bus: 'main', number: 1, name: 'Chương trình chính', mode: 'auto', running: true, playing: null, finishing: null, next: null, waiting: null, banners: [], overUnder: null, solver: [], heldBy: null, fallback: null, relays: [], output: { silentMs: 0, level: 'well', clips: false, outOfPhase: false }, peakDbfs: -120, underruns: 0, zeroAtUs: 0, ...change,
  }
}

export function airStatus(buses: readonly BusState[], at = Date.now()): AirStatus {
  return { at, state: 'running', buses: [...buses], clock: { source: 'system', state: 'holdover', trusted: true, offsetMs: 0, servers: { asked: 0, answering: 0 }, pendingStepMs: null } }
}
