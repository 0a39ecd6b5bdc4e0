import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { SoundPart, SoundReport } from '#contract/sound.ts'
import type { Item } from '#contract/library.ts'
import type { Job } from '#contract/station.ts'
import { samples } from '#common/units/samples.ts'
import type { Room } from '../../main/station/context.ts'
import type { EditorRoom, MediaRoom } from '../../main/station/faces.ts'
import { openEditor } from '../../main/station/editor/index.ts'
import { openSound } from '../../main/station/sound/index.ts'
import { callRoom } from './context.ts'
import { lan, openLibraryBench } from './library-room.ts'
import type { LibraryBench } from './library-room.ts'
import { writeWav } from './signals.ts'
import type { Signal } from './signals.ts'

export interface SoundBench extends AsyncDisposable {
  readonly bench: LibraryBench
  readonly editor: EditorRoom
  readonly sound: Room
  /** A signal as a 24-bit item of the library. */
  item(name: string, signal: Signal): Promise<Item>
  pcm(itemId: string): Promise<Signal>
  jobEnd(jobId: string): Promise<Job>
  /** The report of a job that is expected to end well. */
  report<K extends SoundReport['kind']>(started: Promise<{ jobId: string }>, kind: K): Promise<Extract<SoundReport, { kind: K }>>
}

/** A real sound room on a real library, editor and ffmpeg. `wrap` may stand between it and the media room. */
export async function openSoundBench(options: { wrap?: (media: MediaRoom) => MediaRoom } = {}): Promise<SoundBench> {
  const bench = await openLibraryBench()
  const media = options.wrap?.(bench.media) ?? bench.media
  const editor = await openEditor(bench.ctx, bench)
  const sound = openSound(bench.ctx, { library: bench.library, media, editor })
  const jobEnd = (jobId: string): Promise<Job> => new Promise((resolve) => {
    const look = (job: Job): void => {
      if (job.id !== jobId || job.endedAt === null) return
      off()
      resolve(job)
    }
    const off = bench.ctx.events.on('jobs.changed', look)
    for (const job of bench.ctx.inside.jobs.list()) look(job)
  })
  return {
    bench, editor, sound, jobEnd,
    item: async (name, signal) => bench.library.importFile(await writeWav(join(bench.desk, `${name}.wav`), signal, { format: 'int24' }), { who: lan, title: name }).item,
    async pcm(itemId) {
      const pcm = await bench.library.pcmOf(itemId)
      if (pcm === null) throw new Error('no sound')
      return readSignal(pcm)
    },
    async report(started, kind) {
      const job = await jobEnd((await started).jobId)
      if (job.state !== 'done') throw new Error(`the job is ${job.state}: ${JSON.stringify(job.error)}`)
      const report = await callRoom(sound, 'sound.report', { jobId: job.id })
      if (report.kind !== kind) throw new Error(`a report of ${report.kind}`)
      return report as Extract<SoundReport, { kind: typeof kind }>
    },
    [Symbol.asyncDispose]: () => bench[Symbol.asyncDispose](),
  }
}

export async function readSignal(pcm: { path: string; format: string; channels: number; dataOffsetBytes: number; length: number }): Promise<Signal> {
  const bytes = await readFile(pcm.path)
  const width = pcm.format === 'int16' ? 2 : pcm.format === 'int24' ? 3 : 4
  const at = (n: number, c: number) => {
    const place = pcm.dataOffsetBytes + (n * pcm.channels + c) * width
    return width === 4 ? bytes.readFloatLE(place) : bytes.readIntLE(place, width) / 2 ** (8 * width - 1)
  }
  return Array.from({ length: pcm.channels }, (_, c) => Float32Array.from({ length: pcm.length }, (_, n) => at(n, c)))
}

export const partOf = (item: Item, offset = 0, length = item.lengthSamples - offset, key = item.id): SoundPart => ({ key, itemId: item.id, offset: samples(offset), length: samples(length) })

/** Level in dB of what of `[from, to)` (seconds) lies about `hz`. */
export function toneLevelDb(channel: Float32Array, hz: number, from: number, to: number): number {
  let re = 0
  let im = 0
  const start = Math.round(from * 48_000)
  const end = Math.round(to * 48_000)
  for (let n = start; n < end; n++) {
    const weight = 1 - Math.cos((2 * Math.PI * (n - start)) / (end - start))
    re += (channel[n] ?? 0) * weight * Math.cos((2 * Math.PI * hz * n) / 48_000)
    im += (channel[n] ?? 0) * weight * Math.sin((2 * Math.PI * hz * n) / 48_000)
  }
  return 20 * Math.log10((2 * Math.hypot(re, im)) / (end - start) + 1e-12)
}
export function rmsDb(channel: Float32Array, from: number, to: number): number {
  let sum = 0
  const part = channel.subarray(Math.round(from * 48_000), Math.round(to * 48_000))
  for (const value of part) sum += value * value
  return 10 * Math.log10(sum / part.length + 1e-15)
}
