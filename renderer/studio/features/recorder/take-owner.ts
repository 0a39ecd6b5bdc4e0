import { AppError } from '#contract/errors.ts'
import type { RecordedTake, TakeFault } from '#contract/recorder.ts'
import { isNextPart, isOpen, stepTake, type TakeStep } from '#common/take/index.ts'
import { call, connection, useStation } from '../../app/station-client/index.ts'
import { showError } from '../../app/errors/index.ts'
import { translate } from '../../i18n/index.ts'
import { dayTimeText } from '../../i18n/formats.ts'
import { currentInput, onInput, openInputNow, releaseInput } from './input-owner.ts'
import { useRecorderStore } from './recorder-store.ts'

/**
 * Owns the take of this window. Pages come and go, the take goes on: it ends only by `stopTake`, by the station, or with the window (then the
 * station keeps what it has).
 */
const TAKE_KEY = 'recorder.take'
const CLIP_TOLD_EVERY_MS = 1_000

/** Where position 0 of the take lies on the capture clock. */
let origin = 0
let pausedAt: number | null = null
let continuing: Promise<void> | null = null
let clipToldAt = 0
const continuedFrom = new Set<string>()

const state = useRecorderStore.getState
function step(one: TakeStep): void {
  const before = state().model
  const model = stepTake(before, one)
  if (model === before) return
  useRecorderStore.setState({ model })
  const open = isOpen(model)
  if (open === isOpen(before)) return
  void window.vangxa.keepAwake(open).catch(() => undefined)
  void window.vangxa.setUnsaved(open).catch(() => undefined)
}
function tookPlace(take: RecordedTake): void {
  if (take.id === state().model.takeId) useRecorderStore.setState({ take })
}

/** Length of the take now, in frames: what the big clock shows. */
export function elapsedFrames(): number {
  const input = currentInput()
  if (input === null || !isOpen(state().model)) return state().take?.durableFrames ?? 0
  return pausedAt ?? Math.max(0, input.frames() - origin)
}

export async function startTake(): Promise<void> {
  if (isOpen(state().model) || state().model.phase === 'armed') return
  const input = await openInputNow()
  step({ kind: 'arm' })
  try {
    // The moment of the key, not of the station's answer: the capture keeps the last two seconds.
    const from = input.frames()
    const take = await call('recorder.start', { title: titleNow(), channels: state().channels, inputLabel: input.info.label, inputRateHz: rateOf(input.info.deviceRateHz ?? input.info.contextRateHz), settings: { ...input.info.settings } })
    origin = from
    pausedAt = null
    sessionStorage.setItem(TAKE_KEY, take.id)
    useRecorderStore.setState({ take, clipped: false })
    await input.attach(take.handle, { fromFrame: from })
    step({ kind: 'started', takeId: take.id })
  } catch (error) {
    step({ kind: 'disarm' })
    throw error
  }
}

export async function togglePause(): Promise<void> {
  const input = currentInput()
  const { phase, takeId } = state().model
  if (input === null || takeId === null) return
  if (phase === 'recording') {
    step({ kind: 'pause' })
    pausedAt = await input.pause()
    await call('recorder.pause', { takeId }).then(tookPlace)
  } else if (phase === 'paused') {
    const position = await input.resume()
    origin = input.frames() - position
    pausedAt = null
    step({ kind: 'resume' })
    await call('recorder.resume', { takeId }).then(tookPlace)
  }
}

export async function stopTake(): Promise<void> {
  const input = currentInput()
  const { phase } = state().model
  if (input === null || (phase !== 'recording' && phase !== 'paused')) return
  step({ kind: 'stop' })
  pausedAt = await input.stop()
  await finish()
}

/** Works again and again until the station has said that the file is closed: a lost link only delays the end. */
async function finish(): Promise<void> {
  const input = currentInput()
  const { phase, takeId } = state().model
  if (input === null || phase !== 'closing' || takeId === null || continuing !== null) return
  try {
    const take = await call('recorder.finish', { takeId, finalFrame: await input.stop(), title: titleNow() })
    closed(take)
  } catch (error) {
    if (!(error instanceof AppError && (error.code === 'station-unreachable' || error.code === 'not-signed-in' || error.code === 'session-expired'))) showError(error)
  }
}

export async function markTake(): Promise<void> {
  const { takeId } = state().model
  if (takeId === null || !isOpen(state().model)) return
  const atFrame = elapsedFrames()
  tookPlace(await call('recorder.mark', { takeId, atFrame, label: translate('recorder.markLabel', { number: (state().take?.marks.length ?? 0) + 1 }) }))
}

