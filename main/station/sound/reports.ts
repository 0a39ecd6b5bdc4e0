import { AppError } from '#contract/errors.ts'
import type { SoundReport } from '#contract/sound.ts'
import type { JobHandle, Jobs } from '../context.ts'

const KEPT = 200

export interface Reports {
  /** Starts a job whose report can be asked for by its id when it is done. */
  start(title: string, run: (job: JobHandle) => Promise<SoundReport>): { jobId: string }
  /** @throws AppError not-found */
  of(jobId: string): SoundReport
}

export function createReports(jobs: Jobs): Reports {
  const reports = new Map<string, SoundReport>()
  return {
    start(title, run) {
      const { jobId } = jobs.start('sound', title, async (job) => {
        const report = await run(job)
        reports.set(job.id, report)
        for (const oldest of reports.keys()) {
          if (reports.size <= KEPT) break
          reports.delete(oldest)
        }
        const itemId = report.kind === 'treated' && report.parts.length === 1 ? report.parts[0]?.itemId : undefined
        return itemId === undefined ? { report: report.kind } : { report: report.kind, itemId }
      })
      return { jobId }
    },
    of(jobId) {
      const report = reports.get(jobId)
      if (report === undefined) throw new AppError('not-found', { data: { subject: jobId } })
      return report
    },
  }
}
