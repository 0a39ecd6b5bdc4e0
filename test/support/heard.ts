import { open, readFile, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { channelsOf, compileEdl, edit, emptyEdl } from '#common/edl/index.ts'
import type { Command, Edl } from '#common/edl/index.ts'
import type { MixPlan, PcmFormat } from '#common/mix/index.ts'
import { samples } from '#common/units/samples.ts'
import type { PcmFile } from '../../main/station/faces.ts'
import { mixToWav } from '../../main/station/editor/render.ts'
import { openPcm } from '../../main/station/media/pcm.ts'
import { BlockMaker } from '../../renderer/studio/audio/playback/block-maker.ts'
import { Feeder } from '../../renderer/studio/audio/playback/feeder.ts'
import type { ReadRange } from '../../renderer/studio/audio/playback/pcm-cache.ts'
import { aim, counterContext } from './edits.ts'
import type { Wish } from './edits.ts'
import { counterWav, ffmpegMake, joined, sine, speakToWav, writeWav } from './signals.ts'

/** The sound of projects that tests hear: speech (16-bit mono), music (24-bit stereo), counter (24-bit mono). */
export async function speechMusicCounter(folder: string): Promise<PcmFile[]> {
  const raw = join(folder, 'raw.wav')
  const speech = join(folder, 'speech.wav')
  await speakToWav(raw, 'Thông báo lịch tiêm phòng tại trạm y tế xã, bắt đầu từ bảy giờ sáng thứ hai.')
  await ffmpegMake('-i', raw, '-ar', '48000', '-c:a', 'pcm_s16le', speech)
  const melody = joined(...[262, 330, 392, 523, 440, 349].map((hz, n) => sine({ hz, dbfs: -9 - n, seconds: 0.8, channels: 2, phase: n })))
  const music = await writeWav(join(folder, 'music.wav'), melody, { format: 'int24' })
  const counter = join(folder, 'counter.wav')
  await writeFile(counter, counterWav(150_000))
  return Promise.all([speech, music, counter].map((path) => openPcm(path)))
}

/** A believable project: all sources on two lanes, then whatever the run brings (cuts, fades, crossfades, envelopes, ducking, mute, solo, master, limiter). */
export function projectOf(run: readonly Wish[], files: readonly PcmFile[]): Edl {
  const items = files.map((file, n) => ({ itemId: `i${n}`, channels: file.channels, length: file.length }))
  const context = counterContext(items)
  let edl = emptyEdl
  const apply = (command: Command) => {
    const made = edit(edl, command, context)
    if (!('refused' in made)) edl = made.edl
  }
  apply({ op: 'addLane', name: 'Lời' })
  apply({ op: 'addLane', name: 'Nhạc' })
  const [first = '', second = ''] = edl.lanes.map((lane) => lane.id)
  apply({ op: 'insertItem', itemId: 'i0', laneId: first, at: samples(0), mode: 'insert' })
  apply({ op: 'insertItem', itemId: 'i1', laneId: second, at: samples(1_000), mode: 'insert' })
  apply({ op: 'insertItem', itemId: 'i2', laneId: first, at: samples(40_000), mode: 'insert' })
  for (const wish of run) apply(aim(wish, edl, items))
  return edl
}

const fileOf = (files: readonly PcmFile[], itemId: string): PcmFile => {
  const file = files[Number(itemId.slice(1))]
  if (file === undefined) throw new Error(`no file of ${itemId}`)
  return file
}

/** Exactly the blocks that the playback Worker hands to the audio thread, from `from` to the end. */
export function played(edl: Edl, files: readonly PcmFile[], readRange: ReadRange, from = 0): Promise<Float32Array[]> {
  const plan = compileEdl(edl)
  const channels = channelsOf(edl)
  const out = Array.from({ length: channels }, () => new Float32Array(Math.max(0, plan.length - from)))
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
    feeder.setPlan({ plan, channels, urls: edl.sources.map((source) => fileOf(files, source.itemId).path) })
    feeder.play(1, { from, until: null, rate: 1 })
  })
}

/** Ranges of files, without a server between. */
export const rangeFromDisk: ReadRange = async (path, start, end) => {
  const file = await open(path)
  try {
    const { buffer, bytesRead } = await file.read(new Uint8Array(end - start), 0, end - start, start)
    return buffer.subarray(0, bytesRead)
  } finally {
    await file.close()
  }
}

/** The export at `target`, opened. */
export async function exported(edl: Edl, files: readonly PcmFile[], target: string, format: PcmFormat): Promise<PcmFile> {
  const plan: MixPlan = compileEdl(edl)
  await mixToWav({ plan, places: edl.sources.map((source) => fileOf(files, source.itemId)), channels: channelsOf(edl), target, format }, new AbortController().signal, () => undefined)
  return openPcm(target)
}

/** The sample bytes of an export; the file goes. */
export async function exportedBytes(edl: Edl, files: readonly PcmFile[], target: string, format: PcmFormat): Promise<Buffer> {
  const pcm = await exported(edl, files, target, format)
  const bytes = await readFile(target)
  await rm(target)
  return bytes.subarray(pcm.dataOffsetBytes)
}

/** Interleaved float32, bit by bit. */
export function asFloatBytes(channels: readonly Float32Array[]): Buffer {
  const frames = channels[0]?.length ?? 0
  const bytes = Buffer.alloc(frames * channels.length * 4)
  for (let n = 0; n < frames; n++) for (let c = 0; c < channels.length; c++) bytes.writeFloatLE(channels[c]?.[n] ?? 0, (n * channels.length + c) * 4)
  return bytes
}
