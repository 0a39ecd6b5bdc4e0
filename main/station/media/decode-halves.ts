import { spawn } from 'node:child_process'
import { closeSync, openSync, writeSync } from 'node:fs'
import { open, stat } from 'node:fs/promises'
import { pcmBytes, wavHeader } from '#common/mix/index.ts'
import { RATE_HZ } from '#common/units/samples.ts'
import { AppError } from '#contract/errors.ts'
import { ffmpegError, progressSeconds } from './ffmpeg-text.ts'
import type { Ffmpeg } from './ffmpeg.ts'
import { findMiddle } from './mp3-frames.ts'
import type { Mp3Middle } from './mp3-frames.ts'

/** Frames a decoder needs before it gives what it would have given from the beginning: bit reservoir, overlap, filter bank; generously. */
const RUN_IN = 32
/** Frames on each side of the joint that are decoded once more, in one piece, to prove the joint. */
const PROOF = 8
const CALIBRATE = 40
/** Below this a second process does not pay: about five minutes at 128 kbit/s. */
const MIN_BYTES = 5_000_000
/** A plain WAV header is written before the length is known. */
const MAX_DATA_BYTES = 4_200_000_000
const KEPT_STDERR = 32 * 1024

interface Wish {
  readonly source: string
  /** WAV to be written. */
  readonly target: string
  readonly bits: 16 | 24
  readonly channels: number | null
  readonly signal: AbortSignal
  readonly onSeconds: (seconds: number) => void
}

/**
 * Decodes a long MP3 on two cores: its halves side by side into one file, the second beginning early enough to be in step, sample for sample as one
 * decode would give it. The joint is decoded once more in one piece and compared. False (and nothing of use in the file) when the file
 * is not fit for that or the proof fails: then one decode does it.
 */
export async function decodeMp3Halves(ffmpeg: Ffmpeg, wish: Wish): Promise<boolean> {
  try {
    return await decodeBoth(ffmpeg, wish)
  } catch (error) {
    // What one decode would stumble over as well is told by that one.
    if (wish.signal.aborted || (error instanceof AppError && error.code === 'disk-full')) throw error
    return false
  }
}

async function decodeBoth(ffmpeg: Ffmpeg, wish: Wish): Promise<boolean> {
  const { size } = await stat(wish.source).catch(() => ({ size: 0 }))
  if (size < MIN_BYTES) return false
  const mp3 = await findMiddle(wish.source)
  if (mp3 === null || mp3.middle < CALIBRATE + 2 * RUN_IN || (wish.channels !== null && wish.channels !== mp3.channels)) return false
  const format = wish.bits === 24 ? 'int24' : 'int16'
  const frameBytes = pcmBytes[format] * mp3.channels
  const work = new Work(ffmpeg, wish, mp3, format)
  if (((mp3.middle * 2 * mp3.samplesPerFrame) / mp3.rateHz) * RATE_HZ * frameBytes * 1.5 > MAX_DATA_BYTES) return false
  const skipped = await work.skippedAtStart()
  const samples = lengthBy(mp3, skipped)
  if (samples === 'unknown') return false
  // The joint: a place on the 48 kHz grid at the middle frame.
  const joint = Math.floor(((mp3.middle * mp3.samplesPerFrame - skipped) * RATE_HZ) / mp3.rateHz)

  const first = openSync(wish.target, 'w')
  const header = wavHeader(format, mp3.channels, joint)
  writeSync(first, header)
  const target = await open(wish.target, 'r+')
  try {
    await target.truncate(header.length + joint * frameBytes)
    // Appends behind the place that the first half will have filled.
    const second = openSync(wish.target, 'a')
    try {
      await work.both(
        work.decode({ from: 0, to: mp3.middle + RUN_IN, skipped, start: 0, end: joint }, first),
        work.decode({ from: mp3.middle - RUN_IN, to: null, skipped, samples, start: joint, end: null }, second),
      )
    } finally {
      closeSync(second)
    }
    const length = Math.floor(((await target.stat()).size - header.length) / frameBytes)
    if (length <= joint || !(await work.isProven(target, header.length, joint, skipped))) return false
    await target.write(wavHeader(format, mp3.channels, length), 0, header.length, 0)
    return true
  } finally {
    closeSync(first)
    await target.close()
  }
}

