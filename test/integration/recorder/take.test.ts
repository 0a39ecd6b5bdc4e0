import { mkdir, readFile, readdir } from 'node:fs/promises'
import { execFileSync } from 'node:child_process'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { AppError } from '#contract/errors.ts'
import type { RecordedTake } from '#contract/recorder.ts'
import type { PcmFrame } from '#contract/frames.ts'
import { TakePart, type CloseReason } from '../../../main/station/recorder/take-part.ts'
import { TakeRun } from '../../../main/station/recorder/take-run.ts'
import { openRecorder } from '../../../main/station/recorder/index.ts'
import { TAKE_HEADER_BYTES, decodeTakeHeader } from '../../../main/station/recorder/wav-header.ts'
import { openWavJournal } from '../../../main/station/recorder/wav-journal.ts'
import type { CaptureSink, StationContext } from '../../../main/station/context.ts'
import type { RecorderRoom } from '../../../main/station/faces.ts'
import { callRoom, callerWith, manualClock, openTestContext, temporaryFolder, type TestContext } from '../../support/context.ts'
import { counterFrame, firstWrongFrame } from '../../support/recorder/counter-pcm.ts'
import { deferred } from '../../support/waiting.ts'
import { fakeLibrary } from '../../support/recorder/fake-library.ts'
import { soundFaults } from '../../support/recorder/recording-room.ts'

const CHUNK = 4_800
const input = { title: 'Lời dẫn bản tin sáng', channels: 1, inputLabel: 'Micro thử', inputRateHz: 48_000, settings: { echoCancellation: false } }

let ctx: TestContext
let library: ReturnType<typeof fakeLibrary>
let room: RecorderRoom
let sinks: Map<number, CaptureSink>
const acks: { seq: number; durable: number }[] = []

beforeEach(async () => {
  acks.length = 0
  const real = await openTestContext()
  sinks = new Map()
  const captures: StationContext['captures'] = {
    open(sink) {
      const handle = real.captures.open(sink)
      sinks.set(handle, sink)
      return handle
    },
    admit: (handle, connectionId) => real.captures.admit(handle, connectionId),
    close(handle) {
      sinks.delete(handle)
      real.captures.close(handle)
    },
  }
  ctx = { ...real, captures }
  library = fakeLibrary(ctx)
  room = await openRecorder(ctx, { library: library.face, waitForClientMs: 1_500 })
})
afterEach(() => ctx.dispose())

const ack = (seq: number, durable: number) => void acks.push({ seq, durable })
function feed(take: RecordedTake, frame: PcmFrame): void {
  sinks.get(take.handle)?.receive(frame, ack)
}
function feedChunks(take: RecordedTake, fromSeq: number, count: number, firstFrame = fromSeq * CHUNK): void {
  for (let i = 0; i < count; i++) feed(take, counterFrame({ session: take.handle, seq: fromSeq + i, firstFrame: firstFrame + i * CHUNK, frames: CHUNK, channels: take.channels }))
}
function changed(matches: (take: RecordedTake) => boolean): Promise<RecordedTake> {
  return new Promise((resolve) => {
    const stop = ctx.events.on('recorder.changed', (take) => {
      if (!matches(take)) return
      stop()
      resolve(take)
    })
  })
}
async function finishIntoLibrary(take: RecordedTake, finalFrame: number): Promise<{ take: RecordedTake; wav: Buffer }> {
  const imported = changed((one) => one.id === take.id && one.itemId !== null)
  await callRoom(room, 'recorder.finish', { takeId: take.id, finalFrame })
  const saved = await imported
  return { take: saved, wav: await readFile(library.items.get(saved.itemId ?? '')?.path ?? '') }
}

