import { rm } from 'node:fs/promises'
import { join } from 'node:path'
import { channelsOf, compileEdl, plainMaster } from '#common/edl/index.ts'
import type { Clip, Edl } from '#common/edl/index.ts'
import { samples } from '#common/units/samples.ts'
import { AppError } from '#contract/errors.ts'
import type { Item } from '#contract/library.ts'
import type { LevelStandard, SoundPart, Treatment, TreatedPart } from '#contract/sound.ts'
import type { JobHandle, StationContext, Who } from '../context.ts'
import { mixToWav } from '../editor/index.ts'
import type { LibraryRoom, MediaRoom, PcmFile } from '../faces.ts'
import { isAsItWas } from '../foundation/stamp.ts'
import type { SoundTools } from './abilities.ts'
import { cleanUpSteps, hornChain, stretchChain } from './chains.ts'
import { levelMix } from './level-mix.ts'
import { noiseFloorDb } from './noise-floor.ts'
import type { Origins } from './origins.ts'
import { runSteps } from './steps.ts'

export interface TreatDeps {
  readonly library: LibraryRoom
  readonly media: MediaRoom
  readonly tools: SoundTools
  readonly origins: Origins
}
type Ctx = Pick<StationContext, 'folders' | 'newId'>

/** Sound on both sides of a treated clip, so that it can still be trimmed, faded and crossfaded. */
const HANDLE_FRAMES = 48_000
const MOST_STRETCH = 0.1
/** From here on an ear notices. */
const AUDIBLE_STRETCH = 0.05
const titles: Record<Treatment['kind'], string> = { cleanUp: 'làm sạch', horn: 'cho loa nén', stretch: 'co giãn', level: 'chuẩn hóa' }

/** A stretch of an item as a new item of the library. The original stays as it is. Whatever fails or is cancelled, no file stays. */
export async function treatPart(ctx: Ctx, deps: TreatDeps, part: SoundPart, treatment: Treatment, standard: LevelStandard, who: Who, job: Pick<JobHandle, 'signal' | 'outside'> & { progress: (value: number) => void }): Promise<TreatedPart> {
  const { library } = deps
  const item = library.get(part.itemId)
  if (item === null) throw new AppError('not-found')
  await job.outside(library.prepare([part.itemId]))
  const pcm = await library.pcmOf(part.itemId)
  if (pcm === null) throw new AppError('file-missing', { data: { fileName: item.title } })
  if (part.length === 0 || part.offset + part.length > pcm.length) throw new AppError('invalid-input', { data: { field: 'parts' } })
  const factor = treatment.kind === 'stretch' ? treatment.length / part.length : 1
  if (Math.abs(factor - 1) > MOST_STRETCH + 1e-9) throw new AppError('stretch-too-far', { data: { percent: Math.round((factor - 1) * 1000) / 10 } })

  const handles = treatment.kind === 'stretch' ? 0 : HANDLE_FRAMES
  const start = Math.max(0, part.offset - handles)
  const end = Math.min(pcm.length, part.offset + part.length + handles)
  const base = join(ctx.folders.temp, `sound-${ctx.newId()}`)
  const target = `${base}.wav`
  const files = [target, `${base}-raw.wav`]
  try {
    const level = await make({ ...deps, ctx, item, pcm, start, end, target, raw: `${base}-raw.wav`, treatment, standard, job })
    if (job.signal.aborted) throw new AppError('cancelled')
    if (!(await isAsItWas(pcm))) throw new AppError('file-changed', { data: { fileName: item.title } })
    const made = library.importFile(target, { who, title: `${item.title} (${titles[treatment.kind]})`.slice(0, 200), kind: item.kind, moveSource: true }).item
    const itemId = await job.outside(made.then((one) => one.id, knownTwin))
    deps.origins.note(itemId, { itemId: part.itemId, offset: samples(start), length: samples(end - start) }, treatment, who)
    const length = treatment.kind === 'stretch' ? treatment.length : part.length
    return { key: part.key, itemId, offset: samples(part.offset - start), length: samples(length), factor, audible: Math.abs(factor - 1) > AUDIBLE_STRETCH + 1e-9, level }
  } finally {
    for (const path of files) await rm(path, { force: true }).catch(() => undefined)
  }
}

