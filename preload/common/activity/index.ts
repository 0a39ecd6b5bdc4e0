import { decodePeaks, decodeRms, withRms } from '../peaks/index.ts'
import type { Peaks } from '../peaks/index.ts'
import { samples } from '../units/samples.ts'
import type { Samples } from '../units/samples.ts'

/** Where somebody speaks in a recording, from its stored peaks and their body: no sound is read. */
export interface Activity {
  readonly start: Samples
  readonly end: Samples
}

/** Between words and at commas a voice is still speaking. */
const PAUSE = 14_400
/** A knock or a click is no word. */
const LEAST = 2_880
/** The soft beginning and end of a word lie below the threshold. */
const EDGE = 960
/** What is nowhere louder than this is an empty room. */
const SILENT_DBFS = -55

/** Ranges in samples of the source, in order and apart. Total: an empty or silent recording has none. */
export function speechActivity(peaks: Peaks): Activity[] {
  const levels = levelsOf(peaks)
  const threshold = thresholdOf(levels)
  if (threshold === null) return []
  const step = peaks.samplesPerPoint
  const end = peaks.length * step
  const loud: { start: number; end: number }[] = []
  for (let point = 0; point < levels.length; point++) {
    if ((levels[point] as number) < threshold) continue
    const last = loud.at(-1)
    const start = point * step
    if (last !== undefined && start - last.end <= PAUSE) last.end = start + step
    else loud.push({ start, end: start + step })
  }
  return loud.filter((range) => range.end - range.start >= LEAST).map((range) => ({ start: samples(Math.max(0, range.start - EDGE)), end: samples(Math.min(end, range.end + EDGE)) }))
}

/** The same from what the library keeps beside a sound (`.dat`, and `.rms` where there is one): for the station's edits and the window's preview of them. Null when it cannot be read. */
export function speechInFiles(peaksFile: Uint8Array, bodyFile: Uint8Array | null): Activity[] | null {
  const peaks = decodePeaks(peaksFile)
  return peaks === null ? null : speechActivity(withRms(peaks, bodyFile === null ? null : decodeRms(bodyFile)))
}

/** Level of each point, 0–32768: the body where it is known, else half the peak, which is what speech has. */
function levelsOf({ channels, length, data, rms }: Peaks): Float32Array {
  const levels = new Float32Array(length)
  for (let point = 0; point < length; point++) {
    let level = 0
    for (let n = point * channels; n < (point + 1) * channels; n++) {
      const value = rms === undefined ? Math.max(-(data[n * 2] as number), data[n * 2 + 1] as number) / 2 : (rms[n] as number)
      if (value > level) level = value
    }
    levels[point] = level
  }
  return levels
}

/** Between the room and the voice of this recording; null when there is nothing but the room. */
function thresholdOf(levels: Float32Array): number | null {
  if (levels.length === 0) return null
  // A few thousand points say it; three hours have two million.
  const stride = Math.max(1, Math.floor(levels.length / 20_000))
  const seen: number[] = []
  for (let point = 0; point < levels.length; point += stride) seen.push(dbfs(levels[point] as number))
  seen.sort((a, b) => a - b)
  const room = seen[Math.floor(seen.length * 0.1)] ?? -100
  const voice = seen[Math.floor(seen.length * 0.95)] ?? -100
  if (voice < SILENT_DBFS) return null
  return 32_768 * 10 ** (Math.min(voice - 10, Math.max(room + 9, voice - 30)) / 20)
}

const dbfs = (level: number): number => 20 * Math.log10(Math.max(1, level) / 32_768)
