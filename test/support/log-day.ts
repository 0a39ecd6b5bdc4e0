import type { LogDay, LogLine } from '#contract/log.ts'

const startsAt = Date.UTC(2026, 10, 20, 17)

/** A plain line of a day, with what a test wants to be different. */
export function logLine(id: string, more: Partial<LogLine> = {}): LogLine {
  return {
    id, broadcastDate: '2026-11-21', slotId: null, orderKey: id, kind: 'audio', itemId: id, relaySourceId: null, title: id, text: '', lengthSamples: 48_000, timing: { kind: 'follow' }, transition: 'play', lateMaxMs: null, after: 'join', protected: false,
    droppable: false, fillPriority: 50, dropped: false, skip: false, hitPost: false, newsBlock: null, relayEndsAt: null, relaySources: [], markers: null, backupItemIds: [], targetUnitIds: [], bus: 'main', origin: 'manual', originUnitId: null, sourceRef: null,
    importedAt: null, initialAt: null, plannedAt: null, plannedEndAt: null, predictedAt: null, predictedEndAt: null, actualAt: null, actualEndAt: null, status: 'scheduled', lineState: 'ok', reason: null, timingNote: null, guarded: false, edited: false, rev: 1, ...more,
  }
}

/** A day in Vietnam as the log shows it, without the name of a view. */
export function logDay(more: Partial<LogDay> = {}): Omit<LogDay, 'viewId'> {
  return { broadcastDate: '2026-11-21', zone: 'Asia/Ho_Chi_Minh', startsAt, endsAt: startsAt + 86_400_000, rev: 1, state: 'draft', publishedAt: null, publishedBy: null, owner: null, locks: [], slots: [], lines: [], posts: [], ...more }
}
