import { execFile } from 'node:child_process'
import { createWriteStream } from 'node:fs'
import { writeFile } from 'node:fs/promises'
import { finished } from 'node:stream/promises'
import { promisify } from 'node:util'
import { runEspeak } from '../../main/station/speech/espeak/run.ts'

/** Sounds made here, never downloaded. Channels are Float32Array of equal length at 48 kHz unless a rate is given. */
export type Signal = readonly Float32Array[]
export type WavSampleFormat = 'int16' | 'int24' | 'float32'
export const TEST_RATE_HZ = 48_000

const execute = promisify(execFile)
const widths: Record<WavSampleFormat, number> = { int16: 2, int24: 3, float32: 4 }

/** xorshift32: the same noise for the same seed, everywhere. Values in [-1, 1). */
export function randomSource(seed: number): () => number {
  let state = seed | 0 || 1
  return () => {
    state ^= state << 13
    state ^= state >>> 17
    state ^= state << 5
    return (state | 0) / 0x80000000
  }
}

export function sine(options: { hz: number; dbfs: number; seconds: number; channels?: number; rateHz?: number; phase?: number }): Signal {
  const rate = options.rateHz ?? TEST_RATE_HZ
  const amplitude = 10 ** (options.dbfs / 20)
  const one = Float32Array.from({ length: Math.round(options.seconds * rate) }, (_, n) => amplitude * Math.sin((2 * Math.PI * options.hz * n) / rate + (options.phase ?? 0)))
  return Array.from({ length: options.channels ?? 1 }, () => one)
}

export function noise(options: { dbfs: number; seconds: number; channels?: number; seed?: number }): Signal {
  const amplitude = 10 ** (options.dbfs / 20)
  const length = Math.round(options.seconds * TEST_RATE_HZ)
  return Array.from({ length: options.channels ?? 1 }, (_, channel) => {
    const next = randomSource((options.seed ?? 1) + channel * 7919)
    return Float32Array.from({ length }, () => amplitude * next())
  })
}

export function silence(seconds: number, channels = 1): Signal {
  return Array.from({ length: channels }, () => new Float32Array(Math.round(seconds * TEST_RATE_HZ)))
}

/** Joins signals of the same channel count in time. */
export function joined(...parts: readonly Signal[]): Signal {
  const channels = parts[0]?.length ?? 0
  return Array.from({ length: channels }, (_, channel) => {
    const length = parts.reduce((sum, part) => sum + (part[channel]?.length ?? 0), 0)
    const out = new Float32Array(length)
    let at = 0
    for (const part of parts) {
      const data = part[channel] ?? new Float32Array(0)
      out.set(data, at)
      at += data.length
    }
    return out
  })
}

/** Something with the envelope of speech when no synthesiser is at hand: tone bursts of changing pitch over soft noise, with pauses. */
export function babble(seconds: number, seed = 1): Signal {
  const next = randomSource(seed)
  const out = new Float32Array(Math.round(seconds * TEST_RATE_HZ))
  let phase = 0
  for (let at = 0; at < out.length;) {
    const length = Math.round((0.08 + 0.17 * Math.abs(next())) * TEST_RATE_HZ)
    const hz = 110 + 90 * Math.abs(next())
    const pause = next() > 0.7
    for (let n = 0; n < length && at < out.length; n++, at++) {
      phase += (2 * Math.PI * hz) / TEST_RATE_HZ
      const envelope = Math.sin((Math.PI * n) / length) ** 2
      const voice = Math.sin(phase) + 0.5 * Math.sin(2 * phase) + 0.3 * Math.sin(5 * phase) + 0.2 * Math.sin(11 * phase)
      out[at] = pause ? 0.001 * next() : 0.18 * envelope * voice + 0.004 * next()
    }
  }
  return [out]
}

/** 24-bit counter: sample n of every channel is n mod 2^23, so that any cut, gap or repeat can be proven. Read back with `counterAt`. */
export function counterWav(frames: number, channels = 1, first = 0): Buffer {
  const pcm = Buffer.alloc(frames * channels * 3)
  for (let n = 0, at = 0; n < frames; n++) {
    const value = (first + n) % 0x800000
    for (let c = 0; c < channels; c++) {
      pcm[at++] = value & 0xff
      pcm[at++] = (value >> 8) & 0xff
      pcm[at++] = value >> 16
    }
  }
  return Buffer.concat([wavHeader({ format: 'int24', channels, rateHz: TEST_RATE_HZ, dataBytes: pcm.length }), pcm])
}
export function counterAt(pcm: Uint8Array, sampleIndex: number): number {
  return Buffer.from(pcm.buffer, pcm.byteOffset, pcm.byteLength).readIntLE(sampleIndex * 3, 3)
}

