import { createHash } from 'node:crypto'
import { mkdir, readdir, stat, unlink, utimes } from 'node:fs/promises'
import { join } from 'node:path'
import { speakVi } from '#common/text/speak-vi/index.ts'
import { AppError } from '#contract/errors.ts'
import type { StationContext } from '../context.ts'
import type { MediaRoom } from '../faces.ts'
import { runEspeak } from './espeak/run.ts'

export const speechVoices = ['vi', 'vi-vn-x-central', 'vi-vn-x-south'] as const
export type SpeechVoice = (typeof speechVoices)[number]

export interface SpeechRequest {
  /** As written; numbers, dates, units and abbreviations are turned into words first. */
  readonly text: string
  readonly voice?: SpeechVoice
  /** 0.5–2; 1 = 150 words a minute. */
  readonly speed?: number
  readonly signal?: AbortSignal
}
export interface Speech {
  /** 48 kHz mono WAV in the cache: copy it, never move or change it. */
  readonly path: string
  readonly provider: 'espeak'
  /** SHA-256 of normalised text, provider, voice and speed. */
  readonly cacheKey: string
  readonly chars: number
  readonly cached: boolean
}
export interface SpeechRoom {
  /** Works without Internet. The same request is spoken once. @throws AppError invalid-input, speech-failed, ffmpeg-missing, cancelled */
  synthesize(request: SpeechRequest): Promise<Speech>
}

const MOST_CHARS = 20_000
const MOST_CACHE_BYTES = 1_000_000_000
const AT_ONCE = 2

export async function openSpeech(ctx: StationContext, deps: { readonly media: Pick<MediaRoom, 'decodeToPcm'> }): Promise<SpeechRoom> {
  const folder = join(ctx.folders.root, 'speech')
  await mkdir(folder, { recursive: true, mode: 0o700 })
  await purge(folder)
  const stopping = new AbortController()
  ctx.scope.add(() => stopping.abort())
  const underWay = new Map<string, Promise<void>>()
  let running = 0
  const queue: (() => void)[] = []

  async function turn<T>(run: () => Promise<T>): Promise<T> {
    if (running >= AT_ONCE) await new Promise<void>((resolve) => queue.push(resolve))
    running++
    try {
      return await run()
    } finally {
      running--
      queue.shift()?.()
    }
  }

  async function speak(text: string, voice: SpeechVoice, speed: number, key: string, signal: AbortSignal): Promise<void> {
    const raw = join(ctx.folders.temp, `speech-${ctx.newId()}.wav`)
    try {
      await runEspeak(text, raw, { voice, speed, signal })
      await deps.media.decodeToPcm(raw, join(folder, `${key}.wav`), { bits: 16, channels: 1, signal })
    } finally {
      await unlink(raw).catch(() => undefined)
    }
  }

  return {
    async synthesize({ text, voice = 'vi', speed = 1, signal = new AbortController().signal }) {
      if (text.length > MOST_CHARS) throw new AppError('invalid-input', { data: { field: 'text' } })
      const spoken = speakVi(text, { region: voice === 'vi-vn-x-south' ? 'south' : 'north' }).text
      if (spoken === '' || spoken.length > MOST_CHARS || !(speed >= 0.5 && speed <= 2)) throw new AppError('invalid-input', { data: { field: spoken === '' || spoken.length > MOST_CHARS ? 'text' : 'speed' } })
      const cacheKey = createHash('sha256').update(JSON.stringify([spoken, 'espeak', voice, speed])).digest('hex')
      const path = join(folder, `${cacheKey}.wav`)
      const result = { path, provider: 'espeak', cacheKey, chars: [...spoken].length } as const
      if (await touch(path)) return { ...result, cached: true }
      // Shared by everyone who asks for the same words meanwhile; hence it is stopped by the station only, and a caller who gives up just leaves.
      let work = underWay.get(cacheKey)
      if (work === undefined) {
        work = turn(() => speak(spoken, voice, speed, cacheKey, stopping.signal)).finally(() => underWay.delete(cacheKey))
        underWay.set(cacheKey, work)
      }
      await untilAborted(work, signal)
      return { ...result, cached: false }
    },
  }
}

function untilAborted(work: Promise<void>, signal: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    const leave = () => reject(new AppError('cancelled'))
    if (signal.aborted) leave()
    signal.addEventListener('abort', leave, { once: true })
    work.then(resolve, reject).finally(() => signal.removeEventListener('abort', leave))
  })
}

/** The time of last use decides what a full cache forgets. */
async function touch(path: string): Promise<boolean> {
  try {
    const now = new Date()
    await utimes(path, now, now)
    return true
  } catch {
    return false
  }
}

async function purge(folder: string): Promise<void> {
  const files: { path: string; size: number; usedAt: number }[] = []
  for (const name of await readdir(folder)) {
    const path = join(folder, name)
    const { size, mtimeMs } = await stat(path)
    if (name.endsWith('.wav')) files.push({ path, size, usedAt: mtimeMs })
    else await unlink(path).catch(() => undefined)
  }
  files.sort((a, b) => b.usedAt - a.usedAt)
  let kept = 0
  for (const file of files) {
    kept += file.size
    if (kept > MOST_CACHE_BYTES) await unlink(file.path).catch(() => undefined)
  }
}
