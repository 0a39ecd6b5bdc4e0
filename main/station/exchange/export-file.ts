import { createReadStream, createWriteStream } from 'node:fs'
import { access, mkdir, rm, stat, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { pipeline } from 'node:stream/promises'
import { headerWithChunks } from './bwf/index.ts'
import { edit } from '#common/edl/index.ts'
import type { Edl } from '#common/edl/index.ts'
import { samples } from '#common/units/samples.ts'
import { AppError } from '#contract/errors.ts'
import type { ExportSettings } from '#contract/exchange.ts'
import type { JobHandle, StationContext } from '../context.ts'
import type { EditorRoom, MediaRoom, PcmFile } from '../faces.ts'
import { writeWhole } from '../media/index.ts'
import { ffmetadata } from './chapters.ts'
import { waveChunks } from './wave-chunks.ts'

export interface ExportWish {
  readonly edl: Edl
  readonly settings: ExportSettings
  readonly target: string
}
type Deps = { readonly editor: Pick<EditorRoom, 'mixdown' | 'mixStream'>; readonly media: MediaRoom }

export const endings: Record<ExportSettings['format'], string> = { wav: 'wav', flac: 'flac', mp3: 'mp3', aac: 'm4a', opus: 'opus' }
/** Longest frame of a codec, in samples at 48 kHz: a decoded length may differ by one. */
const frameSamples = { wav: 0, flac: 0, mp3: 1_152, aac: 1_024, opus: 960 } as const

/** The place of the file, checked before anything is mixed. @throws AppError folder-missing, file-exists, invalid-input */
export async function targetOf(folder: string, name: string, format: ExportSettings['format'], replace: boolean): Promise<string> {
  // A name must stay a name on every system.
  if (/[\\/:*?"<>|\p{Cc}]/u.test(name) || /^\.|\.$/.test(name)) throw new AppError('invalid-input', { data: { field: 'name' } })
  const facts = await stat(folder).catch(() => null)
  if (facts?.isDirectory() !== true) throw new AppError('folder-missing', { data: { folder } })
  const target = join(folder, `${name}.${endings[format]}`)
  const isThere = await access(target).then(() => true, () => false)
  if (isThere && !replace) throw new AppError('file-exists', { data: { fileName: `${name}.${endings[format]}` } })
  return target
}

/** Only what lies in the range, from its beginning. */
function part(edl: Edl, range: ExportSettings['range'], newId: () => string): Edl {
  if (range === null) return edl
  const made = edit(edl, { op: 'trimTo', range: { start: samples(range.start), end: samples(range.end) }, laneIds: edl.lanes.map((lane) => lane.id) }, { newId, item: () => null })
  if (!('refused' in made)) return made.edl
  if (made.refused === 'no-change') return edl
  throw new AppError('render-empty')
}

/**
 * Mixes, encodes (at the same time, where the format is not PCM), decodes what was written to see that it is whole and as long as it should be,
 * and only then puts it in its place. Whatever fails or is cancelled, nothing stays.
 */
export async function exportFile(ctx: Pick<StationContext, 'folders' | 'newId' | 'clock' | 'settings'>, deps: Deps, wish: ExportWish, job: Pick<JobHandle, 'signal' | 'progress'>): Promise<{ lengthSamples: number }> {
  const { settings } = wish
  const edl = part(wish.edl, settings.range, ctx.newId)
  const base = join(ctx.folders.temp, `export-${ctx.newId()}`)
  const files = { mix: `${base}.mix.wav`, plain: `${base}.wav`, marks: `${base}.txt` }
  await mkdir(ctx.folders.temp, { recursive: true })
  try {
    const channels = settings.channels === 'own' ? {} : settings.channels === 'mono' ? { channels: 1 as const } : { channels: 2 as const }
    let length = 0
    await writeWhole(wish.target, async (partFile) => {
      if (settings.format === 'wav') {
        const mix = await deps.editor.mixdown(edl, files.mix, { signal: job.signal, progress: (value) => job.progress(value * 0.5), ...channels })
        length = mix.length
        await writeWave(ctx, deps, { edl, settings, mix, plain: files.plain, target: partFile }, job.signal)
      } else {
        const sound = await deps.editor.mixStream(edl, { signal: job.signal, format: settings.format === 'flac' ? 'int24' : 'float32', progress: (value) => job.progress(value * 0.85), ...channels })
        length = sound.length
        await encodeWith(deps.media, { edl, settings, sound, marks: files.marks, target: partFile }, job.signal)
      }
      job.progress(0.85)
      await check(deps.media, partFile, length, settings.format, job.signal)
    })
    return { lengthSamples: length }
  } finally {
    for (const path of Object.values(files)) await rm(path, { force: true }).catch(() => undefined)
  }
}

async function writeWave(ctx: Pick<StationContext, 'clock' | 'settings'>, { media }: Deps, to: { edl: Edl; settings: ExportSettings; mix: PcmFile; plain: string; target: string }, signal: AbortSignal): Promise<void> {
  let sound = to.mix
  if (to.settings.bits === 16) {
    await media.encode(to.mix.path, to.plain, { format: 'wav', bits: 16, signal })
    sound = await media.openPcm(to.plain)
  }
  const measured = to.settings.broadcast === null ? null : await media.measureLoudness(to.mix.path, signal)
  const { integratedLufs, rangeLu, truePeakDbtp } = measured ?? { integratedLufs: null, rangeLu: null, truePeakDbtp: null }
  const loudness = integratedLufs === null || truePeakDbtp === null ? null : { integratedLufs, rangeLu: rangeLu ?? 0, truePeakDbtp, maxMomentaryLufs: null, maxShortTermLufs: null }
  const [date = '', time = ''] = localStamp(ctx.clock.now(), ctx.settings.get().zone)
  const channels = sound.channels === 1 ? 1 : 2
  const chunks = waveChunks({ settings: to.settings, edl: to.edl, channels, length: sound.length, loudness, date, time })
  await writeFile(to.target, headerWithChunks(to.settings.bits === 16 ? 'int16' : 'int24', channels, sound.length, chunks))
  const bytes = sound.length * channels * (to.settings.bits / 8)
  await pipeline(createReadStream(sound.path, { start: sound.dataOffsetBytes, end: sound.dataOffsetBytes + bytes + (bytes & 1) - 1, highWaterMark: 1 << 20 }), createWriteStream(to.target, { flags: 'a' }), { signal })
}

const localStamp = (at: number, zone: string): string[] => new Intl.DateTimeFormat('sv-SE', { timeZone: zone, dateStyle: 'short', timeStyle: 'medium' }).format(at).split(' ')

async function encodeWith(media: MediaRoom, to: { edl: Edl; settings: ExportSettings; sound: Awaited<ReturnType<EditorRoom['mixStream']>>; marks: string; target: string }, signal: AbortSignal): Promise<void> {
  const { settings, edl, sound } = to
  const hasChapters = settings.chapters && edl.markers.length > 0 && settings.format !== 'flac'
  if (hasChapters) await writeFile(to.marks, ffmetadata(edl))
  await media.encodeStream(sound.chunks, sound, to.target, {
    format: settings.format, kbps: settings.kbps, bits: settings.bits, tags: settings.tags, signal,
    ...(hasChapters ? { metadataFile: to.marks } : {}),
  })
}

/** @throws AppError export-unlike when the file does not hold what was mixed */
async function check(media: MediaRoom, path: string, length: number, format: ExportSettings['format'], signal: AbortSignal): Promise<void> {
  const decoded = await media.decodedLength(path, signal)
  if (Math.abs(decoded - length) > frameSamples[format]) throw new AppError('export-unlike', { data: { expectedSamples: length, foundSamples: decoded } })
}
