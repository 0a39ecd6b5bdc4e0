import { closeSync, openSync, writeSync } from 'node:fs'
import type { DenoiseState } from '@shiguredo/rnnoise-wasm'
import { Rnnoise } from '@shiguredo/rnnoise-wasm'
import { serveJobThread } from '../../foundation/in-thread.ts'
import { FrameReader } from '../../media/index.ts'
import type { DenoiseTask } from './denoise.ts'
import { RnnoiseHighPass } from './high-pass.ts'

/** RNNoise by its own model, compiled to WebAssembly. Works on frames of 10 ms and gives each of them two frames late. */
const FRAME = 480
const LATE_FRAMES = 2
/** Heard before the stretch begins, so that the room is known by then. */
const WARM = 200 * FRAME
/** RNNoise thinks in 16 bits. */
const FULL_SCALE = 32_768
/** Two seconds to the disk at a time. */
const BLOCK_FRAMES = 200 * FRAME

// Built for browsers: it asks for this name, and then for nothing that only a browser has.
if (!('WorkerGlobalScope' in globalThis)) Object.defineProperty(globalThis, 'WorkerGlobalScope', { value: Object })
const rnnoise = await Rnnoise.load()

/** One channel: what comes in and what comes out belong to the same place only after `LATE_FRAMES`. */
class Voice {
  private readonly state: DenoiseState
  private readonly filter = new RnnoiseHighPass()
  private readonly dry = Array.from({ length: LATE_FRAMES + 1 }, () => new Float32Array(FRAME))
  private turn = 0
  readonly frame = new Float32Array(FRAME)

  constructor() {
    this.state = rnnoise.createDenoiseState()
  }

  /** Takes the sound of `frame` and leaves there that of two frames before. */
  step(mix: number): void {
    const { frame, dry } = this
    const kept = dry[this.turn] as Float32Array
    kept.set(frame)
    this.filter.run(kept)
    for (let n = 0; n < FRAME; n++) frame[n] = (frame[n] as number) * FULL_SCALE
    this.state.processFrame(frame)
    this.turn = (this.turn + 1) % dry.length
    const before = dry[this.turn] as Float32Array
    for (let n = 0; n < FRAME; n++) frame[n] = ((frame[n] as number) / FULL_SCALE) * mix + (before[n] as number) * (1 - mix)
  }

  close(): void {
    this.state.destroy()
  }
}

function denoise(task: DenoiseTask, progress: (value: number) => void): number {
  const { place, start, end, fileLength, mix } = task
  const { channels } = place
  const voices = Array.from({ length: channels }, () => new Voice())
  const inputs = voices.map((voice) => voice.frame)
  const block = new Float32Array(BLOCK_FRAMES * channels)
  const bytes = new Uint8Array(block.buffer)
  const reader = new FrameReader(place)
  const file = openSync(task.target, 'r+')
  let filled = 0
  let written = 0
  const flush = (): void => {
    writeWhole(file, bytes.subarray(0, filled * channels * 4), task.dataOffsetBytes + written * channels * 4)
    written += filled
    filled = 0
  }
  try {
    for (let position = Math.max(0, start - WARM); written + filled < end - start; position += FRAME) {
      // What comes out now belongs here.
      const at = position - LATE_FRAMES * FRAME
      const there = Math.max(0, Math.min(FRAME, fileLength - position))
      if (there < FRAME) for (const input of inputs) input.fill(0)
      if (there > 0) reader.read(position, there, inputs)
      for (const voice of voices) voice.step(mix)
      for (let n = Math.max(0, start - at); n < FRAME && at + n < end; n++) {
        for (let channel = 0; channel < channels; channel++) block[filled * channels + channel] = (inputs[channel] as Float32Array)[n] as number
        filled += 1
        if (filled === BLOCK_FRAMES) flush()
      }
      progress((written + filled) / (end - start))
    }
    flush()
    return written
  } finally {
    closeSync(file)
    reader.close()
    for (const voice of voices) voice.close()
  }
}

function writeWhole(file: number, bytes: Uint8Array, at: number): void {
  for (let done = 0; done < bytes.length;) done += writeSync(file, bytes, done, bytes.length - done, at + done)
}

// Without a task it only says that it runs here.
serveJobThread((task: DenoiseTask | null, progress): number => (task === null ? rnnoise.frameSize : denoise(task, progress)))
