import { AppError } from '#contract/errors.ts'
import type { LineFields } from '#contract/log.ts'
import { wrongMarker } from '#common/playout/index.ts'
import { oneLine } from '#common/text/index.ts'
import type { Clock } from '../context.ts'
import type { DayStore } from './day-store.ts'
import type { Gate } from './gate.ts'
import type { StoredLine } from './stored.ts'

/** What a line must be to stand in a log. */
export interface LineRules {
  /**
   * The line with a change, as it may be written.
   * @param options.was the line before; null = a new one. Only what is new is judged: a line stays as it was allowed to be.
   * @param options.strict a person writes: items must be approved now, kinds must have what they need
   * @param options.others lines of the same edit that are not in the store yet
   * @throws AppError not-found, not-approved, file-missing, invalid-input, log-past, log-overlap, marker-refused
   */
  apply(base: StoredLine, change: Partial<LineFields>, options: { was: StoredLine | null; strict: boolean; others?: readonly StoredLine[] }): StoredLine
}

const LONGEST_RELAY_MS = 48 * 3_600_000

export function createLineRules({ clock }: { clock: Clock }, deps: { days: DayStore; gate: Gate }): LineRules {
  const { days, gate } = deps

  const itemOf = (itemId: string, strict: boolean): { title: string; lengthSamples: number } => {
    const verdict = gate.judgeItem(itemId)
    if (verdict.item === null) throw new AppError('not-found')
    if (strict && verdict.state === 'notApproved') throw new AppError('not-approved', { data: { title: verdict.title } })
    if (strict && verdict.state !== 'ok') throw new AppError('file-missing', { data: { fileName: verdict.title } })
    return verdict
  }
  const checkTiming = (line: StoredLine, others: readonly StoredLine[]): void => {
    const { timing } = line
    if (timing.kind === 'follow') return
    const day = days.day(line.broadcastDate)
    const [at, field] = timing.kind === 'backtimed' ? [timing.endsAt, 'endsAt'] : [timing.at, 'at']
    if (at < day.startsAt || at >= day.endsAt) throw new AppError('invalid-input', { data: { field } })
    if (at <= clock.now()) throw new AppError('log-past')
    if (timing.kind !== 'hard') return
    const other = [...days.lines(line.broadcastDate), ...others].find((one) => one.id !== line.id && one.bus === line.bus && one.timing.kind === 'hard' && one.timing.at === timing.at)
    if (other !== undefined) throw new AppError('log-overlap', { data: { title: gate.judgeItem(other.itemId).item?.title ?? other.title } })
  }

  /** A relay may run into the next day, but not for ever, and not backwards. */
  const checkRelayEnd = ({ relayEndsAt, timing, broadcastDate }: StoredLine): void => {
    if (relayEndsAt === null) return
    const from = 'at' in timing ? timing.at : days.day(broadcastDate).startsAt
    if (relayEndsAt <= from || relayEndsAt > from + LONGEST_RELAY_MS) throw new AppError('invalid-input', { data: { field: 'relayEndsAt' } })
  }

  return {
    apply(base, change, { was, strict, others = [] }) {
      const { plannedSamples, title, text, ...plain } = change
      let line: StoredLine = {
        ...base, ...plain, ...(title === undefined ? {} : { title: oneLine(title, 200) }), ...(text === undefined ? {} : { text: plainText(text) }),
        ...(plannedSamples !== undefined && (plain.itemId ?? base.itemId) === null ? { lengthSamples: plannedSamples } : {}),
      }
      const sounding = line.kind === 'audio' || line.kind === 'track'
      if (!sounding && line.itemId !== null) throw new AppError('invalid-input', { data: { field: 'itemId' } })
      if (line.kind !== 'relay' && line.relaySources.length > 0) throw new AppError('invalid-input', { data: { field: 'relaySources' } })
      if (line.kind !== 'relay' && line.relaySourceId !== null) throw new AppError('invalid-input', { data: { field: 'relaySourceId' } })
      if (strict && line.kind === 'audio' && line.itemId === null) throw new AppError('invalid-input', { data: { field: 'itemId' } })
      if (strict && line.kind === 'relay' && line.relaySourceId === null && line.relaySources.length === 0) throw new AppError('invalid-input', { data: { field: 'relaySources' } })
      if (change.relayEndsAt !== undefined) checkRelayEnd(line)
      if (line.itemId !== null && line.itemId !== was?.itemId) {
        const { title: itemTitle, lengthSamples } = itemOf(line.itemId, strict)
        // Markers are places of the item before.
        line = { ...line, title: itemTitle, lengthSamples, ...(was === null || change.markers !== undefined ? {} : { markers: null }) }
      }
      for (const itemId of change.backupItemIds ?? []) if (gate.judgeItem(itemId).item === null) throw new AppError('not-found')
      if (line.title === '') throw new AppError('invalid-input', { data: { field: 'title' } })
      if (change.timing !== undefined || was === null) checkTiming(line, others)
      const wrong = line.markers === null ? null : wrongMarker(line.markers, line.lengthSamples)
      if (wrong !== null) throw new AppError('marker-refused', { data: { marker: wrong } })
      return line
    },
  }
}

/** Text of a note: composed letters, no control characters but line ends and tabs. */
function plainText(text: string): string {
  return text.normalize('NFC').replaceAll('\r\n', '\n').replace(/[\p{Cc}\uFEFF]/gu, (sign) => (sign === '\n' || sign === '\t' ? sign : ' '))
}