describe('a take', () => {
  it('becomes a library item whose every sample is the one that was spoken', async () => {
    const take = await callRoom(room, 'recorder.start', input)
    expect(take.state).toBe('recording')
    feedChunks(take, 0, 25)
    const end = await finishIntoLibrary(take, 25 * CHUNK)
    expect(end.take.state).toBe('saved')
    expect(end.take.durableFrames).toBe(25 * CHUNK)
    expect(soundFaults(end.take.faults)).toEqual([])
    expect(decodeTakeHeader(end.wav)).toEqual({ channels: 1, claimedBytes: 25 * CHUNK * 3 })
    expect(firstWrongFrame(end.wav.subarray(TAKE_HEADER_BYTES), 1)).toBe(-1)
    expect((await readdir(ctx.folders.takes)).filter((name) => name.endsWith('.wav'))).toEqual([])
  })

  it('acknowledges what is durable within about a second, while recording goes on', async () => {
    const take = await callRoom(room, 'recorder.start', { ...input, channels: 2 })
    feedChunks(take, 0, 10)
    const durable = await changed((one) => one.durableFrames >= 10 * CHUNK)
    expect(durable.state).toBe('recording')
    expect(acks.at(-1)).toEqual({ seq: 9, durable: 10 * CHUNK })
    const onDisk = await readFile(join(ctx.folders.takes, `${take.id}.wav`))
    expect(firstWrongFrame(onDisk.subarray(TAKE_HEADER_BYTES), 2)).toBe(-1)
    expect(onDisk.length).toBe(TAKE_HEADER_BYTES + 10 * CHUNK * 6)
  })

  it('ignores chunks that are sent again after a reconnect and acknowledges them at once', async () => {
    const take = await callRoom(room, 'recorder.start', input)
    feedChunks(take, 0, 5)
    await changed((one) => one.durableFrames === 5 * CHUNK)
    acks.length = 0
    feedChunks(take, 2, 6)
    expect(acks[0]).toEqual({ seq: 4, durable: 5 * CHUNK })
    const end = await finishIntoLibrary(take, 8 * CHUNK)
    expect(end.take.durableFrames).toBe(8 * CHUNK)
    expect(firstWrongFrame(end.wav.subarray(TAKE_HEADER_BYTES), 1)).toBe(-1)
  })

  it('keeps positions true over a hole: silence of its exact length and a fault that names it', async () => {
    const take = await callRoom(room, 'recorder.start', input)
    feedChunks(take, 0, 3)
    feedChunks(take, 5, 3)
    feed(take, counterFrame({ session: take.handle, seq: 8, firstFrame: 8 * CHUNK + 128, frames: CHUNK, channels: 1 }))
    const end = await finishIntoLibrary(take, 9 * CHUNK + 128)
    expect(soundFaults(end.take.faults).map(({ kind, atFrame, frames }) => ({ kind, atFrame, frames }))).toEqual([
      { kind: 'gap', atFrame: 3 * CHUNK, frames: 2 * CHUNK },
      { kind: 'gap', atFrame: 8 * CHUNK, frames: 128 },
    ])
    expect(firstWrongFrame(end.wav.subarray(TAKE_HEADER_BYTES), 1, end.take.faults)).toBe(-1)
    expect(end.take.durableFrames).toBe(9 * CHUNK + 128)
  })

  it('does not fill the disk with silence when a chunk claims an absurd position', async () => {
    const take = await callRoom(room, 'recorder.start', input)
    feedChunks(take, 0, 2)
    feed(take, counterFrame({ session: take.handle, seq: 2, firstFrame: 2 ** 50, frames: CHUNK, channels: 1 }))
    feedChunks(take, 3, 1, 2 * CHUNK)
    const end = await finishIntoLibrary(take, 3 * CHUNK)
    expect(end.take.durableFrames).toBe(3 * CHUNK)
    expect(firstWrongFrame(end.wav.subarray(TAKE_HEADER_BYTES), 1)).toBe(-1)
  })

  it('pauses and resumes without a seam, with marks where they were set', async () => {
    const take = await callRoom(room, 'recorder.start', input)
    feedChunks(take, 0, 4)
    expect((await callRoom(room, 'recorder.pause', { takeId: take.id })).state).toBe('paused')
    expect((await callRoom(room, 'recorder.resume', { takeId: take.id })).state).toBe('recording')
    feedChunks(take, 4, 4)
    await callRoom(room, 'recorder.mark', { takeId: take.id, atFrame: 4 * CHUNK, label: 'Phỏng vấn' })
    const end = await finishIntoLibrary(take, 8 * CHUNK)
    expect(end.take.marks).toEqual([{ atFrame: 4 * CHUNK, label: 'Phỏng vấn' }])
    expect(firstWrongFrame(end.wav.subarray(TAKE_HEADER_BYTES), 1)).toBe(-1)
  })

  it('waits for the last frames at finish', async () => {
    const take = await callRoom(room, 'recorder.start', input)
    feedChunks(take, 0, 2)
    const finishing = callRoom(room, 'recorder.finish', { takeId: take.id, finalFrame: 4 * CHUNK, title: 'Tên mới' })
    await new Promise(setImmediate)
    feedChunks(take, 2, 2)
    const saved = await finishing
    expect(saved.durableFrames).toBe(4 * CHUNK)
    expect(saved.title).toBe('Tên mới')
  })

  it('waits at finish as long as what was kept during a break still comes in', async () => {
    const take = await callRoom(room, 'recorder.start', input)
    feedChunks(take, 0, 1)
    const finishing = callRoom(room, 'recorder.finish', { takeId: take.id, finalFrame: 5 * CHUNK })
    for (let seq = 1; seq < 5; seq++) {
      await new Promise((resolve) => ctx.scope.after(1_200, () => resolve(undefined)))
      feedChunks(take, seq, 1)
    }
    const saved = await finishing
    expect(saved.durableFrames).toBe(5 * CHUNK)
    expect(soundFaults(saved.faults)).toEqual([])
  })

  it('is closed as recovered when its microphone does not come back, and goes on when it does', async () => {
    const take = await callRoom(room, 'recorder.start', input)
    feedChunks(take, 0, 5)
    sinks.get(take.handle)?.linkLost()
    feedChunks(take, 5, 1)
    await changed((one) => one.durableFrames === 6 * CHUNK)
    sinks.get(take.handle)?.linkLost()
    const recovered = await changed((one) => one.itemId !== null)
    expect(recovered.state).toBe('recovered')
    expect(recovered.title).toMatch(/^Bản thu khôi phục \d\d\/\d\d\/\d{4} \d\d:\d\d – Lời dẫn bản tin sáng$/)
    expect(recovered.faults.map((fault) => fault.kind)).toContain('link-lost')
    expect(recovered.durableFrames).toBe(6 * CHUNK)
  })

  it('stays beside with its reason when the library refuses it, and can be offered again or thrown away', async () => {
    library.refuseWith(new AppError('file-silent'))
    const take = await callRoom(room, 'recorder.start', input)
    feedChunks(take, 0, 2)
    const refused = changed((one) => one.importError !== null)
    await callRoom(room, 'recorder.finish', { takeId: take.id, finalFrame: 2 * CHUNK })
    expect((await refused).importError?.code).toBe('file-silent')
    await callRoom(room, 'recorder.discard', { takeId: take.id })
    expect(room.takes().find((one) => one.id === take.id)?.state).toBe('discarded')
    library.refuseWith(null)
    const kept = changed((one) => one.itemId !== null)
    await callRoom(room, 'recorder.keep', { takeId: take.id })
    expect((await kept).state).toBe('saved')
  })

  it('without a single frame leaves nothing behind', async () => {
    const take = await callRoom(room, 'recorder.start', input)
    expect((await callRoom(room, 'recorder.finish', { takeId: take.id, finalFrame: 0 })).state).toBe('discarded')
    expect((await readdir(ctx.folders.takes)).filter((name) => name.includes(take.id))).toEqual([])
  })

  it('is one at a time for a window; unknown takes and people without the role are refused', async () => {
    await callRoom(room, 'recorder.start', input)
    await expect(callRoom(room, 'recorder.start', input)).rejects.toMatchObject({ code: 'take-open' })
    await expect(callRoom(room, 'recorder.pause', { takeId: ctx.newId() })).rejects.toMatchObject({ code: 'take-unknown' })
    await expect(callRoom(room, 'recorder.start', input, callerWith('viewer'))).rejects.toMatchObject({ code: 'forbidden' })
  })
})

