import { levelFor, SAMPLES_PER_POINT } from '#common/peaks/index.ts'
import type { Peaks } from '#common/peaks/index.ts'
import type { Source } from '#common/edl/index.ts'
import { fileUrl } from '../../../../app/station-client/index.ts'
import type { FromWave, ToWave, WaveUrls } from './messages.ts'
import { askWaves, tellWaves } from './wave-worker.ts'
import { Windows } from './windows.ts'
import type { Wanted } from './windows.ts'

/** Points of one level of an item; the first of them is number `first` of the whole. */
export interface PeakPiece extends Peaks {
  readonly first: number
}
export interface PcmPiece {
  readonly first: number
  readonly channels: readonly Float32Array[]
}
interface Known {
  levels: readonly Peaks[]
  /** `loading` until the first points came, `missing` when there is no sound. */
  state: 'loading' | 'some' | 'whole' | 'missing'
}

/** Points and samples that are kept beyond the levels: some screens full. */
const MAX_POINTS_KEPT = 1 << 19
const MAX_SAMPLES_KEPT = 3 << 20
const LEAST_MARGIN = 1 << 12

/** Peaks and samples of the sources on the timeline. What is not there yet is asked for, and `changed` is called when it came. */
export class WaveData {
  private readonly changed: () => void
  private readonly running = new Set<() => void>()
  private isClosed = false
  private readonly items = new Map<string, Known>()
  private readonly points: Windows<{ data: Int16Array; rms: Uint16Array | null }>
  private readonly pcm: Windows<readonly Float32Array[]>
  private sources: readonly Source[] = []
  private urls: readonly string[] = []

  constructor(changed: () => void) {
    this.changed = () => {
      if (!this.isClosed) changed()
    }
    this.points = new Windows({ read: (wanted) => this.readPoints(wanted), came: this.changed, most: MAX_POINTS_KEPT })
    this.pcm = new Windows({ read: (wanted) => this.readSamples(wanted), came: this.changed, most: MAX_SAMPLES_KEPT })
  }

  useSources(sources: readonly Source[]): void {
    if (sources === this.sources && sources.every((source, n) => this.urls[n] === fileUrl('pcm', source.itemId))) return
    this.sources = sources
    // The address changes with the station and the session.
    this.urls = sources.map((source) => fileUrl('pcm', source.itemId))
    const known = new Set(sources.map((source) => source.itemId))
    for (const itemId of this.items.keys()) if (!known.has(itemId)) this.items.delete(itemId)
    this.points.keepOnly(known)
    this.pcm.keepOnly(known)
    tellWaves({ kind: 'sources', pcmUrls: this.urls })
    for (const source of sources) if (!this.items.has(source.itemId)) this.loadLevels(source.itemId)
  }

  state(source: Source): Known['state'] {
    return this.items.get(source.itemId)?.state ?? 'loading'
  }

  /** The best there is now for a picture of samples `[from, to)` at `samplesPerColumn`; null while nothing came. */
  peaks(source: Source, from: number, to: number, samplesPerColumn: number): PeakPiece | null {
    const levels = this.items.get(source.itemId)?.levels
    const finest = levels?.[0]
    if (levels === undefined || finest === undefined) return null
    if (finest.samplesPerPoint > SAMPLES_PER_POINT && samplesPerColumn < finest.samplesPerPoint) {
      const low = Math.floor(from / SAMPLES_PER_POINT)
      const high = Math.ceil(to / SAMPLES_PER_POINT)
      const found = this.points.find(source.itemId, low, high, Math.max(LEAST_MARGIN, high - low), Math.ceil(source.length / SAMPLES_PER_POINT))
      if (found !== null) {
        const { data, rms } = found.value
        return { rateHz: finest.rateHz, samplesPerPoint: SAMPLES_PER_POINT, channels: finest.channels, length: found.to - found.from, first: found.from, data, ...(rms === null ? {} : { rms }) }
      }
    }
    return { ...levelFor(levels, samplesPerColumn), first: 0 }
  }

  /** Samples that cover `[from, to)`, or null while they are being fetched. */
  samples(source: Source, from: number, to: number): PcmPiece | null {
    const found = this.pcm.find(source.itemId, from, to, Math.max(LEAST_MARGIN, Math.min(to - from, 1 << 17)), source.length)
    return found === null ? null : { first: found.from, channels: found.value }
  }

  /** Samples once, not kept: for finding a place to cut. Null when they cannot be read. */
  async samplesOnce(source: Source, from: number, to: number): Promise<PcmPiece | null> {
    const low = Math.max(0, from)
    try {
      return { first: low, channels: await this.readSamples({ itemId: source.itemId, from: low, to: Math.min(source.length, to) }) }
    } catch {
      return null
    }
  }

  close(): void {
    this.isClosed = true
    for (const forget of this.running) forget()
    this.items.clear()
    tellWaves({ kind: 'sources', pcmUrls: [] })
  }

  private loadLevels(itemId: string): void {
    const known: Known = { levels: [], state: 'loading' }
    this.items.set(itemId, known)
    const asked = askWaves((id) => ({ kind: 'levels', id, urls: urlsOf(itemId) }), (message) => {
      const isLast = takeLevels(known, message)
      if (isLast) {
        asked.forget()
        this.running.delete(asked.forget)
      }
      this.changed()
    })
    this.running.add(asked.forget)
  }

  private request<T>(make: (id: number) => ToWave, take: (message: FromWave) => T | null): Promise<T> {
    return new Promise((resolve, reject) => {
      const asked = askWaves(make, (message) => {
        asked.forget()
        this.running.delete(asked.forget)
        const value = take(message)
        if (value === null) reject(new Error('this part cannot be read'))
        else resolve(value)
      })
      this.running.add(asked.forget)
    })
  }

  private channelsOf(itemId: string): number {
    return this.sources.find((source) => source.itemId === itemId)?.channels ?? 1
  }

  private readPoints({ itemId, from, to }: Wanted): Promise<{ data: Int16Array; rms: Uint16Array | null }> {
    const channels = this.channelsOf(itemId)
    return this.request((id) => ({ kind: 'points', id, urls: urlsOf(itemId), channels, from, to }), (message) => {
      if (message.kind !== 'points' || message.data.length < (to - from) * channels * 2) return null
      return { data: message.data, rms: message.rms !== null && message.rms.length >= (to - from) * channels ? message.rms : null }
    })
  }

  private readSamples({ itemId, from, to }: Wanted): Promise<readonly Float32Array[]> {
    const channels = this.channelsOf(itemId)
    return this.request((id) => ({ kind: 'samples', id, urls: urlsOf(itemId), channels, from, to }), (message) => (message.kind === 'samples' ? message.channels : null))
  }
}

const urlsOf = (itemId: string): WaveUrls => ({ coarse: fileUrl('coarse', itemId), peaks: fileUrl('peaks', itemId), rms: fileUrl('rms', itemId), pcm: fileUrl('pcm', itemId) })

/** True when nothing more will come. What came before a failure stays. */
function takeLevels(known: Known, message: FromWave): boolean {
  if (message.kind === 'levels') {
    known.levels = message.levels
    known.state = message.isWhole ? 'whole' : 'some'
    return message.isWhole
  }
  if (known.state === 'loading') known.state = 'missing'
  return true
}
