import { spawn } from 'node:child_process'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { performance } from 'node:perf_hooks'
import { parseArgs } from 'node:util'
import { openTestMedia } from '../support/media-room.ts'
import { babble, noise, writeLongWav } from '../support/signals.ts'
import type { Signal } from '../support/signals.ts'

/**
 * Loudness, loudness range and true peak of 30 min of stereo, by the station's meter and by `ffmpeg -af ebur128=peak=true` on the same file
 * in the same run, in turns. Two kinds of sound: with the pauses and peaks of speech, and a wall of noise close to full scale, where hardly
 * anything can be passed over when true peaks are looked for.
 */
export async function measureLoudnessBench(options: { minutes?: number; rounds?: number } = {}): Promise<void> {
  const minutes = options.minutes ?? 30
  const folder = await mkdtemp(join(tmpdir(), 'vangxa-bench-'))
  const { media, dispose } = openTestMedia()
  try {
    for (const [name, piece] of [['loudness_tp', [...babble(30), ...babble(30, 2)]], ['loudness_tp_wall', noise({ dbfs: -6, seconds: 30, channels: 2 })]] as const) {
      const path = await writeLongWav(join(folder, `${name}.wav`), piece satisfies Signal, minutes * 60)
      const own: number[] = []
      const other: number[] = []
      let difference = 0
      for (let round = 0; round < (options.rounds ?? 2); round++) {
        let begin = performance.now()
        const measured = await media.measureLoudness(path, new AbortController().signal)
        own.push((performance.now() - begin) / 1000)
        begin = performance.now()
        const integrated = await ffmpegLoudness(path)
        other.push((performance.now() - begin) / 1000)
        difference = Math.abs((measured.integratedLufs ?? 0) - integrated)
      }
      print(`${name}_${minutes}min_s`, Math.min(...own), 's', Math.min(...other))
      print(`${name}_${minutes}min_difference_lu`, difference, 'LU', 0.1)
      await rm(path)
    }
  } finally {
    await dispose()
    await rm(folder, { recursive: true, force: true })
  }
}

function print(figure: string, value: number, unit: string, versus: number): void {
  const round = (number: number) => Math.round(number * 1000) / 1000
  console.log(JSON.stringify({ bench: 'loudness', figure, value: round(value), unit, versus: round(versus), ratio: round(value / versus) }))
}

async function ffmpegLoudness(path: string): Promise<number> {
  const child = spawn('ffmpeg', ['-hide_banner', '-nostdin', '-nostats', '-i', path, '-af', 'ebur128=peak=true:framelog=verbose', '-f', 'null', '-'], { stdio: ['ignore', 'ignore', 'pipe'] })
  let text = ''
  child.stderr.on('data', (bytes: Buffer) => { text = `${text}${bytes.toString('latin1')}`.slice(-8_192) })
  await new Promise<void>((resolve, reject) => {
    child.on('error', reject)
    child.on('close', (code) => (code === 0 ? resolve() : reject(new Error(`ffmpeg ended with ${code}`))))
  })
  return Number(/I:\s+(-?[\d.]+) LUFS/.exec(text.slice(text.lastIndexOf('Summary:')))?.[1] ?? NaN)
}

if (process.argv[1]?.endsWith('loudness.ts') === true) {
  const { values } = parseArgs({ options: { minutes: { type: 'string', default: '30' } } })
  await measureLoudnessBench({ minutes: Number(values.minutes) })
}