interface Making extends TreatDeps {
  readonly ctx: Ctx
  readonly item: Item
  readonly pcm: PcmFile
  readonly start: number
  readonly end: number
  readonly target: string
  readonly raw: string
  readonly treatment: Treatment
  readonly standard: LevelStandard
  readonly job: { readonly signal: AbortSignal; readonly progress: (value: number) => void }
}

/** Writes the new sound at `target`; says how it was levelled when it was. */
async function make(making: Making): Promise<TreatedPart['level']> {
  const { media, tools, pcm, start, end, target, raw, treatment, standard, job } = making
  const range = { start, end }
  const { signal } = job
  const format = pcm.format === 'float32' ? 'float32' : 'int24'
  switch (treatment.kind) {
    case 'cleanUp': {
      const floor = noiseFloorDb((await media.measureSound(pcm, { range, signal })).energies, pcm.channels)
      await runSteps(making, cleanUpSteps(treatment, await tools.abilities(), floor), pcm, target, { range, format, signal, progress: job.progress })
      return null
    }
    case 'stretch': {
      const { stretch } = await tools.abilities()
      if (stretch === 'none') throw new AppError('unsupported-format')
      await media.filterSound(pcm, target, { chain: stretchChain((end - start) / treatment.length, stretch), range, length: treatment.length, format, signal, progress: job.progress })
      return null
    }
    case 'horn': {
      const made = await media.filterSound(pcm, raw, { chain: hornChain(treatment), range, format: 'int24', signal, progress: (value) => job.progress(value * 0.4) })
      return levelInto(making, made, { start: 0, end: made.length }, treatment.standard ?? standard, 0.4)
    }
    case 'level':
      return levelInto(making, pcm, range, treatment.standard ?? standard, 0)
  }
}

/** Through the station's own mixer and limiter: what is heard here is what the air would make of it. */
async function levelInto(making: Making, pcm: PcmFile, range: { start: number; end: number }, standard: LevelStandard, from: number): Promise<TreatedPart['level']> {
  const { item, target, media, job } = making
  const edl = oneClip({ ...item, channels: pcm.channels, lengthSamples: pcm.length }, range)
  const step = (share: number, width: number) => (value: number) => job.progress(from + (1 - from) * (share + width * value))
  const { row, master } = await levelMix(media, { edl, places: [pcm], key: item.id, title: item.title }, standard, { signal: job.signal, progress: step(0, 0.7) })
  await mixToWav({ plan: compileEdl({ ...edl, master }), places: [pcm], channels: channelsOf(edl), target }, job.signal, step(0.7, 0.3))
  return row
}

const noFade = { length: samples(0), shape: 'linear' } as const
/** The edit list of one stretch of one item. */
function oneClip(item: Item, range: { start: number; end: number }): Edl {
  const clip: Clip = {
    id: item.id, sourceId: item.id, start: samples(0), offset: samples(range.start), length: samples(range.end - range.start), gainDb: 0, fadeIn: noFade, fadeOut: noFade, envelope: [], loudness: null, alternatives: [], original: null,
  }
  return {
    sources: [{ id: item.id, itemId: item.id, title: item.title, sha256: item.sha256, channels: item.channels, length: samples(item.lengthSamples) }],
    lanes: [{ id: item.id, name: '', clips: [clip], gainDb: 0, mute: false, solo: false, role: 'other', duck: null }],
    markers: [], master: plainMaster, slot: { startsAtSec: null, length: null },
  }
}

/** The same treatment of the same sound gives the same bytes: the item is there already. */
function knownTwin(error: unknown): string {
  const itemId = error instanceof AppError && error.code === 'duplicate' ? error.data['itemId'] : undefined
  if (typeof itemId === 'string') return itemId
  throw error
}
