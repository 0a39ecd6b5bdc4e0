import type { RecordedTake } from '#contract/recorder.ts'
import { isOpen } from '#common/take/index.ts'
import { currentInput } from './input-owner.ts'
import { useRecorderStore } from './recorder-store.ts'

/** Where the run is now. A microphone's clock is in this window; of the air and of streams only the station knows, once a second. */
interface DeviceClock {
  readonly kind: 'device'
  /** Where position 0 of the capture session lies on the capture clock. */
  origin: number
  pausedAt: number | null
}
interface StationClock {
  readonly kind: 'station'
  frames: number
  at: number
  runs: boolean
}
let clock: DeviceClock | StationClock | null = null

export function startDeviceClock(origin: number): void {
  clock = { kind: 'device', origin, pausedAt: null }
}
export function holdDeviceClock(position: number | null): void {
  if (clock?.kind === 'device') clock.pausedAt = position
}
/** Position 0 moved: a pause was left out, or a new session began. */
export function setDeviceOrigin(origin: number): void {
  if (clock?.kind === 'device') clock.origin = origin
}
export function isHeld(): boolean {
  return clock?.kind === 'device' && clock.pausedAt !== null
}
export function tellStationClock(take: RecordedTake): void {
  const frames = take.groupFrame + take.durableFrames
  const before = clock?.kind === 'station' ? runFrames() : 0
  // The shown time never goes back: what the station says is a moment old.
  clock = { kind: 'station', frames: Math.max(frames, take.state === 'recording' ? before : 0), at: performance.now(), runs: take.state === 'recording' && !take.inputLost }
}
export function stopClock(): void {
  clock = null
}

/** Position in the capture session: what marks and faults of this window count in; null = only the station knows. */
export function sessionFrames(): number | null {
  if (clock?.kind !== 'device') return null
  const input = currentInput()
  return clock.pausedAt ?? Math.max(0, (input?.frames() ?? 0) - clock.origin)
}

/** Length of the whole run, all its parts: what the big clock shows. */
export function runFrames(): number {
  const { model, take } = useRecorderStore.getState()
  if (!isOpen(model) || take === null) return take === null ? 0 : take.groupFrame + take.durableFrames
  if (clock?.kind === 'station') return clock.frames + (clock.runs ? (performance.now() - clock.at) * 48 : 0)
  return (sessionFrames() ?? take.durableFrames) + take.groupFrame - take.sessionFrame
}
