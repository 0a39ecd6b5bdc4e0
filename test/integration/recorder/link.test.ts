import { readFile, readdir } from 'node:fs/promises'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { CaptureFeed } from '../../../renderer/studio/audio/capture/feed.ts'
import { CaptureLink, type LinkState } from '../../../renderer/studio/audio/capture/link.ts'
import { TAKE_HEADER_BYTES } from '../../../main/station/recorder/wav-header.ts'
import { foundStation, startStation, type RunningStation } from '../../support/station.ts'
import type { StationClient } from '../../support/station-client.ts'
import { firstWrongFrame } from '../../support/recorder/counter-pcm.ts'
import { fileSpool } from '../../support/recorder/file-spool.ts'
import { soundFaults } from '../../support/recorder/recording-room.ts'

const CHUNK = 4_800
const startInput = { title: 'Qua mạng', channels: 1, inputLabel: 'Bộ đếm', inputRateHz: 48_000, settings: {} }
const block = (firstFrame: number) => ({ firstFrame, samples: Float32Array.from({ length: CHUNK }, (_, i) => ((firstFrame + i) % 8_388_608) / 8_388_608) })

let station: RunningStation
let client: StationClient
let session: string
let link: CaptureLink | null = null
beforeEach(async () => {
  station = await startStation({ readyWithinMs: 120_000 })
  const founded = await foundStation(station)
  client = founded.client
  session = founded.session.sessionToken
})
afterEach(async () => {
  link?.close()
  link = null
  await station.dispose()
}, 120_000)

function openLink(feed: CaptureFeed): { link: CaptureLink; state: (wanted: LinkState) => Promise<void>; durable: (frames: number) => Promise<void>; settled: () => Promise<void> } {
  const states: LinkState[] = []
  let durableFrames = 0
  const waiting = new Set<() => void>()
  const look = (): void => { for (const one of [...waiting]) one() }
  const until = (fits: () => boolean): Promise<void> => new Promise((resolve) => {
    const check = (): void => {
      if (!fits()) return
      waiting.delete(check)
      resolve()
    }
    waiting.add(check)
    check()
  })
  const made = new CaptureLink(feed, { url: station.url, token: station.token(), session }, {
    state: (state) => { states.push(state); look() },
    durable: (_handle, frames) => { durableFrames = frames; look() },
  })
  link = made
  return { link: made, state: (wanted) => until(() => states.includes(wanted)), durable: (frames) => until(() => durableFrames >= frames), settled: () => until(() => feed.waitingFrames === 0) }
}

