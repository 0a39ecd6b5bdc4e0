import { once } from 'node:events'
import { readFile, writeFile } from 'node:fs/promises'
import { createServer, type Server, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { createServer as createTap, type Server as TapServer, type Socket } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { wallSamples } from '#common/playout/index.ts'
import { encodeFrame, frameFormats, frameKinds } from '#contract/frames.ts'
import { openAir } from '../../../main/station/air/index.ts'
import { openMedia } from '../../../main/station/media/index.ts'
import type { MediaRoom } from '../../../main/station/faces.ts'
import { encodeTakeHeader } from '../../../main/station/recorder/wav-header.ts'
import { hardLine } from '../../support/compiled-line.ts'
import { callRoom } from '../../support/context.ts'
import { countingRuns } from '../../support/counter-tracks.ts'
import { shelfOfSounds } from '../../support/shelf-of-sounds.ts'
import { counterPcm24, firstWrongFrame } from '../../support/recorder/counter-pcm.ts'
import { groupInLibrary, openRecordingRoom, soundFaults, wholeGroup, type RecordingRoom } from '../../support/recorder/recording-room.ts'

const RATE = 48_000
let bench: RecordingRoom
let media: MediaRoom
let web: Server
let base = ''
/** What the web server does with a request. */
let answer: (response: ServerResponse) => void = (response) => response.end()

beforeEach(async () => {
  bench = await openRecordingRoom({ media: { liveDecoder: (options) => media.liveDecoder(options) } })
  media = openMedia(bench.ctx)
  web = createServer((_request, response) => answer(response)).listen(0, '127.0.0.1')
  await once(web, 'listening')
  base = `http://127.0.0.1:${(web.address() as AddressInfo).port}`
})
afterEach(async () => {
  web.closeAllConnections()
  web.close()
  await bench[Symbol.asyncDispose]()
})

/** A made stereo counter as a WAV of ours, 24-bit. */
function counterWav(frames: number): Buffer {
  return Buffer.concat([encodeTakeHeader(2, frames * 6), counterPcm24(0, frames, 2)])
}
function startInput(input: object, more: object = {}) {
  return callRoom(bench.room, 'recorder.startInput', { title: 'Ghi đài bạn', channels: 2, input: input as never, ...more })
}
function samplesOf(pcm: Buffer, channels: number): Float32Array {
  return Float32Array.from({ length: Math.floor(pcm.length / 3 / channels) }, (_, i) => pcm.readIntLE(i * 3 * channels, 3) / 8_388_608)
}
/** Frequency by rising zero crossings. */
function frequencyOf(samples: Float32Array): number {
  let crossings = 0
  for (let i = 1; i < samples.length; i++) if ((samples[i - 1] ?? 0) < 0 && (samples[i] ?? 0) >= 0) crossings++
  return (crossings * RATE) / samples.length
}

describe('a stream recorded by the station', () => {
  it('keeps every sample of a lossless stream and ends by itself as saved', async () => {
    const frames = 3 * RATE + 777
    answer = (response) => {
      const wav = counterWav(frames)
      response.writeHead(200, { 'content-type': 'audio/wav', 'content-length': wav.length, 'icy-name': 'Dai tinh' })
      response.end(wav)
    }
    const take = await startInput({ kind: 'stream', url: `${base}/live.wav` }, { split: { everyMinutes: null, atMarks: true } })
    expect(take).toMatchObject({ inputLabel: 'Dai tinh', origin: { kind: 'stream', url: `${base}/live.wav` }, state: 'recording' })
    await callRoom(bench.room, 'recorder.mark', { takeId: take.id, atFrame: RATE + 11, label: 'Tin hai' })
    await groupInLibrary(bench, take.groupId, 2)
    const { parts, pcm } = await wholeGroup(bench, take.groupId)
    expect(parts.map((one) => [one.state, one.durableFrames])).toEqual([['saved', RATE + 11], ['saved', frames - RATE - 11]])
    expect(firstWrongFrame(pcm, 2)).toBe(-1)
  })

  it('is recorded for another room, which is told what came of it', async () => {
    const frames = 3 * RATE
    answer = (response) => {
      const wav = counterWav(frames)
      response.writeHead(200, { 'content-type': 'audio/wav' })
      response.write(wav.subarray(0, wav.length))
    }
    const stream = await bench.room.recordStream({ url: `${base}/live.wav`, title: 'Thời sự' }, { personId: null, name: 'relay' })
    await bench.changed((one) => one.durableFrames >= 2 * RATE)
    const { itemId, lengthSamples, faults } = await stream.finish()
    expect(lengthSamples).toBeGreaterThanOrEqual(2 * RATE)
    expect(faults.filter(({ kind }) => kind === 'input-lost')).toEqual([])
    expect((await bench.changed((one) => one.itemId === itemId)).title).toBe('Thời sự')
  })

  it('goes on after the server has cut it, with silence of the missed time and a fault that says so', async () => {
    const opus = join(tmpdir(), `vangxa-${bench.ctx.newId()}.opus`)
    const wav = join(bench.ctx.folders.temp, 'tone.wav')
    const tone = Buffer.alloc(20 * RATE * 3)
    for (let i = 0; i < 20 * RATE; i++) tone.writeIntLE(Math.round(Math.sin((2 * Math.PI * 440 * i) / RATE) * 4_000_000), i * 3, 3)
    await writeFile(wav, Buffer.concat([encodeTakeHeader(1, tone.length), tone]))
    await media.encode(wav, opus, { format: 'opus', kbps: 64, signal: new AbortController().signal })
    const bytes = await readFile(opus)
    let served = 0
    const open = new Set<ServerResponse>()
    answer = (response) => {
      served++
      response.writeHead(200, { 'content-type': 'audio/ogg' })
      open.add(response)
      // A live server: the beginning at once, the rest at the pace it plays.
      const perTick = Math.ceil(bytes.length / 200)
      let at = perTick * 20
      response.write(bytes.subarray(0, at))
      const timer = setInterval(() => {
        if (at >= bytes.length) return
        response.write(bytes.subarray(at, at + perTick))
        at += perTick
      }, 100)
      response.on('close', () => clearInterval(timer))
    }
    const take = await startInput({ kind: 'stream', url: `${base}/kenh.opus` }, { channels: 1 })
    await bench.changed((one) => one.durableFrames > RATE)
    for (const one of open) one.destroy()
    open.clear()
    const lost = await bench.changed((one) => one.faults.some((fault) => fault.kind === 'input-lost' && fault.frames === 0))
    expect(lost.inputLost).toBe(true)
    const back = await bench.changed((one) => one.faults.some((fault) => fault.kind === 'input-lost' && fault.frames > 0))
    expect(back.inputLost).toBe(false)
    expect(served).toBeGreaterThanOrEqual(3)
    const fault = back.faults.find((one) => one.kind === 'input-lost')
    const hole = { from: fault?.atFrame ?? 0, to: (fault?.atFrame ?? 0) + (fault?.frames ?? 0) }
    await bench.changed((one) => one.durableFrames > hole.to + RATE)
    const saved = await callRoom(bench.room, 'recorder.finish', { takeId: take.id, finalFrame: null })
    expect(saved.state).toBe('saved')
    const done = await bench.changed((one) => one.itemId !== null)
    const samples = samplesOf(await bench.soundOf(done), 1)
    expect(samples.subarray(hole.from, hole.to).every((value) => value === 0)).toBe(true)
    expect(Math.abs(frequencyOf(samples.subarray(4_800, hole.from - 4_800)) - 440)).toBeLessThan(3)
    expect(Math.abs(frequencyOf(samples.subarray(hole.to + 9_600, samples.length - 4_800)) - 440)).toBeLessThan(3)
  }, 60_000)

  it('leaves a pause out and tells silence and clipping like a microphone', async () => {
    const frames = 9 * RATE
    const pcm = Buffer.alloc(frames * 6)
    // A second of full scale, then exact silence.
    for (let i = 0; i < RATE; i++) for (const side of [0, 1]) pcm.writeIntLE(i % 96 < 48 ? 8_388_607 : -8_388_608, (i * 2 + side) * 3, 3)
    answer = (response) => {
      response.writeHead(200, { 'content-type': 'audio/wav' })
      response.write(Buffer.concat([encodeTakeHeader(2, pcm.length), pcm]))
    }
    const take = await startInput({ kind: 'stream', url: `${base}/x.wav` }, { channels: 1 })
    const told = await bench.changed((one) => one.faults.some((fault) => fault.kind === 'silence'))
    expect(told.faults.find((fault) => fault.kind === 'clipping')?.atFrame).toBe(0)
    expect(told.faults.find((fault) => fault.kind === 'silence')?.frames).toBeGreaterThanOrEqual(5 * RATE)
    expect(told.peakDbfs).not.toBeNull()
    expect((await callRoom(bench.room, 'recorder.pause', { takeId: take.id })).state).toBe('paused')
    await callRoom(bench.room, 'recorder.discard', { takeId: take.id })
  }, 30_000)

  it('takes a file at its own pace, and a wrong address is said at once', async () => {
    const path = join(bench.ctx.folders.temp, 'Thời sự.wav')
    await writeFile(path, counterWav(2 * RATE))
    const began = performance.now()
    const take = await startInput({ kind: 'stream', url: pathToFileURL(path).href })
    await bench.changed((one) => one.id === take.id && one.itemId !== null)
    expect(performance.now() - began).toBeGreaterThan(1_500)
    const { pcm } = await wholeGroup(bench, take.groupId)
    expect(pcm.length).toBe(2 * RATE * 6)
    expect(firstWrongFrame(pcm, 2)).toBe(-1)
    answer = (response) => response.writeHead(404).end()
    await expect(startInput({ kind: 'stream', url: `${base}/none` })).rejects.toMatchObject({ code: 'stream-unreachable', data: { status: 404 } })
    await expect(startInput({ kind: 'stream', url: 'http://127.0.0.1:1/none' })).rejects.toMatchObject({ code: 'stream-unreachable' })
    await expect(startInput({ kind: 'stream', url: 'ftp://127.0.0.1/x' })).rejects.toMatchObject({ code: 'invalid-input' })
    await expect(startInput({ kind: 'air' })).rejects.toMatchObject({ code: 'no-input' })
    expect(bench.room.takes().filter((one) => one.handle !== 0)).toEqual([])
  }, 30_000)

  it('does not let a playlist on the network read files of this computer', async () => {
    const path = join(bench.ctx.folders.temp, 'secret.wav')
    await writeFile(path, counterWav(2 * RATE))
    answer = (response) => {
      response.writeHead(200, { 'content-type': 'application/vnd.apple.mpegurl' })
      response.end(`#EXTM3U\n#EXT-X-TARGETDURATION:2\n#EXTINF:2,\n${pathToFileURL(path).href}\n#EXT-X-ENDLIST\n`)
    }
    /** How decoders ended, and whether one of them gave a sound. */
    const ends: (number | null)[] = []
    let heard = 0
    const watched: Pick<MediaRoom, 'liveDecoder'> = {
      liveDecoder: (options) => media.liveDecoder({
        ...options,
        onData(chunk) { heard += chunk.length; options.onData(chunk) },
        onExit(code) { ends.push(code); options.onExit(code) },
      }),
    }
    await using own = await openRecordingRoom({ media: watched, firstSoundWithinMs: 5_000 })
    await expect(callRoom(own.room, 'recorder.tryInput', { input: { kind: 'stream', url: `${base}/list.m3u8` } })).rejects.toMatchObject({ code: 'stream-unreachable' })
    // Not for want of time: the decoder came to its end by itself, twice.
    expect(ends.filter((code) => code !== null).length).toBeGreaterThanOrEqual(2)
    expect(heard).toBe(0)
  }, 30_000)
})

describe('the air recorded by the station', () => {
  it('is the programme as it went out, sample for sample', async () => {
    let tapPath = ''
    await using own = await openRecordingRoom({ air: { get tapPath() { return tapPath } } })
    const air = openAir(own.ctx)
    tapPath = air.tapPath
    const shelf = shelfOfSounds(own.ctx)
    const item = shelf.put('Bản tin', 2 * RATE + 333, { first: 1_000 })
    const pcm = await shelf.pcmOf(item.id)
    if (pcm === null) throw new Error('no sound')
    const take = await callRoom(own.room, 'recorder.startInput', { title: 'Lưu sóng', channels: 2, input: { kind: 'air' } })
    expect(take).toMatchObject({ origin: { kind: 'air' }, channels: 2 })
    const at = Math.ceil(own.ctx.clock.now() / 1000) * 1000 + 1_000
    const broadcastDate = new Date(at).toISOString().slice(0, 10)
    const lines = [hardLine({ id: own.ctx.newId(), itemId: item.id, title: item.title, sha256: item.sha256, pcm, at, broadcastDate })]
    const days = [{ logId: broadcastDate, broadcastDate, startsAt: wallSamples(at - 60_000), endsAt: wallSamples(at + 60_000) }]
    air.usePlan({ compiledAt: at, fromAt: at - 60_000, untilAt: at + 60_000, plays: [], lines, slots: [], days, fill: [] })
    const over = new Promise<void>((resolve) => air.onAsRun((row) => { if (row.endedAt !== null) resolve() }))
    await over
    await new Promise((resolve) => own.ctx.scope.after(500, () => resolve(undefined)))
    const saved = await callRoom(own.room, 'recorder.finish', { takeId: take.id, finalFrame: null })
    expect(soundFaults(saved.faults).filter((fault) => fault.kind !== 'silence')).toEqual([])
    const done = await own.changed((one) => one.itemId !== null)
    const bytes = await own.soundOf(done)
    const left = Float32Array.from({ length: bytes.length / 6 }, (_, i) => bytes.readIntLE(i * 6, 3) / 8_388_608)
    expect(countingRuns(left)).toEqual([{ at: left.findIndex((value) => value !== 0), first: 1_000, length: 2 * RATE + 333 }])
  }, 30_000)
})

describe('a programme tap that breaks', () => {
  let tap: TapServer
  const readers = new Set<Socket>()
  const zero = 1_700_000_000_000_000
  let path = ''
  const mapping = (zeroAtUs: number) => encodeFrame({ kind: frameKinds.monitor, format: frameFormats.float32, channels: 2, session: 1, seq: 0, frames: 0, firstFrame: zeroAtUs, payload: new Uint8Array(0) })
  const sound = (firstFrame: number, value: number, frames = 960) => {
    const pcm = new Float32Array(frames * 2)
    for (let i = 0; i < frames; i++) pcm.fill((value + i) / 8_388_608, i * 2, i * 2 + 2)
    return encodeFrame({ kind: frameKinds.monitor, format: frameFormats.float32, channels: 2, session: 1, seq: 0, frames, firstFrame, payload: new Uint8Array(pcm.buffer) })
  }
  const say = (bytes: Uint8Array) => { for (const one of readers) one.write(bytes) }
  let joined: () => void = () => undefined
  const nextReader = () => new Promise<void>((resolve) => { joined = resolve })

  beforeEach(async () => {
    path = join(tmpdir(), `vangxa-tap-${bench.ctx.newId()}`)
    tap = createTap((socket) => {
      readers.add(socket)
      socket.on('close', () => readers.delete(socket))
      socket.on('error', () => undefined)
      joined()
    }).listen(path)
    await once(tap, 'listening')
  })
  afterEach(() => {
    for (const one of readers) one.destroy()
    tap.close()
  })

  it('leaves holes of exactly the missed length: within a connection by bus samples, over a restart by the station\'s time', async () => {
    await using own = await openRecordingRoom({ air: { tapPath: path } })
    const reader = nextReader()
    const starting = callRoom(own.room, 'recorder.startInput', { title: 'Lưu sóng', channels: 2, input: { kind: 'air' } })
    await reader
    say(mapping(zero))
    for (let i = 0; i < 10; i++) say(sound(5_000_000 + i * 960, i * 960))
    const take = await starting
    // 480 samples are missing, then the air's thread dies and comes back with another bus clock, 1.5 s later.
    say(sound(5_000_000 + 10 * 960 + 480, 10 * 960 + 480, 4_320))
    await own.changed((one) => one.durableFrames >= 10_080)
    const again = nextReader()
    for (const one of readers) one.destroy()
    await own.changed((one) => one.faults.some((fault) => fault.kind === 'input-lost'))
    await again
    const endUs = zero + ((5_000_000 + 14_400) / 48_000) * 1e6
    say(mapping(Math.round(endUs + 1_500_000)))
    for (let i = 0; i < 5; i++) say(sound(i * 960, 14_400 + 72_000 + i * 960))
    await own.changed((one) => one.faults.some((fault) => fault.kind === 'input-lost' && fault.frames > 0))
    await own.changed((one) => one.durableFrames >= 14_400 + 72_000 + 4_800)
    await callRoom(own.room, 'recorder.finish', { takeId: take.id, finalFrame: null })
    const done = await own.changed((one) => one.itemId !== null)
    expect(soundFaults(done.faults).map(({ kind, atFrame, frames }) => ({ kind, atFrame, frames }))).toEqual([{ kind: 'gap', atFrame: 9_600, frames: 480 }, { kind: 'input-lost', atFrame: 14_400, frames: 72_000 }])
    const pcm = await own.soundOf(done)
    expect(firstWrongFrame(pcm, 2, done.faults)).toBe(-1)
    expect(pcm.length).toBe((14_400 + 72_000 + 4_800) * 6)
  }, 30_000)
})
