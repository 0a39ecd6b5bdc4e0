import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { mkdtemp, open, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { channelsOf, compileEdl, edit, emptyEdl } from '#common/edl/index.ts'
import type { Edl } from '#common/edl/index.ts'
import { toInt24 } from '#common/mix/index.ts'
import type { MixPlan } from '#common/mix/index.ts'
import { samples } from '#common/units/samples.ts'
import { createRoutes } from '../../../main/station/api/routes.ts'
import type { PcmFile } from '../../../main/station/faces.ts'
import { mixToWav } from '../../../main/station/editor/render.ts'
import { openPcm } from '../../../main/station/media/pcm.ts'
import { BlockMaker } from '../../../renderer/studio/audio/playback/block-maker.ts'
import { Feeder } from '../../../renderer/studio/audio/playback/feeder.ts'
import { fetchRange } from '../../../renderer/studio/audio/playback/pcm-cache.ts'
import type { ReadRange } from '../../../renderer/studio/audio/playback/pcm-cache.ts'
import { aim, wishes } from '../../support/edits.ts'
import { babble, counterWav, ffmpegMake, joined, sine, speakToWav, writeWav } from '../../support/signals.ts'
import { writeFile } from 'node:fs/promises'

let folder = ''
/** Speech (16-bit mono), music (24-bit stereo), counter (24-bit mono). */
let files: PcmFile[] = []
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'vangxa-heard-'))
  const raw = join(folder, 'raw.wav')
  const speech = join(folder, 'speech.wav')
  if (await speakToWav(raw, 'Thông báo lịch tiêm phòng tại trạm y tế xã, bắt đầu từ bảy giờ sáng thứ hai.')) await ffmpegMake('-i', raw, '-ar', '48000', '-c:a', 'pcm_s16le', speech)
  else await writeWav(speech, babble(5))
  const melody = joined(...[262, 330, 392, 523, 440, 349].map((hz, n) => sine({ hz, dbfs: -9 - n, seconds: 0.8, channels: 2, phase: n })))
  const music = await writeWav(join(folder, 'music.wav'), melody, { format: 'int24' })
  const counter = join(folder, 'counter.wav')
  await writeFile(counter, counterWav(150_000))
  files = await Promise.all([speech, music, counter].map((path) => openPcm(path)))
})
afterAll(() => rm(folder, { recursive: true, force: true }))

const items = () => files.map((file, n) => ({ itemId: `i${n}`, channels: file.channels, length: file.length }))
function context() {
  let n = 0
  return { newId: () => `n${++n}`, item: (itemId: string) => {
    const item = items().find((one) => one.itemId === itemId)
    return item === undefined ? null : { ...item, title: itemId, sha256: itemId, length: samples(item.length) }
  } }
}
/** A believable project: all sources on two lanes, then whatever the run brings. */
function projectOf(run: readonly (typeof wishes extends fc.Arbitrary<infer W> ? W : never)[]): Edl {
  const ids = context()
  let edl = emptyEdl
  const apply = (command: Parameters<typeof edit>[1]) => {
    const made = edit(edl, command, ids)
    if (!('refused' in made)) edl = made.edl
  }
  apply({ op: 'addLane', name: 'Lời' })
  apply({ op: 'addLane', name: 'Nhạc' })
  const [first = '', second = ''] = edl.lanes.map((lane) => lane.id)
  apply({ op: 'insertItem', itemId: 'i0', laneId: first, at: samples(0), mode: 'insert' })
  apply({ op: 'insertItem', itemId: 'i1', laneId: second, at: samples(1_000), mode: 'insert' })
  apply({ op: 'insertItem', itemId: 'i2', laneId: first, at: samples(40_000), mode: 'insert' })
  for (const wish of run) apply(aim(wish, edl, items()))
  return edl
}