/** Plain 44-byte header. Sizes may be given wrong on purpose. */
export function wavHeader(options: { format: WavSampleFormat; channels: number; rateHz: number; dataBytes: number; riffBytes?: number }): Buffer {
  const width = widths[options.format]
  const header = Buffer.alloc(44)
  header.write('RIFF', 0, 'latin1')
  header.writeUInt32LE((options.riffBytes ?? options.dataBytes + 36) >>> 0, 4)
  header.write('WAVEfmt ', 8, 'latin1')
  header.writeUInt32LE(16, 16)
  header.writeUInt16LE(options.format === 'float32' ? 3 : 1, 20)
  header.writeUInt16LE(options.channels, 22)
  header.writeUInt32LE(options.rateHz, 24)
  header.writeUInt32LE(options.rateHz * options.channels * width, 28)
  header.writeUInt16LE(options.channels * width, 32)
  header.writeUInt16LE(width * 8, 34)
  header.write('data', 36, 'latin1')
  header.writeUInt32LE(options.dataBytes >>> 0, 40)
  return header
}

/** Interleaved little-endian samples, rounded and clipped like a converter. */
export function pcmOf(signal: Signal, format: WavSampleFormat): Buffer {
  const channels = signal.length
  const frames = signal[0]?.length ?? 0
  const width = widths[format]
  const out = Buffer.alloc(frames * channels * width)
  for (let n = 0; n < frames; n++) {
    for (let c = 0; c < channels; c++) {
      const value = signal[c]?.[n] ?? 0
      const at = (n * channels + c) * width
      if (format === 'float32') out.writeFloatLE(value, at)
      else if (format === 'int16') out.writeInt16LE(Math.max(-0x8000, Math.min(0x7fff, Math.round(value * 0x8000))), at)
      else out.writeIntLE(Math.max(-0x800000, Math.min(0x7fffff, Math.round(value * 0x800000))), at, 3)
    }
  }
  return out
}

export function wavBytes(signal: Signal, options: { format?: WavSampleFormat; rateHz?: number } = {}): Buffer {
  const format = options.format ?? 'int16'
  const pcm = pcmOf(signal, format)
  return Buffer.concat([wavHeader({ format, channels: signal.length, rateHz: options.rateHz ?? TEST_RATE_HZ, dataBytes: pcm.length }), pcm])
}

export async function writeWav(path: string, signal: Signal, options: { format?: WavSampleFormat; rateHz?: number } = {}): Promise<string> {
  await writeFile(path, wavBytes(signal, options))
  return path
}

/** One piece repeated to any length, written as it goes: hours cost no memory. */
export async function writeLongWav(path: string, piece: Signal, seconds: number): Promise<string> {
  const block = pcmOf(piece, 'int16')
  const total = Math.round(seconds * TEST_RATE_HZ) * piece.length * 2
  const out = createWriteStream(path)
  out.write(wavHeader({ format: 'int16', channels: piece.length, rateHz: TEST_RATE_HZ, dataBytes: total }))
  for (let written = 0; written < total; written += block.length) {
    if (!out.write(block.subarray(0, Math.min(block.length, total - written)))) await new Promise<void>((resolve) => out.once('drain', resolve))
  }
  out.end()
  await finished(out)
  return path
}

/** Vietnamese speech by the station's offline voice (22.05 kHz mono WAV). */
export function speakToWav(path: string, text: string, voice = 'vi'): Promise<void> {
  return runEspeak(text, path, { voice, speed: 1, signal: AbortSignal.timeout(120_000) })
}

/** An AMR-NB file of 12.2 kbit/s frames with random speech bits: the encoder is not in common ffmpeg builds, the decoder is. */
export function amrBytes(frames: number, seed = 1): Buffer {
  const next = randomSource(seed)
  const out = [Buffer.from('#!AMR\n', 'latin1')]
  for (let n = 0; n < frames; n++) out.push(Buffer.from([0x3c, ...Array.from({ length: 31 }, () => Math.floor((next() + 1) * 128) & 0xff)]))
  return Buffer.concat(out)
}

/** Runs ffmpeg to make test material (other formats). Arguments as a list. */
export async function ffmpegMake(...args: string[]): Promise<void> {
  await execute('ffmpeg', ['-hide_banner', '-loglevel', 'error', '-nostdin', '-y', ...args], { timeout: 300_000, maxBuffer: 4_000_000 })
}
