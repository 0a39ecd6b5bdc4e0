import { asciiOf, putText, textAt } from './text.ts'

/**
 * Broadcast audio extension chunk, version 2 (EBU Tech 3285): who made it, when, and how loud it is.
 * https://tech.ebu.ch/docs/tech/tech3285.pdf
 */
export interface Bext {
  readonly description: string
  readonly originator: string
  readonly originatorReference: string
  /** `yyyy-mm-dd` and `hh:mm:ss`, local time. */
  readonly originationDate: string
  readonly originationTime: string
  /** Samples from midnight to the first sample. */
  readonly timeReference: number
  readonly loudness: BextLoudness | null
  /** Lines like `A=PCM,F=48000,W=24,M=stereo,T=…`, ended by CR LF. */
  readonly codingHistory: string
}
export interface BextLoudness {
  readonly integratedLufs: number
  readonly rangeLu: number
  readonly truePeakDbtp: number
  readonly maxMomentaryLufs: number | null
  readonly maxShortTermLufs: number | null
}

const FIXED_BYTES = 602
const LOUDNESS_AT = 412
/** Stands for "not known" in each loudness field. */
const UNKNOWN = 0x7fff

export function encodeBext(bext: Bext): Uint8Array {
  const history = new TextEncoder().encode(bext.codingHistory.split(/\r?\n/).map(asciiOf).join('\r\n'))
  const bytes = new Uint8Array(FIXED_BYTES + history.length)
  const view = new DataView(bytes.buffer)
  putText(bytes, 0, 256, bext.description)
  putText(bytes, 256, 32, bext.originator)
  putText(bytes, 288, 32, bext.originatorReference)
  putText(bytes, 320, 10, bext.originationDate)
  putText(bytes, 330, 8, bext.originationTime)
  view.setBigUint64(338, BigInt(bext.timeReference), true)
  view.setUint16(346, 2, true)
  const { loudness } = bext
  const values = loudness === null ? [null, null, null, null, null] : [loudness.integratedLufs, loudness.rangeLu, loudness.truePeakDbtp, loudness.maxMomentaryLufs, loudness.maxShortTermLufs]
  values.forEach((value, n) => view.setInt16(LOUDNESS_AT + 2 * n, value === null ? UNKNOWN : Math.max(-9_999, Math.min(9_999, Math.round(value * 100))), true))
  bytes.set(history, FIXED_BYTES)
  return bytes
}

/** Null when it is too short to be one. Loudness is only in version 2. */
export function decodeBext(bytes: Uint8Array): Bext | null {
  if (bytes.length < FIXED_BYTES) return null
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  const [integrated, range, truePeak, momentary, shortTerm] = [0, 1, 2, 3, 4].map((n) => {
    const value = view.getInt16(LOUDNESS_AT + 2 * n, true)
    return Math.abs(value) > 9_999 ? null : value / 100
  })
  const isKnown = view.getUint16(346, true) >= 2 && integrated !== undefined && integrated !== null && integrated !== 0
  const timeReference = view.getBigUint64(338, true)
  return {
    description: textAt(bytes, 0, 256), originator: textAt(bytes, 256, 32), originatorReference: textAt(bytes, 288, 32),
    originationDate: textAt(bytes, 320, 10), originationTime: textAt(bytes, 330, 8),
    timeReference: timeReference <= BigInt(Number.MAX_SAFE_INTEGER) ? Number(timeReference) : 0,
    loudness: isKnown ? { integratedLufs: integrated, rangeLu: range ?? 0, truePeakDbtp: truePeak ?? 0, maxMomentaryLufs: momentary ?? null, maxShortTermLufs: shortTerm ?? null } : null,
    codingHistory: textAt(bytes, FIXED_BYTES, bytes.length - FIXED_BYTES),
  }
}
