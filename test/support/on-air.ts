import type { Item } from '#contract/library.ts'
import type { LogDay } from '#contract/log.ts'
import type { StationClient } from './station-client.ts'

/** Brings a file through the real library until it may sound. @throws Error when the import fails */
export async function importApproved(client: StationClient, path: string): Promise<Item> {
  const { jobIds } = await client.call('library.import', { paths: [path] })
  const job = await client.waitFor('jobs.changed', (other) => other.id === jobIds[0] && other.endedAt !== null, 60_000)
  const itemId = job.result?.['itemId']
  if (job.state !== 'done' || itemId === undefined) throw new Error(`the import of ${path} ended as ${job.state} ${job.error?.code ?? ''}`)
  const item = await client.call('library.get', { itemId })
  return client.call('library.approve', { itemId, rev: (await client.call('library.submit', { itemId, rev: item.rev })).rev })
}

/** A whole second at least `leadMs` from now. */
export function secondAfter(leadMs: number): number {
  return Math.ceil((Date.now() + leadMs) / 1000) * 1000
}
/** Broadcast date in Vietnam. */
export function dateOf(instantMs: number): string {
  return new Date(instantMs + 7 * 3_600_000).toISOString().slice(0, 10)
}

/** Adds lines at the end of the day of each, a day at once; `at` null follows. */
export async function schedule(client: StationClient, lines: readonly { itemId: string; at: number | null }[]): Promise<LogDay> {
  const days = new Map<string, { itemId: string; at: number | null }[]>()
  let date = ''
  for (const line of lines) {
    date = line.at === null ? date : dateOf(line.at)
    days.set(date, [...(days.get(date) ?? []), line])
  }
  let day: LogDay | null = null
  for (const [broadcastDate, own] of days) {
    const before = await client.call('log.day', { broadcastDate })
    day = await client.call('log.addLines', { broadcastDate, lines: own.map(({ itemId, at }) => ({ itemId, timing: at === null ? { kind: 'follow' } : { kind: 'hard', at } })), afterLineId: before.lines.at(-1)?.id ?? null })
  }
  if (day === null) throw new Error('nothing to schedule')
  return day
}
