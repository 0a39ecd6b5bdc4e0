import { describe, expect, it } from 'vitest'
import type { TakeFault } from '#contract/recorder.ts'
import { callRoom } from '../../support/context.ts'
import { decodeFrame } from '#contract/frames.ts'
import { CaptureFeed } from '../../../renderer/studio/audio/capture/feed.ts'
import { badDisk } from '../../support/recorder/bad-disk.ts'
import { counterFrame, firstWrongFrame } from '../../support/recorder/counter-pcm.ts'
import { CHUNK, finishTake, groupInLibrary, openRecordingRoom, soundFaults, startInput, wholeGroup, type RecordingRoom } from '../../support/recorder/recording-room.ts'

/** The window's side of the capture, joined to the room by hand: it speaks the counter in chunks of 100 ms. */
function capturingWindow(bench: RecordingRoom, mostWaitingBytes?: number) {
  const feed = new CaptureFeed(1, mostWaitingBytes)
  let spoken = 0
  return {
    feed,
    speak(chunks: number): void {
      for (let i = 0; i < chunks; i++, spoken += CHUNK) feed.push({ firstFrame: spoken, samples: Float32Array.from({ length: CHUNK }, (_, k) => ((spoken + k) % 8_388_608) / 8_388_608) })
      for (let bytes = feed.next(); bytes !== null; bytes = feed.next()) {
        const frame = decodeFrame(bytes)
        if ('refused' in frame) throw new Error(frame.refused)
        const sink = bench.sink(frame.session)
        // A station throws away what comes for a take that it has closed.
        if (bench.room.takes().some((take) => take.handle === frame.session)) sink.receive(frame, (seq) => feed.acknowledge(frame.session, seq))
      }
    },
  }
}

const kinds = (faults: readonly TakeFault[]): string[] => faults.map((fault) => fault.kind)

