import { access, rm, stat } from 'node:fs/promises'
import { AppError } from '#contract/errors.ts'
import type { StationContext } from '../context.ts'
import type { MediaRoom, PcmFile } from '../faces.ts'
import { rmsPathOf } from '../media/index.ts'
import type { ApprovedBytes } from './approved-bytes.ts'
import type { ItemStore } from './items.ts'
import type { Places } from './places.ts'
import type { Stored } from './rows.ts'
import type { Shelf } from './shelf.ts'
import { takeIn } from './take-in.ts'

/** The sound behind the items: opened, found missing, rebuilt. Absence never deletes anything. */
export interface Sounds {
  /** Null when there is no sound, or not yet: a purged 48 kHz copy is being made again then. */
  pcmOf(itemId: string): Promise<PcmFile | null>
  /** Waits for what is being made again or compared. Never throws. */
  prepare(itemIds: readonly string[]): Promise<void>
  isMissing(itemId: string): boolean
  /** Path of a usable peaks file, rebuilt when it was purged; null when there is no sound. */
  peaksOf(itemId: string): Promise<string | null>
  /** The RMS plane beside the peaks; made anew where an older station left only peaks. */
  rmsOf(itemId: string): Promise<string | null>
  /** Looks at the files of one item without opening or making anything; windows hear when it is missing or back. True = it was there before. */
  look(stored: Stored): Promise<boolean>
  /** Tells people what was lost: one sentence for a disk that is not there, one per file for single losses. */
  tellLost(lost: readonly Stored[]): void
  /** Looks at every item's files once. Never throws. */
  checkAll(): Promise<void>
  /** Can its 48 kHz copy be made again? */
  hasOriginal(stored: Stored): Promise<boolean>
  /** Items whose original is not where it was. */
  lost(): Promise<Stored[]>
  /** The original is back: what is made from it follows. */
  returned(itemId: string): Promise<void>
  /** Monotonic ms of the last time somebody asked for the sound or its peaks. */
  askedAt(itemId: string): number | null
}

const MANY = 5
const exists = (path: string) => access(path).then(() => true, () => false)

