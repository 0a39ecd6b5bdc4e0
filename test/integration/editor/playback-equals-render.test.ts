import { mkdtemp, rm } from 'node:fs/promises'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { compileEdl } from '#common/edl/index.ts'
import type { Edl } from '#common/edl/index.ts'
import { createMixer, linearGain, noFade, toInt24 } from '#common/mix/index.ts'
import { samples } from '#common/units/samples.ts'
import { createRoutes } from '../../../main/station/api/routes.ts'
import { BusEngine } from '../../../main/station/air/bus/engine.ts'
import { BusLog } from '../../../main/station/air/bus/bus-log.ts'
import { BLOCK_FRAMES } from '../../../main/station/air/messages.ts'
import { openPcmSource } from '../../../main/station/air/pcm-source.ts'
import type { PcmSource } from '../../../main/station/air/pcm-source.ts'
import type { PcmFile } from '../../../main/station/faces.ts'
import { fetchRange } from '../../../renderer/studio/audio/playback/pcm-cache.ts'
import type { ReadRange } from '../../../renderer/studio/audio/playback/pcm-cache.ts'
import { wishes } from '../../support/edits.ts'
import type { Wish } from '../../support/edits.ts'
import { asFloatBytes, exported, exportedBytes, played, projectOf, rangeFromDisk, speechMusicCounter } from '../../support/heard.ts'

const seed = 20_261_121
let folder = ''
let files: PcmFile[] = []
let origin = ''
const server = createServer((request, response) => void createRoutes().sendFile(request, response, decodeURIComponent(request.url ?? ''), { mime: 'audio/wav' }))
/** As the window asks the station for sound. */
const overHttp: ReadRange = (path, start, end) => fetchRange(`${origin}${path}`, start, end)

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'vangxa-heard-'))
  files = await speechMusicCounter(folder)
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const address: AddressInfo | string | null = server.address()
  origin = `http://127.0.0.1:${typeof address === 'object' ? (address?.port ?? 0) : 0}`
})
afterAll(async () => {
  server.close()
  server.closeAllConnections()
  await rm(folder, { recursive: true, force: true })
})

const target = (): string => join(folder, 'out.wav')
const limited = (edl: Edl): Edl => ({ ...edl, master: { gainDb: 11, limiter: true, ceilingDbtp: -1 } })
function asInt24(out: readonly Float32Array[]): Buffer {
  const bytes = Buffer.alloc((out[0]?.length ?? 0) * out.length * 3)
  toInt24(out, out[0]?.length ?? 0, bytes)
  return bytes
}

/** The file on the air's own mixer, from the real reader of files: blocks as they go to the tap. */
async function onAir(pcm: PcmFile): Promise<Float32Array[]> {
  const sources: PcmSource[] = []
  let rows = 0
  const log = new BusLog({ mode: 'auto', happened: [], returned: null })
  log.use({
    slots: [], days: [{ logId: '2026-11-21', broadcastDate: '2026-11-21', startsAt: 0, endsAt: 48 * 86_400_000 }], fill: [], lines: [{
      bus: 'main', title: 'Dự án', itemId: 'i', relaySourceId: null, backups: [], targetUnitIds: [], sound: { itemId: 'i', title: 'Dự án', sha256: 'a'.repeat(64), pcm, gainDb: 0, markers: null, content: 'programme' },
      line: {
        id: 'l', itemId: 'i', logId: '2026-11-21', rev: 1, broadcastDate: '2026-11-21', slotId: null, kind: 'audio', timing: { kind: 'hard', at: 48_000, onReach: { kind: 'cut' } }, transition: 'play', lateMaxMs: null, after: 'join', plannedStart: null, protected: false,
        droppable: false, fillPriority: 0, dropped: false, skip: false, state: 'ok', priority: 3, content: 'programme', newsBlockId: null, stretchable: false, lengthSamples: pcm.length, endless: false, endAt: null, markers: null, hitPost: false,
      },
    }],
  })
  const engine = new BusEngine({
    bus: 'main', zeroWall: 0, log, newId: () => `row${rows++}`, trouble: (message) => expect.fail(message),
    openSource: (file, from) => {
      const source = openPcmSource(file, from)
      sources.push(source)
      return source
    },
  })
  engine.settle()
  const out = [new Float32Array(pcm.length), new Float32Array(pcm.length)]
  const block: [Float32Array, Float32Array] = [new Float32Array(BLOCK_FRAMES), new Float32Array(BLOCK_FRAMES)]
  while (engine.position < 48_000 + pcm.length) {
    const frames = engine.nextFrames()
    const position = engine.position - 48_000
    // The air has seconds for this; here the next block is made as soon as its samples have been read.
    while (sources.some((source) => !source.ready && source.readableUntil < pcm.length)) await new Promise((resolve) => setImmediate(resolve))
    engine.render(frames, block)
    engine.settle()
    if (position >= 0) for (const [c, channel] of block.entries()) out[c]?.set(channel.subarray(0, Math.min(frames, pcm.length - position)), position)
  }
  expect(engine.underruns).toBe(0)
  engine.stop()
  return out
}

