import { basename } from 'node:path'
import { oneLine, titleOf } from '#common/text/index.ts'
import { AppError } from '#contract/errors.ts'
import type { BatchFile, ImportBatch, Item } from '#contract/library.ts'
import type { JobHandle, StationContext } from '../context.ts'
import { fileError } from '../media/index.ts'
import type { BatchStore, WaitingFile } from './batch-store.ts'
import type { Wish } from './rows.ts'
import { walk } from './walk.ts'

/**
 * Files and folders brought in together. One job, one file after the other: the second place in the queue of jobs stays free, so that a
 * take that was just recorded never waits behind five hundred files.
 */
export interface Batches {
  /** @throws AppError invalid-input when nothing was named */
  start(roots: readonly string[], wish: Wish): string
  list(): ImportBatch[]
  files(batchId: string, limit: number, offset: number): { files: BatchFile[]; total: number }
  dismiss(batchId: string): void
  /** Goes on with what the last stop or crash interrupted. */
  resume(): void
}

export interface BatchDeps {
  readonly store: BatchStore
  readonly importOne: (path: string, wish: Wish, job: Pick<JobHandle, 'signal' | 'progress'>) => Promise<Item>
}

const MAX_ATTEMPTS = 3

export function createBatches(ctx: Pick<StationContext, 'clock' | 'jobs' | 'events' | 'scope' | 'newId' | 'logger' | 'folders' | 'notices'>, deps: BatchDeps): Batches {
  const { store } = deps
  const running = new Map<string, { jobId: string; current: string | null }>()

  const shown = (batch: Omit<ImportBatch, 'jobId' | 'current'>): ImportBatch => ({ ...batch, jobId: running.get(batch.id)?.jobId ?? null, current: running.get(batch.id)?.current ?? null })
  const tell = (id: string): void => {
    const batch = store.view(id)
    if (batch !== null) ctx.events.emit('library.batchChanged', shown(batch))
  }

  async function read(id: string, roots: readonly string[], signal: AbortSignal): Promise<void> {
    const found = await walk(roots, { except: ctx.folders.root, signal })
    store.fill(id, found.files, found.leftOut)
  }

  async function importFile(id: string, file: WaitingFile, wish: Wish, signal: AbortSignal, progress: (value: number | null) => void): Promise<void> {
    if (file.attempts >= MAX_ATTEMPTS) return store.mark(id, file.seq, 'refused', { error: { code: 'internal', data: { fileName: file.name, attempts: file.attempts } } })
    store.mark(id, file.seq, 'running')
    tell(id)
    try {
      const item = await deps.importOne(file.path, { ...wish, title: titleOf(undefined, basename(file.path)), tags: [...file.tags] }, { signal, progress })
      store.mark(id, file.seq, 'imported', { itemId: item.id })
    } catch (error) {
      // The station stops: the row stays "running" and is taken up at the next start.
      if (ctx.scope.disposed) throw error
      if (signal.aborted) return store.mark(id, file.seq, 'cancelled')
      const failure = fileError(error)
      const twin = failure.code === 'duplicate' ? failure.data['itemId'] : undefined
      store.mark(id, file.seq, failure.code === 'duplicate' ? 'duplicate' : 'refused', { error: { code: failure.code, data: failure.data }, ...(typeof twin === 'string' ? { itemId: twin } : {}) })
    }
  }

  function run(id: string, name: string, roots: readonly string[], wish: Wish, toRead: boolean): void {
    const { jobId, finished } = ctx.jobs.start('import', name, async (job) => {
      const { signal } = job
      if (toRead) await read(id, roots, signal)
      const total = store.view(id)?.total ?? 0
      for (;;) {
        if (signal.aborted) throw new AppError('cancelled')
        const file = store.next(id)
        const entry = running.get(id)
        if (file === null || entry === undefined) break
        entry.current = file.name
        const before = file.seq
        job.progress(total === 0 ? null : before / total)
        await importFile(id, file, wish, signal, (value) => job.progress((before + (value ?? 0)) / Math.max(1, total)))
      }
      const done = store.view(id)
      return { batchId: id, imported: String(done?.imported ?? 0) }
    })
    running.set(id, { jobId, current: null })
    void finished.then((job) => {
      running.delete(id)
      // A station that is closing leaves the batch as it is: it goes on at the next start.
      if (ctx.scope.disposed) return
      if (job.state === 'failed') ctx.notices.raise('warning', new AppError(job.error?.code ?? 'internal', { data: job.error?.data ?? {} }), name)
      store.end(id, job.state === 'done' ? 'done' : 'cancelled', ctx.clock.now())
      tell(id)
    })
    tell(id)
  }

  return {
    start(roots, wish) {
      const first = roots[0]
      if (first === undefined) throw new AppError('invalid-input', { data: { field: 'paths' } })
      const id = ctx.newId()
      const name = oneLine(roots.length === 1 ? basename(first) : `${basename(first)} … (${roots.length})`, 300)
      store.create(id, name, roots, wish, ctx.clock.now())
      run(id, name, roots, wish, true)
      return id
    },
    list: () => store.views().map(shown),
    files: (batchId, limit, offset) => {
      if (store.view(batchId) === null) throw new AppError('not-found')
      return store.files(batchId, limit, offset)
    },
    dismiss(batchId) {
      if (!store.remove(batchId)) throw new AppError('not-found')
    },
    resume() {
      for (const batch of store.unfinished()) {
        store.again(batch.id)
        run(batch.id, store.view(batch.id)?.name ?? '', batch.roots, batch.wish, batch.state === 'reading')
      }
    },
  }
}
