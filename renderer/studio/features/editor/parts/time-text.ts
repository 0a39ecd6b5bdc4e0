import { RATE_HZ } from '#common/units/samples.ts'

/** `5:00`, `1:02:03`, `90`, `4:59,5` → samples; null for anything else. */
export function samplesOfText(text: string): number | null {
  const match = /^(?:(?:(\d{1,2}):)?(\d{1,4}):)?(\d{1,5})(?:[.,](\d{1,3}))?$/.exec(text.trim())
  if (match === null) return null
  const [, h = '0', m = '0', s = '0', fraction = '0'] = match
  // Past a colon there are no more than 59.
  if ((match[2] !== undefined && Number(s) > 59) || (match[1] !== undefined && Number(m) > 59)) return null
  return Math.round((Number(h) * 3600 + Number(m) * 60 + Number(s) + Number(fraction) / 10 ** fraction.length) * RATE_HZ)
}

/** `17:00` or `17:00:30` → seconds of the day; null for anything else. */
export function secondsOfDay(text: string): number | null {
  const match = /^(\d{1,2}):(\d{2})(?::(\d{2}))?$/.exec(text.trim())
  if (match === null) return null
  const [, h = '0', m = '0', s = '0'] = match
  const seconds = Number(h) * 3600 + Number(m) * 60 + Number(s)
  return Number(h) > 23 || Number(m) > 59 || Number(s) > 59 ? null : seconds
}

/** 17:00:30 */
export function dayText(seconds: number): string {
  const whole = Math.floor(((seconds % 86_400) + 86_400) % 86_400)
  const pad = (value: number): string => String(value).padStart(2, '0')
  return `${pad(Math.floor(whole / 3600))}:${pad(Math.floor((whole % 3600) / 60))}:${pad(whole % 60)}`
}

/** 5:00,000 without what is nought: 5:00, 4:59,5 */
export function shortText(samples: number): string {
  const ms = Math.round((samples * 1000) / RATE_HZ)
  const whole = Math.floor(ms / 1000)
  const h = Math.floor(whole / 3600)
  const m = Math.floor((whole % 3600) / 60)
  const s = String(whole % 60).padStart(2, '0')
  const fraction = String(ms % 1000).padStart(3, '0').replace(/0+$/, '')
  return `${h > 0 ? `${h}:${String(m).padStart(2, '0')}` : m}:${s}${fraction === '' ? '' : `,${fraction}`}`
}
