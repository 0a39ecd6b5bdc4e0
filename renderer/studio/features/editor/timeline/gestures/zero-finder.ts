import type { Edl, Source } from '#common/edl/index.ts'
import { clipEnd } from '#common/edl/index.ts'
import { sourcesOf } from '../draw/scene.ts'
import type { PcmPiece } from '../wave/wave-data.ts'
import { ZERO_REACH, zeroShift } from './zero.ts'
import type { Track } from './zero.ts'

type ReadSamples = (source: Source, from: number, to: number) => Promise<PcmPiece | null>

const PIECE = 1 << 13
const MAX_PIECES = 48

/** Samples around places that are pointed at: asked for when first needed, there for the next move of the pointer. */
export class ZeroFinder {
  private readonly read: ReadSamples
  private readonly pieces = new Map<string, PcmPiece | Promise<PcmPiece | null>>()

  constructor(read: ReadSamples) {
    this.read = read
  }

  /** The place to cut near `at` on these lanes; `at` itself when there is none, or when the samples are not here yet. */
  readonly find = (edl: Edl, at: number, laneIds: readonly string[]): number => {
    const tracks: Track[] = []
    for (const { source, offset } of soundsAt(edl, at, laneIds)) {
      const piece = this.pieceOf(source, offset)
      if (piece === null) return at
      if (piece instanceof Promise) return at
      for (const data of piece.channels) tracks.push({ data, at: offset - piece.first })
    }
    const shift = zeroShift(tracks)
    return shift === null ? at : at + shift
  }

  /** Waits until the samples around these places are here. */
  async settle(edl: Edl, places: readonly number[], laneIds: readonly string[]): Promise<void> {
    await Promise.all(places.flatMap((at) => soundsAt(edl, at, laneIds).map(async ({ source, offset }) => this.pieceOf(source, offset))))
  }

  private pieceOf(source: Source, offset: number): PcmPiece | Promise<PcmPiece | null> | null {
    const index = Math.floor(offset / PIECE)
    const key = `${index} ${source.itemId}`
    const known = this.pieces.get(key)
    if (known !== undefined) return known
    const wanted = this.read(source, index * PIECE - 2 * ZERO_REACH, (index + 1) * PIECE + 2 * ZERO_REACH).then((piece) => {
      if (piece === null) this.pieces.delete(key)
      else this.pieces.set(key, piece)
      return piece
    })
    this.pieces.set(key, wanted)
    if (this.pieces.size > MAX_PIECES) for (const first of this.pieces.keys()) {
      this.pieces.delete(first)
      break
    }
    return wanted
  }
}

/** What sounds at a place: the clips that lie over it or begin or end there. */
function soundsAt(edl: Edl, at: number, laneIds: readonly string[]): { source: Source; offset: number }[] {
  const sources = sourcesOf(edl)
  return edl.lanes.filter((lane) => laneIds.includes(lane.id)).flatMap((lane) => lane.clips.flatMap((clip) => {
    const source = sources.get(clip.sourceId)
    return source !== undefined && clip.start < at && at < clipEnd(clip) ? [{ source, offset: at - clip.start + clip.offset }] : []
  }))
}
