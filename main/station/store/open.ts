import Database from 'better-sqlite3'
import { join } from 'node:path'
import { AppError } from '#contract/errors.ts'
import type { Clock, DataFolders, Logger } from '../context.ts'
import { asAppError } from '../foundation/failures.ts'
import { freeBytesIn, TIGHT_BYTES } from '../foundation/reserve.ts'
import { backupsIn, DATABASE, putStagedInPlace } from './backups.ts'
import type { Backups } from './backups.ts'
import { migrate, pendingMigrations } from './migrate.ts'
import type { Migration } from './migrate.ts'
import { migrations } from './migrations/index.ts'

/** `safe` = the database could not be opened; the damaged files stay where they are and backups can be offered. */
export type Store = { readonly mode: 'normal'; readonly db: Database.Database; readonly backups: Backups } | { readonly mode: 'safe'; readonly reason: AppError; readonly backups: Backups }

function connect(file: string): Database.Database {
  const db = new Database(file, { timeout: 5000 })
  try {
    db.pragma('journal_mode = WAL')
    db.pragma('synchronous = FULL')
    db.pragma('foreign_keys = ON')
    db.pragma('busy_timeout = 5000')
    const check = db.pragma('quick_check(1)', { simple: true })
    if (check !== 'ok') throw new AppError('database-corrupt', { cause: new Error(String(check)) })
    return db
  } catch (error) {
    db.close()
    throw error
  }
}

/** Opens, checks, copies and brings up to date. Never throws: what goes wrong becomes safe mode. */
export async function openStore(options: { folders: Pick<DataFolders, 'database' | 'backups'>; clock: Clock; logger: Logger; migrations?: readonly Migration[] }): Promise<Store> {
  const { folders, clock, logger } = options
  const backups = backupsIn(folders, clock)
  let db: Database.Database | null = null
  try {
    const kept = putStagedInPlace(folders.database, clock.now())
    if (kept !== null) logger.warn('a backup was put in place of the database', { kept })
    db = connect(join(folders.database, DATABASE))
    const pending = pendingMigrations(db, options.migrations ?? migrations)
    if (pending.length > 0) {
      const fresh = db.prepare('SELECT count(*) FROM sqlite_schema').pluck().get() === 0
      if (!fresh) await backups.make(db, 'before-migration')
      migrate(db, pending, clock.now())
      logger.info('database brought up to date', { steps: pending.map(step => `${step.id}-${step.name}`).join(' ') })
    }
    return { mode: 'normal', db, backups }
  } catch (error) {
    db?.close()
    const failure = asAppError(error)
    logger.error('the database cannot be opened', { error })
    // Whatever stopped the opening, the way out for a person is one of two; the log keeps the exact cause.
    const kind = freeBytesIn(folders.database) < TIGHT_BYTES ? 'disk-full' : 'database-corrupt'
    const reason = failure.code === 'internal' ? new AppError(kind, { cause: error }) : failure
    return { mode: 'safe', reason, backups }
  }
}
