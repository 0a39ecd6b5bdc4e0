import { rm } from 'node:fs/promises'
import { AppError } from '#contract/errors.ts'
import type { Item } from '#contract/library.ts'
import type { StationContext } from '../context.ts'
import { fileError } from '../media/index.ts'
import { rowReader } from '../store/rows.ts'
import type { Pipeline } from './pipeline.ts'
import { shownName } from './quarantine.ts'
import type { Quarantine } from './quarantine.ts'
import { UnfinishedRow } from './rows.ts'
import type { Wish } from './rows.ts'
import { z } from 'zod'

export interface Importer {
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
        const made = await deps.pipeline.run(path, wish, job)
        settled.run(id)
        deps.quarantine.release(path)
        if (wish.moveSource === true) await rm(path, { force: true }).catch((error: unknown) => ctx.logger.warn('an imported source could not be removed', { fileName, error }))
        ctx.events.emit('library.changed', { itemId: made.id, removed: false })
        give(made)
        return { itemId: made.id }
      } catch (error) {
        throw await fail(error)
      }
    })

    async function fail(error: unknown): Promise<AppError> {
      // The station is closing: the import goes on at the next start.
      const interrupted = ctx.scope.disposed
      const bare = fileError(error)
      if (bare.code === 'internal') ctx.logger.error('an import failed inside', { fileName, error })
      const failure = new AppError(bare.code, { cause: error, data: { fileName, ...bare.data } })
      if (!interrupted) {
        settled.run(id)
        if (failure.code === 'duplicate') deps.quarantine.release(path)
        await deps.quarantine.add(path, wish, failure)
      }
      refuse(failure)
      return failure
    }
    // A job that was cancelled while it waited in the queue never ran.
    void finished.then((job) => {
      if (job.state !== 'cancelled') return
      if (!ctx.scope.disposed) settled.run(id)
      refuse(new AppError('cancelled'))
    })
    return { jobId, item }
  }

  return {
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
