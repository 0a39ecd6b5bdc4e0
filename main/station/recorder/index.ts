import { unlink } from 'node:fs/promises'
import { AppError, type ErrorReply } from '#contract/errors.ts'
import type { RecordedTake } from '#contract/recorder.ts'
import type { ParsedInput } from '#contract/index.ts'
import type { Caller, Scope, StationContext } from '../context.ts'
import type { LibraryRoom, RecorderRoom } from '../faces.ts'
import { watchDisk } from './disk-watch.ts'
import { OpenTake, viewOf, type CloseReason } from './open-take.ts'
import { recoverTakes, recoveredTitle } from './recovery.ts'
import { openShelf } from './shelf.ts'
import { onlyPart, writeSidecar, type TakeSidecar } from './sidecar.ts'
import { bytesPerTakeFrame } from './wav-header.ts'
import { openWavJournal } from './wav-journal.ts'

const MOST_OPEN_TAKES = 8
const FINAL_FRAMES_WAIT_MS = 3_000
const WAIT_FOR_CLIENT_MS = 60_000
const DISK_LOOK_EVERY_MS = 5_000
const LOW_BELOW_SECONDS = 600

export interface RecorderDeps {
  readonly library: Pick<LibraryRoom, 'importFile' | 'get'>
  /** For fault scenarios: how long a take waits for its microphone to come back. */
  readonly waitForClientMs?: number
}

interface Running {
  readonly open: OpenTake
  readonly handle: number
  readonly scope: Scope
  readonly connectionId: string
  closing: Promise<TakeSidecar> | null
}

