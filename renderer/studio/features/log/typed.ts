import { RelaySource } from '#contract/log-line.ts'
import type { LineFields } from '#contract/log-line.ts'
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
  /** `registered`: `text` is the id of a source of the station. */
  readonly kind: RelaySource['kind'] | 'registered'
  readonly text: string
}
/** What a line keeps of it; null while it is none. */
export function relayFieldsOf({ kind, text }: RelayDraft, spare: readonly RelaySource[] = []): Pick<LineFields, 'relaySourceId' | 'relaySources'> | null {
  if (kind === 'registered') return text === '' ? null : { relaySourceId: text, relaySources: [] }
  const read = RelaySource.safeParse(kind === 'stream' ? { kind, url: text.trim() } : { kind, path: text.trim() })
  return read.success ? { relaySourceId: null, relaySources: [read.data, ...spare] } : null
}
export function relayDraftOf({ relaySourceId, relaySources: [source] }: Pick<LineFields, 'relaySourceId' | 'relaySources'>): RelayDraft {
  if (relaySourceId !== null) return { kind: 'registered', text: relaySourceId }
  return source === undefined ? { kind: 'stream', text: '' } : source.kind === 'stream' ? { kind: source.kind, text: source.url } : { kind: source.kind, text: source.path }
}
