import { linearGain } from '#common/mix/index.ts'
import { REEL_SAMPLES, makeReel } from '#common/fallback/index.ts'
import type { PassedSound } from '../../faces.ts'
import { BLOCK_FRAMES } from '../messages.ts'
import type { StartedRow } from '../messages.ts'
import type { OpenPcmSource, PcmSource } from '../pcm-source.ts'

export type FallbackRow = Pick<StartedRow, 'title' | 'startSource' | 'playSource' | 'itemId' | 'sha256' | 'editCode'>

/** Something a rung plays. Promises: `read` never waits and never throws. */
export interface FallbackSound {
  readonly row: FallbackRow
  /** It can be read from here on. */
  readonly ready: boolean
  readonly failed: boolean
  /** All of it has been read. */
  readonly over: boolean
  /** Fills `left` and `right` to `frames`; gives how many of them are its sound, the rest is silence. */
  read(frames: number, left: Float32Array, right: Float32Array): number
  close(): void
}

/** An item of a backup list, from its own file and at its own gain. */
export class FileSound implements FallbackSound {
  readonly row: FallbackRow
  private readonly source: PcmSource
  private readonly gain: number
  private readonly end: number
  private offset: number
  private readonly channels: Float32Array[]

  constructor(sound: PassedSound, open: OpenPcmSource) {
    const { markers, pcm } = sound
    this.row = { title: sound.title, startSource: 'fallback', playSource: 'backup', itemId: sound.itemId, sha256: sound.sha256, editCode: 'replacedByBackup' }
    this.offset = Math.min(pcm.length, markers?.cueIn ?? 0)
    this.end = Math.max(this.offset, Math.min(pcm.length, markers?.cueOut ?? pcm.length))
    this.gain = linearGain(sound.gainDb)
    this.channels = Array.from({ length: pcm.channels }, () => new Float32Array(BLOCK_FRAMES))
    this.source = open(pcm, this.offset)
  }

  get ready(): boolean {
    return this.source.ready
  }
  get failed(): boolean {
    return this.source.failure !== null && this.offset >= this.source.readableUntil
  }
  get over(): boolean {
    return this.offset >= this.end
  }
  read(frames: number, left: Float32Array, right: Float32Array): number {
    const count = Math.min(frames, this.end - this.offset)
    this.source.read(this.offset, count, this.channels)
    const [l, r = l] = this.channels
    for (let i = 0; i < frames; i++) {
      left[i] = i < count ? (l?.[i] ?? 0) * this.gain : 0
      right[i] = i < count ? (r?.[i] ?? 0) * this.gain : 0
    }
    this.offset += count
    return count
  }
  close(): void {
    this.source.close()
  }
}

/** The reel of the program, held in memory. It is made in small pieces while the audio thread has nothing more urgent to do. */
export class Reel {
  pcm: Float32Array | null = null
  private readonly making = makeReel()

  /** @returns false when it is there */
  makeSome(): boolean {
    if (this.pcm !== null) return false
    const { done, value } = this.making.next()
    if (done === true) this.pcm = value
    return true
  }
}

/** A sound out of memory, round and round. */
class EndlessSound implements FallbackSound {
  readonly row: FallbackRow
  readonly ready = true
  readonly failed = false
  readonly over = false
  private at = 0
  private readonly period: number
  private readonly valueAt: (at: number) => number

  constructor(playSource: FallbackRow['playSource'], period: number, valueAt: (at: number) => number) {
    this.row = { title: '', startSource: 'fallback', playSource, itemId: null, sha256: null, editCode: 'replacedByBackup' }
    this.period = period
    this.valueAt = valueAt
  }
  read(frames: number, left: Float32Array, right: Float32Array): number {
    for (let i = 0; i < frames; i++) {
      left[i] = right[i] = this.valueAt(this.at)
      this.at = (this.at + 1) % this.period
    }
    return frames
  }
  close(): void {
    // Nothing is held.
  }
}

export function reelSound(pcm: Float32Array): FallbackSound {
  return new EndlessSound('reel', REEL_SAMPLES, (at) => pcm[at] ?? 0)
}

const RATE = 48_000
/** Half a second of 440 Hz at −20 dBFS every five: somebody is there, and nothing is on. */
const TONE_HERTZ = 440
const TONE_LEVEL = 0.1
const TONE_SAMPLES = RATE / 2
const TONE_EVERY = RATE * 5
const RAMP_SAMPLES = 480

export function toneSound(): FallbackSound {
  return new EndlessSound('tone', TONE_EVERY, (at) => {
    const ramp = Math.max(0, Math.min(1, at / RAMP_SAMPLES, (TONE_SAMPLES - at) / RAMP_SAMPLES))
    return ramp === 0 ? 0 : TONE_LEVEL * ramp * Math.sin((2 * Math.PI * TONE_HERTZ * at) / RATE)
  })
}