/** Delay of every decoder of Layer III. */
const DECODER_DELAY = 529

/**
 * Samples of the whole decode at the file's own rate, where the tag of an encoder says how much of the end is padding: null when nothing is left out
 * at the end. What was left out at the beginning must agree with the tag, else this ffmpeg has rules of its own.
 */
function lengthBy({ tag, samplesPerFrame }: Mp3Middle, skipped: number): number | null | 'unknown' {
  if (tag === null) return skipped === 0 ? null : 'unknown'
  if (skipped === samplesPerFrame && tag.startPad === 0 && tag.endPad === 0) return null
  if (skipped !== samplesPerFrame + tag.startPad + DECODER_DELAY) return 'unknown'
  return tag.frames === 0 ? null : tag.frames * samplesPerFrame - tag.endPad - tag.startPad
}

interface Part {
  /** Frames of the source. */
  readonly from: number
  readonly to: number | null
  /** Samples that a decode from the beginning leaves out. */
  readonly skipped: number
  /** Samples of the whole decode at the file's rate, when its end is cut. */
  readonly samples?: number | null
  /** Output samples of the whole decode, at 48 kHz. */
  readonly start: number
  readonly end: number | null
}

class Work {
  private readonly ffmpeg: Ffmpeg
  private readonly wish: Wish
  private readonly mp3: Mp3Middle
  private readonly format: 'int16' | 'int24'
  private readonly stop = new AbortController()
  private readonly signal: AbortSignal
  private readonly seconds = new Map<Part, number>()

  constructor(ffmpeg: Ffmpeg, wish: Wish, mp3: Mp3Middle, format: 'int16' | 'int24') {
    this.ffmpeg = ffmpeg
    this.wish = wish
    this.mp3 = mp3
    this.format = format
    this.signal = AbortSignal.any([wish.signal, this.stop.signal])
  }

  /** The first failure ends the other half, and both have ended when this gives an answer. */
  async both(...halves: readonly Promise<unknown>[]): Promise<void> {
    const settled = await Promise.allSettled(halves.map((half) => half.catch((error: unknown) => {
      this.stop.abort(error)
      throw error
    })))
    const failed = settled.find((one) => one.status === 'rejected')
    if (failed !== undefined) throw this.wish.signal.aborted ? abortReason(this.wish.signal) : this.stop.signal.reason
  }

  /** What the decoder leaves out at the beginning (encoder delay, the frame of facts), measured and not read from a tag. */
  async skippedAtStart(): Promise<number> {
    const chunks = await this.run([...this.input(0, CALIBRATE), '-ac', '1', '-c:a', 'pcm_s16le', '-f', 's16le', 'pipe:1'], 'pipe')
    return CALIBRATE * this.mp3.samplesPerFrame - chunks.length / 2
  }

  async decode(part: Part, output: number): Promise<void> {
    await this.run([...this.input(part.from, part.to), ...this.output(part)], output, (seconds) => {
      this.seconds.set(part, seconds)
      this.wish.onSeconds([...this.seconds.values()].reduce((sum, one) => sum + one, 0))
    })
  }

  /** Is what lies around the joint what one decode across it gives? A joint in digital silence proves nothing. */
  async isProven(file: { read(buffer: Uint8Array, offset: number, length: number, position: number): Promise<{ bytesRead: number }> }, headerBytes: number, joint: number, skipped: number): Promise<boolean> {
    const { middle, samplesPerFrame, rateHz, channels } = this.mp3
    const half = Math.floor((PROOF * samplesPerFrame * RATE_HZ) / rateHz)
    const part: Part = { from: middle - RUN_IN - PROOF - 2, to: middle + 2 * PROOF + 2, skipped, start: joint - half, end: joint + half }
    const wanted = await this.run([...this.input(part.from, part.to), ...this.output(part)], 'pipe')
    const frameBytes = pcmBytes[this.format] * channels
    const found = new Uint8Array(2 * half * frameBytes)
    const { bytesRead } = await file.read(found, 0, found.length, headerBytes + (joint - half) * frameBytes)
    return bytesRead === found.length && wanted.equals(found) && found.some((byte) => byte !== 0)
  }

