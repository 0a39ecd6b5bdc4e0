import type { DecodedSound } from './pcm-library.ts'

/** Something that can take the output. All positions are samples of the output clock. */
export interface Voice {
  /** Wants the output at this sample. */
  due(at: number): boolean
  /** First sample after `at` at which `due` or the source of the sound may change. */
  nextChange(at: number): number
  /** It takes the output now, at its own first sample or in the middle. `first` = it has never sounded. False = it must not start any more (late, skipped). */
  begin(at: number, first: boolean): 'start' | 'join' | false
  /** Something higher took the output. */
  lost?(): void
  /** Fills `into[0..count)` (zeros) with [at, at + count); returns how many samples were not ready. */
  fill(at: number, into: Float32Array, count: number): number
  /** Housekeeping a few times a second: opens what is due soon, closes what is over. */
  service(at: number): void
  /** The plan of time moved (clock step): positions are taken from the clock again. */
  retime(): void
  close(): void
}

/** Where voices get decoded sound from. The promise rejects with a `SoundError`. */
export interface Sounds {
  peek(sha256: string): DecodedSound | null
  get(sha256: string, options?: { urgent?: boolean; url?: string; fetch?: boolean }): Promise<DecodedSound>
}

export class SoundError extends Error {
  readonly code: 'no_file' | 'bad_hash' | 'net' | 'internal' | 'disk_full'
  constructor(code: SoundError['code'], cause?: unknown) {
    super(code, cause === undefined ? undefined : { cause })
    this.name = 'SoundError'
    this.code = code
  }
}

export const soundErrorCode = (error: unknown): SoundError['code'] => (error instanceof SoundError ? error.code : 'internal')
