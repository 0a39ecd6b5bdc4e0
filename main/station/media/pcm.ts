import { samples, RATE_HZ } from '#common/units/samples.ts'
import { AppError } from '#contract/errors.ts'
import type { PcmFile } from '../faces.ts'
import { readWav } from './wav.ts'
import type { WavHeader } from './wav.ts'

const addressable = (format: WavHeader['format']): format is PcmFile['format'] => format === 'int16' || format === 'int24' || format === 'float32'

/** The file as PCM addressed by sample, or null when it must be converted first. */
export function pcmFromHeader(path: string, header: WavHeader): PcmFile | null {
  if (header.rateHz !== RATE_HZ || !addressable(header.format)) return null
  return { path, format: header.format, channels: header.channels, dataOffsetBytes: header.dataOffsetBytes, length: samples(header.frames) }
}

export async function openPcm(path: string): Promise<PcmFile> {
  const header = await readWav(path)
  const pcm = pcmFromHeader(path, header)
  if (pcm === null) throw new AppError('unsupported-format', { data: { rateHz: header.rateHz, format: header.format } })
  return pcm
}
