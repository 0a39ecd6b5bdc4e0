import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import type { RecordedTake } from '#contract/recorder.ts'
import { CaptureFeed } from '../../../renderer/studio/audio/capture/feed.ts'
import { handIn, type HandedIn } from '../../../renderer/studio/audio/capture/hand-in.ts'
import { CaptureLink } from '../../../renderer/studio/audio/capture/link.ts'
import { readLeftSound, type LeftSound, type SpoolSession } from '../../../renderer/studio/audio/capture/spool-records.ts'
import { foundStation, startStation, type RunningStation } from '../../support/station.ts'
import type { StationClient } from '../../support/station-client.ts'
import { readCounted } from '../../support/recorder/fault/counted-group.ts'
import { fileSpool } from '../../support/recorder/file-spool.ts'
import { until } from '../../support/until.ts'

const CHUNK = 4_800
const MODULUS = 8_388_608
const key = 'a-window-of-its-own-0001'
const startInput = { title: 'Tin bão', channels: 1, inputLabel: 'Bộ đếm', inputRateHz: 48_000, settings: {}, pickUpKey: key }
const block = (firstFrame: number) => ({ firstFrame, samples: Float32Array.from({ length: CHUNK }, (_, i) => ((firstFrame + i) % MODULUS) / MODULUS) })

let station: RunningStation
let client: StationClient
let session: string
const open: Disposable[] = []
beforeAll(async () => {
  station = await startStation({ readyWithinMs: 120_000 })
  const founded = await foundStation(station)
  client = founded.client
  session = founded.session.sessionToken
}, 150_000)
afterEach(() => {
  for (const one of open.splice(0)) one[Symbol.dispose]()
})
afterAll(() => station.dispose(), 120_000)

/** A window that records for a second, loses the station, goes on speaking, and is killed. What is left of it is its spool. */
interface DeadWindow {
  readonly take: RecordedTake
  readonly spool: ReturnType<typeof fileSpool>
  readonly spokenFrames: number
  left(): LeftSound
}
async function recordUntilKilled(options: { chunksAway: number; break: 'link' | 'station'; split?: boolean }): Promise<DeadWindow> {
  const spool = fileSpool()
  open.push(spool)
  const feed = new CaptureFeed(1)
  feed.useSpool(spool.spool)
  const first = await client.call('recorder.start', startInput)
  const owner: SpoolSession = { takeId: first.id, key, title: startInput.title, channels: 1, inputLabel: 'Bộ đếm', inputRateHz: 48_000, host: '127.0.0.1' }
  let durable = 0
  const link = new CaptureLink(feed, { url: station.url, token: station.token(), session }, { state: () => undefined, durable: (_handle, frames) => { durable = frames } })
  feed.attach({ handle: first.handle, fromFrame: 0, format: 'int24', live: false, owner })
  link.bind()
  for (let i = 0; i < 10; i++) feed.push(block(i * CHUNK))
  link.pump()
  await until('the first second on disk', () => durable === 10 * CHUNK, 30_000)
  if (options.split === true) {
    await client.call('recorder.split', { takeId: first.id, atFrame: 5 * CHUNK })
    await client.waitFor('recorder.changed', (one) => one.groupId === first.id && one.part === 2 && one.durableFrames === 5 * CHUNK, 30_000)
    await client.waitFor('recorder.changed', (one) => one.id === first.id && one.state === 'saved', 30_000)
  }
  if (options.break === 'station') await station.kill()
  else link.close()
  feed.linkLost()
  const end = 10 + options.chunksAway
  for (let i = 10; i < end; i++) feed.push(block(i * CHUNK))
  link.close()
  return { take: first, spool, spokenFrames: end * CHUNK, left: () => {
    const left = readLeftSound(spool.file)
    if (left === null) throw new Error('nothing was left')
    return left
  } }
}
async function startAgain(): Promise<void> {
  station = await startStation({ folder: station.folder, readyWithinMs: 120_000 })
  client = await station.connect({ session })
}
/** As the next window does: with the token of the station, nobody signed in. */
const handOver = (dead: DeadWindow, more: { session?: string; key?: string } = {}): Promise<HandedIn> => {
  const left = dead.left()
  return handIn(more.key === undefined ? left : { ...left, session: { ...left.session, key: more.key } }, dead.spool.file, { url: station.url, token: station.token(), session: more.session ?? null }, () => undefined)
}
async function expectWhole(dead: DeadWindow, parts: number): Promise<readonly RecordedTake[]> {
  const counted = await readCounted(client, station.folder, dead.take.groupId, MODULUS)
  expect(counted).toMatchObject({ frames: dead.spokenFrames, firstValue: 0, wrongAt: -1, toldFrames: 0, headersTrue: true })
  expect(counted.parts.length).toBe(parts)
  return counted.parts
}

