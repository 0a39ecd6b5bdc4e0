import { execFile, spawn } from 'node:child_process'
import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { delimiter, join } from 'node:path'
import { accessSync, constants } from 'node:fs'
import { performance } from 'node:perf_hooks'
import { fileURLToPath } from 'node:url'
import { parseArgs, promisify } from 'node:util'
import { openTestMedia } from '../support/media-room.ts'
import { babble, ffmpegMake, noise, writeWav } from '../support/signals.ts'

/**
 * Peaks of a long WAV and of a long MP3 (decode to the 48 kHz mezzanine and peaks, as an import does), with the memory of this process
 * at its highest. Opponent: audiowaveform, measured here when it is on PATH, else its published figures for 3 h on two cores.
 *
 *   npm run bench -- peaks [--minutes 180]
 */
const PUBLISHED = { wavSeconds: 1.5, mp3Seconds: 15.2, rssMb: 30, minutes: 180 }
const PIECE_SECONDS = 60
const execute = promisify(execFile)

const { values } = parseArgs({ options: { minutes: { type: 'string', default: '180' }, measure: { type: 'string' }, folder: { type: 'string' } } })
const minutes = Number(values.minutes)
if (!Number.isFinite(minutes) || minutes <= 0) throw new RangeError('--minutes takes a number above 0')
const length = minutes === 180 ? '3h' : `${minutes}min`

function print(figure: string, value: number, unit: string, versus: number): void {
  console.log(JSON.stringify({ bench: 'peaks', figure, value: Math.round(value * 1000) / 1000, unit, versus: Math.round(versus * 1000) / 1000, ratio: Math.round((value / versus) * 1000) / 1000 }))
}

function onPath(name: string): string | null {
  for (const folder of (process.env['PATH'] ?? '').split(delimiter)) {
    try {
      const path = join(folder, name)
      accessSync(path, constants.X_OK)
      return path
    } catch {
      // Not in this folder.
    }
  }
  return null
}

async function timed(run: () => Promise<unknown>): Promise<number> {
  const start = performance.now()
  await run()
  return (performance.now() - start) / 1000
}

/** Best of three: the others share the computer with something else. */
async function best(run: () => Promise<unknown>): Promise<number> {
  const times = [await timed(run), await timed(run), await timed(run)]
  return Math.min(...times)
}

const never = new AbortController().signal
interface Measured {
  readonly seconds: number
  readonly rssMb: number
}

/** Runs in a process of its own, so that its memory is that of the work and not of the making of the signals. */
async function measureHere(kind: 'wav' | 'mp3', folder: string): Promise<Measured> {
  const { media, dispose } = openTestMedia()
  const at = (name: string) => join(folder, name)
  let rss = process.memoryUsage.rss()
  const watching = setInterval(() => {
    rss = Math.max(rss, process.memoryUsage.rss())
  }, 20)
  const seconds = kind === 'wav'
    ? await best(async () => media.writePeaks(await media.openPcm(at('long.wav')), at('wav.dat'), { signal: never }))
    : await timed(async () => {
      const pcm = await media.decodeToPcm(at('long.mp3'), at('mezzanine.wav'), { bits: 16, channels: 2, signal: never })
      await media.writePeaks(pcm, at('mp3.dat'), { signal: never })
    })
  clearInterval(watching)
  await dispose()
  return { seconds, rssMb: rss / 1e6 }
}

async function measureApart(kind: 'wav' | 'mp3', folder: string): Promise<Measured> {
  const { stdout } = await execute(process.execPath, [fileURLToPath(import.meta.url), '--measure', kind, '--folder', folder], { maxBuffer: 1_000_000 })
  const read: unknown = JSON.parse(stdout)
  if (typeof read !== 'object' || read === null || !('seconds' in read) || !('rssMb' in read)) throw new Error('the measuring process gave no figures')
  return { seconds: Number(read.seconds), rssMb: Number(read.rssMb) }
}

