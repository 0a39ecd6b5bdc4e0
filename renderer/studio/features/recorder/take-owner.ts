import { AppError } from '#contract/errors.ts'
import type { RecordedTake, TakeFault, TakePunch } from '#contract/recorder.ts'
import { isNextPart, isOpen } from '#common/take/index.ts'
import { call, connection, useStation } from '../../app/station-client/index.ts'
import { showError } from '../../app/errors/index.ts'
import { translate } from '../../i18n/index.ts'
import { noClips } from './clip-latch.ts'
import { currentInput, onInput, openInputNow, releaseInput } from './input-owner.ts'
import { useRecorderSettings, wantedSplit } from './recorder-settings.ts'
import { leftSoundLookedAt } from './left-sound.ts'
import { useRecorderStore, withPart } from './recorder-store.ts'
import { holdDeviceClock, sessionFrames, setDeviceOrigin, startDeviceClock, stopClock, tellStationClock } from './run-clock.ts'
import { TAKE_KEY, continueTake, isCut, onContinued, waitForRoom } from './take-cut.ts'
import { inputFacts, ownerOf, rateOf, titleNow } from './take-facts.ts'
import { isOfStation, state, step, tookPlace } from './take-state.ts'

/**
 * Owns the run of this window. Pages come and go, the take goes on: it ends only by `stopTake`, by the station, or with the window (then the
 * station keeps what it has). A microphone is fed from here; the air and streams are recorded by the station itself.
 */
const CLIP_TOLD_EVERY_MS = 1_000

let finishing = false
let clipToldAt = 0

export interface StartOptions {
  readonly title?: string
  readonly punch?: TakePunch
  /** Place on the capture clock; by default now. */
  readonly fromFrame?: number
}

/** @throws AppError no-input, take-open, disk-full … Nothing is recorded then. */
export async function startTake(options: StartOptions = {}): Promise<void> {
  if (isOpen(state().model) || state().model.phase === 'armed') return
  if (useRecorderSettings.getState().source !== 'device' && options.punch === undefined) return startStationTake()
  const input = await openInputNow()
  step({ kind: 'arm' })
  try {
    // The moment of the key, not of the station's answer: the capture keeps the last two seconds.
    const from = options.fromFrame ?? input.frames()
    const take = await call('recorder.start', {
      title: options.title ?? titleNow(), ...inputFacts(), ...(options.punch === undefined ? wantedSplit() : { punch: options.punch }),
    })
    startDeviceClock(from)
    began(take)
    await input.attach(take.handle, { fromFrame: from, owner: ownerOf(take) })
    step({ kind: 'started', takeId: take.id })
  } catch (error) {
    step({ kind: 'disarm' })
    releaseInput('take')
    throw error
  }
}

async function startStationTake(): Promise<void> {
  const { source, streamUrl } = useRecorderSettings.getState()
  step({ kind: 'arm' })
  try {
    const input = source === 'air' ? { kind: 'air' } as const : { kind: 'stream', url: streamUrl.trim() } as const
    const take = await call('recorder.startInput', { title: titleNow(), channels: state().channels, input, ...wantedSplit() })
    began(take)
    step({ kind: 'started', takeId: take.id })
    tellStationClock(take)
  } catch (error) {
    step({ kind: 'disarm' })
    throw error
  }
}

function began(take: RecordedTake): void {
  sessionStorage.setItem(TAKE_KEY, take.id)
  useRecorderStore.setState({ take, parts: [take], clips: noClips, isArmed: false })
}

export async function togglePause(): Promise<void> {
  const { phase, takeId } = state().model
  if (takeId === null) return
  if (isOfStation()) {
    if (phase !== 'recording' && phase !== 'paused') return
    const take = await call(phase === 'recording' ? 'recorder.pause' : 'recorder.resume', { takeId })
    step({ kind: phase === 'recording' ? 'pause' : 'resume' })
    return tookPlace(take)
  }
  const input = currentInput()
  if (input === null) return
  if (phase === 'recording') {
    step({ kind: 'pause' })
    holdDeviceClock(await input.pause())
    await call('recorder.pause', { takeId }).then(tookPlace)
  } else if (phase === 'paused') {
    const position = await input.resume()
    setDeviceOrigin(input.frames() - position)
    holdDeviceClock(null)
    step({ kind: 'resume' })
    await call('recorder.resume', { takeId }).then(tookPlace)
  }
}

export async function stopTake(): Promise<void> {
  const { phase } = state().model
  if (phase !== 'recording' && phase !== 'paused') return
  step({ kind: 'stop' })
  const input = currentInput()
  if (!isOfStation() && input !== null) holdDeviceClock(await input.stop())
  await finish()
}

/** Works again and again until the station has said that the file is closed: a lost link only delays the end. */
async function finish(): Promise<void> {
  const { phase, takeId } = state().model
  if (phase !== 'closing' || takeId === null || isCut() || finishing) return
  finishing = true
  try {
    const input = currentInput()
    const finalFrame = isOfStation() || input === null ? null : await input.stop()
    const take = await call('recorder.finish', { takeId, finalFrame, title: titleNow() })
    // The station closed it (a restart, a full disk) before everything spoken had come: the rest is a part of its own.
    if (finalFrame !== null && take.durableFrames > 0 && take.sessionFrame + take.durableFrames < finalFrame) void continueTake(take.id)
    else closed(take)
  } catch (error) {
    if (!(error instanceof AppError && (error.code === 'station-unreachable' || error.code === 'not-signed-in' || error.code === 'session-expired'))) showError(error)
  } finally {
    finishing = false
  }
}

