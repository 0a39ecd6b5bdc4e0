import { AppError } from '#contract/errors.ts'
import type { Notice } from '#contract/station.ts'
import type { Clock, EventBus, Logger, Notices } from '../context.ts'

const KEPT_NOTICES = 200
/** A dismissed trouble that still lasts may speak again, but not at once. */
const QUIET_MS = 3_600_000

export interface NoticeBoard extends Notices {
  list(): Notice[]
  /** Dismissing twice changes nothing. */
  dismiss(noticeId: string): void
}

export function createNotices(options: { clock: Clock; events: EventBus; logger: Logger; newId: () => string }): NoticeBoard {
  const shown = new Map<string, Notice>()
  const dismissedAt = new Map<string, number>()
  return {
    raise(level, error, subject) {
      const code = error instanceof AppError ? error.code : error
      const data = { ...(error instanceof AppError ? error.data : {}), ...(subject === undefined ? {} : { subject }) }
      const key = `${code}\n${subject ?? ''}`
      const now = options.clock.now()
      if (shown.has(key) || now - (dismissedAt.get(key) ?? -Infinity) < QUIET_MS) return
      const notice: Notice = { id: options.newId(), at: Math.floor(now), level, error: { code, data } }
      shown.set(key, notice)
      const oldest = shown.size > KEPT_NOTICES ? shown.keys().next().value : undefined
      if (oldest !== undefined) shown.delete(oldest)
      options.logger.warn('notice', { code, subject, level, error: error instanceof AppError ? error : undefined })
      options.events.emit('station.notice', notice)
    },
    list: () => [...shown.values()].reverse(),
    dismiss(noticeId) {
      for (const [key, notice] of shown) {
        if (notice.id !== noticeId) continue
        shown.delete(key)
        dismissedAt.set(key, options.clock.now())
        if (dismissedAt.size > KEPT_NOTICES * 5) dismissedAt.clear()
      }
    },
  }
}
