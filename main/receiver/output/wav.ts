import { closeSync, existsSync, mkdirSync, openSync, renameSync, rmSync, writeSync } from 'node:fs'
import { dirname } from 'node:path'
import { RATE_HZ } from '#common/units/samples.ts'
import { writeFileAtomic } from '../flash.ts'
import type { Sink } from './sink.ts'

export interface WavOptions {
  readonly file: string
  /** `skip` leaves out silence longer than two seconds; the side file then lists where each piece belongs in time. */
  readonly gaps: 'keep' | 'skip'
  /** A file holds at most so many seconds, then the next one begins; two are kept. */
  readonly maxSeconds: number
  readonly wallUs: (sample: number) => number
}

interface Piece {
  /** Position in the file. */
  readonly fromSample: number
  /** UTC µs of that sample. */
  readonly atUs: number
  samples: number
}

const FLUSH_SAMPLES = RATE_HZ
const PIECE_MAX = 60 * RATE_HZ
const SILENCE_KEPT = 2 * RATE_HZ

/**
 * What the radio sounds, as a WAV with a side file `<out>.json`. Header and side file are brought up to date each second,
 * so the file is good after a killed process too.
 */
export function openWavSink(options: WavOptions): Sink {
  const { file } = options
  mkdirSync(dirname(file), { recursive: true })
  let handle = -1
  let written = 0
  let pieces: Piece[] = []
  let pending: Int16Array[] = []
  let pendingSamples = 0
  let silence = 0
  let nextSample: number | null = null
  let part = 0

  function sidecar(closed: boolean, stats: Record<string, number>): void {
    const startedAtUs = pieces[0]?.atUs ?? null
    writeFileAtomic(`${file}.json`, JSON.stringify({ file, rate: RATE_HZ, channels: 1, startedAtUs, samples: written, gaps: options.gaps, segments: pieces, part, closed, ...stats }, null, 1), { durable: false, mode: 0o644 })
  }
  function begin(): void {
    if (existsSync(file)) {
      // What an earlier run sounded is kept once, as `.before.wav`.
      renameSync(file, file.replace(/(\.wav)?$/i, '.before.wav'))
      if (existsSync(`${file}.json`)) renameSync(`${file}.json`, `${file.replace(/(\.wav)?$/i, '.before.wav')}.json`)
    }
    handle = openSync(file, 'w')
    writeSync(handle, header(0))
    written = 0
    pieces = []
  }
  function flush(stats: Record<string, number>, closed: boolean): void {
    if (handle < 0) return
    for (const block of pending) writeSync(handle, new Uint8Array(block.buffer, block.byteOffset, block.byteLength))
    pending = []
    pendingSamples = 0
    writeSync(handle, header(written), 0, 44, 0)
    sidecar(closed, stats)
  }
  begin()

  return {
    write(at, block, silent, stats) {
      silence = silent ? silence + block.length : 0
      if (options.gaps === 'skip' && silence > SILENCE_KEPT) {
        nextSample = null
        if (pendingSamples > 0) flush(stats, false)
        return
      }
      if (written >= options.maxSeconds * RATE_HZ) {
        flush(stats, true)
        closeSync(handle)
        begin()
        part++
        nextSample = null
      }
      const last = pieces.at(-1)
      // A new piece each minute although nothing is missing: the counter of the output and the wall clock drift apart.
      if (nextSample === at && last !== undefined && last.samples < PIECE_MAX) last.samples += block.length
      else pieces.push({ fromSample: written, atUs: Math.round(options.wallUs(at)), samples: block.length })
      nextSample = at + block.length
      pending.push(block.slice())
      pendingSamples += block.length
      written += block.length
      if (pendingSamples >= FLUSH_SAMPLES) flush(stats, false)
    },
    close(stats) {
      if (handle < 0) return
      flush(stats, true)
      closeSync(handle)
      handle = -1
      if (written === 0) rmSync(file, { force: true })
    },
  }
}

function header(samples: number): Buffer {
  // Positions above 4 GiB do not occur: maxSeconds is far below 12 hours.
  const bytes = samples * 2
  const out = Buffer.alloc(44)
  out.write('RIFF', 0)
  out.writeUInt32LE(36 + bytes, 4)
  out.write('WAVEfmt ', 8)
  out.writeUInt32LE(16, 16)
  out.writeUInt16LE(1, 20)
  out.writeUInt16LE(1, 22)
  out.writeUInt32LE(RATE_HZ, 24)
  out.writeUInt32LE(RATE_HZ * 2, 28)
  out.writeUInt16LE(2, 32)
  out.writeUInt16LE(16, 34)
  out.write('data', 36)
  out.writeUInt32LE(bytes, 40)
  return out
}
