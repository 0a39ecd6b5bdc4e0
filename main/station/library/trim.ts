import { open, rm } from 'node:fs/promises'
import type { FileHandle } from 'node:fs/promises'
import { join } from 'node:path'
import { cueRange, cuesWithin, hasRange, noCues } from '#common/cues/index.ts'
import { DECLICK_SAMPLES, decodePcm, pcmBytes, toInt16, toInt24, wavHeader } from '#common/mix/index.ts'
import { AppError } from '#contract/errors.ts'
import type { Item } from '#contract/library.ts'
import type { JobHandle, StationContext, Who } from '../context.ts'
import type { PcmFile } from '../faces.ts'
import { isAsItWas } from '../foundation/stamp.ts'
import { writeWhole } from '../media/index.ts'
import type { Pipeline } from './pipeline.ts'
import type { Sounds } from './sounds.ts'

const BLOCK_FRAMES = 1 << 16

/**
 * Writes `start`…`end` of a sound as a WAV of its own. What is kept is kept bit for bit, except 5 ms at a border that was cut:
 * there the sound comes up from, or goes down to, nothing.
 */
export async function writePart(pcm: PcmFile, start: number, end: number, target: string, job: Pick<JobHandle, 'signal' | 'progress'>): Promise<void> {
  const length = end - start
  const { channels } = pcm
  const format = pcm.format === 'int16' ? 'int16' : 'int24'
  const fade = Math.min(DECLICK_SAMPLES, Math.floor(length / 2))
  const fadeIn = start > 0 ? fade : 0
  const fadeOut = end < pcm.length ? fade : 0
  await writeWhole(target, async (part) => {
    const input = await open(pcm.path, 'r')
    try {
      const output = await open(part, 'w')
      try {
        await writeAll(output, wavHeader(format, channels, length))
        for (let at = 0; at < length; at += BLOCK_FRAMES) {
          if (job.signal.aborted) throw new AppError('cancelled')
          const frames = Math.min(BLOCK_FRAMES, length - at)
          const planes = await readFrames(input, pcm, start + at, frames)
          soften(planes, at, frames, length, fadeIn, fadeOut)
          await writeAll(output, encode(planes, frames, format))
          job.progress(((at + frames) / length) * 0.3)
        }
        if ((length * channels * pcmBytes[format]) % 2 === 1) await writeAll(output, new Uint8Array(1))
      } finally {
        await output.close()
      }
    } finally {
      await input.close()
    }
  })
}

/** Straight ramps over the cut borders; every other sample stays the number it was. */
function soften(planes: readonly Float32Array[], at: number, frames: number, length: number, fadeIn: number, fadeOut: number): void {
  for (let frame = 0; frame < frames; frame++) {
    const position = at + frame
    const gain = Math.min(position < fadeIn ? position / fadeIn : 1, length - 1 - position < fadeOut ? (length - 1 - position) / fadeOut : 1)
    if (gain < 1) for (const plane of planes) plane[frame] = (plane[frame] ?? 0) * gain
  }
}

async function readFrames(input: FileHandle, pcm: PcmFile, first: number, frames: number): Promise<Float32Array[]> {
  const frameBytes = pcmBytes[pcm.format] * pcm.channels
  const bytes = new Uint8Array(frames * frameBytes)
  for (let filled = 0; filled < bytes.length;) {
    const { bytesRead } = await input.read(bytes, filled, bytes.length - filled, pcm.dataOffsetBytes + first * frameBytes + filled)
    if (bytesRead === 0) throw new AppError('file-truncated')
    filled += bytesRead
  }
  const planes = Array.from({ length: pcm.channels }, () => new Float32Array(frames))
  decodePcm(new DataView(bytes.buffer), 0, pcm.format, pcm.channels, frames, planes)
  return planes
}

function encode(planes: readonly Float32Array[], frames: number, format: 'int16' | 'int24'): Uint8Array {
  const bytes = new Uint8Array(frames * planes.length * pcmBytes[format])
  if (format === 'int16') toInt16(planes, frames, new Int16Array(bytes.buffer), null)
  else toInt24(planes, frames, bytes)
  return bytes
}

async function writeAll(output: FileHandle, bytes: Uint8Array): Promise<void> {
  for (let written = 0; written < bytes.length;) written += (await output.write(bytes, written, bytes.length - written)).bytesWritten
}

/** "Trim to a new item": the part between the cues becomes a draft of its own, with what was written about the whole. */
export function createTrim(ctx: Pick<StationContext, 'jobs' | 'folders' | 'newId' | 'events'>, deps: { sounds: Sounds; pipeline: Pipeline }) {
  return (item: Item, title: string, who: Who): { jobId: string } => {
    const cues = item.cues ?? noCues
    const { start, end } = cueRange(cues, item.lengthSamples)
    if (!hasRange(cues) || end <= start) throw new AppError('invalid-input', { data: { field: 'cues' } })
    const { jobId } = ctx.jobs.start('render', title, async (job) => {
      await job.outside(deps.sounds.prepare([item.id]))
      const pcm = await deps.sounds.pcmOf(item.id)
      if (pcm === null) throw new AppError('file-missing', { data: { fileName: item.title } })
      const path = join(ctx.folders.temp, `trim-${ctx.newId()}.wav`)
      try {
        await writePart(pcm, start, end, path, job)
        if (!(await isAsItWas(pcm))) throw new AppError('file-changed', { data: { fileName: item.title } })
        const inner = cuesWithin(cues, start, end)
        const made = await deps.pipeline.run(path, {
          who: { personId: who.personId, name: who.name }, title, kind: item.kind, tags: [...item.tags], cues: inner,
        }, { signal: job.signal, progress: (value) => job.progress(value === null ? null : 0.3 + value * 0.7) })
        ctx.events.emit('library.changed', { itemId: made.id, removed: false })
        return { itemId: made.id }
      } finally {
        await rm(path, { force: true }).catch(() => undefined)
      }
    })
    return { jobId }
  }
}
