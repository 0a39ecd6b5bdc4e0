import { addDays } from '#common/timing/zone.ts'
import type { RelayRecording } from '#contract/relay.ts'
import type { RelayEdition } from '../faces.ts'
import type { ScheduleStore } from './schedules.ts'

/** So many days back an earlier edition may take the place of one that is not there. */
export const EDITIONS_BACK = 7
const PER_MS = 48

/** The recording a day's line plays: its own when it was good, else the last one that was. Undefined when there is no such schedule. */
export function editionOf(store: ScheduleStore, scheduleId: string, broadcastDate: string): RelayEdition | null | undefined {
  const schedule = store.list().find(({ id }) => id === scheduleId)
  if (schedule === undefined) return undefined
  for (let back = 0; back <= EDITIONS_BACK; back++) {
    const date = addDays(broadcastDate, -back)
    const found = goodOf(store.recordingOf(scheduleId, date))
    if (found !== null) return { ...found, title: schedule.title, isEarlier: back > 0, ofDate: date }
  }
  return null
}

function goodOf(recording: RelayRecording | null): { itemId: string; cueIn: number; cueOut: number } | null {
  if (recording === null || recording.code !== 'ok' || recording.itemId === null) return null
  const { itemId, cueInSample, fromAt, untilAt } = recording
  return { itemId, cueIn: cueInSample, cueOut: cueInSample + (untilAt - fromAt) * PER_MS }
}
