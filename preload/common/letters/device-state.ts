import type { LetterType, TrustList } from './types.ts'

/** Newest accepted state letter of a subject. */
export interface SubjectRecord { readonly iss: string; readonly ep: number; readonly rev: number; readonly id: string; readonly state: string; readonly prio: number; readonly exp: number }

/** What a device remembers about letters. Plain JSON: keep it in flash and store it before acting on a verdict. */
export interface LetterState {
  readonly dev: string
  readonly org: string
  /** Groups of the configuration in force; `all` is always one. */
  readonly groups: readonly string[]
  readonly clockOk: boolean
  readonly trust: TrustList
  /** Issuer → highest epoch accepted. */
  readonly epochs: Readonly<Record<string, number>>
  /** Command id → Unix second until which it is kept. */
  readonly seen: Readonly<Record<string, number>>
  readonly subjects: Readonly<Record<string, SubjectRecord>>
  /** Outstanding clock challenge and the monotonic instant it was sent. */
  readonly nonce: { readonly value: string; readonly sentAt: number } | null
}

/** The moment a letter is judged. A device without clock passes its untrusted counter as `nowMs`. */
export interface Moment {
  readonly nowMs: number
  readonly monotonicMs: number
  /** Instant of this boot on the same clock as `nowMs`; recompute it from uptime after the clock was set. */
  readonly bootMs: number
}

/** Longest `exp − iat` in seconds. */
export const LEASE_LIMITS: Readonly<Record<LetterType, number>> = { cmd: 300, live: 1800, alert: 1800, screen: 1800, time: 120, desired: 691_200, manifest: 3_024_000, keys: 34_560_000 }
export const PREPARE_LEASE = 180
export const FUTURE_TOLERANCE = 120
const KEEP_AFTER = 120

/** A device fresh from pairing: it knows one root and nobody else. */
export function newLetterState(dev: string, org: string, root: TrustList['roots'][number]): LetterState {
  return { dev, org, groups: ['all'], clockOk: false, trust: { rev: 0, ep: 0, roots: [root], keys: [] }, epochs: {}, seen: {}, subjects: {}, nonce: null }
}

/** Forgets command ids and subjects whose time is over. `desired` and `keys` are kept for ever. Cheap enough to run after each accepted letter. */
export function prune(state: LetterState, nowMs: number): LetterState {
  const now = nowMs / 1000
  const seen = Object.fromEntries(Object.entries(state.seen).filter(([, until]) => until >= now))
  // `iat + longest lease` is never later than `exp + longest lease`: a little longer than needed, and safe.
  const subjects = Object.fromEntries(Object.entries(state.subjects).filter(([subject, record]) => subject === 'desired' || subject === 'keys' || record.exp + LEASE_LIMITS.live + KEEP_AFTER >= now))
  const same = Object.keys(seen).length === Object.keys(state.seen).length && Object.keys(subjects).length === Object.keys(state.subjects).length
  return same ? state : { ...state, seen, subjects }
}
