import { statfs } from 'node:fs/promises'
import { AppError } from '#contract/errors.ts'
import type { StationStatus } from '#contract/station.ts'
import type { Caller, Clock, Logger, Room, StationContext } from '../context.ts'
import type { Backups } from '../store/backups.ts'
import { freeBytesIn } from './reserve.ts'
import type { JobBook } from './jobs.ts'
import type { NoticeBoard } from './notices.ts'

export interface StationFacts {
  readonly version: string
  readonly boot: string
  readonly startedAt: number
  readonly dataFolder: string
  readonly studioUrl: string
}
export interface StationLinks {
  ffmpeg(): Promise<StationStatus['ffmpeg']>
  devicesUrl(): string | null
  brokerUrl(): string | null
}
export interface StationControl {
  /** After the answer has gone out: end the process, or close everything and open it again. */
  stop(): void
  reopen(): void
}

async function freeBytesOf(folder: string): Promise<number | null> {
  try {
    const stats = await statfs(folder)
    return stats.bavail * stats.bsize
  } catch {
    // Shown as unknown.
    return null
  }
}

/** What the station tells about itself whatever state it is in; the only handlers of safe mode. */
export function openStationRoom(options: {
  facts: StationFacts; control: StationControl; backups: Backups; databaseFolder: string; notices: NoticeBoard; links: StationLinks; clock: Clock; logger: Logger
  ctx: StationContext | null
}): Room {
  const { facts, control, backups, notices, links, ctx, logger } = options
  const mode = ctx === null ? 'safe' : 'normal'
  const status = async (): Promise<StationStatus> => ({
    ...facts, pid: process.pid, mode, zone: ctx?.settings.get().zone ?? 'Asia/Ho_Chi_Minh', stationName: ctx?.settings.get().stationName ?? 'VangXa Studio',
    freeBytes: await freeBytesOf(facts.dataFolder), ffmpeg: await links.ffmpeg(), devicesUrl: links.devicesUrl(), brokerUrl: links.brokerUrl(),
  })
  const audit = (caller: Caller, action: string, subject: string) => {
    logger.info(action, { subject, by: caller.name })
    ctx?.audit.append({ personId: caller.personId, name: caller.name }, action, subject)
  }
  ctx?.events.on('settings.changed', () => void status().then(now => ctx.events.emit('station.status', now)))

  return {
    handlers: {
      'station.status': status,
      'station.notices': () => ({ notices: notices.list() }),
      'station.dismissNotice': ({ noticeId }) => {
        notices.dismiss(noticeId)
        return { ok: true }
      },
      'station.shutdown': (_, caller) => {
        audit(caller, 'station.shutdown', '')
        control.stop()
        return { ok: true }
      },
      'station.backups': async () => ({ backups: await backups.list() }),
      'station.restoreBackup': async ({ file }, caller) => {
        // With a working database this throws away newer work: an administrator's act. In safe mode nobody can sign in.
        if (ctx !== null && !caller.may('administrator')) throw new AppError(caller.personId === null ? 'not-signed-in' : 'forbidden')
        await backups.stage(file, options.databaseFolder)
        audit(caller, 'station.restoreBackup', file)
        control.reopen()
        return { ok: true }
      },
    },
  }
}

/** Handlers that need a working database: settings, jobs, backups by hand. */
export function openFoundationRoom(ctx: StationContext, inside: { jobs: JobBook; backups: Backups }): Room {
  return {
    handlers: {
      'station.backupNow': (_, caller) => {
        const { jobId } = ctx.jobs.start('backup', '', async job => {
          const made = await inside.backups.make(ctx.db, 'manual', job.progress)
          return { file: made.file }
        })
        ctx.audit.append({ personId: caller.personId, name: caller.name }, 'station.backupNow', jobId)
        return { jobId }
      },
      'jobs.list': () => ({ jobs: inside.jobs.list() }),
      'jobs.cancel': ({ jobId }) => {
        inside.jobs.cancel(jobId)
        return { ok: true }
      },
      'settings.get': () => ctx.settings.get(),
      'settings.update': (change, caller) => {
        const before = ctx.settings.get()
        const after = ctx.settings.update(change)
        ctx.audit.append({ personId: caller.personId, name: caller.name }, 'settings.update', '', { before, after })
        return after
      },
    },
  }
}

/** The last warning before takes and the air's record cannot be written any more. */
export function watchDisk(ctx: Pick<StationContext, 'folders' | 'scope' | 'notices'>): void {
  const look = () => {
    if (freeBytesIn(ctx.folders.root) < LOW_BYTES) ctx.notices.raise('alarm', 'disk-full')
  }
  look()
  ctx.scope.every(60_000, look)
}

const LOW_BYTES = 200_000_000
const DAY_MS = 86_400_000

/** Looks every ten minutes whether the newest copy is a day old; only copies that passed the check get their name. */
export function keepDailyBackups(ctx: StationContext, backups: Backups): void {
  let running = false
  const look = () => {
    const newestAt = backups.newestAt()
    if (running || (newestAt !== null && ctx.clock.now() - newestAt < DAY_MS)) return
    running = true
    backups.make(ctx.db, 'daily').catch((error: unknown) => {
      ctx.logger.error('the daily backup failed', { error })
      ctx.notices.raise('alarm', error instanceof AppError ? error : new AppError('backup-unusable', { cause: error }), 'backup')
    }).finally(() => {
      running = false
    })
  }
  ctx.scope.after(60_000, look)
  ctx.scope.every(600_000, look)
}
