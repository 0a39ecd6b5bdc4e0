import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { callRoom } from '../../support/context.ts'
import { firstWrongFrame } from '../../support/recorder/counter-pcm.ts'
import { CHUNK, finishTake, groupInLibrary, openRecordingRoom, soundFaults, startInput, wholeGroup, type RecordingRoom } from '../../support/recorder/recording-room.ts'

const MINUTE = 60 * 48_000
let bench: RecordingRoom
beforeEach(async () => { bench = await openRecordingRoom() })
afterEach(() => bench[Symbol.asyncDispose]())

const start = (more: object = {}) => callRoom(bench.room, 'recorder.start', { ...startInput, ...more })
const facts = (parts: { part: number; groupFrame: number; sessionFrame: number; durableFrames: number; joint: string }[]) => parts.map(({ part, groupFrame, sessionFrame, durableFrames, joint }) => ({ part, groupFrame, sessionFrame, durableFrames, joint }))

describe('a run in parts', () => {
  it('begins a new part each minute in the middle of a chunk, and the parts together are the spoken sound, sample for sample', async () => {
    const take = await start({ split: { everyMinutes: 1, atMarks: false } })
    // Chunks that begin at 1 000 do not divide a minute: the seams fall inside them.
    bench.feed(take, 0, 1, 0)
    bench.feed(take, 1, 1_250, 1_000)
    await finishTake(bench, take, 1_000 + 1_250 * CHUNK)
    await groupInLibrary(bench, take.groupId, 3)
    const { parts, pcm } = await wholeGroup(bench, take.groupId)
    const length = 1_000 + 1_250 * CHUNK
    expect(facts(parts)).toEqual([
      { part: 1, groupFrame: 0, sessionFrame: 0, durableFrames: MINUTE, joint: 'first' },
      { part: 2, groupFrame: MINUTE, sessionFrame: MINUTE, durableFrames: MINUTE, joint: 'exact' },
      { part: 3, groupFrame: 2 * MINUTE, sessionFrame: 2 * MINUTE, durableFrames: length - 2 * MINUTE, joint: 'exact' },
    ])
    expect(parts.map((one) => one.title)).toEqual([1, 2, 3].map((part) => `Lời dẫn bản tin sáng – phần ${part}`))
    expect(pcm.length).toBe(length * 3)
    expect(firstWrongFrame(pcm, 1)).toBe(-1)
    expect(parts.every((one) => soundFaults(one.faults).length === 0 && one.state === 'saved')).toBe(true)
  })

  it('makes no empty last part when it ends exactly on the seam', async () => {
    const take = await start({ split: { everyMinutes: 1, atMarks: false } })
    bench.feed(take, 0, MINUTE / CHUNK)
    await finishTake(bench, take, MINUTE)
    expect(bench.room.takes().map((one) => [one.part, one.durableFrames])).toEqual([[1, MINUTE]])
  })

  it('shows the next part, with the same handle, before the one before is closed', async () => {
    const take = await start({ split: { everyMinutes: 1, atMarks: false } })
    bench.feed(take, 0, MINUTE / CHUNK + 1)
    const next = await bench.changed((one) => one.part === 2)
    expect(next).toMatchObject({ handle: take.handle, state: 'recording', groupId: take.groupId })
    const before = bench.changes.findIndex((one) => one.id === take.id && one.state === 'closing')
    expect(before).toBeGreaterThan(bench.changes.indexOf(next))
    expect((await bench.changed((one) => one.id === take.id && one.state === 'saved')).handle).toBe(0)
    // The name of the first part still means the run.
    expect(await callRoom(bench.room, 'recorder.pause', { takeId: take.id })).toMatchObject({ id: next.id, state: 'paused' })
  })

  it('is cut where the key was pressed, although sound after it has already been written and acknowledged', async () => {
    const take = await start()
    bench.feed(take, 0, 30)
    await bench.changed((one) => one.durableFrames === 30 * CHUNK)
    const seam = 25 * CHUNK + 1_234
    await callRoom(bench.room, 'recorder.mark', { takeId: take.id, atFrame: seam + 500, label: 'sau mối nối' })
    const second = await callRoom(bench.room, 'recorder.split', { takeId: take.id, atFrame: seam })
    expect(second).toMatchObject({ part: 2, sessionFrame: seam, marks: [{ atFrame: 500, label: 'sau mối nối' }] })
    bench.feed(take, 30, 10)
    await finishTake(bench, take, 40 * CHUNK)
    await groupInLibrary(bench, take.groupId, 2)
    const { parts, pcm } = await wholeGroup(bench, take.groupId)
    expect(parts.map((one) => one.durableFrames)).toEqual([seam, 40 * CHUNK - seam])
    expect(parts[0]?.marks).toEqual([])
    expect(firstWrongFrame(pcm, 1)).toBe(-1)
    expect(pcm.length).toBe(40 * CHUNK * 3)
  })

  it('is cut at every mark when asked, also at one that lies a little ahead', async () => {
    const take = await start({ split: { everyMinutes: null, atMarks: true } })
    bench.feed(take, 0, 10)
    await callRoom(bench.room, 'recorder.mark', { takeId: take.id, atFrame: 11 * CHUNK + 7, label: 'Tin hai' })
    bench.feed(take, 10, 10)
    await finishTake(bench, take, 20 * CHUNK)
    await groupInLibrary(bench, take.groupId, 2)
    const { parts, pcm } = await wholeGroup(bench, take.groupId)
    expect(parts.map((one) => [one.durableFrames, one.marks])).toEqual([[11 * CHUNK + 7, []], [9 * CHUNK - 7, [{ atFrame: 0, label: 'Tin hai' }]]])
    expect(firstWrongFrame(pcm, 1)).toBe(-1)
  })

  it('acknowledges a chunk only when both files it stands in are durable', async () => {
    const take = await start({ split: { everyMinutes: 1, atMarks: false } })
    bench.feed(take, 0, 601)
    const acked = await bench.changed((one) => one.part === 2 && one.durableFrames === CHUNK)
    expect(acked.state).toBe('recording')
    expect(bench.acks.at(-1)).toEqual({ seq: 600, durable: 601 * CHUNK })
    expect(bench.room.takes().find((one) => one.part === 1)?.durableFrames).toBe(MINUTE)
  })

  it('goes on after a cut exactly where the file before ends, whatever the window had been told', async () => {
    const first = await start()
    bench.feed(first, 0, 20)
    // The station closed it by itself; the window knows of nothing acknowledged and asks where to go on.
    await bench.changed((one) => one.durableFrames === 20 * CHUNK)
    const second = await start({ continues: first.id })
    expect(second).toMatchObject({ groupId: first.id, part: 2, groupFrame: 20 * CHUNK, continuesAt: 20 * CHUNK, sessionFrame: 0, joint: 'exact', title: 'Lời dẫn bản tin sáng – phần 2' })
    for (let i = 0; i < 5; i++) bench.feed(second, i, 1)
    await finishTake(bench, second, 5 * CHUNK)
    const parts = bench.room.takes().filter((one) => one.groupId === first.id)
    expect(parts.sort((a, b) => a.part - b.part).map((one) => [one.part, one.durableFrames])).toEqual([[1, 20 * CHUNK], [2, 5 * CHUNK]])
  })

  it('tells the hole when what comes after a cut does not reach back to it', async () => {
    const first = await start()
    bench.feed(first, 0, 5)
    await finishTake(bench, first, 5 * CHUNK)
    const second = await start({ continues: first.id })
    bench.feed(second, 0, 3, 2 * CHUNK)
    const told = await bench.changed((one) => one.id === second.id && soundFaults(one.faults).length > 0)
    expect(told.joint).toBe('hole')
    expect(soundFaults(told.faults)).toMatchObject([{ kind: 'gap', atFrame: 0, frames: 2 * CHUNK }])
  })

  it('writes a fault over a seam into both parts', async () => {
    const take = await start({ split: { everyMinutes: 1, atMarks: false } })
    bench.feed(take, 0, 610)
    await callRoom(bench.room, 'recorder.fault', { takeId: take.id, fault: { kind: 'input-lost', atFrame: MINUTE - 1_000, frames: 3_000, at: 1 } })
    const parts = bench.room.takes().sort((a, b) => a.part - b.part)
    expect(parts.map((one) => soundFaults(one.faults).map(({ kind, atFrame, frames }) => ({ kind, atFrame, frames })))).toEqual([[{ kind: 'input-lost', atFrame: MINUTE - 1_000, frames: 1_000 }], [{ kind: 'input-lost', atFrame: 0, frames: 2_000 }]])
  })

  it('keeps what a take is for and the devices it was made with', async () => {
    const projectId = bench.ctx.newId()
    const take = await start({ punch: { projectId, laneId: null, at: 123_456 } })
    bench.feed(take, 0, 5)
    await callRoom(bench.room, 'recorder.fault', { takeId: take.id, fault: { kind: 'input-lost', atFrame: 2 * CHUNK, frames: 0, at: 1 } })
    expect(bench.changes.at(-1)?.inputLost).toBe(true)
    const moved = await callRoom(bench.room, 'recorder.inputChanged', { takeId: take.id, atFrame: 4 * CHUNK, inputLabel: 'Micro dự phòng', inputRateHz: 44_100 })
    expect(moved).toMatchObject({ inputLost: false, inputs: [{ atFrame: 0, label: 'Micro thử' }, { atFrame: 4 * CHUNK, label: 'Micro dự phòng', rateHz: 44_100 }] })
    await finishTake(bench, take, 5 * CHUNK)
    const saved = await bench.changed((one) => one.itemId !== null)
    expect(saved.punch).toEqual({ projectId, laneId: null, at: 123_456 })
  })
})
