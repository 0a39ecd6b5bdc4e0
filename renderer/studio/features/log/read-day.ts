import type { LogDay } from '#contract/log.ts'
import { call, queryClient } from '../../app/station-client/index.ts'
import { patched } from './day-patch.ts'

export const dayKey = (broadcastDate: string): [string, string] => ['log.day', JSON.stringify({ broadcastDate })]

/** The day whole the first time, afterwards only what became different: a log may have thousands of lines. */
export async function readDay(broadcastDate: string): Promise<LogDay> {
  const known = queryClient.getQueryData<LogDay>(dayKey(broadcastDate))
  if (known === undefined) return call('log.day', { broadcastDate })
  return patched(known, await call('log.dayChanges', { broadcastDate, since: known.viewId }))
}
