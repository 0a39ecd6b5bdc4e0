import type { open } from 'node:fs/promises'
import { AppError } from '#contract/errors.ts'
import type { RecordedTake } from '#contract/recorder.ts'
import type { StationContext } from '../context.ts'
import type { AirRoom, LibraryRoom, MediaRoom, RecorderRoom } from '../faces.ts'
import { watchDisk, type StatFs } from './disk-watch.ts'
import { stationInputs } from './inputs/index.ts'
import { intoLibrary } from './into-library.ts'
import { streamRecorder } from './record-stream.ts'
import { recoverTakes } from './recovery.ts'
import { hashOfKey, pickUps } from './pick-up.ts'
import { openRuns, type Running } from './runs.ts'
import { openShelf } from './shelf.ts'
import type { TakeSidecar } from './sidecar.ts'
import { viewOf } from './take-part.ts'

const FINAL_FRAMES_WAIT_MS = 3_000
const WAIT_FOR_CLIENT_MS = 60_000
const FIRST_SOUND_WITHIN_MS = 15_000
const DISK_LOOK_EVERY_MS = 5_000
const MOST_MARKS = 2_000

export interface RecorderDeps {
  readonly library: Pick<LibraryRoom, 'importFile' | 'get'>
  /** What the station can listen to by itself. */
  readonly air?: Pick<AirRoom, 'tapPath'>
  readonly media?: Pick<MediaRoom, 'liveDecoder'>
  /** For fault scenarios: how long a take waits for its microphone to come back, and a disk with manners of its own. */
  readonly waitForClientMs?: number
  /** How long an input of the station may stay without a first sound. */
  readonly firstSoundWithinMs?: number
  readonly openFile?: typeof open
  readonly statFs?: StatFs
}

