import type { PcmFile } from '../faces.ts'

/** Files of items at another speed, as far as they are made. Asking for one that is not there orders it once. */
export class Stretches {
  private readonly files = new Map<string, PcmFile | null>()
  private readonly order: (sha256: string, pcm: PcmFile, ratio: number) => void

  constructor(order: (sha256: string, pcm: PcmFile, ratio: number) => void) {
    this.order = order
  }

  get(sha256: string, pcm: PcmFile, ratio: number): PcmFile | null {
    const key = keyOf(sha256, ratio)
    const known = this.files.get(key)
    if (known !== undefined) return known
    this.files.set(key, null)
    this.order(sha256, pcm, ratio)
    return null
  }

  /** @param pcm null when it could not be made: the item plays at its own speed */
  put(sha256: string, ratio: number, pcm: PcmFile | null): void {
    this.files.set(keyOf(sha256, ratio), pcm)
  }
}

function keyOf(sha256: string, ratio: number): string {
  return `${sha256} ${ratio}`
}
