import { execFile } from 'node:child_process'
import { open, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { performance } from 'node:perf_hooks'
import { promisify } from 'node:util'
import { channelsOf, compileEdl, emptyEdl } from '#common/edl/index.ts'
import type { Edl } from '#common/edl/index.ts'
import { samples } from '#common/units/samples.ts'
import { mixStream } from '../../../main/station/editor/mix-stream.ts'
import { mixToWav } from '../../../main/station/editor/render.ts'
import type { PcmFile } from '../../../main/station/faces.ts'
import { openPcm } from '../../../main/station/media/pcm.ts'
import { openTestMedia } from '../../support/media-room.ts'
import { babble, writeLongWav } from '../../support/signals.ts'
import { made, oneRecording } from './edits.ts'
import type { Print } from './print.ts'

const CUTS = 40
const execute = promisify(execFile)
const never = new AbortController().signal

/**
 * A long stereo programme with 40 cuts to a 24-bit WAV and to MP3; the WAV also with a gain on the lane, when nothing can be copied and all is mixed.
 * Opponent: one ffmpeg graph that trims and joins the same pieces (without ramps at the cuts) in the same format, in the same run.
 */
export async function measureExports(print: Print, folder: string, minutes: number): Promise<void> {
  const path = await writeLongWav(join(folder, 'source.wav'), [...babble(30), ...babble(30, 2)], minutes * 60)
  const pcm = await openPcm(path)
  const edl = withCuts(pcm.length)
  const name = minutes === 180 ? 'export_3h_40cuts' : `export_${minutes}min_40cuts`
  const wav = join(folder, 'export.wav')
  const own = await timed(wav, () => toWav(edl, pcm, wav))
  const seconds = compileEdl(edl).length / 48_000
  const graph = graphOf(edl)
  const rival = join(folder, 'other.wav')
  const other = await timed(rival, () => ffmpeg(path, graph, ['-c:a', 'pcm_s24le', '-rf64', 'auto'], rival))
  print(`${name}_s`, own, 's', other)
  print(`${name}_x_real_time`, seconds / own, 'x', seconds / other)

  const gain = await timed(wav, () => toWav({ ...edl, lanes: edl.lanes.map((lane) => ({ ...lane, gainDb: -3 })) }, pcm, wav))
  const otherGain = await timed(rival, () => ffmpeg(path, graph.replace(/\[out\]$/, ',volume=-3dB[out]'), ['-c:a', 'pcm_s24le', '-rf64', 'auto'], rival))
  print(`${name}_gain_s`, gain, 's', otherGain)

  const { media, dispose } = openTestMedia()
  try {
    const task = { plan: compileEdl(edl), places: [pcm], channels: channelsOf(edl), format: 'float32' } as const
    const target = join(folder, 'export.mp3')
    const mp3 = await timed(target, () => media.encodeStream(mixStream(task, never, () => undefined), task, target, { format: 'mp3', kbps: 128, signal: never }))
    const otherMp3 = await timed(target, () => ffmpeg(path, graph, ['-c:a', 'libmp3lame', '-b:a', '128k'], target))
    print(`${name}_mp3_s`, mp3, 's', otherMp3)
  } finally {
    await dispose()
  }
}

function withCuts(length: number): Edl {
  const ids = oneRecording(length)
  let edl = made(emptyEdl, { op: 'addLane', name: 'Lời' }, ids).edl
  const laneIds = [edl.lanes[0]?.id ?? '']
  edl = made(edl, { op: 'insertItem', itemId: 'x', laneId: laneIds[0] ?? '', at: samples(0), mode: 'insert' }, ids).edl
  const piece = Math.floor(length / (CUTS + 1))
  for (let n = CUTS; n >= 1; n--) edl = made(edl, { op: 'deleteRange', range: { start: samples(n * piece - 4_800), end: samples(n * piece) }, ripple: true, laneIds }, ids).edl
  return edl
}

async function toWav(edl: Edl, pcm: PcmFile, target: string): Promise<void> {
  await mixToWav({ plan: compileEdl(edl), places: [pcm], channels: channelsOf(edl), target }, never, () => undefined)
}

function graphOf(edl: Edl): string {
  const clips = edl.lanes[0]?.clips ?? []
  const trims = clips.map((clip, n) => `[s${n}]atrim=start_sample=${clip.offset}:end_sample=${clip.offset + clip.length},asetpts=PTS-STARTPTS[p${n}]`)
  return `[0:a]asplit=${clips.length}${clips.map((_, n) => `[s${n}]`).join('')};${trims.join(';')};${clips.map((_, n) => `[p${n}]`).join('')}concat=n=${clips.length}:v=0:a=1[out]`
}

async function ffmpeg(input: string, graph: string, codec: readonly string[], target: string): Promise<void> {
  await execute('ffmpeg', ['-hide_banner', '-loglevel', 'error', '-nostdin', '-y', '-i', input, '-filter_complex', graph, '-map', '[out]', ...codec, target], { maxBuffer: 4_000_000 })
}

/** Seconds until `target` is made. What was left to be written is waited for outside of the measure, so that it cannot slow down the next. */
async function timed(target: string, run: () => Promise<unknown>): Promise<number> {
  const begin = performance.now()
  await run()
  const seconds = (performance.now() - begin) / 1000
  const file = await open(target, 'r+')
  await file.sync()
  await file.close()
  await rm(target)
  return seconds
}