  private input(from: number, to: number | null): string[] {
    const { offsets } = this.mp3
    const end = to === null ? this.mp3.sizeBytes : offsets[to]
    const start = from === 0 ? 0 : offsets[from]
    return ['-hide_banner', '-nostdin', '-protocol_whitelist', 'file,pipe,subfile', '-f', 'mp3', '-i', `subfile,,start,${start},end,${end},,:${this.wish.source}`, '-map', '0:a:0']
  }

  /**
   * The rate converter's phase depends on where it began: a part starts at a sample where a converter running from the beginning would stand on
   * whole samples of both rates.
   */
  private output({ from, skipped, samples = null, start, end }: Part): string[] {
    const { rateHz, samplesPerFrame } = this.mp3
    const first = from === 0 ? 0 : from * samplesPerFrame - skipped
    const grid = rateHz / commonDivisor(rateHz, RATE_HZ)
    const drop = (grid - (first % grid)) % grid
    const base = ((first + drop) * RATE_HZ) / rateHz
    const trims = [`start_sample=${start - base}`, ...(end === null ? [] : [`end_sample=${end - base}`])]
    const chain = [...(drop === 0 && samples === null ? [] : [`atrim=start_sample=${drop}${samples === null ? '' : `:end_sample=${samples - first}`}`]), ...(from === 0 ? [] : ['asetpts=N/SR/TB']), `aresample=${RATE_HZ}`, 'asetpts=N/SR/TB', `atrim=${trims.join(':')}`]
    const codec = this.format === 'int24' ? ['-c:a', 'pcm_s24le', '-f', 's24le'] : ['-c:a', 'pcm_s16le', '-f', 's16le']
    // Without being told, ffmpeg writes to a pipe frame by frame: a third of a second of system time for each half hour.
    return ['-af', chain.join(','), ...codec, '-flush_packets', '0', 'pipe:1']
  }

  private async run(words: readonly string[], output: number | 'pipe', onSeconds?: (seconds: number) => void): Promise<Buffer> {
    const { path } = await this.ffmpeg.capabilities()
    if (this.signal.aborted) throw abortReason(this.signal)
    const child = spawn(path, [...words], { stdio: ['ignore', output, 'pipe'], windowsHide: true })
    const kill = () => void child.kill('SIGKILL')
    const disown = this.ffmpeg.adopt(`${path} ${words.join(' ')}`, kill)
    this.signal.addEventListener('abort', kill, { once: true })
    const chunks: Buffer[] = []
    let stderr = ''
    child.stdout?.on('data', (chunk: Buffer) => chunks.push(chunk))
    child.stderr?.on('data', (chunk: Buffer) => {
      const text = chunk.toString('latin1')
      const seconds = progressSeconds(text)
      if (seconds === null) stderr = `${stderr}${text}`.slice(-KEPT_STDERR)
      else onSeconds?.(seconds)
    })
    try {
      await new Promise<void>((resolve, reject) => {
        child.on('error', (error) => reject(ffmpegError(stderr, error)))
        child.on('close', (code) => {
          if (this.signal.aborted) reject(abortReason(this.signal))
          else if (code === 0) resolve()
          else reject(ffmpegError(stderr, new Error(`exit ${code}`)))
        })
      })
      return Buffer.concat(chunks)
    } finally {
      this.signal.removeEventListener('abort', kill)
      disown()
    }
  }
}

function commonDivisor(a: number, b: number): number {
  return b === 0 ? a : commonDivisor(b, a % b)
}

function abortReason(signal: AbortSignal): AppError {
  const reason: unknown = signal.reason
  return reason instanceof AppError ? reason : new AppError('cancelled', { cause: reason })
}
