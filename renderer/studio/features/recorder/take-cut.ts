import { AppError } from '#contract/errors.ts'
import type { RecordedTake } from '#contract/recorder.ts'
import { isOpen } from '#common/take/index.ts'
import { call } from '../../app/station-client/index.ts'
import { showError } from '../../app/errors/index.ts'
import { currentInput } from './input-owner.ts'
import { wantedSplit } from './recorder-settings.ts'
import { useRecorderStore, withPart } from './recorder-store.ts'
import { holdDeviceClock, isHeld, setDeviceOrigin } from './run-clock.ts'
import { inputFacts, ownerOf, titleNow } from './take-facts.ts'
import { isOfStation, state, step, tookPlace } from './take-state.ts'

/**
 * The station cut the run: it was restarted, gave the window up, or its disk is full. The microphone stays open and what is spoken waits here; the next part
 * begins exactly where the file before ends, so that nothing is missing unless there was no room for it anywhere.
 */
export const TAKE_KEY = 'recorder.take'
const LOOK_FOR_ROOM_EVERY_MS = 3_000

let continuing: Promise<void> | null = null
const continuedFrom = new Set<string>()
let lookForRoom: ReturnType<typeof setTimeout> | null = null
let afterwards: () => void = () => undefined

/** @param run what follows when a take that was being closed could go on */
export function onContinued(run: () => void): void {
  afterwards = run
}
/** A cut take must not be finished before what waits here has a file again. */
export function isCut(): boolean {
  return continuing !== null || state().model.diskFull
}

export function continueTake(cutId: string): Promise<void> {
  continuing ??= goOn(cutId).catch((error: unknown) => {
    if (error instanceof AppError && error.code === 'disk-full') waitForRoom(cutId)
    else showError(error)
  }).finally(() => {
    continuing = null
    afterwards()
  })
  return continuing
}

/** The disk of the station took nothing more. Looked at again every few seconds until it does. */
export function waitForRoom(cutId: string): void {
  step({ kind: 'room', full: true })
  if (lookForRoom !== null) clearTimeout(lookForRoom)
  lookForRoom = setTimeout(() => {
    lookForRoom = null
    const { model } = state()
    if (isOpen(model) && model.takeId === cutId && model.diskFull) void continueTake(cutId)
  }, LOOK_FOR_ROOM_EVERY_MS)
}

/** By hand, when someone has just made room. */
export async function lookForRoomNow(): Promise<void> {
  const { takeId, diskFull } = state().model
  if (takeId !== null && diskFull) await continueTake(takeId)
}

async function goOn(cutId: string): Promise<void> {
  const input = currentInput()
  const { model } = state()
  if (input === null || isOfStation() || continuedFrom.has(cutId) || model.takeId !== cutId || !isOpen(model)) return
  // A part whose file could not hold a single sample is gone; what it should have held follows the part before it.
  const empty = state().parts.find((part) => part.id === cutId && part.state === 'discarded')
  const before = empty === undefined ? cutId : lastWithSound(state().parts)?.id
  const take = await call('recorder.start', { title: titleNow(), ...inputFacts(), ...wantedSplit(), ...(before === undefined ? {} : { continues: before }) })
  continuedFrom.add(cutId)
  const position = await input.rebind(take.handle, empty === undefined ? take.continuesAt : 0, ownerOf(take))
  setDeviceOrigin(input.frames() - position)
  if (isHeld()) holdDeviceClock(position)
  sessionStorage.setItem(TAKE_KEY, take.id)
  // A take being closed goes on as one being closed.
  useRecorderStore.setState({ take, parts: withPart(state().parts, take), model: { ...state().model, takeId: take.id } })
  step({ kind: 'room', full: false })
  if (state().model.phase === 'paused') tookPlace(await call('recorder.pause', { takeId: take.id }))
}

function lastWithSound(parts: readonly RecordedTake[]): RecordedTake | undefined {
  return parts.findLast((part) => part.state !== 'discarded' && part.durableFrames > 0)
}
