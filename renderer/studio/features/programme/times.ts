import { RATE_HZ } from '#common/units/samples.ts'

/** `17:00` or `17:00:30` → seconds of the day; null when it is none. */
export function readClock(text: string): number | null {
  const match = /^(\d{1,2})[:h](\d{2})(?::(\d{2}))?$/.exec(text.trim())
  if (match === null) return null
  const [h, m, s] = [Number(match[1]), Number(match[2]), Number(match[3] ?? 0)]
  return h > 23 || m > 59 || s > 59 ? null : h * 3600 + m * 60 + s
}
export function clockOf(seconds: number): string {
  const whole = ((Math.floor(seconds) % 86_400) + 86_400) % 86_400
  const two = (value: number): string => String(value).padStart(2, '0')
  return `${two(Math.floor(whole / 3600))}:${two(Math.floor((whole % 3600) / 60))}:${two(whole % 60)}`
}

/** `5`, `5:30` or `1:05:00` → samples; a single number is minutes. Null when it is no length. */
export function readLength(text: string): number | null {
  const parts = text.trim().split(':')
  if (parts.length > 3 || !parts.every((part) => /^\d{1,3}$/.test(part))) return null
  const [a = 0, b = 0, c = 0] = parts.map(Number)
  if (parts.length > 1 && (parts.length === 2 ? b : Math.max(b, c)) > 59) return null
  const seconds = parts.length === 1 ? a * 60 : parts.length === 2 ? a * 60 + b : a * 3600 + b * 60 + c
  return seconds === 0 || seconds > 86_400 ? null : seconds * RATE_HZ
}
