import { access, rm } from 'node:fs/promises'
import { AppError } from '#contract/errors.ts'
import type { StationContext } from '../context.ts'
import type { MediaRoom, PcmFile } from '../faces.ts'
import { rmsPathOf } from '../media/index.ts'
import type { ItemStore } from './items.ts'
import type { Sound, Stored } from './rows.ts'
import type { Shelf } from './shelf.ts'

/** The sound behind the items: opened, found missing, rebuilt. Absence never deletes anything. */
export interface Sounds {
  pcmOf(itemId: string): Promise<PcmFile | null>
  isMissing(itemId: string): boolean
  /** Path of a usable peaks file, rebuilt when it was purged; null when there is no sound. */
  peaksOf(itemId: string): Promise<string | null>
  /** The RMS plane beside the peaks; made anew where an older station left only peaks. */
  rmsOf(itemId: string): Promise<string | null>
  /** Looks at every item's file once. Never throws. */
  checkAll(): Promise<void>
  /** Items whose original is not on its shelf. */
  lost(): Promise<Stored[]>
  /** The original is back on its shelf: what is made from it follows. */
  returned(itemId: string): Promise<void>
}

const MANY = 5
const exists = (path: string) => access(path).then(() => true, () => false)

export function createSounds(ctx: Pick<StationContext, 'jobs' | 'events' | 'notices' | 'logger' | 'scope'>, deps: { media: MediaRoom; items: ItemStore; shelf: Shelf }): Sounds {
  const { media, items, shelf } = deps
  const missing = new Set<string>()
  const rebuilding = new Map<string, Promise<boolean>>()
  const drawing = new Map<string, Promise<boolean>>()

  const mark = (itemId: string, isMissing: boolean) => {
    if (missing.has(itemId) === isMissing) return
    if (isMissing) missing.add(itemId)
    else missing.delete(itemId)
    ctx.events.emit('library.changed', { itemId, removed: false })
  }

  async function openSound(sound: Sound): Promise<PcmFile | null> {
    try {
      const pcm = await media.openPcm(shelf.pcm(sound))
      return pcm.length === sound.lengthSamples ? pcm : null
    } catch (error) {
      ctx.logger.warn('the sound of an item cannot be opened', { itemId: sound.itemId, error })
      return null
    }
  }

  /** A purged mezzanine comes back from the original, sample for sample. */
  function rebuild(sound: Sound, title: string): Promise<boolean> {
    const known = rebuilding.get(sound.itemId)
    if (known !== undefined) return known
    const { finished } = ctx.jobs.start('peaks', title, async (job) => {
      await media.decodeToPcm(shelf.original(sound), shelf.mezzanine(sound), { bits: sound.pcmBits, channels: items.get(sound.itemId)?.item.channels ?? 2, signal: job.signal, progress: job.progress, expectedSeconds: sound.lengthSamples / 48_000 })
      if ((await openSound(sound)) === null) throw new AppError('file-unreadable', { data: { fileName: sound.fileName } })
    })
    const made = finished.then((job) => {
      rebuilding.delete(sound.itemId)
      mark(sound.itemId, job.state !== 'done')
      return job.state === 'done'
    })
    rebuilding.set(sound.itemId, made)
    return made
  }

  async function pcmOf(itemId: string): Promise<PcmFile | null> {
    const stored = items.get(itemId)
    if (stored === null) return null
    const pcm = await openSound(stored.sound)
    if (pcm !== null) {
      mark(itemId, false)
      return pcm
    }
    const first = !missing.has(itemId)
    mark(itemId, true)
    if (stored.sound.pcm === 'mezzanine' && (await exists(shelf.original(stored.sound)))) {
      if (!ctx.scope.disposed) void rebuild(stored.sound, stored.item.title)
    } else if (first) ctx.notices.raise('warning', new AppError('file-missing', { data: { fileName: stored.item.title } }), itemId)
    return null
  }

  /** Both planes are made together; who asks for one waits for a making that is under way. */
  async function planeOf(itemId: string, choose: (peaksPath: string) => string): Promise<string | null> {
    const stored = items.get(itemId)
    if (stored === null) return null
    const path = shelf.peaks(stored.sound)
    if (await exists(choose(path))) return choose(path)
    const making = drawing.get(path) ?? drawPlanes(itemId, path, stored.item.title).finally(() => drawing.delete(path))
    drawing.set(path, making)
    return (await making) ? choose(path) : null
  }

  async function drawPlanes(itemId: string, path: string, title: string): Promise<boolean> {
    const pcm = await pcmOf(itemId)
    if (pcm === null) return false
    const { finished } = ctx.jobs.start('peaks', title, async (job) => {
      await media.writePeaks(pcm, path, { signal: job.signal, progress: job.progress })
    })
    return (await finished).state === 'done'
  }

  return {
    pcmOf,
    isMissing: (itemId) => missing.has(itemId),
    peaksOf: (itemId) => planeOf(itemId, (path) => path),
    rmsOf: (itemId) => planeOf(itemId, rmsPathOf),
    async lost() {
      const found: Stored[] = []
      for (const stored of items.all()) if (!(await exists(shelf.original(stored.sound)))) found.push(stored)
      return found
    },
    async returned(itemId) {
      // Opens it, or starts to make its 48 kHz copy again.
      await pcmOf(itemId)
    },
    async checkAll() {
      const gone: { id: string; title: string }[] = []
      for (const { item, sound } of items.all()) {
        if (ctx.scope.disposed) return
        if (await exists(shelf.pcm(sound))) continue
        if (sound.pcm === 'mezzanine' && (await exists(shelf.original(sound)))) {
          missing.add(item.id)
          void rebuild(sound, item.title)
        } else {
          mark(item.id, true)
          gone.push({ id: item.id, title: item.title })
        }
      }
      // One sentence for a disk that is not there, one per file for single losses.
      if (gone.length > MANY) ctx.notices.raise('alarm', new AppError('file-missing', { data: { fileName: `${gone[0]?.title ?? ''} … (${gone.length})` } }), 'library')
      else for (const { id, title } of gone) ctx.notices.raise('warning', new AppError('file-missing', { data: { fileName: title } }), id)
    },
  }
}

/** Originals of items removed long ago, and what was made from them. */
export async function purgeUnused(items: ItemStore, shelf: Shelf, before: number): Promise<void> {
  for (const { sha256, ending } of items.unused(before)) {
    for (const path of [shelf.original({ sha256, ending }), shelf.mezzanine({ sha256 }), shelf.peaks({ sha256 }), rmsPathOf(shelf.peaks({ sha256 }))]) await rm(path, { force: true }).catch(() => undefined)
    items.forget(sha256)
  }
}
