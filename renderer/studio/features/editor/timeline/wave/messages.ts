import type { Peaks } from '#common/peaks/index.ts'

/** Where the planes of one item are read. */
export interface WaveUrls {
  /** The whole in a few thousand points. */
  readonly coarse: string
  readonly peaks: string
  readonly rms: string
  readonly pcm: string
}

/** Window → wave Worker. Answers carry the same `id`. */
export type ToWave =
  /** The whole file, joined to a level that fits; comes in two answers: coarsely at once, then whole. */
  | { readonly kind: 'levels'; readonly id: number; readonly urls: WaveUrls }
  /** Points of the file itself, `[from, to)`. */
  | { readonly kind: 'points'; readonly id: number; readonly urls: WaveUrls; readonly channels: number; readonly from: number; readonly to: number }
  /** Samples `[from, to)`. */
  | { readonly kind: 'samples'; readonly id: number; readonly urls: WaveUrls; readonly channels: number; readonly from: number; readonly to: number }
  /** Pieces of files that are not among these are forgotten. */
  | { readonly kind: 'sources'; readonly pcmUrls: readonly string[] }
  | { readonly kind: 'cancel'; readonly id: number }

/** Wave Worker → window. */
export type FromWave =
  | { readonly kind: 'levels'; readonly id: number; readonly levels: readonly Peaks[]; readonly isWhole: boolean }
  | { readonly kind: 'points'; readonly id: number; readonly data: Int16Array; readonly rms: Uint16Array | null }
  | { readonly kind: 'samples'; readonly id: number; readonly channels: readonly Float32Array[] }
  | { readonly kind: 'failed'; readonly id: number }
