import { RATE_HZ } from '#common/units/samples.ts'
import { AppError } from '#contract/errors.ts'
import type { MediaRoom, PcmFile } from '../faces.ts'
import { fileUrl } from './arguments.ts'
import type { FfmpegPlan } from './arguments.ts'
import { writeWhole } from './atomic.ts'
import type { Ffmpeg } from './ffmpeg.ts'
import { openPcm } from './pcm.ts'

const rawFormats = { int16: 's16le', int24: 's24le', float32: 'f32le' } as const
const frameBytes = { int16: 2, int24: 3, float32: 4 } as const
const codecs = { int16: 'pcm_s16le', int24: 'pcm_s24le', float32: 'pcm_f32le' } as const
/** Any filter of ours is done with this much after its input ended. */
const FLUSH_FRAMES = 4_800

/**
 * The stretch is read as raw PCM from its first byte: exact to the sample, and at no cost in long files. Inside, everything is in double precision:
 * a narrow filter at 50 Hz in 16 bits would add more noise than it takes away.
 */
export function filterPlan(pcm: PcmFile, target: string, options: { chain: readonly string[]; start: number; end: number; length: number; delay: number; format: PcmFile['format'] }): FfmpegPlan {
  const { start, end, length, delay, format } = options
  const graph = [
    `atrim=end_sample=${end - start}`, 'aformat=sample_fmts=dblp', `apad=pad_len=${delay + FLUSH_FRAMES}`, ...options.chain, 'asetpts=N/SR/TB', `apad=whole_len=${delay + length}`, `atrim=start_sample=${delay}:end_sample=${delay + length}`, 'asetpts=N/SR/TB',
  ]
  return {
    inputOptions: [
      '-hide_banner', '-nostdin', '-protocol_whitelist', 'file,pipe', '-format_whitelist', Object.values(rawFormats).join(','),
      '-f', rawFormats[pcm.format], '-ar', String(RATE_HZ), '-ac', String(pcm.channels), '-skip_initial_bytes', String(pcm.dataOffsetBytes + start * frameBytes[pcm.format] * pcm.channels),
    ],
    input: fileUrl(pcm.path),
    outputs: [{ target: fileUrl(target), options: ['-map', '0:a:0', '-af', graph.join(','), '-ar', String(RATE_HZ), '-c:a', codecs[format], '-map_metadata', '-1', '-bitexact', '-rf64', 'auto', '-f', 'wav'] }],
  }
}

export function openFilter(ffmpeg: Ffmpeg): MediaRoom['filterSound'] {
  return async (pcm, target, { chain, range, length, delay = 0, format, signal, progress }) => {
    const start = range?.start ?? 0
    const end = range?.end ?? pcm.length
    if (start >= end || end > pcm.length) throw new AppError('invalid-input', { data: { field: 'range' } })
    const wanted = length ?? end - start
    return writeWhole(target, async (part) => {
      await ffmpeg.run(filterPlan(pcm, part, { chain, start, end, length: wanted, delay, format }), { signal, onSeconds: (seconds) => progress?.(Math.min(1, (seconds * RATE_HZ) / wanted)) })
      const made = await openPcm(part)
      if (made.length !== wanted) throw new AppError('ffmpeg-failed', { data: { detail: `${made.length} of ${wanted} samples` } })
      return { ...made, path: target }
    })
  }
}
