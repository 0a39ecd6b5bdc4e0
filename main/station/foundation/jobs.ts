import { AppError } from '#contract/errors.ts'
import type { Job } from '#contract/station.ts'
import type { Clock, EventBus, JobHandle, Jobs, Logger, Scope } from '../context.ts'
import { asAppError } from './failures.ts'

const MAX_RUNNING = 2
const KEPT_JOBS = 200
const PROGRESS_EVERY_MS = 100

export interface JobBook extends Jobs {
  /** Newest first: everything unfinished and the last finished ones. */
  list(): Job[]
  /** Cancelling twice, or a finished job, changes nothing. @throws AppError not-found */
  cancel(jobId: string): void
}

interface Entry {
  job: Job
  readonly abort: AbortController
  readonly run: (job: JobHandle) => Promise<Record<string, string> | void>
  readonly settle: (job: Job) => void
  pendingProgress: (() => void) | null
  shownAtMs: number
}

/** Long work: a queue, at most two at once, each ends in exactly one terminal state. */
export function createJobs(options: { clock: Clock; scope: Scope; events: EventBus; logger: Logger; newId: () => string }): JobBook {
  const { clock, events, logger } = options
  const scope = options.scope.child('jobs')
  const entries = new Map<string, Entry>()
  const queue: Entry[] = []
  const running = new Map<Entry, Promise<void>>()
  /** Running jobs that only wait for other jobs. */
  let waiting = 0

  const show = (entry: Entry) => {
    entry.shownAtMs = clock.monotonicMs()
    events.emit('jobs.changed', entry.job)
  }
  const finish = (entry: Entry, change: Pick<Job, 'state' | 'error' | 'result'>) => {
    entry.pendingProgress?.()
    entry.pendingProgress = null
    entry.job = { ...entry.job, ...change, progress: change.state === 'done' ? 1 : entry.job.progress, endedAt: Math.floor(clock.now()) }
    show(entry)
    entry.settle(entry.job)
    let surplus = entries.size - KEPT_JOBS
    for (const [id, old] of entries) {
      if (surplus <= 0) break
      if (old.job.endedAt !== null && entries.delete(id)) surplus--
    }
  }
  const progress = (entry: Entry, value: number | null) => {
    if (entry.job.state !== 'running') return
    entry.job = { ...entry.job, progress: value === null || !Number.isFinite(value) ? null : Math.min(1, Math.max(0, value)) }
    const waitMs = entry.shownAtMs + PROGRESS_EVERY_MS - clock.monotonicMs()
    if (waitMs <= 0) show(entry)
    else
      entry.pendingProgress ??= scope.after(waitMs, () => {
        entry.pendingProgress = null
        show(entry)
      })
  }
  const outside = async <T>(wait: Promise<T>): Promise<T> => {
    waiting += 1
    pump()
    try {
      return await wait
    } finally {
      waiting -= 1
    }
  }
  const execute = async (entry: Entry) => {
    entry.job = { ...entry.job, state: 'running' }
    show(entry)
    try {
      const result = await entry.run({ id: entry.job.id, signal: entry.abort.signal, progress: value => progress(entry, value), outside })
      finish(entry, { state: 'done', error: null, result: result ?? null })
    } catch (error) {
      // Cancelling is not an error, whatever the stopped work threw on its way out.
      if (entry.abort.signal.aborted) finish(entry, { state: 'cancelled', error: null, result: null })
      else {
        const failure = asAppError(error)
        logger.warn('a job failed', { kind: entry.job.kind, jobId: entry.job.id, error })
        finish(entry, { state: 'failed', error: { code: failure.code, data: failure.data }, result: null })
      }
    }
  }
  const pump = () => {
    while (running.size - waiting < MAX_RUNNING && !scope.disposed) {
      const entry = queue.shift()
      if (entry === undefined) return
      running.set(entry, execute(entry).finally(() => {
        running.delete(entry)
        pump()
      }))
    }
  }
  const cancel = (entry: Entry) => {
    if (entry.job.endedAt !== null || entry.abort.signal.aborted) return
    entry.abort.abort(new AppError('cancelled'))
    const waiting = queue.indexOf(entry)
    if (waiting >= 0) {
      queue.splice(waiting, 1)
      finish(entry, { state: 'cancelled', error: null, result: null })
    }
  }

  scope.add(async () => {
    for (const entry of entries.values()) cancel(entry)
    await Promise.allSettled(running.values())
  })

  return {
    start(kind, subject, run) {
      const job: Job = { id: options.newId(), kind, subject, progress: null, state: 'queued', error: null, result: null, startedAt: Math.floor(clock.now()), endedAt: null }
      let settle: (job: Job) => void = () => undefined
      const finished = new Promise<Job>(resolve => {
        settle = resolve
      })
      const entry: Entry = { job, abort: new AbortController(), run, settle, pendingProgress: null, shownAtMs: -Infinity }
      entries.set(job.id, entry)
      queue.push(entry)
      show(entry)
      if (scope.disposed) cancel(entry)
      // The caller gets the id before the first line of the work runs.
      else queueMicrotask(pump)
      return { jobId: job.id, finished }
    },
    list: () => [...entries.values()].map(entry => entry.job).reverse(),
    cancel(jobId) {
      const entry = entries.get(jobId)
      if (entry === undefined) throw new AppError('not-found', { data: { subject: jobId } })
      cancel(entry)
    },
  }
}
