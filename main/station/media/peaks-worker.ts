import { closeSync, openSync, readSync, writeSync } from 'node:fs'
import { createPeakAccumulator, PEAKS_HEADER_BYTES, peakSampleBytes, RMS_HEADER_BYTES, SAMPLES_PER_POINT } from '#common/peaks/index.ts'
import { serveJobThread, shortFile } from '../foundation/in-thread.ts'
import type { PeaksTask } from './peaks.ts'

/** Reads PCM block by block and writes points as they come: memory does not depend on the length of the file. */
const BLOCK_BYTES = 1 << 20
const OUT_POINTS = 1 << 14

serveJobThread((task: PeaksTask, progress: (value: number) => void): number => {
  const files: number[] = []
  const opened = (path: string, flags: string): number => {
    const file = openSync(path, flags)
    files.push(file)
    return file
  }
  try {
    return scan(task, { input: opened(task.source, 'r'), peaks: opened(task.peaks, 'r+'), rms: opened(task.rms, 'r+') }, progress)
  } finally {
    for (const file of files) closeSync(file)
  }
})

function scan(task: PeaksTask, files: { input: number; peaks: number; rms: number }, progress: (value: number) => void): number {
  const { channels, fromPoint, toPoint } = task
  const frameBytes = peakSampleBytes[task.format] * channels
  const pointBytes = frameBytes * SAMPLES_PER_POINT
  const block = new Uint8Array(Math.max(1, Math.floor(BLOCK_BYTES / pointBytes)) * pointBytes)
  const peaks = placed(files.peaks, PEAKS_HEADER_BYTES + fromPoint * channels * 4, new Int16Array(OUT_POINTS * channels * 2))
  const rms = placed(files.rms, RMS_HEADER_BYTES + fromPoint * channels * 2, new Uint16Array(OUT_POINTS * channels))
  const accumulator = createPeakAccumulator(task.format, channels)
  const take = (point: Int16Array, body: Uint16Array) => {
    peaks.add(point)
    rms.add(body)
  }
  const end = Math.min(task.frames, toPoint * SAMPLES_PER_POINT) * frameBytes
  const begin = fromPoint * pointBytes
  for (let position = begin; position < end;) {
    const wanted = Math.min(block.length, end - position)
    for (let filled = 0; filled < wanted;) {
      const read = readSync(files.input, block, filled, wanted - filled, task.dataOffsetBytes + position + filled)
      if (read === 0) throw shortFile(task.source)
      filled += read
    }
    accumulator.push(wanted === block.length ? block : block.subarray(0, wanted), take)
    position += wanted
    progress((position - begin) / (end - begin))
  }
  accumulator.end(take)
  peaks.flush()
  rms.flush()
  return accumulator.peak / 32768
}

/** Collects values and writes them at their place. */
function placed(file: number, at: number, buffer: Int16Array | Uint16Array): { add: (values: Int16Array | Uint16Array) => void; flush: () => void } {
  const bytes = new Uint8Array(buffer.buffer)
  let used = 0
  let position = at
  const flush = () => {
    const length = used * buffer.BYTES_PER_ELEMENT
    for (let written = 0; written < length;) written += writeSync(file, bytes, written, length - written, position + written)
    position += length
    used = 0
  }
  return {
    add(values) {
      if (used + values.length > buffer.length) flush()
      buffer.set(values, used)
      used += values.length
    },
    flush,
  }
}
