import { stat, unlink } from 'node:fs/promises'
import type { open } from 'node:fs/promises'
import { AppError } from '#contract/errors.ts'
import type { RecordedTake, TakePunch, TakeSplit } from '#contract/recorder.ts'
import type { Scope, StationContext, Who } from '../context.ts'
import { LEAST_BYTES_TO_GO_ON, type DiskWatch } from './disk-watch.ts'
import type { IntoLibrary } from './into-library.ts'
import { givenTitle, partTitle, recoveredTitle } from './names.ts'
import type { Shelf } from './shelf.ts'
import { onlyPart, writeSidecar, type TakeSidecar } from './sidecar.ts'
import { TakePart, type CloseReason, type ClosedState } from './take-part.ts'
import { TakeRun } from './take-run.ts'
import { TAKE_HEADER_BYTES, bytesPerTakeFrame } from './wav-header.ts'
import { createWavJournal } from './wav-journal.ts'

const MOST_OPEN_RUNS = 8
const TICK_EVERY_MS = 500
const LOW_BELOW_SECONDS = 600

export interface NewRun {
  readonly title: string
  readonly channels: number
  readonly inputLabel: string
  readonly inputRateHz: number
  readonly settings: TakeSidecar['settings']
  readonly origin: RecordedTake['origin']
  readonly split?: TakeSplit | undefined
  readonly punch?: TakePunch | undefined
  readonly continues?: string | undefined
  /** Hash of the window's key. */
  readonly pickUp?: string | null
  /** Where its positions begin; 0 unless the beginning is known to be gone. */
  readonly sessionFrame?: number
}

export interface Running {
  readonly run: TakeRun
  readonly handle: number
  readonly scope: Scope
  readonly feeder: 'window' | 'station'
  readonly connectionId: string
  readonly by: Who
  closing: Promise<TakeSidecar> | null
  /** Gives out what a source of the station still holds. */
  beforeClose: () => void
}

export interface RunsOptions {
  readonly scope: Scope
  readonly shelf: Shelf
  readonly disk: DiskWatch
  readonly library: IntoLibrary
  readonly waitForClientMs: number
  readonly openFile?: typeof open | undefined
  readonly show: (sidecar: TakeSidecar) => void
}

/** The recordings that are going on. */
export interface Runs {
  begin(wanted: NewRun, by: Who & { readonly connectionId: string }, feeder: 'window' | 'station'): Promise<Running>
  /** Opens the next part of a closed run for the rest of the same capture session: positions run on. @throws AppError disk-full, busy */
  takeUp(before: TakeSidecar, by: Who & { readonly connectionId: string }): Promise<Running>
  /** By any part of the run. @throws AppError take-unknown */
  of(takeId: string): Running
  has(takeId: string): boolean
  find(takeId: string): Running | undefined
  list(): Running[]
  /** Ends a run once, whoever asks again meanwhile; the files are closed when this resolves, the library items follow by themselves. */
  close(one: Running, state: ClosedState, reason: CloseReason, title?: string): Promise<TakeSidecar>
  /** Tells every run that the disk is nearly full, once. */
  watchRoom(): void
  stop(): Promise<void>
}

