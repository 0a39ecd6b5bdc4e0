import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { readdir } from 'node:fs/promises'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { CaptureFeed } from '../../../renderer/studio/audio/capture/feed.ts'
import { CaptureLink, type LinkState } from '../../../renderer/studio/audio/capture/link.ts'
import { TAKE_HEADER_BYTES } from '../../../main/station/recorder/wav-header.ts'
import { foundStation, startStation, type RunningStation } from '../../support/station.ts'
import type { StationClient } from '../../support/station-client.ts'
import { firstWrongFrame } from '../../support/recorder/counter-pcm.ts'

const CHUNK = 4_800
const startInput = { title: 'Qua mạng', channels: 1, inputLabel: 'Bộ đếm', inputRateHz: 48_000, settings: {} }
const block = (firstFrame: number) => ({ firstFrame, samples: Float32Array.from({ length: CHUNK }, (_, i) => (firstFrame + i) / 8_388_608) })

let station: RunningStation
let client: StationClient
let session: string
let link: CaptureLink | null = null
beforeEach(async () => {
  station = await startStation()
  const founded = await foundStation(station)
  client = founded.client
  session = founded.session.sessionToken
})
afterEach(async () => {
  link?.close()
  link = null
  await station.dispose()
})

function openLink(feed: CaptureFeed): { link: CaptureLink; state: (wanted: LinkState) => Promise<void>; durable: (frames: number) => Promise<void> } {
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
  return { link: made, state: (wanted) => until(() => states.includes(wanted)), durable: (frames) => until(() => durableFrames >= frames) }
}

describe('the microphone\'s own link to a running station', () => {
  it('delivers every sample, and the take ends in the library', async () => {
    const feed = new CaptureFeed(1)
    const { link: wire, durable } = openLink(feed)
    const take = await client.call('recorder.start', startInput)
    feed.push(block(0))
    feed.attach({ handle: take.handle, fromFrame: 0, format: 'int24', live: false })
    wire.bind()
    for (let i = 1; i < 20; i++) feed.push(block(i * CHUNK))
    wire.pump()
    await durable(20 * CHUNK)
    expect(feed.waitingFrames).toBe(0)
    const disk = await readFile(join(station.folder, 'takes', `${take.id}.wav`))
    expect(firstWrongFrame(disk.subarray(TAKE_HEADER_BYTES), 1)).toBe(-1)
    await client.call('recorder.finish', { takeId: take.id, finalFrame: feed.stop() })
    const saved = await client.waitFor('recorder.changed', (one) => one.id === take.id && one.itemId !== null, 30_000)
    expect(saved).toMatchObject({ state: 'saved', durableFrames: 20 * CHUNK, faults: [] })
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
    station = await startStation({ folder })
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

  it('is refused without a session', async () => {
    session = 'x'.repeat(43)
    const { state } = openLink(new CaptureFeed(1))
    await expect(state('refused')).resolves.toBeUndefined()
  })
})