/** Behind the limiter that ends every bus, by the mixer of the export. */
function limitedAsTheBus(heard: readonly Float32Array[]): Float32Array[] {
  const length = heard[0]?.length ?? 0
  const out = [new Float32Array(length), new Float32Array(length)]
  const plan = { sources: [{ channels: 2, length }], segments: [{ source: 0, start: 0, offset: 0, length, gain: 1, fadeIn: noFade, fadeOut: noFade }], length, masterGain: 1, limiter: { ceiling: linearGain(-1) / 0.99 } }
  createMixer(plan, { channels: 2, blockFrames: 4_096 }).render(0, length, out, (_source, offset, frames, into) => into.forEach((channel, c) => channel.set(heard[c]?.subarray(offset, offset + frames) ?? [])))
  return out
}

describe('what is heard in the editor', () => {
  test('is what the export writes, bit by bit, in floats and in 24 bits, over speech, music and counter in any project', async () => {
    await fc.assert(fc.asyncProperty(fc.array(wishes, { maxLength: 25 }), fc.boolean(), fc.boolean(), async (run, isLimited, isFloat) => {
      const edl = isLimited ? limited(projectOf(run, files)) : projectOf(run, files)
      if (compileEdl(edl).length === 0) return
      const heard = await played(edl, files, overHttp)
      const wanted = isFloat ? asFloatBytes(heard) : asInt24(heard)
      expect(wanted.equals(await exportedBytes(edl, files, target(), isFloat ? 'float32' : 'int24'))).toBe(true)
    }), { numRuns: 14, seed })
  }, 180_000)

  test('is what two threads write together, to the sample where they meet', async () => {
    const run: Wish[] = Array.from({ length: 60 }, (_, n) => ({ op: 'insertItem', item: n % 3, lane: n % 2, at: samples((n % 7) * 9_000), mode: 'insert', part: undefined }))
    for (const edl of [projectOf(run, files), limited(projectOf(run, files))]) {
      expect(compileEdl(edl).length).toBeGreaterThan(120 * 48_000)
      expect(asInt24(await played(edl, files, rangeFromDisk)).equals(await exportedBytes(edl, files, target(), 'int24'))).toBe(true)
    }
  })

  test('is what the air puts out, bit by bit, when the export is on it and stays under the ceiling of the bus; else the same behind its limiter', async () => {
    await fc.assert(fc.asyncProperty(fc.array(wishes, { maxLength: 20 }), fc.boolean(), async (run, isLimited) => {
      const edl = isLimited ? limited(projectOf(run, files)) : projectOf(run, files)
      if (compileEdl(edl).length === 0) return
      const heard = await played(edl, files, rangeFromDisk)
      const pcm = await exported(edl, files, target(), 'float32')
      const onBus = asFloatBytes(await onAir(pcm))
      const both = [heard[0] ?? new Float32Array(0), heard[1] ?? heard[0] ?? new Float32Array(0)]
      expect(onBus.equals(asFloatBytes(limitedAsTheBus(both)))).toBe(true)
      // No filter of the limiter's detector makes more than four of one: what lies under this never comes near the ceiling.
      if (both.every((channel) => channel.every((value) => Math.abs(value) < 0.2))) expect(onBus.equals(asFloatBytes(both))).toBe(true)
    }), { numRuns: 8, seed })
  }, 180_000)

  test('is the same wherever playback begins, with the limiter at work too', async () => {
    for (const edl of [projectOf([], files), limited(projectOf([], files))]) {
      const whole = await played(edl, files, rangeFromDisk)
      const length = compileEdl(edl).length
      for (const from of [1, 999, 40_000, 77_777, length - 5]) {
        const heard = await played(edl, files, rangeFromDisk, from)
        expect(asFloatBytes(heard).equals(asFloatBytes(whole.map((channel) => channel.slice(from))))).toBe(true)
      }
    }
  })

  test('says what is wrong when the station has no such sound', async () => {
    await expect(fetchRange(`${origin}/nowhere`, 0, 10)).rejects.toMatchObject({ code: 'file-missing' })
  })
})
