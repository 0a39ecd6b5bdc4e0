import { AppError } from '#contract/errors.ts'
import type { Job } from '#contract/station.ts'
import { call, connection } from './store.ts'

/** Waits for the end of a job. @throws AppError its error, or `cancelled` */
export async function finishedJob(jobId: string, progress: (share: number | null) => void = () => undefined): Promise<Job> {
  const job = await new Promise<Job>((resolve, reject) => {
    const look = (changed: Job): void => {
      if (changed.id !== jobId) return
      progress(changed.progress)
      if (changed.endedAt === null) return
      off()
      resolve(changed)
    }
    const off = connection.on('jobs.changed', look)
    // It may have ended before its number was known here.
    call('jobs.list', {}).then(({ jobs }) => jobs.forEach(look), reject)
  })
  if (job.error !== null) throw new AppError(job.error.code, { data: job.error.data ?? {} })
  if (job.state === 'cancelled') throw new AppError('cancelled')
  return job
}
