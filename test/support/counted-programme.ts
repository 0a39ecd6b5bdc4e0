import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { Item } from '#contract/library.ts'
import { importApproved, schedule } from './on-air.ts'
import { counterWav } from './signals.ts'
import type { StationClient } from './station-client.ts'
import type { TapRecording } from './tap-recorder.ts'

const FULL_SCALE = 0x800000
const SAMPLES_PER_MS = 48
/** Kept free between the counters of two pieces, so that a value names its piece. */
const APART = 1000
/** Samples in a row that tell a piece. */
const READ_SAMPLES = 16

interface Piece {
  readonly itemId: string
  readonly first: number
  readonly length: number
  /** Of full scale per count, as the station plays it. */
  readonly unit: number
}
export interface Place {
  /** Place in the round of pieces, and the sample of it. */
  readonly piece: number
  readonly sample: number
}

/**
 * Pieces that count, one behind the other again and again: any sample heard names its item and its place in it. Promises: `expected` is what
 * the programme bus sounds at every sample after the start, if nothing is lost, doubled or late.
 */
export class CountedProgramme {
  readonly at: number
  private readonly pieces: readonly Piece[]
  private readonly round: number

  private constructor(pieces: readonly Piece[], at: number) {
    this.pieces = pieces
    this.at = at
    this.round = pieces.reduce((sum, { length }) => sum + length, 0)
  }

  /** Imports pieces of these lengths, and schedules them round after round from `startsAt` on (asked when the imports are done). */
  static async schedule(client: StationClient, folder: string, options: { lengths: readonly number[]; lines: number; startsAt: () => number }): Promise<CountedProgramme> {
    let first = 1
    const pieces: Piece[] = []
    for (const [n, length] of options.lengths.entries()) {
      const path = join(folder, `dem-${n}-${length}.wav`)
      await writeFile(path, counterWav(length, 2, first))
      const item: Item = await importApproved(client, path)
      pieces.push({ itemId: item.id, first, length, unit: 10 ** (item.playGainDb / 20) / FULL_SCALE })
      first += length + APART
    }
    const at = options.startsAt()
    await schedule(client, Array.from({ length: options.lines }, (_, n) => ({ itemId: pieces[n % pieces.length]?.itemId ?? '', at: n === 0 ? at : null })))
    return new CountedProgramme(pieces, at)
  }

  /** @param frame samples since the start */
  placeOf(frame: number): Place {
    let sample = frame % this.round
    for (const [piece, { length }] of this.pieces.entries()) {
      if (sample < length) return { piece, sample }
      sample -= length
    }
    throw new RangeError('a programme without pieces')
  }

  /**
   * What the bus sounds from `index` on; null when it is none of the counters. One value is not enough: pieces play at different gains, and a value of one may
   * be a whole count of another. A few that climb by one count each are of one piece alone.
   */
  read(sound: Float32Array, index: number): Place | null {
    for (const [piece, { first, length, unit }] of this.pieces.entries()) {
      const count = Math.round((sound[index] ?? 0) / unit)
      const isIts = (_: unknown, n: number): boolean => Math.abs((sound[index + n] ?? 0) / unit - count - n) < 0.3
      if (count >= first && count < first + length && Array.from({ length: READ_SAMPLES }).every(isIts)) return { piece, sample: count - first }
    }
    return null
  }

  /** Samples from one place to the other, the short way round. */
  distance(from: Place, to: Place): number {
    const at = ({ piece, sample }: Place): number => this.pieces.slice(0, piece).reduce((sum, { length }) => sum + length, sample)
    const way = (at(to) - at(from) + this.round) % this.round
    return way > this.round / 2 ? way - this.round : way
  }

  /** What sounds from `index` on, where the sample `frame` after the start has to be. */
  tell(sound: Float32Array, index: number, frame: number): string {
    const value = sound[index] ?? 0
    if (value === 0) return 'silence'
    const found = this.read(sound, index)
    const wanted = this.placeOf(frame)
    return found === null ? `none of the items (${value}) in piece ${wanted.piece} at ${wanted.sample}` : `${this.distance(wanted, found)} samples from its place in piece ${wanted.piece} at ${wanted.sample}`
  }

  /** Samples since the start at an instant. */
  frameAt(instantMs: number): number {
    return Math.round((instantMs - this.at) * SAMPLES_PER_MS)
  }

  /** First sample of the recording from `from` on that is not what has to sound, or -1. `start` = index of the first sample of the programme. */
  firstWrong(tap: TapRecording, start: number, from: number, until: number): number {
    const place = this.placeOf(from - start)
    let { piece, sample } = place
    for (let index = from; index < until; index++) {
      const own = this.pieces[piece]
      if (own === undefined) throw new RangeError('a programme without pieces')
      const wanted = own.first + sample
      if (Math.round((tap.left[index] ?? 0) / own.unit) !== wanted || Math.round((tap.right[index] ?? 0) / own.unit) !== wanted) return index
      if (++sample < own.length) continue
      sample = 0
      piece = (piece + 1) % this.pieces.length
    }
    return -1
  }
}
