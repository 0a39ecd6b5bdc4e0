import en from '#resources/locales/en.json' with { type: 'json' }
import vi from '#resources/locales/vi.json' with { type: 'json' }
import type { Why } from '#common/reports/index.ts'
import type { ReportWish } from '#contract/reports.ts'

type Locale = typeof vi
/** Words of the books, from the same files as those of the window. */
export type Words = ReturnType<typeof wordsOf>
function wordsOf(locale: Locale) {
  return { ...locale.books, starts: locale.air.starts, stops: locale.air.stops, edits: locale.air.edits, reasons: locale.log.reasons, verdicts: locale.planning.quota.states, origins: locale.planning.quota.origins, station: locale.planning.grid.station }
}
export const bookWords: Readonly<Record<ReportWish['language'], Words>> = { vi: wordsOf(vi), en: wordsOf(en) }

/** A code that has no words yet stands for itself: a report is never empty where something happened. */
export function whyText(why: Why, words: Words): string {
  if (!('code' in why)) return words.why[why.from]
  const texts: Readonly<Record<string, string>> = { edit: words.edits, stop: words.stops, reason: words.reasons }[why.from]
  return texts[why.code] ?? why.code
}
/** `{name}` → its value. */
export function filled(text: string, values: Readonly<Record<string, string | number>>): string {
  return text.replaceAll(/\{(\w+)\}/g, (whole, name: string) => String(values[name] ?? whole))
}
