import { frameFormats, frameKinds } from '#contract/frames.ts'
import { SignalWatch } from '#common/take/signal-watch.ts'
import type { TakeRun } from '../take-run.ts'
import type { Listener } from '../../media/index.ts'

const BLOCK_FRAMES = 4_800
const PEAK_EVERY_FRAMES = 48_000
/** Kept before the take exists, so that nothing said meanwhile is missing. */
const MOST_EARLY_FRAMES = 10 * 48_000
const FLOOR_DBFS = -120

/** What a source gives becomes capture frames of a run: the same writer, faults and marks as a microphone has. */
export class InputFeed implements Listener {
  readonly #channels: number
  readonly #watch: SignalWatch
  readonly #block: Float32Array<ArrayBuffer>
  readonly #peaks: Float64Array
  #filled = 0
  #peakFrames = 0
  #early: { pcm: Float32Array; lostFrames: number }[] = []
  #earlyFrames = 0
  #run: TakeRun | null = null
  #seq = 0
  #lostAt: number | null = null
  #firstSound: () => void = () => undefined
  #failed: () => void = () => undefined
  /** Resolves with the first sound; rejects when the source ends before. */
  readonly heard: Promise<void>
  readonly #ended: (whole: boolean) => void

  constructor(channels: number, ended: (whole: boolean) => void) {
    this.#channels = channels
    this.#ended = ended
    this.#watch = new SignalWatch(channels)
    this.#block = new Float32Array(BLOCK_FRAMES * channels)
    this.#peaks = new Float64Array(channels)
    this.heard = new Promise((resolve, reject) => {
      this.#firstSound = resolve
      this.#failed = () => reject(new Error('the source ended before any sound'))
    })
    this.heard.catch(() => undefined)
  }

  bind(run: TakeRun): void {
    this.#run = run
    for (const one of this.#early.splice(0)) this.sound(one.pcm, one.lostFrames)
  }

  sound(pcm: Float32Array, lostFrames: number): void {
    this.#firstSound()
    const run = this.#run
    if (run === null) return this.#keepEarly(pcm, lostFrames)
    if (run.part.take.state === 'paused') {
      this.#lostAt = null
      return this.flush()
    }
    if (lostFrames > 0) this.#miss(run, lostFrames)
    this.#lostAt = null
    const frames = pcm.length / 2
    for (let i = 0; i < frames; i++) {
      const left = pcm[i * 2] ?? 0
      const right = pcm[i * 2 + 1] ?? 0
      if (this.#channels === 1) this.#block[this.#filled] = (left + right) / 2
      else {
        this.#block[this.#filled * 2] = left
        this.#block[this.#filled * 2 + 1] = right
      }
      if (++this.#filled === BLOCK_FRAMES) this.flush()
    }
  }

  lost(): void {
    const run = this.#run
    if (run === null || this.#lostAt !== null) return
    this.flush()
    this.#lostAt = run.position
    if (run.part.take.state === 'paused') return
    run.part.take.inputLost = true
    run.fault('input-lost', this.#lostAt, 0)
  }

  ended(whole: boolean): void {
    this.flush()
    this.#failed()
    this.#ended(whole)
  }

  /** Gives out what is short of a block. */
  flush(): void {
    const run = this.#run
    const frames = this.#filled
    if (run === null || frames === 0) return
    this.#filled = 0
    const samples = this.#block.slice(0, frames * this.#channels)
    const at = run.position
    run.receive({ kind: frameKinds.capture, format: frameFormats.float32, channels: this.#channels, session: 0, seq: this.#seq++, frames, firstFrame: at, payload: new Uint8Array(samples.buffer) }, () => undefined)
    for (const fault of this.#watch.look(samples, at)) run.fault(fault.kind, fault.atFrame, fault.frames)
    this.#measure(run, samples)
  }

  /** Silence of the missed length keeps positions true; the fault says why. */
  #miss(run: TakeRun, frames: number): void {
    this.flush()
    const at = this.#lostAt ?? run.position
    const away = this.#lostAt !== null
    run.appendSilence(frames)
    run.part.take.inputLost = false
    run.fault(away ? 'input-lost' : 'gap', at, frames)
  }

  #measure(run: TakeRun, samples: Float32Array): void {
    for (let i = 0; i < samples.length; i++) {
      const level = Math.abs(samples[i] ?? 0)
      const channel = i % this.#channels
      if (level > (this.#peaks[channel] ?? 0)) this.#peaks[channel] = level
    }
    this.#peakFrames += samples.length / this.#channels
    if (this.#peakFrames < PEAK_EVERY_FRAMES) return
    run.part.peakDbfs = this.#takePeaks()
  }

  /** dBFS per channel since the last call. */
  #takePeaks(): number[] {
    const peaks = [...this.#peaks].map((peak) => (peak <= 1e-6 ? FLOOR_DBFS : 20 * Math.log10(peak)))
    this.#peaks.fill(0)
    this.#peakFrames = 0
    return peaks
  }

  #keepEarly(pcm: Float32Array, lostFrames: number): void {
    if (this.#earlyFrames >= MOST_EARLY_FRAMES) return
    this.#earlyFrames += pcm.length / 2
    this.#early.push({ pcm: pcm.slice(), lostFrames })
  }

  /** What came before a take exists, as peaks: for a listener that records nothing. */
  earlyPeaks(): number[] {
    const peaks = [0, 0]
    for (const { pcm } of this.#early) for (let i = 0; i < pcm.length; i++) peaks[i % 2] = Math.max(peaks[i % 2] ?? 0, Math.abs(pcm[i] ?? 0))
    return peaks.map((peak) => (peak <= 1e-6 ? FLOOR_DBFS : 20 * Math.log10(peak)))
  }
}
