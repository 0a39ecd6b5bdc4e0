import type { PlanFinding } from '#contract/planning.ts'
import { useT, type Translate } from '../../i18n/index.ts'
import { secondsText } from '../../i18n/formats.ts'

export const weekdayNames = (t: Translate): readonly string[] => [t('planning.weekdays.1'), t('planning.weekdays.2'), t('planning.weekdays.3'), t('planning.weekdays.4'), t('planning.weekdays.5'), t('planning.weekdays.6'), t('planning.weekdays.7')]
export const weekdayShorts = (t: Translate): readonly string[] => [t('planning.weekdaysShort.1'), t('planning.weekdaysShort.2'), t('planning.weekdaysShort.3'), t('planning.weekdaysShort.4'), t('planning.weekdaysShort.5'), t('planning.weekdaysShort.6'), t('planning.weekdaysShort.7')]

/** 17:00, with seconds when there are any. */
export function clockOfDay(seconds: number): string {
  const two = (value: number): string => String(value).padStart(2, '0')
  return `${two(Math.floor(seconds / 3600))}:${two(Math.floor((seconds % 3600) / 60))}${seconds % 60 === 0 ? '' : `:${two(seconds % 60)}`}`
}
/** `17`, `17:00`, `17h30` or `17:00:30` → seconds of the day; null when it is none. */
export function readClockOfDay(text: string): number | null {
  const match = /^(\d{1,2})(?:[:h](\d{2})?(?::(\d{2}))?)?$/.exec(text.trim())
  if (match === null) return null
  const [h, m, s] = [Number(match[1]), Number(match[2] ?? 0), Number(match[3] ?? 0)]
  return h > 23 || m > 59 || s > 59 ? null : h * 3600 + m * 60 + s
}
/** `30` (minutes), `30:00` or `1:00:00` → seconds; null when it is none. */
export function readLengthSec(text: string): number | null {
  const parts = text.trim().split(':')
  if (parts.length > 3 || !parts.every((part) => /^\d{1,4}$/.test(part))) return null
  const [a = 0, b = 0, c = 0] = parts.map(Number)
  if (parts.length > 1 && (parts.length === 2 ? b : Math.max(b, c)) > 59) return null
  const seconds = parts.length === 1 ? a * 60 : parts.length === 2 ? a * 60 + b : a * 3600 + b * 60 + c
  return seconds > 86_400 ? null : seconds
}
/** 28,5 */
export const percentText = (tenths: number): string => (tenths / 10).toLocaleString('vi-VN', { minimumFractionDigits: 1, maximumFractionDigits: 1 })

/** What a finding says, in words. */
export function useFindingText(unitName: (unitId: string) => string): (finding: PlanFinding) => string {
  const t = useT()
  return (finding) => {
    const { kind, session, position, title, ms, wantedMs, count, wanted, rule, unitId } = finding
    const breach = rule === null ? '' : t(`planning.breaches.${rule}`)
    return t(`planning.findings.${kind}`, {
      session: session ?? '', position: position ?? '', title: title ?? '', length: ms === null ? '' : secondsText(ms / 1000), wantedLength: wantedMs === null ? '' : secondsText(wantedMs / 1000), count: count ?? 0, wanted: wanted ?? 0,
      rule: unitId === null ? breach : t('planning.breaches.at', { rule: breach, unit: unitName(unitId) }),
    })
  }
}
