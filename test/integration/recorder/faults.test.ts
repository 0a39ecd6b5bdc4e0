import { describe, expect, it } from 'vitest'
import type { TakeFault } from '#contract/recorder.ts'
import { callRoom } from '../../support/context.ts'
import { badDisk } from '../../support/recorder/bad-disk.ts'
import { counterFrame, firstWrongFrame } from '../../support/recorder/counter-pcm.ts'
import { CHUNK, finishTake, openRecordingRoom, soundFaults, startInput } from '../../support/recorder/recording-room.ts'

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
