import { RelaySource } from '#contract/log-line.ts'
import { addDays, instantOfLocal, parseTimeOfDay } from '#common/timing/zone.ts'
import { offsetOf } from './zone.ts'

/** What a typed time means on a day: an instant, or the reason why there is none. */
export function readHardTime(text: string, date: string, zone: string): { at: number } | { wrong: 'format' | 'skippedHour' } {
  const ms = parseTimeOfDay(text)
  if (ms === null) return { wrong: 'format' }
  const at = instantOfLocal(date, ms, offsetOf(zone))
  return at === null ? { wrong: 'skippedHour' } : { at }
}

/** Where a typed end is: on the day, or, when that is not after the start, on the next one: a slot or a relay may run over midnight. */
export function readEnd(text: string, startAt: number, date: string, zone: string): number | null {
  const [same, next] = [readHardTime(text, date, zone), readHardTime(text, addDays(date, 1), zone)]
  if ('at' in same && same.at > startAt) return same.at
  return 'at' in next ? next.at : null
}

/** What is typed of a relay source. */
export interface RelayDraft {
  readonly kind: RelaySource['kind']
  readonly text: string
}
/** Null while it is none. */
export function relaySourceOf({ kind, text }: RelayDraft): RelaySource | null {
  const read = RelaySource.safeParse(kind === 'stream' ? { kind, url: text.trim() } : { kind, path: text.trim() })
  return read.success ? read.data : null
}
export function relayDraftOf(source: RelaySource | undefined): RelayDraft {
  return source === undefined ? { kind: 'stream', text: '' } : source.kind === 'stream' ? { kind: source.kind, text: source.url } : { kind: source.kind, text: source.path }
}
