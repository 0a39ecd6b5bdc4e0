import type { DeviceConfig, HourRange, Volume } from '#common/letters/index.ts'

/** Configuration in force, with the defaults of this device for what the station did not say. */
export interface RadioSettings {
  readonly mode: 'silent' | 'active' | 'disabled'
  readonly groups: readonly string[]
  readonly langs: readonly string[]
  readonly volumePct: number
  readonly minPct: number
  readonly emgPct: number
  readonly volumeByHour: readonly (HourRange & { readonly pct: number })[]
  readonly quiet: readonly (HourRange & { readonly days?: readonly number[]; readonly maxPrio?: number })[]
  readonly delayMs: number
  readonly syncIndex: number
  readonly teleSec: number
  readonly teleLiveSec: number
  readonly keepaliveSec: number
  readonly localBeats: number
  readonly ampWarmMs: number
  readonly ampHoldSec: number
  readonly ampAlways: boolean
  readonly openRelay: boolean
}

export function settingsOf(cfg: DeviceConfig | null): RadioSettings {
  return {
    mode: cfg?.mode ?? 'silent',
    groups: cfg?.groups ?? [],
    langs: cfg?.langs ?? ['vi-VN'],
    volumePct: cfg?.volumePct ?? 70,
    minPct: cfg?.minPct ?? 60,
    emgPct: cfg?.emgPct ?? 100,
    volumeByHour: cfg?.volumeByHour ?? [],
    quiet: cfg?.quiet ?? [],
    delayMs: cfg?.sync?.delayMs ?? 0,
    syncIndex: cfg?.sync?.index ?? 0,
    teleSec: cfg?.teleSec ?? 60,
    teleLiveSec: cfg?.teleLiveSec ?? 10,
    keepaliveSec: cfg?.keepaliveSec ?? 30,
    localBeats: cfg?.localBeats ?? 6,
    ampWarmMs: cfg?.amp?.warmMs ?? 1000,
    ampHoldSec: cfg?.amp?.holdSec ?? 5,
    ampAlways: cfg?.amp?.always ?? false,
    openRelay: cfg?.open?.relay ?? false,
  }
}

const minutesOf = (hhmm: string): number => Number(hhmm.slice(0, 2)) * 60 + Number(hhmm.slice(3, 5))

/** Whether a wall time lies in a range that may run past midnight. Equal ends mean the whole day. */
export function inHours(range: HourRange, minuteOfDay: number): boolean {
  const from = minutesOf(range.from)
  const to = minutesOf(range.to)
  return from === to ? true : from < to ? minuteOfDay >= from && minuteOfDay < to : minuteOfDay >= from || minuteOfDay < to
}

export interface LocalMoment {
  readonly minuteOfDay: number
  /** 1 = Monday. */
  readonly weekday: number
}

/** Highest priority that quiet hours block now; null = none. A range past midnight belongs to the day it began. */
export function quietNow(settings: RadioSettings, local: LocalMoment): number | null {
  let blocked: number | null = null
  for (const range of settings.quiet) {
    if (!inHours(range, local.minuteOfDay)) continue
    const beganYesterday = minutesOf(range.from) > minutesOf(range.to) && local.minuteOfDay < minutesOf(range.to)
    const day = beganYesterday ? ((local.weekday + 5) % 7) + 1 : local.weekday
    if (range.days !== undefined && !range.days.includes(day)) continue
    blocked = Math.max(blocked ?? 0, range.maxPrio ?? 5)
  }
  return blocked
}

/** Percent an item sounds with: its own wish, else the ladder of priorities (BS1 8). */
export function volumePctFor(settings: RadioSettings, prio: number, volume: Volume | undefined, local: LocalMoment, temporaryPct: number | null): number {
  const byHour = settings.volumeByHour.find((range) => inHours(range, local.minuteOfDay))?.pct
  const device = temporaryPct ?? (prio <= 3 ? (byHour ?? settings.volumePct) : settings.volumePct)
  const mode = volume?.mode ?? (prio >= 8 ? 'force' : prio === 7 ? 'min' : 'device')
  if (prio >= 8 || mode === 'force') return volume?.mode === 'force' && volume.pct !== undefined ? volume.pct : settings.emgPct
  if (mode === 'min') return Math.max(device, volume?.pct ?? settings.minPct)
  return device
}

/** Taper of the volume: 100 % is full level, each halving takes 12 dB. */
export const gainOfPct = (pct: number): number => (Math.min(100, Math.max(0, pct)) / 100) ** 2
