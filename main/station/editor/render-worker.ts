import { closeSync, fdatasyncSync, openSync, writeSync } from 'node:fs'
import { parentPort, workerData } from 'node:worker_threads'
import { createMixer, toInt24, wavHeader } from '#common/mix/index.ts'
import { PcmReader } from './pcm-reader.ts'
import type { RenderMessage, RenderTask } from './render.ts'

const BLOCK_FRAMES = 1 << 15
const PROGRESS_EVERY_MS = 100

/** Mixes block by block to a 24-bit WAV. An abort ends this thread from outside; the half-written file is removed there. */
function run(task: RenderTask, say: (message: RenderMessage) => void): void {
  const { plan, channels } = task
  const mixer = createMixer(plan, { channels, blockFrames: BLOCK_FRAMES })
  const reader = new PcmReader(task.places)
  const out = Array.from({ length: channels }, () => new Float32Array(BLOCK_FRAMES))
  const bytes = new Uint8Array(BLOCK_FRAMES * channels * 3)
  const output = openSync(task.target, 'w')
  const write = (data: Uint8Array, length: number) => {
    for (let written = 0; written < length;) written += writeSync(output, data, written, length - written)
  }
  try {
    const header = wavHeader('int24', channels, plan.length)
    write(header, header.length)
    let said = performance.now()
    for (let position = 0; position < plan.length; position += BLOCK_FRAMES) {
      const frames = Math.min(BLOCK_FRAMES, plan.length - position)
      mixer.render(position, frames, out, reader.read)
      toInt24(out, frames, bytes)
      write(bytes, frames * channels * 3)
      const now = performance.now()
      if (now - said > PROGRESS_EVERY_MS) {
        said = now
        say({ kind: 'progress', value: position / plan.length })
      }
    }
    // RIFF chunks are padded to even length.
    if ((plan.length * channels * 3) % 2 === 1) write(new Uint8Array(1), 1)
    fdatasyncSync(output)
  } finally {
    closeSync(output)
    reader.close()
  }
  say({ kind: 'done' })
}

const port = parentPort
if (port !== null) {
  const task: RenderTask = workerData
  try {
    run(task, (message) => port.postMessage(message))
  } catch (error) {
    const code: unknown = error instanceof Error ? Reflect.get(error, 'code') : undefined
    port.postMessage({ kind: 'failed', code: typeof code === 'string' ? code : '', text: String(error) } satisfies RenderMessage)
  }
}
