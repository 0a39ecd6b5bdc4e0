import type { OffsetAt } from '#common/timing/zone.ts'
import { timeOfDayMs } from '#common/timing/zone.ts'

const formats = new Map<string, Intl.DateTimeFormat>()

/** Offsets of a zone by the browser's own table. */
export function offsetOf(zone: string): OffsetAt {
  const format = formats.get(zone) ?? new Intl.DateTimeFormat('en-US', { timeZone: zone, hourCycle: 'h23', year: 'numeric', month: 'numeric', day: 'numeric', hour: 'numeric', minute: 'numeric', second: 'numeric' })
  formats.set(zone, format)
  return (instantMs) => {
    const parts = new Map(format.formatToParts(instantMs).map((part) => [part.type, Number(part.value)]))
    const local = Date.UTC(parts.get('year') ?? 0, (parts.get('month') ?? 1) - 1, parts.get('day') ?? 1, parts.get('hour') ?? 0, parts.get('minute') ?? 0, parts.get('second') ?? 0)
    return Math.round((local - instantMs) / 60_000)
  }
}

/** 17:30:05, with tenths when the instant has them. */
export function timeText(instantMs: number, zone: string): string {
  const ms = timeOfDayMs(instantMs, offsetOf(zone))
  const whole = Math.floor(ms / 1000)
  const pad = (value: number): string => String(value).padStart(2, '0')
  return `${pad(Math.floor(whole / 3600))}:${pad(Math.floor(whole / 60) % 60)}:${pad(whole % 60)}${ms % 1000 === 0 ? '' : `,${Math.floor((ms % 1000) / 100)}`}`
}