describe('the microphone\'s own link to a running station', () => {
  it('delivers every sample, and the take ends in the library', async () => {
    const feed = new CaptureFeed(1)
    const { link: wire, durable, settled } = openLink(feed)
    const take = await client.call('recorder.start', startInput)
    feed.push(block(0))
    feed.attach({ handle: take.handle, fromFrame: 0, format: 'int24', live: false })
    wire.bind()
    for (let i = 1; i < 20; i++) feed.push(block(i * CHUNK))
    wire.pump()
    await durable(20 * CHUNK)
    await settled()
    const disk = await readFile(join(station.folder, 'takes', `${take.id}.wav`))
    expect(firstWrongFrame(disk.subarray(TAKE_HEADER_BYTES), 1)).toBe(-1)
    await client.call('recorder.finish', { takeId: take.id, finalFrame: feed.stop() })
    const saved = await client.waitFor('recorder.changed', (one) => one.id === take.id && one.itemId !== null, 30_000)
    expect(saved).toMatchObject({ state: 'saved', durableFrames: 20 * CHUNK })
    expect(soundFaults(saved.faults)).toEqual([])
    const item = await client.call('library.get', { itemId: saved.itemId ?? '' })
    expect(item).toMatchObject({ kind: 'recording', title: 'Qua mạng', lengthSamples: 20 * CHUNK })
  })

  it('after a restart of the station gives the unacknowledged rest to a new take, so that nothing is missing between the two', async () => {
    const feed = new CaptureFeed(1)
    const { link: wire, durable, state } = openLink(feed)
    const take = await client.call('recorder.start', startInput)
    feed.attach({ handle: take.handle, fromFrame: 0, format: 'int24', live: false })
    wire.bind()
    for (let i = 0; i < 10; i++) feed.push(block(i * CHUNK))
    wire.pump()
    await durable(10 * CHUNK)
    await station.kill()
    for (let i = 10; i < 15; i++) feed.push(block(i * CHUNK))
    await state('lost')
    const folder = station.folder
    station = await startStation({ folder, readyWithinMs: 120_000 })
    client = await station.connect({ session })
    wire.moveTo({ url: station.url, token: station.token(), session })
    await state('other-boot')
    const next = await client.call('recorder.start', { ...startInput, title: 'Qua mạng (tiếp)' })
    feed.rebind(next.handle)
    wire.bind()
    await durable(5 * CHUNK)
    const rest = await readFile(join(folder, 'takes', `${next.id}.wav`))
    expect(firstWrongFrame(rest.subarray(TAKE_HEADER_BYTES), 1, [], 10 * CHUNK)).toBe(-1)
    await client.call('recorder.finish', { takeId: next.id, finalFrame: feed.stop() })
    const { takes } = await client.call('recorder.takes', {})
    expect(takes.find((one) => one.id === take.id)).toMatchObject({ state: 'recovered', durableFrames: 10 * CHUNK })
    expect((await readdir(join(folder, 'takes'))).some((name) => name.endsWith('.damaged'))).toBe(false)
  })

  it('a break far longer than the memory holds costs not one frame: what waits lies on disk and the next part begins where the first ends', async () => {
    const feed = new CaptureFeed(1)
    using spool = fileSpool()
    feed.useSpool(spool.spool)
    const { link: wire, durable, settled, state } = openLink(feed)
    const take = await client.call('recorder.start', startInput)
    feed.attach({ handle: take.handle, fromFrame: 0, format: 'int24', live: false })
    wire.bind()
    for (let i = 0; i < 10; i++) feed.push(block(i * CHUNK))
    wire.pump()
    await durable(10 * CHUNK)
    await station.kill()
    await state('lost')
    // Three minutes: six times what stays in memory.
    const end = 10 + 1_800
    for (let i = 10; i < end; i++) feed.push(block(i * CHUNK))
    expect(spool.bytes()).toBeGreaterThan(20_000_000)
    const folder = station.folder
    station = await startStation({ folder, readyWithinMs: 120_000 })
    client = await station.connect({ session })
    wire.moveTo({ url: station.url, token: station.token(), session })
    await state('other-boot')
    const next = await client.call('recorder.start', { ...startInput, continues: take.id })
    expect(next).toMatchObject({ groupId: take.id, part: 2, joint: 'exact', groupFrame: next.continuesAt })
    feed.rebind(next.handle, next.continuesAt)
    wire.bind()
    const rest = end * CHUNK - (next.continuesAt ?? 0)
    await durable(rest)
    await settled()
    expect(spool.bytes()).toBe(0)
    const disk = await readFile(join(folder, 'takes', `${next.id}.wav`))
    expect(disk.length - TAKE_HEADER_BYTES).toBe(rest * 3)
    expect(firstWrongFrame(disk.subarray(TAKE_HEADER_BYTES), 1, [], next.continuesAt ?? 0)).toBe(-1)
    const { takes } = await client.call('recorder.takes', {})
    const parts = takes.filter((one) => one.groupId === take.id)
    expect(parts.sort((a, b) => a.part - b.part).map((one) => [one.part, one.durableFrames])).toEqual([[1, next.continuesAt], [2, rest]])
    expect(parts.find((one) => one.part === 2)?.faults.filter((fault) => fault.kind === 'gap')).toEqual([])
  }, 180_000)

  it('is refused without a session', async () => {
    session = 'x'.repeat(43)
    const { state } = openLink(new CaptureFeed(1))
    await expect(state('refused')).resolves.toBeUndefined()
  })
})
