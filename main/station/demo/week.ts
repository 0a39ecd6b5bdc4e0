import { DateTime } from 'luxon'

/** Starts of daily sessions in the zone, from now on, for so many days, in order. */
export function sessionStarts<S extends { readonly at: { readonly hour: number; readonly minute: number } }>(sessions: readonly S[], zone: string, nowMs: number, days: number): { startAt: number; session: S }[] {
  const today = DateTime.fromMillis(nowMs, { zone }).startOf('day')
  const starts: { startAt: number; session: S }[] = []
  for (let day = 0; day < days; day++) {
    for (const session of sessions) {
      const startAt = today.plus({ days: day }).set(session.at).toMillis()
      if (startAt > nowMs + 60_000) starts.push({ startAt, session })
    }
  }
  return starts.sort((a, b) => a.startAt - b.startAt)
}