async function bench(folder: string): Promise<void> {
  const at = (name: string) => join(folder, name)
  const voice = babble(PIECE_SECONDS)[0] ?? new Float32Array(0)
  const room = noise({ dbfs: -50, seconds: PIECE_SECONDS, channels: 2 })
  await writeWav(at('piece.wav'), room.map((data) => data.map((value, n) => value + (voice[n] ?? 0))))
  await ffmpegMake('-stream_loop', '-1', '-i', at('piece.wav'), '-t', String(minutes * 60), '-c', 'copy', '-rf64', 'auto', at('long.wav'))
  // One minute is encoded and repeated frame by frame: the decoder's work is that of a long file, the encoder's is not.
  await ffmpegMake('-i', at('piece.wav'), '-c:a', 'libmp3lame', '-b:a', '128k', at('piece.mp3'))
  await ffmpegMake('-stream_loop', '-1', '-i', at('piece.mp3'), '-t', String(minutes * 60), '-c', 'copy', at('long.mp3'))
  const wav = await measureApart('wav', folder)
  const mp3 = await measureApart('mp3', folder)
  await rm(at('mezzanine.wav'))

  const opponent = onPath('audiowaveform')
  const share = minutes / PUBLISHED.minutes
  let versus = { wavSeconds: PUBLISHED.wavSeconds * share, mp3Seconds: PUBLISHED.mp3Seconds * share, rssMb: PUBLISHED.rssMb }
  if (opponent !== null) {
    const run = (input: string) => execute(opponent, ['-i', at(input), '-o', at('theirs.dat'), '-z', '256', '-b', '16', '--split-channels'])
    versus = { wavSeconds: await best(() => run('long.wav')), mp3Seconds: await timed(() => run('long.mp3')), rssMb: (await peakRss(opponent, at('long.wav'), at('theirs.dat'))) ?? PUBLISHED.rssMb }
  }
  const decode = (input: string) => execute('ffmpeg', ['-hide_banner', '-loglevel', 'error', '-nostdin', '-i', at(input), '-f', 'null', '-'])
  const ffmpegWav = await best(() => decode('long.wav'))
  const ffmpegMp3 = await timed(() => decode('long.mp3'))
  console.error(`opponent: ${opponent ?? 'audiowaveform, published figures'}; ${minutes} min, stereo`)
  print(`peaks_${length}_wav_s`, wav.seconds, 's', versus.wavSeconds)
  print(`peaks_${length}_mp3_s`, mp3.seconds, 's', versus.mp3Seconds)
  // ffmpeg only decodes here and keeps nothing; ours leaves peaks, their RMS plane and, of the MP3, the PCM that the editor plays.
  print(`peaks_${length}_wav_beside_ffmpeg_decode_s`, wav.seconds, 's', ffmpegWav)
  print(`peaks_${length}_mp3_beside_ffmpeg_decode_s`, mp3.seconds, 's', ffmpegMp3)
  print('peak_rss_mb', Math.max(wav.rssMb, mp3.rssMb), 'MB', versus.rssMb)
}

/** Highest resident memory of the opponent, from /proc; null elsewhere. */
async function peakRss(program: string, input: string, output: string): Promise<number | null> {
  if (process.platform !== 'linux') return null
  const child = spawn(program, ['-i', input, '-o', output, '-z', '256', '-b', '16', '--split-channels'], { stdio: 'ignore' })
  let highest = 0
  const watching = setInterval(() => {
    readFile(`/proc/${child.pid}/status`, 'utf8').then((text) => {
      highest = Math.max(highest, Number(/VmHWM:\s+(\d+) kB/.exec(text)?.[1] ?? 0) / 1000)
    }, () => undefined)
  }, 10)
  await new Promise((resolve) => child.once('exit', resolve))
  clearInterval(watching)
  return highest > 0 ? highest : null
}

if ((values.measure === 'wav' || values.measure === 'mp3') && values.folder !== undefined) console.log(JSON.stringify(await measureHere(values.measure, values.folder)))
else {
  const folder = await mkdtemp(join(tmpdir(), 'vangxa-bench-peaks-'))
  try {
    await bench(folder)
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}
