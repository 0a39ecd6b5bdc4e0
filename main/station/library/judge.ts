import { RATE_HZ } from '#common/units/samples.ts'
import { AppError } from '#contract/errors.ts'
import type { MediaProbe } from '../faces.ts'

export const MAX_SECONDS = 12 * 3600
/** −66 dBFS: below the noise of any microphone that was open. */
const SILENT_PEAK = 0.0005

/** @throws AppError file-too-long by what the header claims; the decode is limited as well, for headers that claim less */
export function judgeClaim(probe: Pick<MediaProbe, 'declaredSeconds'>): void {
  if (probe.declaredSeconds !== null && probe.declaredSeconds > MAX_SECONDS) throw new AppError('file-too-long', { data: { maxHours: MAX_SECONDS / 3600 } })
}

/**
 * Compares what came out with what the file promised. Video files are not held to it: their length is that of the picture.
 * Half a second plus 0.02 % covers encoder padding and the rounding of headers.
 * @throws AppError file-empty, file-truncated
 */
export function judgeLength(probe: Pick<MediaProbe, 'declaredSeconds' | 'hasVideo'>, decodedSamples: number): void {
  if (decodedSamples === 0) throw new AppError('file-empty')
  const decodedSeconds = decodedSamples / RATE_HZ
  const declared = probe.declaredSeconds
  if (declared === null || probe.hasVideo) return
  if (declared - decodedSeconds > 0.5 + declared * 0.0002) throw new AppError('file-truncated', { data: { declaredSeconds: Math.round(declared), decodedSeconds: Math.round(decodedSeconds) } })
}

/** @throws AppError file-silent */
export function judgePeak(peak: number): void {
  if (peak < SILENT_PEAK) throw new AppError('file-silent')
}
