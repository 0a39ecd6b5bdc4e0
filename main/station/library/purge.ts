import { readdir, rm, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { AppError } from '#contract/errors.ts'
import type { Caches, KeptWhy } from '#contract/library.ts'
import type { JobHandle, StationContext, Who } from '../context.ts'
import { PART_ENDING } from '../media/index.ts'
import type { Holds } from './holds.ts'
import type { ItemStore } from './items.ts'
import type { Stored } from './rows.ts'
import type { Sounds } from './sounds.ts'
import { takeIn } from './take-in.ts'

/**
 * What can be made again from originals: 48 kHz copies and peaks. Promises: nothing goes that the plan of the next days, an open project, an emergency or
 * anybody who listened a moment ago needs, nor what could not be made again. Originals are never touched.
 */
export interface Purge {
  facts(): Promise<Caches>
  run(who: Who, job: Pick<JobHandle, 'signal' | 'progress'>): Promise<{ freedBytes: number; files: number }>
}

interface Found {
  readonly path: string
  readonly sha256: string
  readonly bytes: number
  readonly kind: 'mezzanine' | 'peaks'
  /** Null: of an item that was removed. */
  readonly stored: Stored | null
}

const IN_USE_MS = 600_000

export function createPurge(ctx: Pick<StationContext, 'clock' | 'audit' | 'logger' | 'folders'>, deps: { items: ItemStore; sounds: Sounds; holds: Holds }): Purge {
  const { items, sounds, holds } = deps

  /** Files are named by the content they were made from. What belongs to no item we know may be an import on its way. */
  async function everything(signal?: AbortSignal): Promise<Found[]> {
    const live = new Map(items.all().map((stored) => [stored.sound.sha256, stored]))
    const removed = new Set(items.unused(ctx.clock.now() + 1).map(({ sha256 }) => sha256))
    const found: Found[] = []
    for (const [folder, kind] of [[ctx.folders.mezzanine, 'mezzanine'], [ctx.folders.peaks, 'peaks']] as const) {
      for (const name of await readdir(folder).catch(() => [])) {
        if (signal?.aborted === true) throw new AppError('cancelled')
        const sha256 = name.slice(0, 64)
        const stored = live.get(sha256) ?? null
        if (name.endsWith(PART_ENDING) || (stored === null && !removed.has(sha256))) continue
        const path = join(folder, name)
        const bytes = await stat(path).then((facts) => facts.size, () => null)
        if (bytes !== null) found.push({ path, sha256, bytes, kind, stored })
      }
    }
    return found
  }
  const held = () => ({ planned: holds.of('planned'), editing: holds.of('editing'), emergency: holds.of('emergency') })
  async function keptBecause(stored: Stored | null, held: Readonly<Record<'planned' | 'editing' | 'emergency', ReadonlySet<string>>>): Promise<KeptWhy | null> {
    if (stored === null) return null
    const { id, kind } = stored.item
    if (held.planned.has(id)) return 'planned'
    if (held.editing.has(id)) return 'editing'
    if (held.emergency.has(id) || kind === 'message' || kind === 'siren') return 'emergency'
    const asked = sounds.askedAt(id)
    if (asked !== null && ctx.clock.monotonicMs() - asked < IN_USE_MS) return 'inUse'
    return (await sounds.hasOriginal(stored)) ? null : 'noOriginal'
  }

  /** Gives the bytes won; 0 when somebody needs it now, or holds it open. */
  async function drop(found: Found, job: Pick<JobHandle, 'signal'>): Promise<number> {
    const stored = found.stored === null ? null : items.get(found.stored.item.id)
    // An item that came in meanwhile may have the same content.
    if (stored === null && items.bySha256(found.sha256) !== null) return 0
    if (stored !== null && found.kind === 'mezzanine' && stored.sound.mezzanineSha256 === null) {
      const { sha256 } = await takeIn(found.path, null, { signal: job.signal, progress: () => undefined })
      items.setMezzanineSha256(stored.item.id, sha256)
    }
    if ((await keptBecause(stored, held())) !== null) return 0
    return rm(found.path).then(() => found.bytes, (error: unknown) => {
      ctx.logger.info('a cache file stays', { error })
      return 0
    })
  }

  return {
    async facts() {
      const now = held()
      const kept = new Map<KeptWhy, { files: number; bytes: number }>()
      const sums = { mezzanine: { files: 0, bytes: 0 }, peaks: { files: 0, bytes: 0 } }
      const reasons = new Map<string, KeptWhy | null>()
      for (const { stored, kind, bytes } of await everything()) {
        const key = stored?.item.id ?? ''
        const why = reasons.has(key) ? (reasons.get(key) ?? null) : await keptBecause(stored, now)
        reasons.set(key, why)
        const sum = why === null ? sums[kind] : (kept.get(why) ?? { files: 0, bytes: 0 })
        if (why !== null) kept.set(why, sum)
        sum.files += 1
        sum.bytes += bytes
      }
      return { ...sums, kept: [...kept].map(([why, sum]) => ({ why, ...sum })) }
    },
    async run(who, job) {
      const found = await everything(job.signal)
      const whole = found.reduce((sum, { bytes }) => sum + bytes, 0)
      let seen = 0
      let freedBytes = 0
      let files = 0
      try {
        for (const one of found) {
          if (job.signal.aborted) throw new AppError('cancelled')
          const bytes = (await keptBecause(one.stored, held())) === null ? await drop(one, job) : 0
          freedBytes += bytes
          if (bytes > 0) files += 1
          seen += one.bytes
          job.progress(whole === 0 ? 1 : seen / whole)
        }
      } finally {
        if (files > 0) ctx.audit.append(who, 'library.purgeCaches', 'library', { files, freedBytes })
      }
      return { freedBytes, files }
    },
  }
}
