const KEEP_FRAMES = 3 * 48_000

export interface SoundPiece {
  /** Position in the capture session. */
  readonly at: number
  readonly frames: number
  /** null = silence */
  readonly pcm: Uint8Array | null
}

/** The last seconds of a run, so that a seam asked for "a moment ago" can still be cut there. Holds the very bytes given to the file, no copies. */
export class RecentSound {
  readonly #frameBytes: number
  #pieces: SoundPiece[] = []

  constructor(frameBytes: number) {
    this.#frameBytes = frameBytes
  }

  /** Earliest position that can still be given out. */
  get from(): number {
    return this.#pieces[0]?.at ?? Infinity
  }

  push(at: number, frames: number, pcm: Uint8Array | null): void {
    this.#pieces.push({ at, frames, pcm })
    const oldest = at + frames - KEEP_FRAMES
    while (this.#pieces.length > 1 && (this.#pieces[0]?.at ?? 0) + (this.#pieces[0]?.frames ?? 0) <= oldest) this.#pieces.shift()
  }

  since(at: number): SoundPiece[] {
    return this.#pieces.flatMap((piece) => {
      const skip = Math.max(0, at - piece.at)
      if (skip >= piece.frames) return []
      return [{ at: piece.at + skip, frames: piece.frames - skip, pcm: piece.pcm?.subarray(skip * this.#frameBytes) ?? null }]
    })
  }
}
