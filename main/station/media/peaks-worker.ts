import { closeSync, openSync, readSync, writeSync } from 'node:fs'
import { parentPort, workerData } from 'node:worker_threads'
import { createPeakAccumulator, encodePeaksHeader, PEAKS_HEADER_BYTES, peakSampleBytes, SAMPLES_PER_POINT } from '#common/peaks/index.ts'
import type { PeaksTask, PeaksMessage } from './peaks.ts'

/** Reads PCM block by block and writes points as they come: memory does not depend on the length of the file. */
const BLOCK_BYTES = 1 << 20
const OUT_BYTES = 1 << 18
const PROGRESS_EVERY_MS = 100

function run(task: PeaksTask, say: (message: PeaksMessage) => void): void {
  const frameBytes = peakSampleBytes[task.format] * task.channels
  const block = new Uint8Array(BLOCK_BYTES - (BLOCK_BYTES % (frameBytes * SAMPLES_PER_POINT)) || frameBytes * SAMPLES_PER_POINT)
  const total = task.frames * frameBytes
  const accumulator = createPeakAccumulator(task.format, task.channels)
  const out = new Uint8Array(OUT_BYTES)
  const outShorts = new Int16Array(out.buffer)
  let outUsed = 0
  const input = openSync(task.source, 'r')
  try {
    const output = openSync(task.target, 'w')
    try {
      let position = 0
      const flush = () => {
        for (let written = 0; written < outUsed;) written += writeSync(output, out, written, outUsed - written)
        outUsed = 0
      }
      const take = (point: Int16Array) => {
        if (outUsed + point.byteLength > OUT_BYTES) flush()
        outShorts.set(point, outUsed / 2)
        outUsed += point.byteLength
      }
      out.set(encodePeaksHeader({ rateHz: 48_000, samplesPerPoint: SAMPLES_PER_POINT, length: Math.ceil(task.frames / SAMPLES_PER_POINT), channels: task.channels }))
      outUsed = PEAKS_HEADER_BYTES
      let said = performance.now()
      while (position < total) {
        const wanted = Math.min(block.length, total - position)
        let filled = 0
        while (filled < wanted) {
          const read = readSync(input, block, filled, wanted - filled, task.dataOffsetBytes + position + filled)
          if (read === 0) return say({ kind: 'short' })
          filled += read
        }
        accumulator.push(block.subarray(0, filled), take)
        position += filled
        const now = performance.now()
        if (now - said > PROGRESS_EVERY_MS) {
          said = now
          say({ kind: 'progress', value: position / total })
        }
      }
      accumulator.end(take)
      flush()
    } finally {
      closeSync(output)
    }
  } finally {
    closeSync(input)
  }
  say({ kind: 'done', peak: accumulator.peak / 32768, rss: process.memoryUsage.rss() })
}

const port = parentPort
if (port !== null) {
  const task: PeaksTask = workerData
  try {
    run(task, (message) => port.postMessage(message))
  } catch (error) {
    const code: unknown = error instanceof Error ? Reflect.get(error, 'code') : undefined
    port.postMessage({ kind: 'failed', code: typeof code === 'string' ? code : '', text: String(error) } satisfies PeaksMessage)
  }
}
