import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { defaultRelayLimits } from '#contract/relay.ts'
import type { RelayRecording } from '#contract/relay.ts'
import type { RecordedStream, RelayRoom, SoundFacts } from '../../../main/station/faces.ts'
import { openRelay } from '../../../main/station/relay/index.ts'
import { callRoom, manualClock, openTestContext } from '../../support/context.ts'
import type { TestContext } from '../../support/context.ts'
import { until } from '../../support/until.ts'

/** Saturday 21 November 2026, 08:00 in Vietnam. */
const START = Date.UTC(2026, 10, 21, 1, 0, 0)
const MINUTE = 60_000
const loud: SoundFacts['energies'] = new Float64Array(6_000).fill(0.01)

let ctx: TestContext
let clock: ReturnType<typeof manualClock>
let room: RelayRoom
let sourceId: string
let approved: [string, string][]

beforeEach(async () => {
  clock = manualClock(START)
  ctx = await openTestContext({ clock })
  room = openRelay(ctx, { air: { relayWith: () => undefined }, media: { liveDecoder: () => ({ kill: () => undefined }) } })
  approved = []
  sourceId = (await callRoom(room, 'relay.add', { ...defaultRelayLimits, title: 'Đài tỉnh', addresses: [{ kind: 'stream', url: 'https://dai.vn/a.mp3' }] })).id
  await callRoom(room, 'relay.approve', { id: sourceId, rev: 1, approved: true })
})
afterEach(() => ctx[Symbol.asyncDispose]())

/** A recorder whose take begins when it is asked, and is `lengthMs` long when it is finished. */
function recordWith(take: { lengthMs: number; energies?: SoundFacts['energies'] }): { readonly begun: number[] } {
  const begun: number[] = []
  room.recordWith({
    recorder: {
      recordStream: (): Promise<RecordedStream> => {
        begun.push(clock.now())
        return Promise.resolve({ startedAt: clock.now(), finish: () => Promise.resolve({ itemId: ctx.newId(), lengthSamples: take.lengthMs * 48, faults: [] }) })
      },
    },
    measure: () => Promise.resolve({ loudness: { integratedLufs: -20, rangeLu: 5, truePeakDbtp: -3 }, energies: take.energies ?? loud, overs: 0 }),
    approve: (itemId, by) => void approved.push([itemId, by]),
  })
  return { begun }
}
const recordings = async (): Promise<RelayRecording[]> => (await callRoom(room, 'relay.schedules', {})).recordings
const schedule = async (fromMin: number, weekdays = [6]): Promise<string> => (await callRoom(room, 'relay.addSchedule', { title: 'Thời sự', sourceId, weekdays, fromMin, lengthMin: 1 })).id
const done = (scheduleId: string): Promise<RelayRecording> => until('the recording to be judged', async () => (await recordings()).find((one) => one.scheduleId === scheduleId && one.state === 'done'))
const DATE = '2026-11-21'

describe('a scheduled recording', () => {
  it('begins half a minute ahead, is verified, approved with its source, and is the edition of its date from where it was to begin', async () => {
    const { begun } = recordWith({ lengthMs: 90_000 })
    const id = await schedule(8 * 60 + 2)
    clock.advance(MINUTE)
    await new Promise((resolve) => setTimeout(resolve, 1_300))
    expect(begun).toEqual([])
    clock.advance(30_000)
    await until('the recording to begin', () => begun.length === 1)
    expect((await recordings())[0]).toMatchObject({ scheduleId: id, broadcastDate: DATE, state: 'recording', fromAt: START + 2 * MINUTE, untilAt: START + 3 * MINUTE })
    expect(room.sources.editionOf(id, DATE)).toBeNull()
    clock.advance(90_000)
    const recording = await done(id)
    expect(recording).toMatchObject({ code: 'ok', cueInSample: 30 * 48_000, lengthMs: 60_000 })
    expect(approved).toEqual([[recording.itemId, 'Người thử']])
    expect(room.sources.editionOf(id, DATE)).toEqual({ itemId: recording.itemId, title: 'Thời sự', cueIn: 30 * 48_000, cueOut: 90 * 48_000, isEarlier: false, ofDate: DATE })
  })

  it.each([['half of it', { lengthMs: 60_000 }, 'short'], ['all of it silent', { lengthMs: 90_000, energies: new Float64Array(6_000) }, 'silent']] as const)('of which only %s came is not approved, and an alarm says so', async (_name, take, code) => {
    recordWith(take)
    const id = await schedule(8 * 60 + 1)
    clock.advance(30_000)
    await until('the recording to begin', async () => (await recordings()).length === 1)
    clock.advance(90_000)
    expect((await done(id)).code).toBe(code)
    expect(approved).toEqual([])
    expect(room.sources.editionOf(id, DATE)).toBeNull()
  })

  it('that is not good leaves the line the last one that was, for a week', async () => {
    recordWith({ lengthMs: 90_000 })
    const id = await schedule(8 * 60 + 1, [6, 7])
    clock.advance(30_000)
    await until('the recording to begin', async () => (await recordings()).length === 1)
    clock.advance(90_000)
    const good = await done(id)
    clock.advance(24 * 60 * MINUTE)
    await until('the recording that was slept through', async () => (await recordings()).some(({ broadcastDate, code }) => broadcastDate === '2026-11-22' && code === 'missedWindow'))
    expect(room.sources.editionOf(id, '2026-11-22')).toMatchObject({ itemId: good.itemId, isEarlier: true, ofDate: DATE })
    expect(room.sources.editionOf(id, '2026-11-28')).toMatchObject({ itemId: good.itemId })
    expect(room.sources.editionOf(id, '2026-11-29')).toBeNull()
    expect(room.sources.editionOf(sourceId, DATE)).toBeUndefined()
  })

  it('of before it was asked for, or of another day of the week, is missed by nobody', async () => {
    recordWith({ lengthMs: 90_000 })
    await schedule(7 * 60)
    await schedule(8 * 60 + 1, [1])
    clock.advance(10 * MINUTE)
    await new Promise((resolve) => setTimeout(resolve, 1_300))
    expect(await recordings()).toEqual([])
  })
})