export async function openRecorder(ctx: StationContext, deps: RecorderDeps): Promise<RecorderRoom> {
  const scope = ctx.scope.child('recorder')
  const shelf = openShelf(ctx.folders.takes)
  const disk = watchDisk(ctx.folders.takes, deps.statFs)
  const library = intoLibrary(ctx, { library: deps.library, shelf, scope, show })
  const runs = openRuns(ctx, { scope, shelf, disk, library, waitForClientMs: deps.waitForClientMs ?? WAIT_FOR_CLIENT_MS, openFile: deps.openFile, show })
  const inputs = stationInputs(ctx, { runs, scope, air: deps.air, media: deps.media, firstSoundWithinMs: deps.firstSoundWithinMs ?? FIRST_SOUND_WITHIN_MS })

  function view(sidecar: TakeSidecar): RecordedTake {
    const one = runs.find(sidecar.take.id)
    const part = one?.run.part
    const live = one !== undefined && part?.sidecar === sidecar
    return viewOf(sidecar, { handle: live ? one.handle : 0, freeBytes: disk.freeBytes, peakDbfs: live ? part.peakDbfs : null })
  }
  function show(sidecar: TakeSidecar): void {
    ctx.events.emit('recorder.changed', view(sidecar))
  }
  const running = (takeId: string): Running => {
    const one = runs.of(takeId)
    if (one.closing !== null) throw new AppError('take-unknown', { data: { takeId } })
    return one
  }
  const viewRun = (one: Running): RecordedTake => view(one.run.part.sidecar)
  const takes = (): RecordedTake[] => {
    const open = runs.list().flatMap((one) => one.run.parts.map((part) => part.sidecar).reverse())
    return [...open, ...shelf.list().filter((sidecar) => !open.includes(sidecar))].map(view)
  }

  scope.every(DISK_LOOK_EVERY_MS, () => { if (runs.list().length > 0) void disk.look().then(runs.watchRoom) })
  scope.add(() => runs.stop())

  return {
    takes,
    recordStream: streamRecorder(ctx, { inputs, runs }),
    async recover() {
      for (const sidecar of await recoverTakes(ctx, shelf, (itemId) => deps.library.get(itemId) !== null)) {
        show(sidecar)
        void library.give(sidecar)
      }
    },
    handlers: {
      'recorder.start': async (input, caller) => {
        const { pickUpKey, ...wanted } = input
        const one = await runs.begin({ ...wanted, origin: { kind: 'device' }, pickUp: pickUpKey === undefined ? null : hashOfKey(pickUpKey) }, caller, 'window')
        ctx.audit.append(caller, 'recorder.start', one.run.part.take.id, { title: input.title, input: input.inputLabel })
        return viewRun(one)
      },
      'recorder.startInput': async (input, caller) => {
        const one = await inputs.start(input, caller)
        ctx.audit.append(caller, 'recorder.start', one.run.part.take.id, { title: input.title, input: one.run.part.take.inputLabel })
        return viewRun(one)
      },
      'recorder.pickUp': pickUps(ctx, { runs, shelf, view }),
      'recorder.tryInput': ({ input }) => inputs.listenFor(input),
      'recorder.pause': ({ takeId }) => pause(takeId, true),
      'recorder.resume': ({ takeId }) => pause(takeId, false),
      'recorder.mark': ({ takeId, atFrame, label }) => {
        const one = running(takeId)
        const { run } = one
        const at = atFrame ?? run.position
        const splits = run.part.take.split.atMarks
        if (run.part.take.marks.length >= MOST_MARKS) throw new AppError('invalid-input', { data: { field: 'marks' } })
        if (splits) run.split(at)
        const part = run.partAt(at)
        part.take.marks.push({ atFrame: at - part.sessionFrame, label })
        run.touch()
        if (part !== run.part) void shelf.put(part.sidecar)
        show(part.sidecar)
        return viewRun(one)
      },
      'recorder.split': ({ takeId, atFrame }) => {
        const one = running(takeId)
        one.run.split(atFrame ?? one.run.position)
        return viewRun(one)
      },
      'recorder.fault': ({ takeId, fault }) => {
        const one = runs.of(takeId)
        if (fault.kind === 'input-lost') one.run.part.take.inputLost = fault.frames === 0
        one.run.addFault(fault)
        return viewRun(one)
      },
      'recorder.inputChanged': ({ takeId, atFrame, inputLabel, inputRateHz }) => {
        const one = running(takeId)
        const { part } = one.run
        part.take.inputLost = false
        part.take.inputs.push({ atFrame: Math.max(0, atFrame - part.sessionFrame), label: inputLabel, rateHz: inputRateHz })
        part.take.inputLabel = inputLabel
        part.take.inputRateHz = inputRateHz
        one.run.touch()
        show(part.sidecar)
        return viewRun(one)
      },
      'recorder.finish': async ({ takeId, finalFrame, title }, caller) => {
        const one = runs.find(takeId)
        const closed = shelf.get(takeId)
        if (one === undefined && closed !== null) return view(closed)
        if (one === undefined) throw new AppError('take-unknown', { data: { takeId } })
        const { run } = one
        if (finalFrame !== null && !(await arrived(run, finalFrame)) && !run.isClosing) run.fault('gap', run.position, finalFrame - run.position)
        const sidecar = await runs.close(one, 'saved', 'finished', title)
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
        void library.give(sidecar)
        return view(sidecar)
      },
      'recorder.discard': async ({ takeId }, caller) => {
        const one = runs.find(takeId)
        const sidecar = one === undefined ? shelf.get(takeId) : await runs.close(one, 'discarded', 'finished')
        if (sidecar === null || sidecar.take.itemId !== null || library.isUnderWay(takeId)) throw new AppError('take-unknown', { data: { takeId } })
        sidecar.take.state = 'discarded'
        sidecar.take.importError = null
        if (sidecar.take.durableFrames > 0) await shelf.put(sidecar)
        ctx.audit.append(caller, 'recorder.discard', takeId, { title: sidecar.take.title })
        show(sidecar)
        return { ok: true }
      },
      'recorder.takes': () => ({ takes: takes() }),
    },
  }

  /** A window that was cut off for long still has minutes to send: as long as frames keep coming, they are waited for. */
  async function arrived(run: Running['run'], frame: number): Promise<boolean> {
    for (;;) {
      const before = run.position
      if (await run.reached(frame, FINAL_FRAMES_WAIT_MS)) return true
      if (run.isClosing || run.position === before) return false
    }
  }

  function pause(takeId: string, paused: boolean): RecordedTake {
    const one = running(takeId)
    one.run.setPaused(paused)
    show(one.run.part.sidecar)
    return viewRun(one)
  }
}

