import type { SoundReport } from '#contract/sound.ts'
import { call, finishedJob } from '../../app/station-client/index.ts'

export interface SoundJob {
  readonly jobId: string
  readonly report: Promise<SoundReport>
}

/** A job of the sound room and its report; the job can be cancelled meanwhile by its id. */
export function followSound(jobId: string, progress: (share: number | null) => void): SoundJob {
  return { jobId, report: finishedJob(jobId, progress).then(() => call('sound.report', { jobId })) }
}
