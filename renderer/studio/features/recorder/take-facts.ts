import type { RecordedTake } from '#contract/recorder.ts'
import { connection } from '../../app/station-client/index.ts'
import { translate } from '../../i18n/index.ts'
import { dayTimeText } from '../../i18n/formats.ts'
import type { SpoolSession } from '../../audio/capture/index.ts'
import { currentInput } from './input-owner.ts'
import { useRecorderStore } from './recorder-store.ts'

/** What this window says of the take it records. The key is its secret: by it the next window may hand in what waited here. */
const pickUpKey = crypto.randomUUID()

export function inputFacts() {
  const info = currentInput()?.info
  const { channels } = useRecorderStore.getState()
  return { channels, inputLabel: (info?.label ?? '').slice(0, 300), inputRateHz: rateOf(info?.deviceRateHz ?? info?.contextRateHz ?? 48_000), settings: { ...info?.settings }, pickUpKey }
}

export function ownerOf(take: RecordedTake): SpoolSession {
  return { takeId: take.id, key: pickUpKey, title: take.title, channels: take.channels, inputLabel: take.inputLabel, inputRateHz: take.inputRateHz, host: stationHost() }
}

/** The computer a station runs on: its port changes with every start. */
export function stationHost(): string {
  const address = connection.address()
  return address === null ? '' : new URL(address.url).hostname
}

export function titleNow(): string {
  const { title, take } = useRecorderStore.getState()
  return title.trim() || translate('recorder.defaultTitle', { time: dayTimeText(take?.startedAt ?? Date.now()) })
}

export function rateOf(rateHz: number): number {
  return Math.min(384_000, Math.max(8_000, Math.round(rateHz)))
}
