import { defaultRelayLimits } from '#contract/relay.ts'
import type { RelaySource } from '#contract/log-line.ts'
import type { RelaySources } from '../../../main/station/faces.ts'

type Known = NonNullable<ReturnType<RelaySources['get']>>

/** A source as the relay room would tell of it. */
export function knownRelay(sourceId: string, title: string, approved: boolean, addresses: readonly RelaySource[] = [{ kind: 'stream', url: 'https://dai.vn/live.mp3' }]): Known {
  return { title, approved, relay: { ...defaultRelayLimits, sourceId, title, addresses } }
}
