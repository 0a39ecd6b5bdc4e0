/** Something the station listens to by itself. Sound is 48 kHz stereo; times are the source's own. */
export interface Listener {
  /** Interleaved stereo, valid until the call returns. `lostFrames` are known to be missing before it. */
  sound(pcm: Float32Array, lostFrames: number): void
  /** Nothing comes any more; the source tries to come back. */
  lost(): void
  /** It will not come back: `whole` when it was a recording that has been heard to its end. */
  ended(whole: boolean): void
}

export interface Source {
  close(): void
}
