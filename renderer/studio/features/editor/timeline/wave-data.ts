import type { Source } from '#common/edl/index.ts'
import { buildPyramid, decodePeaks } from '#common/peaks/index.ts'
import type { PeakPyramid } from '#common/peaks/index.ts'
import { fetchRange, PcmCache } from '../../../audio/playback/index.ts'
import { fileUrl } from '../../../app/station-client/index.ts'

/** Samples for drawing at high zoom are read with some room on both sides, so that small scrolls need nothing new. */
const MARGIN_FRAMES = 1 << 13
/** More than clips wide enough to be drawn from samples fit on a screen, so that windows never push each other out within one picture. */
const MAX_WINDOWS = 64
const PCM_BYTES = 12_000_000

export interface PcmWindow {
  readonly offset: number
  readonly channels: readonly Float32Array[]
}
interface Kept {
  readonly itemId: string
  readonly offset: number
  readonly end: number
  /** Null while it is being fetched, or when it cannot be. */
  window: PcmWindow | null
}

/** Peaks and, at high zoom, samples of the sources on the timeline. What is not there yet is fetched, and `changed` is called when it came. */
export class WaveData {
  private readonly changed: () => void
  private readonly pyramids = new Map<string, PeakPyramid | 'loading' | 'missing'>()
  private readonly pcm = new PcmCache(fetchRange, PCM_BYTES)
  /** Least recently drawn first. */
  private windows: Kept[] = []
  private readonly abort = new AbortController()
  private sources: readonly Source[] = []
  private urls: readonly string[] = []

  constructor(changed: () => void) {
    this.changed = changed
  }

  useSources(sources: readonly Source[]): void {
    const urls = sources.map((source) => fileUrl('pcm', source.itemId))
    // The address changes with the station and the session.
    if (sources === this.sources && urls.every((url, n) => url === this.urls[n])) return
    this.sources = sources
    this.urls = urls
    this.pcm.setSources(urls)
    const known = new Set(sources.map((source) => source.itemId))
    for (const itemId of this.pyramids.keys()) if (!known.has(itemId)) this.pyramids.delete(itemId)
    this.windows = this.windows.filter((kept) => known.has(kept.itemId))
  }

  /** Null while it is being fetched. */
  pyramid(source: Source): PeakPyramid | 'missing' | null {
    const known = this.pyramids.get(source.itemId)
    if (known === undefined) void this.loadPeaks(source.itemId)
    return known === undefined || known === 'loading' ? null : known
  }

  /** Samples that cover `[offset, offset + frames)` of a source, or null while they are being fetched. */
  samples(source: Source, offset: number, frames: number): PcmWindow | null {
    const at = this.windows.findIndex((kept) => kept.itemId === source.itemId && kept.offset <= offset && offset + frames <= kept.end)
    const found = this.windows[at]
    if (found !== undefined) {
      this.windows.splice(at, 1)
      this.windows.push(found)
      return found.window
    }
    const kept: Kept = { itemId: source.itemId, offset: Math.max(0, offset - MARGIN_FRAMES), end: Math.min(source.length, offset + frames + MARGIN_FRAMES), window: null }
    this.windows.push(kept)
    if (this.windows.length > MAX_WINDOWS) this.windows.shift()
    void this.loadSamples(source, kept)
    return null
  }

  close(): void {
    this.abort.abort()
    this.pyramids.clear()
    this.windows = []
    this.pcm.setSources([])
  }

  private async loadPeaks(itemId: string): Promise<void> {
    this.pyramids.set(itemId, 'loading')
    try {
      const response = await fetch(fileUrl('peaks', itemId), { signal: this.abort.signal })
      const peaks = response.ok ? decodePeaks(new Uint8Array(await response.arrayBuffer())) : null
      if (this.abort.signal.aborted) return
      this.pyramids.set(itemId, peaks === null ? 'missing' : buildPyramid(peaks, 12))
    } catch {
      // A wave that cannot be drawn is shown as such; playing says what is wrong.
      if (!this.abort.signal.aborted) this.pyramids.set(itemId, 'missing')
    }
    this.changed()
  }

  private async loadSamples(source: Source, kept: Kept): Promise<void> {
    const index = this.sources.indexOf(source)
    const frames = kept.end - kept.offset
    try {
      await this.pcm.ensure([{ source: index, offset: kept.offset, frames }])
      if (this.abort.signal.aborted || !this.windows.includes(kept)) return
      const channels = Array.from({ length: source.channels }, () => new Float32Array(frames))
      this.pcm.read(index, kept.offset, frames, channels)
      kept.window = { offset: kept.offset, channels }
      this.changed()
    } catch {
      // The peaks are drawn instead; playing says what is wrong.
    }
  }
}
