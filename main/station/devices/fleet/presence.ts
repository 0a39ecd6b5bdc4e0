import type { Online, Reported, Telemetry } from '#common/letters/index.ts'
import type { DeviceBadge, DeviceState } from '#contract/devices.ts'

/** What is known about a device right now. */
export interface DeviceFacts {
  readonly mode: 'silent' | 'active' | 'disabled'
  readonly online: Online | null
  /** When the device itself last said something (a retained message is not the device speaking). */
  readonly lastSeenAt: number | null
  /** Said something since the station's link to the broker is up. */
  readonly heard: boolean
  readonly tele: Telemetry | null
  readonly reported: Reported | null
  readonly playing: { readonly ref: string; readonly prio: number } | null
  readonly preparing: boolean
  readonly fault: boolean
}

export const BEAT_MS = 60_000
/** A beat is missed when it is a quarter late. */
const ONE_MISSED = BEAT_MS * 1.25
const THREE_MISSED = BEAT_MS * 3

/**
 * Canonical state, first match wins (BS1 7). Silence is never shown as health: a device that missed a beat is unknown, and so is every device while the station cannot hear them.
 */
export function stateOf(facts: DeviceFacts, now: number, linkUp: boolean): DeviceState {
  if (facts.mode === 'disabled') return 'disabled'
  const silence = facts.lastSeenAt === null ? Number.POSITIVE_INFINITY : now - facts.lastSeenAt
  if (facts.online === null || !facts.online.online || silence >= THREE_MISSED) return 'offline'
  if (!linkUp || !facts.heard || silence >= ONE_MISSED) return 'unknown'
  const prio = facts.playing?.prio ?? -1
  if (prio >= 7) return 'playing-emergency'
  if (prio >= 5) return 'playing-live'
  if (facts.preparing || facts.tele?.run === 'preparing') return 'preparing'
  if (prio >= 1) return 'playing-schedule'
  if (facts.tele?.run === 'fm') return 'fm-relay'
  if (prio === 0 || facts.tele?.run === 'test') return 'self-test'
  if (isMuted(facts.reported, now) || facts.tele?.run === 'muted') return 'muted'
  return 'online-idle'
}

function isMuted(reported: Reported | null, now: number): boolean {
  const until = reported?.mute?.until
  return until !== undefined && Date.parse(until) > now
}

export function badgesOf(facts: DeviceFacts): DeviceBadge[] {
  const badges: DeviceBadge[] = []
  const { tele, reported } = facts
  const lines = tele?.amp?.lines ?? []
  if (facts.fault || (tele?.amp?.faults?.length ?? 0) > 0 || tele?.amp?.state === 'fault' || tele?.run === 'fault' || lines.some((line) => line.st === 'open' || line.st === 'short')) badges.push('fault')
  if ((reported?.errs?.length ?? 0) > 0 || reported?.manifest?.state === 'failed' || tele?.clk?.src === 'none') badges.push('degraded')
  if (tele?.pwr?.lost === true) badges.push('power-lost')
  return badges
}

/** Whether a will or birth message is older than what is known (BS1 2): the connection it speaks of is not the newest one. */
export function isStale(message: Online, known: Online | null): boolean {
  if (known === null) return false
  if (message.boot !== known.boot) return message.boot < known.boot
  return message.conn < known.conn
}