describe('sound that waited in a window when it was killed', () => {
  it('is joined to its take while that is still open, before anyone signs in', async () => {
    const dead = await recordUntilKilled({ chunksAway: 300, break: 'link' })
    await client.waitFor('recorder.changed', (one) => one.id === dead.take.id && one.faults.some((fault) => fault.kind === 'link-lost'), 30_000)
    const { take, frames } = await handOver(dead)
    expect(take.id).toBe(dead.take.id)
    expect(frames).toBe(300 * CHUNK)
    const [joined] = await expectWhole(dead, 1)
    expect(joined).toMatchObject({ state: 'recovered', cutBy: 'link-lost' })
    expect(joined?.title).toMatch(/^Bản thu khôi phục .* – Tin bão$/)
    const { notices } = await client.call('station.notices', {})
    expect(notices.map((notice) => notice.error)).toContainEqual({ code: 'take-picked-up', data: { seconds: 30, title: 'Tin bão', subject: dead.take.id } })
    // Handed in a second time it changes nothing.
    expect(await handOver(dead)).toMatchObject({ frames: 0 })
    await expectWhole(dead, 1)
  })

  it('becomes the next part exactly behind a take that the restarted station has already closed', async () => {
    const dead = await recordUntilKilled({ chunksAway: 300, break: 'station' })
    await startAgain()
    expect((await client.call('recorder.takes', {})).takes.find((one) => one.id === dead.take.id)).toMatchObject({ state: 'recovered', cutBy: 'station-stopped' })
    const { take } = await handOver(dead)
    expect(take).toMatchObject({ groupId: dead.take.id, part: 2, joint: 'exact' })
    const parts = await expectWhole(dead, 2)
    expect(parts[1]?.title).toMatch(/^Bản thu khôi phục \d\d\/\d\d\/\d{4} \d\d:\d\d – Tin bão – phần 2$/)
    expect(parts[1]?.sessionFrame).toBe(parts[0]?.durableFrames)
  })

  it('finds the end of a take that had been split meanwhile', async () => {
    const dead = await recordUntilKilled({ chunksAway: 100, break: 'station', split: true })
    await startAgain()
    expect((await handOver(dead)).take).toMatchObject({ groupId: dead.take.id, part: 3, groupFrame: 10 * CHUNK })
    await expectWhole(dead, 3)
  })

  it('broken off and handed in again is not doubled, also over a second death of the station', async () => {
    const dead = await recordUntilKilled({ chunksAway: 300, break: 'station' })
    await startAgain()
    const whole = dead.left()
    // Half of it is on its way when the station dies again.
    const half = { ...whole, pieces: whole.pieces.slice(0, 150) }
    const first = handIn(half, dead.spool.file, { url: station.url, token: station.token(), session: null }, () => undefined)
    const broken = first.then(() => null, (error: unknown) => error)
    await client.waitFor('recorder.changed', (one) => one.groupId === dead.take.id && one.part === 2 && one.durableFrames === 150 * CHUNK, 60_000)
    await station.kill()
    expect(await broken).toMatchObject({ code: 'station-unreachable' })
    await startAgain()
    await handOver(dead)
    const parts = await expectWhole(dead, 3)
    expect(parts.map((one) => one.sessionFrame)).toEqual([0, 10 * CHUNK, 160 * CHUNK])
  }, 180_000)

  it('is given as far as it is whole when the end of the file is torn', async () => {
    const dead = await recordUntilKilled({ chunksAway: 50, break: 'link' })
    dead.spool.file.truncate(dead.spool.bytes() - 1_000)
    await handOver(dead)
    const counted = await readCounted(client, station.folder, dead.take.groupId, MODULUS)
    expect(counted).toMatchObject({ frames: dead.spokenFrames - CHUNK, wrongAt: -1, toldFrames: 0 })
  })

  it('is not taken from a stranger without the key of the take', async () => {
    const dead = await recordUntilKilled({ chunksAway: 50, break: 'link' })
    await expect(handOver(dead, { key: 'some-other-key-of-someone' })).rejects.toMatchObject({ code: 'forbidden' })
    const stranger = await station.connect()
    const { takes } = await client.call('recorder.takes', {})
    await expect(stranger.call('recorder.takes', {})).rejects.toMatchObject({ code: 'not-signed-in' })
    expect(takes.find((one) => one.id === dead.take.id)).toMatchObject({ state: 'recording', durableFrames: 10 * CHUNK })
    await stranger.close()
    await handOver(dead)
    await expectWhole(dead, 1)
  })

  it('of a take the station knows nothing of is kept as a take of its own, by a person who may record', async () => {
    const dead = await recordUntilKilled({ chunksAway: 50, break: 'link' })
    const elsewhere = dead.left()
    const unknown = { ...elsewhere, session: { ...elsewhere.session, takeId: '01ARZ3NDEKTSV4RRFFQ69G5FAV' } }
    const access = { url: station.url, token: station.token() }
    await expect(handIn(unknown, dead.spool.file, { ...access, session: null }, () => undefined)).rejects.toMatchObject({ code: 'not-signed-in' })
    const { take } = await handIn(unknown, dead.spool.file, { ...access, session }, () => undefined)
    const counted = await readCounted(client, station.folder, take.groupId, MODULUS)
    expect(counted).toMatchObject({ frames: unknown.toFrame - unknown.fromFrame, firstValue: unknown.fromFrame, wrongAt: -1, toldFrames: 0 })
    expect(counted.parts[0]?.title).toMatch(/Tin bão$/)
  })
})