/** @param label empty = the written label of the next mark, else a number */
export async function markTake(label = ''): Promise<void> {
  const { takeId } = state().model
  if (takeId === null || !isOpen(state().model)) return
  const atFrame = sessionFrames()
  const marks = state().parts.reduce((sum, part) => sum + part.marks.length, 0)
  const words = label || state().nextLabel.trim() || translate('recorder.markLabel', { number: marks + 1 })
  useRecorderStore.setState({ nextLabel: '' })
  tookPlace(await call('recorder.mark', { takeId, atFrame: atFrame === null ? null : Math.round(atFrame), label: words.slice(0, 200) }))
}

/** A new part begins here; not one sample is lost or doubled. */
export async function splitTake(): Promise<void> {
  const { takeId } = state().model
  if (takeId === null || !isOpen(state().model)) return
  const atFrame = sessionFrames()
  tookPlace(await call('recorder.split', { takeId, atFrame: atFrame === null ? null : Math.round(atFrame) }))
}

function closed(take: RecordedTake): void {
  tookPlace(take)
  step({ kind: 'closed', takeId: state().model.takeId ?? take.id, recovered: take.state === 'recovered' })
  if (isOpen(state().model)) return
  sessionStorage.removeItem(TAKE_KEY)
  useRecorderStore.setState({ title: '', take })
  stopClock()
  if (take.origin.kind !== 'device') return
  void currentInput()?.detach()
  releaseInput('take')
}

onContinued(() => void finish())

connection.on('recorder.changed', (take) => {
  const { model, take: before } = state()
  if (!isOpen(model) || before === null || take.groupId !== before.groupId) return
  const ended = take.state === 'saved' || take.state === 'recovered' || take.state === 'discarded'
  // The run was split: the next part is told before the one before is closed.
  if (isNextPart(before, take)) {
    sessionStorage.setItem(TAKE_KEY, take.id)
    useRecorderStore.setState({ take, model: { ...model, takeId: take.id } })
  }
  tookPlace(take)
  // While it is being finished, the answer says what the end is.
  if (take.id !== state().model.takeId || !ended || finishing) return
  if (take.origin.kind === 'device' && take.cutBy === 'disk') waitForRoom(take.id)
  else if (take.origin.kind === 'device' && take.state === 'recovered') void continueTake(take.id)
  else closed(take)
})
/** A part that is in the library now tells its item, also after the run has ended. */
connection.on('recorder.changed', (take) => {
  const { parts } = state()
  if (parts.some((part) => part.id === take.id)) useRecorderStore.setState({ parts: withPart(parts, take), ...(state().take?.id === take.id ? { take } : {}) })
})

onInput('link', (link) => {
  step({ kind: 'link', lost: link !== 'open' })
  const { model } = state()
  if (link === 'other-boot' && isOpen(model) && model.takeId !== null) void whenSignedIn().then(() => continueTake(model.takeId ?? ''))
})
onInput('inputLost', (lost) => {
  if (!isOfStation()) step({ kind: 'input', lost })
})
onInput('input', ({ info, atFrame }) => {
  useRecorderStore.setState({ info, deviceId: info.deviceId })
  const { model } = state()
  if (model.takeId === null || !isOpen(model) || isOfStation()) return
  void call('recorder.inputChanged', { takeId: model.takeId, atFrame, inputLabel: info.label.slice(0, 300), inputRateHz: rateOf(info.deviceRateHz ?? info.contextRateHz) }).then(tookPlace, () => undefined)
})
onInput('fault', (fault) => {
  const { model } = state()
  if (model.takeId === null || !isOpen(model) || model.phase === 'closing' || isOfStation()) return
  if (fault.kind === 'clipping' && performance.now() - clipToldAt < CLIP_TOLD_EVERY_MS) return
  if (fault.kind === 'clipping') clipToldAt = performance.now()
  const told: TakeFault = { kind: fault.kind, atFrame: fault.atFrame, frames: fault.frames, at: Date.now() }
  // The station may be away just now; the sound itself carries the hole.
  void call('recorder.fault', { takeId: model.takeId, fault: told }).catch(() => undefined)
})
useStation.subscribe((now, before) => {
  if (now.phase === 'open' && now.session !== null && (before.phase !== 'open' || before.session === null)) {
    void finish()
    void afterReload()
  }
})

// This module may be loaded after the person came back in.
if (useStation.getState().session !== null) void afterReload()

/**
 * After a reload the old Worker is gone: its take is closed with what arrived, at once and not after a minute. What the station records by
 * itself goes on and is taken up again.
 */
async function afterReload(): Promise<void> {
  const takeId = sessionStorage.getItem(TAKE_KEY)
  if (takeId === null || state().model.takeId !== null) return
  sessionStorage.removeItem(TAKE_KEY)
  // What still waited in the old window belongs to this take: it is handed in before the take is closed.
  await leftSoundLookedAt()
  const { takes } = await call('recorder.takes', {})
  const known = takes.find((one) => one.id === takeId)
  const take = takes.find((one) => one.handle !== 0 && one.groupId === known?.groupId && one.state !== 'closing')
  if (take === undefined) return
  if (take.origin.kind === 'device') return void (await call('recorder.finish', { takeId: take.id, finalFrame: take.sessionFrame + take.durableFrames }).catch(showError))
  step({ kind: 'arm' })
  began(take)
  step({ kind: 'started', takeId: take.id })
  if (take.state === 'paused') step({ kind: 'pause' })
  tellStationClock(take)
}

function whenSignedIn(): Promise<void> {
  const ready = (now: ReturnType<typeof useStation.getState>): boolean => now.phase === 'open' && now.session !== null
  if (ready(useStation.getState())) return Promise.resolve()
  return new Promise((resolve) => {
    const stop = useStation.subscribe((now) => {
      if (!ready(now)) return
      stop()
      resolve()
    })
  })
}
