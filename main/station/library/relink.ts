import { rename, rm, stat } from 'node:fs/promises'
import { dirname } from 'node:path'
import { AppError } from '#contract/errors.ts'
import type { JobHandle, StationContext } from '../context.ts'
import { partOf } from '../media/index.ts'
import { syncFolder } from '../store/files.ts'
import type { Stored } from './rows.ts'
import type { Places } from './places.ts'
import type { Shelf } from './shelf.ts'
import type { Sounds } from './sounds.ts'
import type { Stay } from './stay.ts'
import { takeIn } from './take-in.ts'
import type { TakenIn } from './take-in.ts'
import { walk } from './walk.ts'

/** Lost originals come back by their content: the name and the place of the file do not matter, its SHA-256 does. */
export interface Relink {
  /** Puts a file whose hash is the item's on the item's empty shelf. False when the sound is there already; the file then stays. */
  adopt(part: string, stored: Stored): Promise<boolean>
  /** Gives a lost item its sound back from a file of the same hash: one used in place points there from now on, another one gets its copy again. */
  restore(path: string, taken: TakenIn, stored: Stored, signal: AbortSignal): Promise<boolean>
  /** Looks in a file or a folder for the originals of the wanted items. Files are copied or pointed at, never moved. */
  search(path: string, wanted: readonly Stored[], job: Pick<JobHandle, 'signal' | 'progress'>): Promise<{ found: number; missing: number }>
  /** Originals that were renamed inside the media folder itself. Never throws. */
  healShelf(signal: AbortSignal): Promise<void>
}

/** As many files as a shelf may hold. */
const shelfBounds = { files: 200_000, depth: 2, entries: 400_000 }

export function createRelink(ctx: Pick<StationContext, 'folders' | 'logger'>, deps: { shelf: Shelf; sounds: Sounds; places: Places; stay: Stay }): Relink {
  const { shelf, sounds, places, stay } = deps

  async function adopt(part: string, stored: Stored): Promise<boolean> {
    if (await sounds.hasOriginal(stored)) return false
    const target = shelf.kept(stored.sound)
    await rename(part, target)
    syncFolder(dirname(target))
    // Whoever lost a file in its owner's folder is glad of a copy that stays.
    if (stored.sound.place !== null) places.set(stored.item.id, null)
    await sounds.returned(stored.item.id)
    return true
  }

  async function restore(path: string, taken: TakenIn, stored: Stored, signal: AbortSignal): Promise<boolean> {
    if (await sounds.hasOriginal(stored)) return false
    if (stored.sound.place !== null && (await stay.mayStay(path))) {
      places.set(stored.item.id, taken.place)
      await sounds.returned(stored.item.id)
      return true
    }
    const part = partOf(shelf.kept({ sha256: 'relink', ending: 'bin' }))
    try {
      const copied = await takeIn(path, part, { signal, progress: () => undefined })
      return copied.sha256 === stored.sound.sha256 && (await adopt(part, stored))
    } finally {
      await rm(part, { force: true }).catch(() => undefined)
    }
  }

  /** Only a file of the right size is read; only one of the right content is kept. */
  async function tryFile(path: string, bySize: Map<number, Stored[]>, signal: AbortSignal): Promise<void> {
    const size = await stat(path).then((facts) => facts.size, () => -1)
    const candidates = bySize.get(size)
    if (candidates === undefined) return
    try {
      const taken = await takeIn(path, null, { signal, progress: () => undefined })
      const match = candidates.findIndex((stored) => stored.sound.sha256 === taken.sha256)
      const stored = candidates[match]
      if (stored === undefined) return
      await restore(path, taken, stored, signal)
      candidates.splice(match, 1)
      if (candidates.length === 0) bySize.delete(size)
    } catch (error) {
      if (error instanceof AppError && (error.code === 'cancelled' || error.code === 'disk-full')) throw error
      ctx.logger.info('a file could not be compared with lost sounds', { error })
    }
  }

  async function among(paths: readonly string[], wanted: readonly Stored[], job: Pick<JobHandle, 'signal' | 'progress'>): Promise<{ found: number; missing: number }> {
    const bySize = new Map<number, Stored[]>()
    for (const stored of wanted) bySize.set(stored.item.sizeBytes, [...(bySize.get(stored.item.sizeBytes) ?? []), stored])
    for (const [index, path] of paths.entries()) {
      if (bySize.size === 0) break
      if (job.signal.aborted) throw new AppError('cancelled')
      await tryFile(path, bySize, job.signal)
      job.progress((index + 1) / paths.length)
    }
    const missing = [...bySize.values()].reduce((sum, left) => sum + left.length, 0)
    return { found: wanted.length - missing, missing }
  }

  return {
    adopt,
    restore,
    async search(path, wanted, job) {
      const { files } = await walk([path], { except: ctx.folders.root, signal: job.signal, bounds: { files: 20_000, depth: 12, entries: 100_000 } })
      return among(files.filter((file) => !file.skip).map((file) => file.path), wanted, job)
    },
    async healShelf(signal) {
      try {
        const wanted = (await sounds.lost()).filter(({ sound }) => sound.place === null)
        if (wanted.length === 0) return
        const { files } = await walk([ctx.folders.media], { except: ctx.folders.mezzanine, signal, bounds: shelfBounds })
        const { found } = await among(files.map((file) => file.path), wanted, { signal, progress: () => undefined })
        if (found > 0) ctx.logger.info('originals that had been renamed are back', { found })
      } catch (error) {
        ctx.logger.warn('the search for renamed originals stopped', { error })
      }
    },
  }
}