/** Exactly the blocks that the playback Worker hands to the audio thread, from `from` to the end. */
function played(edl: Edl, plan: MixPlan, readRange: ReadRange, from = 0): Promise<Float32Array[]> {
  const channels = channelsOf(edl)
  const out = Array.from({ length: channels }, () => new Float32Array(plan.length - from))
  return new Promise((resolve, reject) => {
    const feeder = new Feeder(new BlockMaker(readRange), {
      block(block) {
        block.channels.forEach((samplesOf, c) => out[c]?.set(samplesOf.subarray(0, block.frames), block.position - from))
        // Arrays come back used, as the audio thread sends them.
        queueMicrotask(() => feeder.progress(1, block.position + block.frames, block.channels))
      },
      end: () => resolve(out),
      failed: reject,
    })
    feeder.setPlan({ plan, channels, urls: edl.sources.map((source) => files[Number(source.itemId.slice(1))]?.path ?? '') })
    feeder.play(1, { from, until: null, rate: 1 })
  })
}
const fromDisk: ReadRange = async (path, start, end) => {
  const file = await open(path)
  try {
    const { buffer, bytesRead } = await file.read(new Uint8Array(end - start), 0, end - start, start)
    return buffer.subarray(0, bytesRead)
  } finally {
    await file.close()
  }
}
let renders = 0
async function renderedPcm(edl: Edl, plan: MixPlan): Promise<Buffer> {
  const target = join(folder, `render${++renders}.wav`)
  const places = edl.sources.map((source) => files[Number(source.itemId.slice(1))] ?? expect.fail('no file'))
  await mixToWav({ plan, places, channels: channelsOf(edl), target }, new AbortController().signal, () => undefined)
  const pcm = await openPcm(target)
  expect(pcm.length).toBe(plan.length)
  const bytes = await readFile(target)
  await rm(target)
  return bytes.subarray(pcm.dataOffsetBytes, pcm.dataOffsetBytes + pcm.length * pcm.channels * 3)
}
function asInt24(out: readonly Float32Array[]): Buffer {
  const frames = out[0]?.length ?? 0
  const bytes = Buffer.alloc(frames * out.length * 3)
  toInt24(out, frames, bytes)
  return bytes
}

describe('what is heard in the editor', () => {
  test('is what the render writes, bit by bit, over speech, music and counter in any project', async () => {
    await fc.assert(fc.asyncProperty(fc.array(wishes, { maxLength: 25 }), async (run) => {
      const edl = projectOf(run)
      const plan = compileEdl(edl)
      if (plan.length === 0) return
      expect(asInt24(await played(edl, plan, fromDisk)).equals(await renderedPcm(edl, plan))).toBe(true)
    }), { numRuns: 25 })
  }, 180_000)

  test('is the same wherever playback begins', async () => {
    const edl = projectOf([])
    const plan = compileEdl(edl)
    const whole = await played(edl, plan, fromDisk)
    for (const from of [1, 999, 40_000, 77_777, plan.length - 5]) {
      expect(await played(edl, plan, fromDisk, from)).toEqual(whole.map((channel) => channel.slice(from)))
    }
  })

  test('is the same over HTTP ranges as the station serves them', async () => {
    const routes = createRoutes()
    const server = createServer((request, response) => void routes.sendFile(request, response, decodeURIComponent(request.url ?? ''), { mime: 'audio/wav' }))
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
    try {
      const { port } = server.address() as AddressInfo
      const edl = projectOf([])
      const plan = compileEdl(edl)
      const overHttp: ReadRange = (path, start, end) => fetchRange(`http://127.0.0.1:${port}${path}`, start, end)
      expect(await played(edl, plan, overHttp)).toEqual(await played(edl, plan, fromDisk))
      await expect(fetchRange(`http://127.0.0.1:${port}/nowhere`, 0, 10)).rejects.toMatchObject({ code: 'file-missing' })
    } finally {
      server.close()
      server.closeAllConnections()
    }
  })
})
