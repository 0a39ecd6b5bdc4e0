import { readFileSync } from 'node:fs'
import type { PcmFile } from '../../main/station/faces.ts'

/** First channel of a 16-bit PCM file as floats. */
export function readPcm(path: string, pcm: PcmFile): Float32Array {
  const bytes = readFileSync(path)
  const out = new Float32Array(pcm.length)
  const width = pcm.format === 'int16' ? 2 : pcm.format === 'int24' ? 3 : 4
  for (let index = 0; index < pcm.length; index++) {
    const at = pcm.dataOffsetBytes + index * width * pcm.channels
    out[index] = pcm.format === 'int16' ? bytes.readInt16LE(at) / 32_768 : pcm.format === 'int24' ? bytes.readIntLE(at, 3) / 8_388_608 : bytes.readFloatLE(at)
  }
  return out
}

/** Normalised correlation of two signals at the same positions, −1…1. */
export function correlation(a: Float32Array, b: Float32Array, offset = 0): number {
  let [ab, aa, bb] = [0, 0, 0]
  for (let index = 0; index < a.length; index++) {
    const x = a[index] ?? 0
    const y = b[index + offset] ?? 0
    ab += x * y
    aa += x * x
    bb += y * y
  }
  return ab / Math.sqrt(aa * bb || 1)
}
