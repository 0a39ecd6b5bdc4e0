import { rm } from 'node:fs/promises'
import { AppError } from '#contract/errors.ts'
import type { Item } from '#contract/library.ts'
import type { JobHandle, StationContext } from '../context.ts'
import { fileError } from '../media/index.ts'
import { rowReader } from '../store/rows.ts'
import type { Pipeline } from './pipeline.ts'
import { shownName } from './quarantine.ts'
import type { Quarantine } from './quarantine.ts'
import { UnfinishedRow } from './rows.ts'
import type { Wish } from './rows.ts'
import { z } from 'zod'

export interface Importer {
  /** One file inside the caller's job: into the library, or into the quarantine with its reason. @throws AppError with `fileName` in its data */
  importOne(path: string, wish: Wish, job: Pick<JobHandle, 'signal' | 'progress'>): Promise<Item>
  start(path: string, wish: Wish): { jobId: string; item: Promise<Item> }
  /** Takes up what a stop or a crash of the station interrupted. A file that was interrupted again and again is put in quarantine. */
  resume(): Promise<void>
}

const MAX_ATTEMPTS = 3
const KeyOf = z.object({ id: z.string() })

export function createImporter(ctx: Pick<StationContext, 'db' | 'clock' | 'jobs' | 'events' | 'notices' | 'scope' | 'newId' | 'logger'>, deps: { pipeline: Pipeline; quarantine: Quarantine }): Importer {
  const reader = rowReader(ctx, 'library_unfinished')
  const note = ctx.db.prepare('INSERT INTO library_unfinished (id, path, wish, attempts, at) VALUES (?, ?, ?, ?, ?)')
  const settled = ctx.db.prepare('DELETE FROM library_unfinished WHERE id = ?')
  const left = ctx.db.prepare('SELECT * FROM library_unfinished ORDER BY id')

  async function importOne(path: string, wish: Wish, job: Pick<JobHandle, 'signal' | 'progress'>): Promise<Item> {
    const fileName = shownName(path)
    try {
      const made = await deps.pipeline.run(path, wish, job)
      deps.quarantine.release(path)
      if (wish.moveSource === true) await rm(path, { force: true }).catch((error: unknown) => ctx.logger.warn('an imported source could not be removed', { fileName, error }))
      ctx.events.emit('library.changed', { itemId: made.id, removed: false })
      return made
    } catch (error) {
      const bare = fileError(error)
      if (bare.code === 'internal') ctx.logger.error('an import failed inside', { fileName, error })
      const failure = new AppError(bare.code, { cause: error, data: { fileName, ...bare.data } })
      // The station is closing: the import goes on at the next start.
      if (!ctx.scope.disposed) {
        if (failure.code === 'duplicate') deps.quarantine.release(path)
        await deps.quarantine.add(path, wish, failure)
      }
      throw failure
    }
  }

  function start(path: string, wish: Wish, attempts = 1): { jobId: string; item: Promise<Item> } {
    const id = ctx.newId()
    const fileName = shownName(path)
    note.run(id, path, JSON.stringify(wish), attempts, Math.floor(ctx.clock.now()))
    let give: (item: Item) => void = () => undefined
    let refuse: (error: unknown) => void = () => undefined
    const item = new Promise<Item>((resolve, reject) => {
      give = resolve
      refuse = reject
    })
    // Most callers watch the job instead of the promise.
    item.catch(() => undefined)
    const { jobId, finished } = ctx.jobs.start('import', fileName, async (job) => {
      try {
        const made = await importOne(path, wish, job)
        settled.run(id)
        give(made)
        return { itemId: made.id }
      } catch (error) {
        if (!ctx.scope.disposed) settled.run(id)
        refuse(error)
        throw error
      }
    })
    // A job that was cancelled while it waited in the queue never ran.
    void finished.then((job) => {
      if (job.state !== 'cancelled') return
      if (!ctx.scope.disposed) settled.run(id)
      refuse(new AppError('cancelled'))
    })
    return { jobId, item }
  }

  return {
    importOne,
    start,
    async resume() {
      for (const row of reader.all(UnfinishedRow, left.all(), (row) => KeyOf.safeParse(row).data?.id ?? '?')) {
        settled.run(row.id)
        if (row.attempts < MAX_ATTEMPTS) start(row.path, row.wish, row.attempts + 1)
        else await deps.quarantine.add(row.path, row.wish, new AppError('internal', { data: { fileName: shownName(row.path), attempts: row.attempts } }))
      }
    },
  }
}