export function createSounds(ctx: Pick<StationContext, 'jobs' | 'events' | 'notices' | 'logger' | 'scope' | 'clock'>, deps: { media: MediaRoom; items: ItemStore; shelf: Shelf; places: Places; approved: Pick<ApprovedBytes, 'remade'> }): Sounds {
  const { media, items, shelf, places } = deps
  const missing = new Set<string>()
  const rebuilding = new Map<string, Promise<boolean>>()
  const drawing = new Map<string, Promise<boolean>>()
  const asked = new Map<string, number>()

  const mark = (itemId: string, isMissing: boolean) => {
    if (missing.has(itemId) === isMissing) return
    if (isMissing) missing.add(itemId)
    else missing.delete(itemId)
    ctx.events.emit('library.changed', { itemId, removed: false })
  }
  const raise = ({ item }: Stored) => ctx.notices.raise('warning', new AppError(places.stateOf(item.id) === 'changed' ? 'file-changed' : 'file-missing', { data: { fileName: item.title } }), item.id)

  // Also what shows nothing else than another place is told.
  places.onChange((itemId, state) => {
    const stored = items.get(itemId)
    if (stored === null) return
    if (state === 'here') missing.delete(itemId)
    else if (state !== 'checking' && stored.sound.pcm === 'original') missing.add(itemId)
    ctx.events.emit('library.changed', { itemId, removed: false })
    if (state === 'changed' && stored.sound.pcm === 'original') raise(stored)
  })

  async function hasOriginal(stored: Stored): Promise<boolean> {
    return stored.sound.place === null ? exists(shelf.kept(stored.sound)) : (await places.look(stored)) === 'here'
  }

  async function openSound(stored: Stored): Promise<PcmFile | null> {
    const { sound } = stored
    const { place } = sound
    try {
      if (place !== null && sound.pcm === 'original') {
        if ((await places.look(stored)) !== 'here') return null
        const pcm = await media.openPcm(place.path)
        return pcm.length === sound.lengthSamples ? { ...pcm, stamp: { sizeBytes: place.sizeBytes, modifiedMs: place.modifiedMs } } : null
      }
      const pcm = await media.openPcm(shelf.pcm(sound))
      return pcm.length === sound.lengthSamples ? pcm : null
    } catch (error) {
      if (!(error instanceof AppError && error.code === 'file-missing')) ctx.logger.warn('the sound of an item cannot be opened', { itemId: sound.itemId, error })
      return null
    }
  }

  /** A purged mezzanine comes back from the original, sample for sample. */
  function rebuild(stored: Stored): Promise<boolean> {
    const { sound, item } = stored
    const known = rebuilding.get(item.id)
    if (known !== undefined) return known
    const target = shelf.mezzanine(sound)
    const { finished } = ctx.jobs.start('peaks', item.title, async (job) => {
      await media.decodeToPcm(shelf.original(sound), target, { bits: sound.pcmBits, channels: item.channels, signal: job.signal, progress: job.progress, expectedSeconds: sound.lengthSamples / 48_000 })
      // The original may have been written to while it was read.
      const made = await openSound(stored)
      const isRight = made !== null && (sound.place === null || (await places.look(stored)) === 'here')
      if (!isRight) {
        await rm(target, { force: true }).catch(() => undefined)
        throw new AppError('file-unreadable', { data: { fileName: sound.fileName } })
      }
      await deps.approved.remade(stored, shelf.original(sound), made)
      if (sound.mezzanineSha256 !== null && (await takeIn(target, null, { signal: job.signal, progress: () => undefined })).sha256 !== sound.mezzanineSha256) {
        // Another ffmpeg decodes otherwise: heard, but not in silence.
        ctx.notices.raise('warning', new AppError('rebuilt-unlike', { data: { fileName: item.title } }), item.id)
        ctx.logger.warn('a rebuilt sound differs from the one before', { itemId: item.id })
      }
    })
    const made = finished.then((job) => {
      rebuilding.delete(item.id)
      const isDone = job.state === 'done'
      const was = missing.has(item.id)
      mark(item.id, !isDone)
      // Whoever was told "not yet" asks again.
      if (was === missing.has(item.id)) ctx.events.emit('library.changed', { itemId: item.id, removed: false })
      return isDone
    })
    rebuilding.set(item.id, made)
    return made
  }

  async function pcmOf(itemId: string): Promise<PcmFile | null> {
    const stored = items.get(itemId)
    if (stored === null) return null
    asked.set(itemId, ctx.clock.monotonicMs())
    const pcm = rebuilding.has(itemId) ? null : await openSound(stored)
    if (pcm !== null) {
      mark(itemId, false)
      return pcm
    }
    const first = !missing.has(itemId)
    if (stored.sound.pcm === 'mezzanine' && (await hasOriginal(stored))) {
      if (!ctx.scope.disposed) void rebuild(stored)
    } else if (places.stateOf(itemId) !== 'checking') {
      mark(itemId, true)
      if (first) raise(stored)
    }
    return null
  }

  async function look(stored: Stored): Promise<boolean> {
    const { sound, item } = stored
    const was = !missing.has(item.id)
    const there = sound.pcm === 'mezzanine' && (await exists(shelf.mezzanine(sound)))
    const original = sound.place === null ? await stat(shelf.kept(sound)).then((facts) => facts.isFile() && facts.size === item.sizeBytes, () => false) : (await places.look(stored)) === 'here'
    if (there || original || places.stateOf(item.id) !== 'checking') mark(item.id, !there && !original)
    return was && missing.has(item.id)
  }
  function tellLost(lost: readonly Stored[]): void {
    if (lost.length > MANY) ctx.notices.raise('alarm', new AppError('file-missing', { data: { fileName: `${lost[0]?.item.title ?? ''} … (${lost.length})` } }), 'library')
    else lost.forEach(raise)
  }

  /** Both planes are made together; who asks for one waits for a making that is under way. */
  async function planeOf(itemId: string, choose: (peaksPath: string) => string): Promise<string | null> {
    const stored = items.get(itemId)
    if (stored === null) return null
    asked.set(itemId, ctx.clock.monotonicMs())
    const path = shelf.peaks(stored.sound)
    if (await exists(choose(path))) return choose(path)
    const making = drawing.get(path) ?? drawPlanes(itemId, path, stored.item.title).finally(() => drawing.delete(path))
    drawing.set(path, making)
    return (await making) ? choose(path) : null
  }

  async function drawPlanes(itemId: string, path: string, title: string): Promise<boolean> {
    await prepare([itemId])
    const pcm = await pcmOf(itemId)
    if (pcm === null) return false
    const { finished } = ctx.jobs.start('peaks', title, async (job) => {
      await media.writePeaks(pcm, path, { signal: job.signal, progress: job.progress })
    })
    return (await finished).state === 'done'
  }

  async function prepare(itemIds: readonly string[]): Promise<void> {
    await Promise.all([...new Set(itemIds)].map(async (itemId) => {
      for (let round = 0; round < 2; round++) {
        if ((await pcmOf(itemId)) !== null) return
        await places.settled(itemId)
        await rebuilding.get(itemId)
      }
    }))
  }

  return {
    pcmOf,
    prepare,
    isMissing: (itemId) => missing.has(itemId),
    peaksOf: (itemId) => planeOf(itemId, (path) => path),
    rmsOf: (itemId) => planeOf(itemId, rmsPathOf),
    look,
    tellLost,
    hasOriginal,
    askedAt: (itemId) => asked.get(itemId) ?? null,
    async lost() {
      const found: Stored[] = []
      for (const stored of items.all()) if (!(await hasOriginal(stored))) found.push(stored)
      return found
    },
    async returned(itemId) {
      // Opens it, or starts to make its 48 kHz copy again.
      await pcmOf(itemId)
    },
    async checkAll() {
      const gone: Stored[] = []
      for (const stored of items.all()) {
        if (ctx.scope.disposed) return
        if (await look(stored)) gone.push(stored)
      }
      tellLost(gone)
    },
  }
}

/** Originals of items removed long ago, and what was made from them. */
export async function purgeUnused(items: ItemStore, shelf: Shelf, before: number): Promise<void> {
  for (const { sha256, ending } of items.unused(before)) {
    for (const path of [shelf.kept({ sha256, ending }), shelf.mezzanine({ sha256 }), shelf.peaks({ sha256 }), rmsPathOf(shelf.peaks({ sha256 }))]) await rm(path, { force: true }).catch(() => undefined)
    items.forget(sha256)
  }
}
