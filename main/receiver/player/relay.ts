import type { Occurrence } from '#common/slots/index.ts'
import type { TlsIdentity } from '../link/tls.ts'
import { openLiveStream } from '../link/live-stream.ts'
import { openBroadcast, type Broadcast } from './broadcast.ts'
import type { Programme } from './programme.ts'
import type { Stage } from './stage.ts'
import { samplesOfMs } from './timeline.ts'

/** A scheduled relay of somebody else's stream; its stored backup takes over on loss. */
export interface Relay {
  readonly voice: Broadcast
  close(): void
}

const RELAY_BUFFER_MS = 2500

/** null = the slot may not be relayed (no pin and no exception for it): its backup plays alone. */
export function openRelay(stage: Stage, occurrence: Occurrence, backup: Programme | null, identity: () => TlsIdentity | null): Relay | null {
  const { slot } = occurrence
  if (slot.stream === undefined) return null
  const streams = slot.stream.streams.filter((stream) => stream.spki !== undefined && stream.spki.length > 0)
  if (streams.length === 0) return null
  const startAt = (): number => stage.timeline.sampleAt(occurrence.startAt + stage.settings().delayMs)
  const voice = openBroadcast({
    bufferSamples: samplesOfMs(RELAY_BUFFER_MS), anchor: () => null, startAt, hardEnd: () => stage.timeline.sampleAt(occurrence.plannedEndAt + stage.settings().delayMs),
    lossHoldSamples: samplesOfMs((slot.stream.lossHoldSec ?? 5) * 1000), onLoss: backup === null ? 'resume' : 'fallback', fallback: backup,
    tell: (event) => {
      if (event.kind === 'lost') stage.event('live.loss', { ref: slot.slot })
      else if (event.kind === 'back') stage.event('live.back', { ref: slot.slot, lossMs: Math.round(event.lossSamples / 48) })
    },
  })
  const stream = openLiveStream({
    streams, token: slot.stream.token, identity: identity(), onHead: () => undefined, onSamples: (first, samples) => voice.push(first, samples), onEnd: () => voice.drain(stage.now(), null),
    onUnreachable: (code) => stage.event('play.fail', { ref: slot.slot, code }),
  })
  return {
    voice,
    close: () => stream.close(),
  }
}
