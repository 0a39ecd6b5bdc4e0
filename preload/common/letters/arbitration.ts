/** Who sounds (BS1 8). Pure: feed the running items in order of arrival, again whenever one starts or ends. */

export interface Contender {
  readonly ref: string
  readonly kind: 'slot' | 'live' | 'alert' | 'cmd' | 'screen'
  readonly prio: number
  readonly rank: number
  readonly iss: string
  /** `cap.sent` of an alert. */
  readonly sent?: string
  /** Other session this one replaces at equal priority. */
  readonly takeover?: string
  readonly replaces?: readonly string[]
}
export interface Situation {
  readonly items: readonly Contender[]
  /** Local microphone or switch is on. */
  readonly local: boolean
  readonly localBeats: number
  /** Quiet hours now: highest priority they block; null = none. */
  readonly quiet: number | null
  /** Panic mute: highest priority it silences; null = none. */
  readonly mute: number | null
  /** Issuer → issuers whose sessions it may replace. */
  readonly takeoverRights: Readonly<Record<string, readonly string[]>>
}
export interface Outcome { readonly st: 'sounding' | 'accepted' | 'preempted' | 'rejected' | 'done'; readonly code: 'ok' | 'busy_higher' | 'muted' | 'muted_local' | 'quiet' }
/** `sounding`: ref of the item, `local`, or null for silence. */
export interface Arbitration { readonly sounding: string | null; readonly results: Readonly<Record<string, Outcome>> }

/** Local input never wins against priority 7 and above, whatever the configuration says; quiet hours never block 8 and 9. */
const LOCAL_CEILING = 6
const QUIET_CEILING = 7

export function arbitrate(situation: Situation): Arbitration {
  const { local, quiet, mute, takeoverRights } = situation
  const localBeats = local ? Math.min(situation.localBeats, LOCAL_CEILING) : -1
  const results: Record<string, Outcome> = {}
  const running: Contender[] = []
  const mayEnd = (item: Contender, other: Contender): boolean => item.iss === other.iss || (takeoverRights[item.iss] ?? []).some((issuer) => issuer === '*' || issuer === other.iss)
  const blocked = (item: Contender): Outcome['code'] | null => (mute !== null && item.prio <= mute ? 'muted' : item.prio <= localBeats ? 'muted_local' : null)
  const top: { item: Contender | null } = { item: null }

  const drop = (item: Contender): void => {
    running.splice(running.indexOf(item), 1)
    results[item.ref] = { st: 'done', code: 'ok' }
    if (top.item === item) top.item = null
  }
  for (const item of situation.items) {
    if (quiet !== null && item.prio <= Math.min(quiet, QUIET_CEILING)) {
      results[item.ref] = { st: 'rejected', code: 'quiet' }
      continue
    }
    for (const other of [...running]) {
      const replaced = item.kind === 'alert' && (item.replaces ?? []).includes(other.ref)
      const taken = item.kind === 'live' && item.takeover === other.ref && other.ref !== item.ref && other.prio <= item.prio
      if ((replaced || taken) && mayEnd(item, other)) drop(other)
    }
    running.push(item)
    const code = blocked(item)
    results[item.ref] = { st: 'accepted', code: code ?? 'busy_higher' }
    const before = top.item
    for (const candidate of running) {
      if (blocked(candidate) !== null) continue
      if (top.item === null || beats(candidate, top.item)) top.item = candidate
    }
    if (top.item !== before) {
      if (before !== null && running.includes(before)) results[before.ref] = { st: 'preempted', code: 'ok' }
      if (top.item !== null) results[top.item.ref] = { st: 'sounding', code: 'ok' }
    }
  }
  return { sounding: top.item?.ref ?? (localBeats >= 0 ? 'local' : null), results }
}

function beats(challenger: Contender, holder: Contender): boolean {
  if (challenger.prio !== holder.prio) return challenger.prio > holder.prio
  return challenger.kind === 'alert' && holder.kind === 'alert' && compareAlerts(challenger, holder) < 0
}

/** Order of equal alerts: higher rank, then newest CAP. Negative = `a` goes first. */
export function compareAlerts(a: Contender, b: Contender): number {
  if (a.rank !== b.rank) return b.rank - a.rank
  return Date.parse(b.sent ?? '1970-01-01T00:00:00Z') - Date.parse(a.sent ?? '1970-01-01T00:00:00Z')
}

/** Next alert when a block has ended: equal alerts alternate block by block. `played` = blocks each has had. */
export function nextAlert(alerts: readonly Contender[], played: Readonly<Record<string, number>>): Contender | null {
  const top = Math.max(...alerts.map((alert) => alert.prio))
  return [...alerts].filter((alert) => alert.prio === top).sort((a, b) => (played[a.ref] ?? 0) - (played[b.ref] ?? 0) || compareAlerts(a, b))[0] ?? null
}
