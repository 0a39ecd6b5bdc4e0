import type { Clip } from '#common/edl/index.ts'
import { fadeCurve, linearGain } from '#common/mix/index.ts'
import type { PcmPiece, PeakPiece } from '../wave/wave-data.ts'

/** What one row of pixels columns shows: lowest, highest and body (RMS) per column, 1 = full scale. Used again for every clip of every frame. */
export class Columns {
  low = new Float32Array(0)
  high = new Float32Array(0)
  body = new Float32Array(0)
  /** Fades and envelope at each column. */
  shape = new Float32Array(0)

  reserve(count: number): void {
    if (this.low.length >= count) return
    const size = Math.ceil(count / 512) * 512
    this.low = new Float32Array(size)
    this.high = new Float32Array(size)
    this.body = new Float32Array(size)
    this.shape = new Float32Array(size)
  }
}

/** Columns of a source: column 0 begins at sample `at` and each is `step` samples wide. Nothing outside `[from, to)` is looked at. */
export interface Span {
  readonly at: number
  readonly step: number
  readonly count: number
  readonly from: number
  readonly to: number
}

const FULL = 1 / 32_768

/** `channel` null = all of them together. */
export function columnsOfPeaks(into: Columns, piece: PeakPiece, channel: number | null, span: Span): void {
  const { data, rms, channels, samplesPerPoint, first } = piece
  const end = first + piece.length
  const firstChannel = channel ?? 0
  const lastChannel = channel === null ? channels : Math.min(channels, channel + 1)
  const stride = channels * 2
  const scale = 1 / samplesPerPoint
  for (let column = 0; column < span.count; column++) {
    const start = span.at + column * span.step
    let point = Math.floor((start < span.from ? span.from : start) * scale)
    const stopAt = start + span.step
    let stop = Math.ceil((stopAt > span.to ? span.to : stopAt) * scale)
    if (stop <= point) stop = point + 1
    if (point < first) point = first
    if (stop > end) stop = end
    let low = 0
    let high = 0
    let square = 0
    for (let c = firstChannel; c < lastChannel; c++) {
      for (let n = (point - first) * stride + c * 2, last = (stop - first) * stride; n < last; n += stride) {
        const min = data[n] as number
        const max = data[n + 1] as number
        if (min < low) low = min
        if (max > high) high = max
      }
      if (rms === undefined) continue
      for (let n = (point - first) * channels + c, last = (stop - first) * channels; n < last; n += channels) {
        const value = rms[n] as number
        square += value * value
      }
    }
    into.low[column] = low * FULL
    into.high[column] = high * FULL
    const many = (stop - point) * (lastChannel - firstChannel)
    into.body[column] = rms === undefined || many <= 0 ? 0 : Math.sqrt(square / many) * FULL
  }
}

/** Samples are joined by straight lines: below one sample per column a column shows the part of the line that lies in it. */
export function columnsOfSamples(into: Columns, piece: PcmPiece, channel: number | null, span: Span): void {
  const chosen = channel === null ? piece.channels : piece.channels.slice(channel, channel + 1)
  const { first } = piece
  for (let column = 0; column < span.count; column++) {
    // A sample stands in the middle of its time.
    const start = Math.max(span.from, span.at + column * span.step - 0.5)
    const end = Math.min(span.to - 1, span.at + (column + 1) * span.step - 0.5)
    const inner = Math.ceil(start)
    let low = Infinity
    let high = -Infinity
    let square = 0
    let many = 0
    for (const data of chosen) {
      for (const at of [start, end]) {
        const left = Math.floor(at)
        const here = data[left - first] ?? 0
        const value = left === at ? here : here + ((data[left + 1 - first] ?? here) - here) * (at - left)
        if (value < low) low = value
        if (value > high) high = value
      }
      for (let n = inner; n <= end; n++) {
        const value = data[n - first] as number
        if (value < low) low = value
        if (value > high) high = value
        square += value * value
        many += 1
      }
    }
    into.low[column] = low === Infinity ? 0 : low
    into.high[column] = high === -Infinity ? 0 : high
    into.body[column] = many < 16 ? 0 : Math.sqrt(square / many)
  }
}

/** Fades and envelope of a clip over columns of its source; true when they change anything. */
export function shapeColumns(into: Columns, clip: Clip, span: Span): boolean {
  const { fadeIn, fadeOut, envelope, length } = clip
  const isPlain = envelope.length === 0 && fadeIn.length === 0 && fadeOut.length === 0
  into.shape.fill(1, 0, span.count)
  if (isPlain) return false
  let next = 0
  for (let column = 0; column < span.count; column++) {
    const at = Math.max(0, Math.min(length, span.at + (column + 0.5) * span.step - clip.offset))
    let gain = 1
    if (envelope.length > 0) {
      while (next < envelope.length && (envelope[next]?.at ?? 0) <= at) next += 1
      const left = envelope[next - 1]
      const right = envelope[next]
      if (left === undefined) gain = linearGain(right?.gainDb ?? 0)
      else if (right === undefined) gain = linearGain(left.gainDb)
      else {
        const low = linearGain(left.gainDb)
        gain = low + (linearGain(right.gainDb) - low) * ((at - left.at) / (right.at - left.at))
      }
    }
    if (at < fadeIn.length) gain *= fadeCurve(fadeIn.shape, at / fadeIn.length)
    if (length - at < fadeOut.length) gain *= fadeCurve(fadeOut.shape, (length - at) / fadeOut.length)
    into.shape[column] = gain
  }
  return true
}