export async function openRecorder(ctx: StationContext, deps: RecorderDeps): Promise<RecorderRoom> {
  const scope = ctx.scope.child('recorder')
  const shelf = openShelf(ctx.folders.takes)
  const disk = watchDisk(ctx.folders.takes)
  const running = new Map<string, Running>()
  const importing = new Set<string>()

  const view = (sidecar: TakeSidecar): RecordedTake => viewOf(sidecar, running.get(sidecar.take.id)?.handle ?? 0, disk.freeBytes)
  const show = (sidecar: TakeSidecar) => ctx.events.emit('recorder.changed', view(sidecar))
  const runningTake = (takeId: string): Running => {
    const one = running.get(takeId)
    if (one === undefined) throw new AppError('take-unknown', { data: { takeId } })
    return one
  }

  async function start(input: ParsedInput<'recorder.start'>, caller: Caller): Promise<RecordedTake> {
    if ([...running.values()].some((one) => one.connectionId === caller.connectionId && one.closing === null)) throw new AppError('take-open')
    if (running.size >= MOST_OPEN_TAKES) throw new AppError('busy')
    const id = ctx.newId()
    const startedAt = Math.round(ctx.clock.now())
    const sidecar: TakeSidecar = {
      version: 2,
      take: { ...onlyPart(id, input.inputLabel, input.inputRateHz), id, title: input.title, state: 'recording', channels: input.channels, startedAt, endedAt: null, durableFrames: 0, faults: [], marks: [], inputLabel: input.inputLabel, inputRateHz: input.inputRateHz, itemId: null, importError: null },
      by: { personId: caller.personId, name: caller.name },
      settings: input.settings,
      reason: null,
    }
    const takeScope = scope.child(`take-${id}`)
    await disk.keepReserve()
    await disk.look()
    try {
      const journal = await openWavJournal(shelf.wavOf(id), input.channels, ctx.clock)
      const open = new OpenTake({
        sidecar, sidecarPath: shelf.sidecarOf(id), journal, clock: ctx.clock, after: (ms, run) => takeScope.after(ms, run), waitForClientMs: deps.waitForClientMs ?? WAIT_FOR_CLIENT_MS,
        changed: () => show(sidecar), ended: (reason) => void closeByStation(id, reason),
      })
      await writeSidecar(shelf.sidecarOf(id), sidecar)
      running.set(id, { open, handle: ctx.captures.open(open), scope: takeScope, connectionId: caller.connectionId, closing: null })
      takeScope.every(1_000, () => void open.tick())
    } catch (error) {
      await takeScope.dispose()
      await unlink(shelf.wavOf(id)).catch(() => undefined)
      throw isFull(error) ? new AppError('disk-full', { cause: error }) : error
    }
    ctx.audit.append(caller, 'recorder.start', id, { title: input.title, input: input.inputLabel })
    watchRoom()
    show(sidecar)
    return view(sidecar)
  }

  /** Ends a take once, whoever asks again meanwhile; the file is closed when this resolves, the library item follows by itself. */
  function close(takeId: string, state: 'saved' | 'recovered' | 'discarded', reason: CloseReason, title?: string): Promise<TakeSidecar> {
    const one = runningTake(takeId)
    one.closing ??= closeOnce(one, state, reason, title)
    return one.closing
  }

  async function closeOnce(one: Running, state: 'saved' | 'recovered' | 'discarded', reason: CloseReason, title?: string): Promise<TakeSidecar> {
    const { sidecar } = one.open
    const takeId = sidecar.take.id
    sidecar.take.state = 'closing'
    if (title !== undefined) sidecar.take.title = title
    if (state === 'recovered') sidecar.take.title = recoveredTitle(sidecar.take.startedAt, ctx.settings.get().zone, sidecar.take.title)
    show(sidecar)
    if (reason === 'disk') await disk.giveUpReserve()
    const frames = await one.open.close(state, reason)
    running.delete(takeId)
    ctx.captures.close(one.handle)
    await one.scope.dispose()
    if (frames === 0) {
      sidecar.take.state = 'discarded'
      await unlink(shelf.wavOf(takeId)).catch(() => undefined)
      await unlink(shelf.sidecarOf(takeId)).catch(() => undefined)
      show(sidecar)
      return sidecar
    }
    await shelf.put(sidecar)
    show(sidecar)
    if (state !== 'discarded') void intoLibrary(sidecar)
    return sidecar
  }

  async function closeByStation(takeId: string, reason: CloseReason): Promise<void> {
    if (running.get(takeId)?.closing !== null) return
    if (reason === 'disk') ctx.notices.raise('alarm', 'disk-full', takeId)
    else ctx.notices.raise('warning', 'input-lost', takeId)
    await close(takeId, 'recovered', reason)
  }

  /** The take's file becomes a library item; a refusal is kept with the take and never loses the file. */
  async function intoLibrary(sidecar: TakeSidecar): Promise<void> {
    const { take } = sidecar
    if (importing.has(take.id)) return
    importing.add(take.id)
    try {
      const { item } = deps.library.importFile(shelf.wavOf(take.id), { who: sidecar.by, title: take.title, kind: 'recording', moveSource: true })
      take.itemId = (await item).id
      take.importError = null
    } catch (error) {
      if (scope.disposed) return
      const twin = error instanceof AppError && error.code === 'duplicate' ? error.data['itemId'] : undefined
      if (typeof twin === 'string' && deps.library.get(twin) !== null) {
        take.itemId = twin
        take.importError = null
        await unlink(shelf.wavOf(take.id)).catch(() => undefined)
      } else {
        take.importError = replyOf(error)
        ctx.logger.warn('the library did not take a recording', { takeId: take.id, error })
        ctx.notices.raise('warning', error instanceof AppError ? error : new AppError('internal', { cause: error }), take.title)
      }
    } finally {
      importing.delete(take.id)
    }
    await shelf.put(sidecar)
    show(sidecar)
  }

  function watchRoom(): void {
    for (const { open } of running.values()) {
      const secondsLeft = disk.freeBytes === null ? Infinity : disk.freeBytes / (48_000 * bytesPerTakeFrame(open.take.channels))
      if (secondsLeft >= LOW_BELOW_SECONDS || open.take.faults.some((fault) => fault.kind === 'disk-low')) continue
      open.fault('disk-low', open.position, 0)
      ctx.notices.raise('warning', new AppError('disk-low', { data: { minutes: Math.floor(secondsLeft / 60) } }), open.take.id)
    }
  }
  scope.every(DISK_LOOK_EVERY_MS, () => { if (running.size > 0) void disk.look().then(watchRoom) })
  scope.add(async () => {
    for (const [takeId, one] of running) {
      const title = recoveredTitle(one.open.take.startedAt, ctx.settings.get().zone, one.open.take.title)
      one.open.take.title = title
      await one.open.close('recovered', 'station-stopped')
      running.delete(takeId)
    }
  })

  return {
    takes: () => [...[...running.values()].map((one) => view(one.open.sidecar)), ...shelf.list().map(view)],
    async recover() {
      for (const sidecar of await recoverTakes(ctx, shelf, (itemId) => deps.library.get(itemId) !== null)) {
        show(sidecar)
        void intoLibrary(sidecar)
      }
    },
    handlers: {
      'recorder.start': start,
      'recorder.pause': ({ takeId }) => pause(takeId, true),
      'recorder.resume': ({ takeId }) => pause(takeId, false),
      'recorder.mark': ({ takeId, atFrame, label }) => {
        const { open } = runningTake(takeId)
        if (open.take.marks.length >= 2_000) throw new AppError('invalid-input', { data: { field: 'marks' } })
        open.take.marks.push({ atFrame: atFrame ?? open.position, label })
        open.touch()
        return view(open.sidecar)
      },
      'recorder.fault': ({ takeId, fault }) => {
        const { open } = runningTake(takeId)
        open.addFault(fault)
        return view(open.sidecar)
      },
      'recorder.finish': async ({ takeId, finalFrame, title }, caller) => {
        const closed = shelf.get(takeId)
        if (closed !== null) return view(closed)
        const { open } = runningTake(takeId)
        if (finalFrame !== null && !(await open.reached(finalFrame, FINAL_FRAMES_WAIT_MS)) && running.has(takeId)) open.fault('gap', open.position, finalFrame - open.position)
        const again = shelf.get(takeId)
        if (again !== null) return view(again)
        const sidecar = await close(takeId, 'saved', 'finished', title)
        ctx.audit.append(caller, 'recorder.finish', takeId, { title: sidecar.take.title, frames: sidecar.take.durableFrames })
        return view(sidecar)
      },
      'recorder.keep': async ({ takeId }, caller) => {
        const sidecar = shelf.get(takeId)
        if (sidecar === null || sidecar.take.itemId !== null) throw new AppError('take-unknown', { data: { takeId } })
        sidecar.take.state = sidecar.reason === null ? 'saved' : 'recovered'
        sidecar.take.importError = null
        await shelf.put(sidecar)
        ctx.audit.append(caller, 'recorder.keep', takeId)
        void intoLibrary(sidecar)
        return view(sidecar)
      },
      'recorder.discard': async ({ takeId }, caller) => {
        const sidecar = running.has(takeId) ? await close(takeId, 'discarded', 'finished') : shelf.get(takeId)
        if (sidecar === null || sidecar.take.itemId !== null || importing.has(takeId)) throw new AppError('take-unknown', { data: { takeId } })
        sidecar.take.state = 'discarded'
        sidecar.take.importError = null
        if (sidecar.take.durableFrames > 0) await shelf.put(sidecar)
        ctx.audit.append(caller, 'recorder.discard', takeId, { title: sidecar.take.title })
        show(sidecar)
        return { ok: true }
      },
      'recorder.takes': () => ({ takes: [...[...running.values()].map((one) => view(one.open.sidecar)), ...shelf.list().map(view)] }),
    },
  }

  function pause(takeId: string, paused: boolean): RecordedTake {
    const { open } = runningTake(takeId)
    if (runningTake(takeId).closing !== null) throw new AppError('take-unknown', { data: { takeId } })
    open.setPaused(paused)
    show(open.sidecar)
    return view(open.sidecar)
  }
}

function isFull(error: unknown): boolean {
  return error instanceof Error && 'code' in error && (error.code === 'ENOSPC' || error.code === 'EDQUOT')
}

function replyOf(error: unknown): ErrorReply {
  return error instanceof AppError ? { code: error.code, data: error.data } : { code: 'internal' }
}
