import { instantOfLocal, isCalendarDate } from '#common/timing/zone.ts'
import { RATE_HZ } from '#common/units/samples.ts'

function formatsIn(timeZone: string) {
  const make = (options: Intl.DateTimeFormatOptions) => new Intl.DateTimeFormat('vi-VN', { timeZone, hourCycle: 'h23', ...options })
  return {
    clock: make({ hour: '2-digit', minute: '2-digit', second: '2-digit' }), minute: make({ hour: '2-digit', minute: '2-digit' }), day: make({ day: '2-digit', month: '2-digit', year: 'numeric' }),
    iso: new Intl.DateTimeFormat('en-CA', { timeZone, year: 'numeric', month: '2-digit', day: '2-digit' }),
  }
}
let formats = formatsIn('Asia/Ho_Chi_Minh')

/** All times are shown in the station's zone, whatever the zone of this computer. */
export function showTimesIn(timeZone: string): void {
  formats = formatsIn(timeZone)
}

/** 17:30:05 in the station's zone. */
export const clockText = (at: number): string => formats.clock.format(at)
export const minuteText = (at: number): string => formats.minute.format(at)
/** 21/11/2026 */
export const dayText = (at: number): string => formats.day.format(at)
export const dayTimeText = (at: number): string => `${formats.day.format(at)} ${formats.clock.format(at)}`
/** Broadcast date of an instant, 2026-11-21. */
export const broadcastDateOf = (at: number): string => formats.iso.format(at)
/** Minutes east of UTC of the station's zone at an instant. */
function offsetAt(at: number): number {
  const second = Math.floor(at / 1000) * 1000
  return Math.round((Date.parse(`${formats.iso.format(second)}T${formats.clock.format(second)}Z`) - second) / 60_000)
}
/** A day and `17:00` in the station's zone → UTC ms; null when there is no such time. */
export function instantOfTexts(date: string, time: string): number | null {
  const [, hours, minutes] = /^(\d{1,2}):(\d{2})$/.exec(time.trim()) ?? []
  if (!isCalendarDate(date) || hours === undefined || minutes === undefined || Number(hours) > 23 || Number(minutes) > 59) return null
  return instantOfLocal(date, (Number(hours) * 60 + Number(minutes)) * 60_000, offsetAt)
}
export const broadcastDateText = (date: string): string => date.split('-').reverse().join('/')

/** 1:02:03 or 2:03 (rounded to whole seconds) from samples. */
export function lengthText(lengthSamples: number): string {
  return secondsText(lengthSamples / RATE_HZ)
}
export function secondsText(seconds: number): string {
  const whole = Math.round(Math.abs(seconds))
  const h = Math.floor(whole / 3600)
  const m = Math.floor((whole % 3600) / 60)
  const s = whole % 60
  const tail = `${h > 0 ? String(m).padStart(2, '0') : m}:${String(s).padStart(2, '0')}`
  return `${seconds < 0 ? '−' : ''}${h > 0 ? `${h}:` : ''}${tail}`
}
/** 0:02:03.456 for the editor. */
export function preciseText(lengthSamples: number): string {
  const ms = Math.floor((lengthSamples * 1000) / RATE_HZ)
  const whole = Math.floor(ms / 1000)
  const pad = (value: number, width: number): string => String(value).padStart(width, '0')
  return `${Math.floor(whole / 3600)}:${pad(Math.floor((whole % 3600) / 60), 2)}:${pad(whole % 60, 2)}.${pad(ms % 1000, 3)}`
}
export function bytesText(bytes: number): string {
  const units = ['B', 'KB', 'MB', 'GB', 'TB']
  let value = bytes
  let unit = 0
  while (value >= 1024 && unit < units.length - 1) {
    value /= 1024
    unit += 1
  }
  return `${value.toLocaleString('vi-VN', { maximumFractionDigits: value < 10 && unit > 0 ? 1 : 0 })} ${units[unit] ?? 'B'}`
}
export const decibelText = (value: number | null): string => (value === null || !Number.isFinite(value) ? '−∞' : value.toLocaleString('vi-VN', { minimumFractionDigits: 1, maximumFractionDigits: 1 }))
