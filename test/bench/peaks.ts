import { execFile, spawn } from 'node:child_process'
import { copyFile, mkdtemp, open, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { performance } from 'node:perf_hooks'
import { fileURLToPath } from 'node:url'
import { parseArgs, promisify } from 'node:util'
import { z } from 'zod'
import type { PcmFile } from '../../main/station/faces.ts'
import { openTestMedia } from '../support/media-room.ts'
import { onPath } from '../support/on-path.ts'
import { babble, ffmpegMake, noise, writeWav } from '../support/signals.ts'

/**
 * Peaks of a long WAV and of a long MP3 (decode to the 48 kHz mezzanine and peaks, as an import does), with the memory of this process
 * at its highest. Opponent: audiowaveform, measured here when it is on PATH, else its published figures for 3 h on two cores. It keeps no PCM: how long
 * an import takes until the mezzanine is safe on the disk as well stands beside an ffmpeg that decodes to a file which is then synced.
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

/** What is still to be written slows down who is measured next. */
async function sync(path: string): Promise<void> {
  const file = await open(path, 'r+')
  try {
    await file.sync()
  } finally {
    await file.close()
  }
}

const never = new AbortController().signal
interface Measured {
  readonly seconds: number
  /** Until the mezzanine of an MP3 stood as well. */
  readonly wholeSeconds: number
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
  let seconds = Infinity
  const wholeSeconds = await best(async () => {
    const begin = performance.now()
    const peaksOf = async (pcm: PcmFile): Promise<void> => {
      await media.writePeaks(pcm, at(`${kind}.dat`), { signal: never })
      seconds = Math.min(seconds, (performance.now() - begin) / 1000)
    }
    if (kind === 'wav') await peaksOf(await media.openPcm(at('long.wav')))
    else await media.decodeToPcm(at('long.mp3'), at('mezzanine.wav'), { bits: 16, channels: 2, signal: never, meanwhile: peaksOf })
  })
  clearInterval(watching)
  await dispose()
  return { seconds, wholeSeconds, rssMb: rss / 1e6 }
}

const Figures = z.object({ seconds: z.number(), wholeSeconds: z.number(), rssMb: z.number() })

/** This program and the station as JavaScript, as a package has them: a runtime that strips types in each thread weighs more than the work. */
async function asPackaged(): Promise<string> {
  const { writeStationTree } = await import('../../main/build/station-tree.ts')
  const root = fileURLToPath(new URL('../..', import.meta.url))
  const tree = join(root, 'out', 'bench')
  writeStationTree(tree, ['test/bench', 'test/support'])
  await copyFile(join(root, 'package.json'), join(tree, 'package.json'))
  return join(tree, 'test', 'bench', 'peaks.js')
}

async function measureApart(program: string, kind: 'wav' | 'mp3', folder: string): Promise<Measured> {
  const { stdout } = await execute(process.execPath, [program, '--measure', kind, '--folder', folder], { maxBuffer: 1_000_000 })
  return Figures.parse(JSON.parse(stdout))
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
  for (const name of ['long.wav', 'long.mp3']) await sync(at(name))
  const program = await asPackaged()
  const wav = await measureApart(program, 'wav', folder)
  const mp3 = await measureApart(program, 'mp3', folder)
  await rm(at('mezzanine.wav'))

  const opponent = onPath('audiowaveform')
  const share = minutes / PUBLISHED.minutes
  let versus = { wavSeconds: PUBLISHED.wavSeconds * share, mp3Seconds: PUBLISHED.mp3Seconds * share, rssMb: PUBLISHED.rssMb }
  if (opponent !== null) {
    const run = (input: string) => execute(opponent, ['-i', at(input), '-o', at('theirs.dat'), '-z', '256', '-b', '16', '--split-channels'])
    const wavSeconds = await best(() => run('long.wav'))
    if (!(await readFile(at('wav.dat'))).equals(await readFile(at('theirs.dat')))) throw new Error('our .dat is not the one that audiowaveform makes')
    console.error('our .dat of the WAV is that of audiowaveform, byte for byte')
    versus = { wavSeconds, mp3Seconds: await best(() => run('long.mp3')), rssMb: (await peakRss(opponent, at('long.wav'), at('rss.dat'))) ?? PUBLISHED.rssMb }
  }
  const decode = (input: string) => execute('ffmpeg', ['-hide_banner', '-loglevel', 'error', '-nostdin', '-i', at(input), '-f', 'null', '-'])
  const ffmpegWav = await best(() => decode('long.wav'))
  const ffmpegMp3 = await best(() => decode('long.mp3'))
  const ffmpegKept = await best(async () => {
    await execute('ffmpeg', ['-hide_banner', '-loglevel', 'error', '-nostdin', '-y', '-i', at('long.mp3'), '-ar', '48000', '-c:a', 'pcm_s16le', '-rf64', 'auto', at('theirs.wav')])
    await sync(at('theirs.wav'))
    await rm(at('theirs.wav'))
  })
  console.error(`opponent: ${opponent ?? 'audiowaveform, published figures'}; ${minutes} min, stereo`)
  print(`peaks_${length}_wav_s`, wav.seconds, 's', versus.wavSeconds)
  print(`peaks_${length}_mp3_s`, mp3.seconds, 's', versus.mp3Seconds)
  // ffmpeg only decodes here and keeps nothing; ours leaves peaks, their RMS plane and, of the MP3, the PCM that the editor plays.
  print(`peaks_${length}_wav_beside_ffmpeg_decode_s`, wav.seconds, 's', ffmpegWav)
  print(`peaks_${length}_mp3_beside_ffmpeg_decode_s`, mp3.seconds, 's', ffmpegMp3)
  print(`mezzanine_${length}_mp3_s`, mp3.wholeSeconds, 's', ffmpegKept)
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
