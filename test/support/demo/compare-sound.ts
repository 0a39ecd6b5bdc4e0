import { readFileSync } from 'node:fs'

/** One channel of a 16-, 24- or 32-bit-float PCM WAV, full scale 1.0 (stereo is averaged). For files made by the project itself. */
export function readMono(path: string): { pcm: Float32Array; rateHz: number } {
  const bytes = readFileSync(path)
  let at = 12
  let format = { code: 1, channels: 1, rateHz: 48_000, bits: 16 }
  while (at + 8 <= bytes.length) {
    const id = bytes.toString('latin1', at, at + 4)
    const size = bytes.readUInt32LE(at + 4)
    if (id === 'fmt ') format = { code: bytes.readUInt16LE(at + 8), channels: bytes.readUInt16LE(at + 10), rateHz: bytes.readUInt32LE(at + 12), bits: bytes.readUInt16LE(at + 22) }
    if (id === 'data') return { pcm: mono(bytes.subarray(at + 8, Math.min(bytes.length, at + 8 + size)), format), rateHz: format.rateHz }
    at += 8 + size + (size & 1)
  }
  throw new Error(`${path} has no data chunk`)
}
function mono(data: Buffer, format: { code: number; channels: number; bits: number }): Float32Array {
  const width = format.bits / 8
  const frames = Math.floor(data.length / (width * format.channels))
  const out = new Float32Array(frames)
  for (let frame = 0; frame < frames; frame++) {
    let sum = 0
    for (let channel = 0; channel < format.channels; channel++) {
      const at = (frame * format.channels + channel) * width
      sum += width === 2 ? data.readInt16LE(at) / 32_768 : width === 3 ? data.readIntLE(at, 3) / 8_388_608 : data.readFloatLE(at)
    }
    out[frame] = sum / format.channels
  }
  return out
}

/** Pearson correlation of `a` from `aStart` with `b` from `bStart` over `length` samples; 0 when either is silent. */
export function correlation(a: Float32Array, aStart: number, b: Float32Array, bStart: number, length: number, step = 1): number {
  let n = 0, sa = 0, sb = 0, saa = 0, sbb = 0, sab = 0
  for (let i = 0; i < length; i += step) {
    const x = a[aStart + i] ?? 0
    const y = b[bStart + i] ?? 0
    n += 1
    sa += x
    sb += y
    saa += x * x
    sbb += y * y
    sab += x * y
  }
  const va = saa - (sa * sa) / n
  const vb = sbb - (sb * sb) / n
  return va <= 1e-12 || vb <= 1e-12 ? 0 : (sab - (sa * sb) / n) / Math.sqrt(va * vb)
}

/**
 * Where `reference` begins in `heard`, looked for within ± `reachSamples` of `expectedAt`: coarse on a low-passed copy at 4 kHz, then to the sample.
 * @returns sample offset from `expectedAt` and the correlation there over the whole reference
 */
export function align(heard: Float32Array, reference: Float32Array, expectedAt: number, reachSamples: number): { offset: number; correlation: number } {
  const slowHeard = lowRate(heard)
  const slowReference = lowRate(reference)
  const from = Math.round((expectedAt - reachSamples) / SLOW)
  const to = Math.round((expectedAt + reachSamples) / SLOW)
  let best = { at: from, value: -Infinity }
  for (let at = from; at <= to; at++) {
    const value = correlation(slowHeard, at, slowReference, 0, slowReference.length)
    if (value > best.value) best = { at, value }
  }
  const coarse = best.at * SLOW
  const window = Math.min(reference.length, 240_000)
  const start = Math.max(0, Math.floor((reference.length - window) / 2))
  let fine = { at: coarse, value: -Infinity }
  for (let at = coarse - 2 * SLOW; at <= coarse + 2 * SLOW; at++) {
    const value = correlation(heard, at + start, reference, start, window)
    if (value > fine.value) fine = { at, value }
  }
  return { offset: fine.at - expectedAt, correlation: correlation(heard, fine.at, reference, 0, reference.length) }
}
const SLOW = 12
function lowRate(pcm: Float32Array): Float32Array {
  const out = new Float32Array(Math.floor(pcm.length / SLOW))
  for (let i = 0; i < out.length; i++) {
    let sum = 0
    for (let k = 0; k < SLOW; k++) sum += pcm[i * SLOW + k] ?? 0
    out[i] = sum / SLOW
  }
  return out
}

/** Samples of 10 ms blocks that are digitally silent in `heard` where the reference is clearly not: dropouts and cut tails. */
export function missingSamples(heard: Float32Array, heardStart: number, reference: Float32Array): number {
  const block = 480
  let missing = 0
  for (let at = 0; at + block <= reference.length; at += block) {
    let wanted = 0
    let got = 0
    for (let i = at; i < at + block; i++) {
      wanted += (reference[i] ?? 0) ** 2
      got += (heard[heardStart + i] ?? 0) ** 2
    }
    if (Math.sqrt(wanted / block) > 0.003 && Math.sqrt(got / block) < 0.000_05) missing += block
  }
  return missing
}