export function openRuns(ctx: StationContext, options: RunsOptions): Runs {
  const { scope, shelf, disk, library, show } = options
  const running = new Set<Running>()
  const find = (takeId: string): Running | undefined => [...running].find(({ run }) => run.parts.some((part) => part.take.id === takeId))

  function newPart(take: Omit<TakeSidecar['take'], 'startedAt'>, rest: Pick<TakeSidecar, 'by' | 'settings' | 'pickUp'>, spokenAt = ctx.clock.now()): TakePart {
    const sidecar: TakeSidecar = { version: 2, take: { ...take, startedAt: Math.round(spokenAt) }, by: { personId: rest.by.personId, name: rest.by.name }, settings: rest.settings, reason: null, pickUp: rest.pickUp }
    const journal = createWavJournal(shelf.wavOf(take.id), take.channels, ctx.clock, options.openFile)
    return new TakePart({ sidecar, sidecarPath: shelf.sidecarOf(take.id), journal, clock: ctx.clock })
  }

  const fresh = { state: 'recording', endedAt: null, durableFrames: 0, itemId: null, importError: null } as const

  function nextPart(before: TakePart, atFrame: number): TakePart {
    const { take } = before
    const id = ctx.newId()
    const kept = atFrame - before.sessionFrame
    const moved = take.faults.filter((fault) => fault.atFrame >= kept).map((fault) => ({ ...fault, atFrame: fault.atFrame - kept }))
    take.faults = take.faults.filter((fault) => fault.atFrame < kept)
    const input = take.inputs.at(-1)
    return newPart({
      ...take, ...fresh, id, title: partTitle(take.title, take.part + 1), state: take.state, part: take.part + 1, groupFrame: take.groupFrame + kept, sessionFrame: atFrame, joint: 'exact', continuesAt: null,
      marks: [], faults: moved, inputs: input === undefined ? [] : [{ ...input, atFrame: 0 }],
    }, before.sidecar)
  }

  /** The part that a run continues, closed. */
  async function partBefore(takeId: string): Promise<TakeSidecar | null> {
    const open = find(takeId)
    if (open !== undefined) await close(open, 'recovered', 'link-lost')
    return shelf.get(takeId)
  }

  /** @throws AppError busy, disk-full */
  async function roomFor(before: TakeSidecar | null): Promise<void> {
    if (running.size >= MOST_OPEN_RUNS) throw new AppError('busy')
    await disk.keepReserve()
    await disk.look()
    if (before?.reason === 'disk' && (disk.freeBytes ?? Infinity) < LEAST_BYTES_TO_GO_ON) throw new AppError('disk-full')
  }

  async function begin(wanted: NewRun, by: Who & { readonly connectionId: string }, feeder: 'window' | 'station'): Promise<Running> {
    if (feeder === 'window' && [...running].some((one) => one.feeder === 'window' && one.connectionId === by.connectionId && one.closing === null && wanted.continues === undefined)) throw new AppError('take-open')
    if (running.size >= MOST_OPEN_RUNS) throw new AppError('busy')
    const before = wanted.continues === undefined ? null : await partBefore(wanted.continues)
    await roomFor(before)
    const id = ctx.newId()
    const own = { ...fresh, ...onlyPart(id, wanted.inputLabel, wanted.inputRateHz), id, channels: wanted.channels, faults: [], marks: [], inputLabel: wanted.inputLabel, inputRateHz: wanted.inputRateHz, origin: wanted.origin, sessionFrame: wanted.sessionFrame ?? 0 }
    const first = newPart(before === null
      ? { ...own, title: wanted.title, split: wanted.split ?? own.split, punch: wanted.punch ?? null }
      : {
          ...own, title: partTitle(wanted.title, before.take.part + 1), split: wanted.split ?? before.take.split, punch: wanted.punch ?? null, groupId: before.take.groupId, part: before.take.part + 1,
          groupFrame: before.take.groupFrame + before.take.durableFrames, joint: 'exact', continuesAt: before.take.sessionFrame + before.take.durableFrames,
        }, { by, settings: wanted.settings, pickUp: wanted.pickUp ?? null })
    const one = await launch(first, by, feeder)
    if (before !== null) await leaveOutUnwrittenEnd(before)
    return one
  }

  async function takeUp(before: TakeSidecar, by: Who & { readonly connectionId: string }): Promise<Running> {
    await roomFor(before)
    const { take } = before
    const part = Math.max(...shelf.group(take.groupId).map((one) => one.take.part), take.part) + 1
    const input = take.inputs.at(-1)
    const first = newPart({
      ...take, ...fresh, id: ctx.newId(), title: partTitle(givenTitle(take.title), part), part, groupFrame: take.groupFrame + take.durableFrames, sessionFrame: take.sessionFrame + take.durableFrames, joint: 'exact', continuesAt: null,
      faults: [], marks: [], inputs: input === undefined ? [] : [{ ...input, atFrame: 0 }], inputLost: false, punch: null,
    }, before, Math.min(ctx.clock.now(), take.startedAt + take.durableFrames / 48))
    const one = await launch(first, by, 'window')
    await leaveOutUnwrittenEnd(before)
    return one
  }

  /** What the file before did not take comes again: if anything of it is missing then, the next part tells. */
  async function leaveOutUnwrittenEnd(before: TakeSidecar): Promise<void> {
    const { take } = before
    const faults = take.faults.filter((fault) => fault.kind !== 'gap' || fault.atFrame < take.durableFrames)
    if (faults.length === take.faults.length) return
    take.faults = faults
    await shelf.put(before)
    show(before)
  }

  async function launch(first: TakePart, by: Who & { readonly connectionId: string }, feeder: 'window' | 'station'): Promise<Running> {
    const { id } = first.take
    const takeScope = scope.child(`take-${id}`)
    const run: TakeRun = new TakeRun({
      first, clock: ctx.clock, after: (ms, act) => takeScope.after(ms, act), feeder, waitForClientMs: options.waitForClientMs, next: nextPart, changed: changedPart,
      partDone: (part, keepFrames) => finishPart(part, keepFrames), ended: (reason) => void closeByStation(one, reason),
    })
    try {
      await first.sync()
      await writeSidecar(shelf.sidecarOf(id), first.sidecar)
    } catch (error) {
      await first.close('discarded', 'disk')
      await takeScope.dispose()
      for (const path of [shelf.wavOf(id), shelf.sidecarOf(id)]) await unlink(path).catch(() => undefined)
      throw isFull(error) ? new AppError('disk-full', { cause: error }) : error
    }
    const one: Running = { run, handle: ctx.captures.open(run), scope: takeScope, feeder, connectionId: by.connectionId, by, closing: null, beforeClose: () => undefined }
    running.add(one)
    takeScope.every(TICK_EVERY_MS, () => void run.tick())
    watchRoom()
    show(first.sidecar)
    return one
  }

  function changedPart(part: TakePart): void {
    // A closed part can still learn of a fault told late.
    if (part.closed && shelf.get(part.take.id) !== null) void shelf.put(part.sidecar)
    show(part.sidecar)
  }

  /** A part whose successor runs already. */
  async function finishPart(part: TakePart, keepFrames: number): Promise<void> {
    const { take } = part
    take.state = 'closing'
    take.title = partTitle(take.title, take.part)
    show(part.sidecar)
    const frames = await part.close('saved', 'finished', keepFrames)
    if (frames < keepFrames) throw new Error('the disk did not take the whole part')
    await shelf.put(part.sidecar)
    show(part.sidecar)
    void library.give(part.sidecar)
  }

  function close(one: Running, state: ClosedState, reason: CloseReason, title?: string): Promise<TakeSidecar> {
    one.closing ??= closeOnce(one, state, reason, title)
    return one.closing
  }

  async function closeOnce(one: Running, state: ClosedState, reason: CloseReason, title?: string): Promise<TakeSidecar> {
    one.beforeClose()
    const { part } = one.run
    const { sidecar } = part
    const takeId = sidecar.take.id
    sidecar.take.state = 'closing'
    if (title !== undefined) sidecar.take.title = sidecar.take.part === 1 ? title : partTitle(title, sidecar.take.part)
    if (state === 'recovered') sidecar.take.title = recoveredTitle(sidecar.take.startedAt, ctx.settings.get().zone, sidecar.take.title)
    show(sidecar)
    if (reason === 'disk') await disk.giveUpReserve()
    const frames = await one.run.close(state, reason)
    running.delete(one)
    ctx.captures.close(one.handle)
    await one.scope.dispose()
    if (frames === 0 && !(await holdsSound(shelf.wavOf(takeId)))) {
      sidecar.take.state = 'discarded'
      for (const path of [shelf.wavOf(takeId), shelf.sidecarOf(takeId)]) await unlink(path).catch(() => undefined)
      show(sidecar)
      return sidecar
    }
    await shelf.put(sidecar)
    show(sidecar)
    if (state !== 'discarded') void library.give(sidecar)
    return sidecar
  }

  async function closeByStation(one: Running, reason: CloseReason): Promise<void> {
    if (one.closing !== null || !running.has(one)) return
    if (reason === 'disk') ctx.notices.raise('alarm', 'disk-full', one.run.part.take.id)
    else ctx.notices.raise('warning', 'input-lost', one.run.part.take.id)
    await close(one, 'recovered', reason)
  }

  function watchRoom(): void {
    if (disk.freeBytes === null) return
    const perSecond = [...running].reduce((sum, { run }) => sum + 48_000 * bytesPerTakeFrame(run.part.take.channels), 0)
    const secondsLeft = disk.freeBytes / perSecond
    if (secondsLeft >= LOW_BELOW_SECONDS) return
    for (const { run } of running) {
      if (run.parts.some((part) => part.take.faults.some((fault) => fault.kind === 'disk-low'))) continue
      run.fault('disk-low', run.position, 0)
      ctx.notices.raise('warning', new AppError('disk-low', { data: { minutes: Math.floor(secondsLeft / 60) } }), run.part.take.id)
    }
  }

  return {
    begin, takeUp, find, close, watchRoom,
    of(takeId) {
      const one = find(takeId)
      if (one === undefined) throw new AppError('take-unknown', { data: { takeId } })
      return one
    },
    has: (takeId) => find(takeId) !== undefined,
    list: () => [...running],
    async stop() {
      for (const one of running) {
        one.beforeClose()
        const { take } = one.run.part
        take.title = recoveredTitle(take.startedAt, ctx.settings.get().zone, take.title)
        await one.run.close('recovered', 'station-stopped')
        running.delete(one)
      }
    },
  }
}

/** A file that could not even be flushed may still hold something: it is never thrown away. */
async function holdsSound(path: string): Promise<boolean> {
  const size = await stat(path).then((facts) => facts.size, () => 0)
  return size > TAKE_HEADER_BYTES
}

function isFull(error: unknown): boolean {
  return error instanceof Error && 'code' in error && (error.code === 'ENOSPC' || error.code === 'EDQUOT')
}
