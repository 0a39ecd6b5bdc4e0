import type { Peaks } from './file.ts'
import { halveRms } from './rms.ts'

/** Levels from fine to coarse, each with half the points of the one before. The first is the file's own. */
export type PeakPyramid = readonly Peaks[]

/** One level coarser: joins neighbouring points; an odd last point stands alone. */
export function halve(level: Peaks): Peaks {
  const { channels, length, data } = level
  const next = Math.ceil(length / 2)
  const out = new Int16Array(next * channels * 2)
  const stride = channels * 2
  for (let point = 0; point < next; point++) {
    const left = point * 2 * stride
    const right = point * 2 + 1 < length ? left + stride : left
    for (let i = 0; i < stride; i += 2) {
      const lowLeft = data[left + i] as number
      const lowRight = data[right + i] as number
      const highLeft = data[left + i + 1] as number
      const highRight = data[right + i + 1] as number
      out[point * stride + i] = lowLeft < lowRight ? lowLeft : lowRight
      out[point * stride + i + 1] = highLeft > highRight ? highLeft : highRight
    }
  }
  const coarse = { ...level, samplesPerPoint: level.samplesPerPoint * 2, length: next, data: out }
  return level.rms === undefined ? coarse : { ...coarse, rms: halveRms(level.rms, channels, length) }
}

export function buildPyramid(base: Peaks, levels = 10): PeakPyramid {
  const pyramid = [base]
  let last = base
  while (pyramid.length < levels && last.length > 1) {
    last = halve(last)
    pyramid.push(last)
  }
  return pyramid
}

/** The coarsest level that still has at least one point per pixel, else the finest there is. */
export function levelFor(pyramid: PeakPyramid, samplesPerPixel: number): Peaks {
  const base = pyramid[0]
  if (base === undefined) throw new RangeError('a pyramid has at least one level')
  let chosen = base
  for (const level of pyramid) {
    if (level.samplesPerPoint > samplesPerPixel) break
    chosen = level
  }
  return chosen
}

/** The finest level with at most `points` points, else the coarsest: for views of fixed detail. */
export function levelWithin(pyramid: PeakPyramid, points: number): Peaks {
  const found = pyramid.find((level) => level.length <= points) ?? pyramid.at(-1)
  if (found === undefined) throw new RangeError('a pyramid has at least one level')
  return found
}

/** Smallest and largest value over points `[from, to)` of one channel; zeros outside the file. */
export function rangeOf(level: Peaks, channel: number, from: number, to: number): { min: number; max: number } {
  const first = Math.max(0, from)
  const end = Math.min(level.length, to)
  if (end <= first) return { min: 0, max: 0 }
  let min = 32767
  let max = -32768
  for (let point = first; point < end; point++) {
    const at = (point * level.channels + channel) * 2
    const low = level.data[at] as number
    const high = level.data[at + 1] as number
    if (low < min) min = low
    if (high > max) max = high
  }
  return { min, max }
}

/** Interleaved min/max of one channel in −1…1, as wavesurfer.js takes supplied peaks. */
export function channelPeaks(level: Peaks, channel: number): Float32Array<ArrayBuffer> {
  const out = new Float32Array(level.length * 2)
  for (let point = 0; point < level.length; point++) {
    const at = (point * level.channels + channel) * 2
    out[point * 2] = (level.data[at] as number) / 32768
    out[point * 2 + 1] = (level.data[at + 1] as number) / 32768
  }
  return out
}
