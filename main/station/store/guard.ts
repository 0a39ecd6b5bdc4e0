import Database from 'better-sqlite3'
import { rmSync } from 'node:fs'
import { join } from 'node:path'
import { AppError } from '#contract/errors.ts'

/**
 * Promises: one station per data folder. Relies on the operating system's file locks through an SQLite exclusive lock, which end with the
 * process however it dies: no stale lock, no guessing by process numbers that were given to somebody else.
 * @throws AppError another-station
 */
export function holdFolder(root: string): { release(): void } {
  const file = join(root, 'station.guard')
  const take = () => {
    const db = new Database(file, { timeout: 0 })
    try {
      db.exec('PRAGMA locking_mode = EXCLUSIVE; BEGIN EXCLUSIVE')
      return db
    } catch (error) {
      db.close()
      throw error
    }
  }
  const codeOf = (error: unknown) => (error instanceof Database.SqliteError ? error.code : '')
  let db: Database.Database
  try {
    db = take()
  } catch (error) {
    if (codeOf(error).startsWith('SQLITE_BUSY')) throw new AppError('another-station', { cause: error })
    if (codeOf(error) !== 'SQLITE_NOTADB' && !codeOf(error).startsWith('SQLITE_CORRUPT')) throw error
    // The file holds nothing: a damaged one is made anew.
    rmSync(file, { force: true })
    db = take()
  }
  return { release: () => void db.close() }
}