describe('a fault speaks while recording goes on', () => {
  it('when the disk is slower than half a second: the writer is late, and nothing is missing in the end', async () => {
    const disk = badDisk()
    await using bench = await openRecordingRoom({ openFile: disk.open })
    const take = await callRoom(bench.room, 'recorder.start', startInput)
    disk.slow(900)
    bench.feed(take, 0, 10)
    const late = await bench.changed((one) => kinds(one.faults).includes('writer-late'))
    expect(late.state).toBe('recording')
    bench.feed(take, 10, 10)
    disk.slow(0)
    await finishTake(bench, take, 20 * CHUNK)
    const done = await bench.changed((one) => one.itemId !== null)
    expect(firstWrongFrame(await bench.soundOf(done), 1)).toBe(-1)
    expect(done.durableFrames).toBe(20 * CHUNK)
  })

  it('when the disk is full: the take is closed with what fitted, and the missing end has a name', async () => {
    const disk = badDisk()
    await using bench = await openRecordingRoom({ openFile: disk.open })
    const take = await callRoom(bench.room, 'recorder.start', startInput)
    disk.room(3 * CHUNK * 20 + 1)
    bench.feed(take, 0, 50)
    const done = await bench.changed((one) => one.itemId !== null)
    expect(done.state).toBe('recovered')
    expect(done.durableFrames).toBe(20 * CHUNK)
    expect(soundFaults(done.faults).at(-1)).toMatchObject({ kind: 'gap', atFrame: 20 * CHUNK })
    expect(firstWrongFrame(await bench.soundOf(done), 1)).toBe(-1)
    expect(bench.ctx.inside.notices.list().map((notice) => notice.error.code)).toContain('disk-full')
    // The window is told the end as durable only as far as it is.
    expect(bench.acks.every((ack) => ack.durable <= 20 * CHUNK)).toBe(true)
  })

  it('when the disk is full: the window goes on, and with room again the next part has what the disk did not take, not one sample missing', async () => {
    const disk = badDisk()
    let freeBytes = 10_000_000_000
    await using bench = await openRecordingRoom({ openFile: disk.open, statFs: async () => ({ bavail: freeBytes, bsize: 1 }) })
    const first = await callRoom(bench.room, 'recorder.start', startInput)
    disk.room(3 * CHUNK * 20 + 1)
    const window = capturingWindow(bench)
    window.feed.attach({ handle: first.handle, fromFrame: 0, format: 'int24', live: false })
    window.speak(50)
    const cut = await bench.changed((one) => one.cutBy === 'disk' && one.itemId !== null)
    expect(cut).toMatchObject({ id: first.id, state: 'recovered', durableFrames: 20 * CHUNK })
    window.speak(30)
    // Nothing that the disk refused has been acknowledged: the window still has it.
    expect(window.feed.waitingFrames).toBeGreaterThanOrEqual(60 * CHUNK)
    const goOn = () => callRoom(bench.room, 'recorder.start', { ...startInput, continues: first.id })
    await expect(goOn()).rejects.toMatchObject({ code: 'disk-full' })
    disk.room(Infinity)
    // Room for the next syllable only: it would be full again at once.
    freeBytes = 10_000_000
    await expect(goOn()).rejects.toMatchObject({ code: 'disk-full' })
    freeBytes = 10_000_000_000
    const second = await goOn()
    expect(second).toMatchObject({ groupId: first.id, part: 2, continuesAt: 20 * CHUNK })
    window.feed.rebind(second.handle, second.continuesAt)
    window.speak(5)
    await finishTake(bench, second, window.feed.stop())
    await groupInLibrary(bench, first.id, 2)
    const { parts, pcm } = await wholeGroup(bench, first.id)
    expect(pcm.length).toBe(85 * CHUNK * 3)
    expect(firstWrongFrame(pcm, 1)).toBe(-1)
    expect(parts.flatMap((part) => soundFaults(part.faults))).toEqual([])
  })

  it('when the disk is full and the window has lost something too: the hole is told in the next part', async () => {
    const disk = badDisk()
    await using bench = await openRecordingRoom({ openFile: disk.open })
    const first = await callRoom(bench.room, 'recorder.start', startInput)
    disk.room(3 * CHUNK * 20 + 1)
    // A window without a private file system, and with little memory.
    const window = capturingWindow(bench, 3 * CHUNK * 25)
    window.feed.attach({ handle: first.handle, fromFrame: 0, format: 'int24', live: false })
    window.speak(22)
    await bench.changed((one) => one.cutBy === 'disk' && one.itemId !== null)
    window.speak(60)
    disk.room(Infinity)
    const second = await callRoom(bench.room, 'recorder.start', { ...startInput, continues: first.id })
    window.feed.rebind(second.handle, second.continuesAt)
    window.speak(5)
    await finishTake(bench, second, window.feed.stop())
    await groupInLibrary(bench, first.id, 2)
    const { parts, pcm } = await wholeGroup(bench, first.id)
    expect(pcm.length).toBe(87 * CHUNK * 3)
    const told = parts.flatMap((part) => soundFaults(part.faults).map((fault) => ({ atFrame: part.groupFrame + fault.atFrame, frames: fault.frames })))
    expect(told.reduce((sum, hole) => sum + hole.frames, 0)).toBe((87 - 20 - 25) * CHUNK)
    expect(firstWrongFrame(pcm, 1, told)).toBe(-1)
  })

  it('when the next part finds no room: the part before is whole, and the run ends told, not silent', async () => {
    const disk = badDisk()
    await using bench = await openRecordingRoom({ openFile: disk.open })
    const take = await callRoom(bench.room, 'recorder.start', startInput)
    bench.feed(take, 0, 20)
    await bench.changed((one) => one.durableFrames === 20 * CHUNK)
    disk.room(200)
    await callRoom(bench.room, 'recorder.split', { takeId: take.id, atFrame: 20 * CHUNK })
    bench.feed(take, 20, 10)
    const first = await bench.changed((one) => one.part === 1 && one.itemId !== null)
    expect(first.durableFrames).toBe(20 * CHUNK)
    expect(firstWrongFrame(await bench.soundOf(first), 1)).toBe(-1)
    const second = await bench.changed((one) => one.part === 2 && (one.state === 'recovered' || one.state === 'discarded'))
    expect(second.faults.some((fault) => fault.kind === 'gap' && fault.frames >= 9 * CHUNK)).toBe(true)
    expect(bench.ctx.inside.notices.list().map((notice) => notice.error.code)).toContain('disk-full')
  })

  it('when frames are missing, the microphone is away, the sound system stands still, or it is too loud or dead silent', async () => {
    await using bench = await openRecordingRoom()
    const take = await callRoom(bench.room, 'recorder.start', startInput)
    bench.feed(take, 0, 10)
    bench.sink(take.handle).receive(counterFrame({ session: take.handle, seq: 10, firstFrame: 10 * CHUNK + 128, frames: CHUNK, channels: 1 }), () => undefined)
    const tell = (kind: TakeFault['kind'], atFrame: number, frames: number) => callRoom(bench.room, 'recorder.fault', { takeId: take.id, fault: { kind, atFrame, frames, at: 1 } })
    await tell('dropout', 10 * CHUNK, 128)
    await tell('clipping', 100, 5)
    await tell('silence', 0, 240_000)
    await tell('stalled', 4_000, 0)
    await tell('stalled', 4_000, 96_000)
    await tell('input-lost', 5_000, 0)
    const told = await tell('input-lost', 5_000, 70_000)
    expect(soundFaults(told.faults).map(({ kind, atFrame, frames }) => [kind, atFrame, frames])).toEqual([
      ['dropout', 10 * CHUNK, 128], ['clipping', 100, 5], ['silence', 0, 240_000], ['stalled', 4_000, 96_000], ['input-lost', 5_000, 70_000],
    ])
    bench.sink(take.handle).linkLost()
    expect(kinds(bench.changes.at(-1)?.faults ?? [])).toContain('link-lost')
  })
})