function closed(take: RecordedTake): void {
  tookPlace(take)
  step({ kind: 'closed', takeId: take.id, recovered: take.state === 'recovered' })
  if (isOpen(state().model)) return
  sessionStorage.removeItem(TAKE_KEY)
  pausedAt = null
  useRecorderStore.setState({ title: '' })
  void currentInput()?.detach()
  releaseInput('take')
}

/** The station cut the take (restart, or it gave the window up): what it has not written becomes the beginning of a new one. */
function continueTake(cutId: string): Promise<void> {
  continuing ??= (async () => {
    const input = currentInput()
    if (input === null || continuedFrom.has(cutId) || state().model.takeId !== cutId || !isOpen(state().model)) return
    const take = await call('recorder.start', { title: titleNow(), channels: state().channels, inputLabel: input.info.label, inputRateHz: rateOf(input.info.deviceRateHz ?? input.info.contextRateHz), settings: { ...input.info.settings }, continues: cutId })
    continuedFrom.add(cutId)
    const position = await input.rebind(take.handle, take.continuesAt)
    origin = input.frames() - position
    if (pausedAt !== null) pausedAt = position
    sessionStorage.setItem(TAKE_KEY, take.id)
    // A take being closed goes on as one being closed.
    useRecorderStore.setState({ take, model: { ...state().model, takeId: take.id } })
    if (state().model.phase === 'paused') tookPlace(await call('recorder.pause', { takeId: take.id }))
  })().catch(showError).finally(() => {
    continuing = null
    void finish()
  })
  return continuing
}

connection.on('recorder.changed', (take) => {
  const running = state().take
  if (running !== null && isOpen(state().model) && running.id === state().model.takeId && isNextPart(running, take)) {
    step({ kind: 'continued', takeId: take.id })
    sessionStorage.setItem(TAKE_KEY, take.id)
  }
  const { model } = state()
  if (take.id !== model.takeId) return
  tookPlace(take)
  const ended = take.state === 'saved' || take.state === 'recovered' || take.state === 'discarded'
  if (!ended || !isOpen(model)) return
  if (take.state === 'recovered' && !take.faults.some((fault) => fault.kind === 'gap' && fault.atFrame === take.durableFrames) && (take.freeBytes ?? Infinity) > 50_000_000) void continueTake(take.id)
  else closed(take)
})

onInput('link', (link) => {
  step({ kind: 'link', lost: link !== 'open' })
  const { model } = state()
  if (link === 'other-boot' && isOpen(model) && model.takeId !== null) void whenSignedIn().then(() => continueTake(model.takeId ?? ''))
})
onInput('inputLost', (lost) => step({ kind: 'input', lost }))
onInput('input', ({ info, atFrame }) => {
  useRecorderStore.setState({ info, deviceId: info.deviceId })
  const { model } = state()
  if (model.takeId === null || !isOpen(model) || model.phase === 'closing') return
  void call('recorder.inputChanged', { takeId: model.takeId, atFrame, inputLabel: info.label, inputRateHz: rateOf(info.deviceRateHz ?? info.contextRateHz) }).catch(() => undefined)
})
onInput('fault', (fault) => {
  const { model } = state()
  if (model.takeId === null || !isOpen(model) || model.phase === 'closing') return
  if (fault.kind === 'clipping' && performance.now() - clipToldAt < CLIP_TOLD_EVERY_MS) return
  if (fault.kind === 'clipping') clipToldAt = performance.now()
  const told: TakeFault = { kind: fault.kind, atFrame: fault.atFrame, frames: fault.frames, at: Date.now() }
  // The station may be away just now; the sound itself carries the hole.
  void call('recorder.fault', { takeId: model.takeId, fault: told }).catch(() => undefined)
})
useStation.subscribe((now, before) => {
  if (now.phase === 'open' && now.session !== null && (before.phase !== 'open' || before.session === null)) {
    void finish()
    void closeTakeOfReloadedWindow()
  }
})

// This module may be loaded after the person came back in.
if (useStation.getState().session !== null) void closeTakeOfReloadedWindow()

/** After a reload the old Worker is gone: its take is closed with what arrived, at once and not after a minute. */
async function closeTakeOfReloadedWindow(): Promise<void> {
  const takeId = sessionStorage.getItem(TAKE_KEY)
  if (takeId === null || state().model.takeId !== null) return
  sessionStorage.removeItem(TAKE_KEY)
  const { takes } = await call('recorder.takes', {})
  const take = takes.find((one) => one.id === takeId && one.handle !== 0)
  if (take !== undefined) await call('recorder.finish', { takeId, finalFrame: take.durableFrames }).catch(showError)
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

function titleNow(): string {
  return state().title.trim() || translate('recorder.defaultTitle', { time: dayTimeText(state().take?.startedAt ?? Date.now()) })
}

function rateOf(rateHz: number): number {
  return Math.min(384_000, Math.max(8_000, Math.round(rateHz)))
}