describe('a full disk', () => {
  it('closes the take with every whole frame that fitted', async () => {
    const disk = await temporaryFolder()
    const folder = join(disk.path, 'small')
    await mkdir(folder)
    try {
      execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=512k', 'tmpfs', folder], { stdio: 'ignore' })
    } catch {
      await disk.remove()
      return expect(process.getuid?.()).not.toBe(0)
    }
    try {
      const path = join(folder, 'take.wav')
      const clock = manualClock()
      const journal = await openWavJournal(path, 1, clock)
      const ended = deferred<CloseReason>()
      const first = new TakePart({
        clock, journal, sidecar: { version: 2, take: { ...(await callRoom(room, 'recorder.start', input)), faults: [], marks: [] }, by: { personId: null, name: '' }, settings: {}, reason: null, pickUp: null }, sidecarPath: join(disk.path, 'take.json'),
      })
      const take = new TakeRun({
        first, clock, feeder: 'window', next: () => { throw new Error('one part is enough') }, partDone: () => Promise.resolve(), after: (ms, run) => ctx.scope.after(ms, run), waitForClientMs: 60_000, changed: () => undefined, ended: ended.resolve,
      })
      for (let seq = 0; seq < 60; seq++) take.receive(counterFrame({ session: 1, seq, firstFrame: seq * CHUNK, frames: CHUNK, channels: 1 }), ack)
      await take.tick()
      expect(await ended.promise).toBe('disk')
      const frames = await take.close('recovered', 'disk')
      const wav = await readFile(path)
      expect(frames).toBeGreaterThan(100_000)
      expect(decodeTakeHeader(wav)).toEqual({ channels: 1, claimedBytes: frames * 3 })
      expect(firstWrongFrame(wav.subarray(TAKE_HEADER_BYTES, TAKE_HEADER_BYTES + frames * 3), 1)).toBe(-1)
      expect(first.take.faults.at(-1)).toMatchObject({ kind: 'gap', atFrame: frames, frames: 60 * CHUNK - frames })
      expect(first.take.state).toBe('recovered')
    } finally {
      execFileSync('umount', [folder])
      await disk.remove()
    }
  })

  it('is announced while there are still minutes left', async () => {
    try {
      execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=40m', 'tmpfs', ctx.folders.takes], { stdio: 'ignore' })
    } catch {
      return expect(process.getuid?.()).not.toBe(0)
    }
    try {
      const low = changed((one) => one.faults.some((fault) => fault.kind === 'disk-low'))
      const take = await callRoom(room, 'recorder.start', input)
      expect((await low).freeBytes).toBeLessThanOrEqual(40 * 1024 * 1024)
      expect(ctx.inside.notices.list()[0]).toMatchObject({ level: 'warning', error: { code: 'disk-low', data: { minutes: 4 } } })
      await callRoom(room, 'recorder.finish', { takeId: take.id, finalFrame: 0 })
    } finally {
      execFileSync('umount', ['-l', ctx.folders.takes])
    }
  })
})
