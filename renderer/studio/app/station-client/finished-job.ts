import { AppError } from '#contract/errors.ts'
import type { Job } from '#contract/station.ts'
import { call, connection } from './store.ts'

/** Follows a job to its end, whatever that is; each state on the way is told, the last one as well. */
export function endedJob(jobId: string, seen: (job: Job) => void = () => undefined): Promise<Job> {
  return new Promise<Job>((resolve, reject) => {
    const look = (changed: Job): void => {
      if (changed.id !== jobId) return
      seen(changed)
      if (changed.endedAt === null) return
      off()
      resolve(changed)
    }
    const off = connection.on('jobs.changed', look)
    // It may have ended before its number was known here.
    call('jobs.list', {}).then(({ jobs }) => jobs.forEach(look), (error: unknown) => {
      off()
      reject(error)
    })
  })
}

/** Waits for the good end of a job. @throws AppError its error, or `cancelled` */
export async function finishedJob(jobId: string, progress: (share: number | null) => void = () => undefined): Promise<Job> {
  const job = await endedJob(jobId, (seen) => progress(seen.progress))
  if (job.error !== null) throw new AppError(job.error.code, { data: job.error.data ?? {} })
  if (job.state === 'cancelled') throw new AppError('cancelled')
  return job
}
