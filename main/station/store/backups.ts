import Database from 'better-sqlite3'
import { copyFileSync, existsSync, readdirSync, renameSync, rmSync, statSync } from 'node:fs'
import { basename, join } from 'node:path'
import { AppError } from '#contract/errors.ts'
import type { Backup } from '#contract/station.ts'
import type { Clock, DataFolders } from '../context.ts'
import { stamp, syncFile, syncFolder } from './files.ts'

export type BackupReason = 'daily' | 'manual' | 'before-migration'
const KEPT_PER_REASON = 14
const fileName = /^station-(\d{8})-(\d{6})(?:-\d+)?-(daily|manual|before-migration)\.sqlite$/

/** Whole and readable: SQLite's own check says `ok`, and it is one of ours. */
export function isGoodDatabase(file: string): boolean {
  let db: Database.Database | null = null
  try {
    db = new Database(file, { readonly: true, fileMustExist: true })
    return db.pragma('quick_check(1)', { simple: true }) === 'ok' && db.prepare(`SELECT 1 FROM sqlite_schema WHERE name = 'schema_migrations'`).get() !== undefined
  } catch {
    // Any failure to read is the answer: not good.
    return false
  } finally {
    db?.close()
  }
}

export interface Backups {
  /** Online: the station works on. Temp file, checked, then renamed. @throws AppError disk-full | backup-unusable */
  make(db: Database.Database, reason: BackupReason, progress?: (value: number) => void): Promise<Backup>
  /** Newest first. */
  list(): Backup[]
  /** @throws AppError not-found | backup-unusable */
  stage(file: string, databaseFolder: string): void
}

export function backupsIn(folders: Pick<DataFolders, 'backups'>, clock: Clock): Backups {
  const checked = new Map<string, boolean>()

  const facts = (file: string): Backup | null => {
    const match = fileName.exec(file)
    if (match === null) return null
    const path = join(folders.backups, file)
    const stats = statSync(path, { throwIfNoEntry: false })
    if (stats === undefined || !stats.isFile()) return null
    const key = `${file} ${stats.size} ${stats.mtimeMs}`
    const good = checked.get(key) ?? isGoodDatabase(path)
    checked.set(key, good)
    const [, day = '', time = ''] = match
    const at = Date.parse(`${day.slice(0, 4)}-${day.slice(4, 6)}-${day.slice(6)}T${time.slice(0, 2)}:${time.slice(2, 4)}:${time.slice(4)}Z`)
    return Number.isFinite(at) ? { file, at, sizeBytes: stats.size, good } : null
  }
  const list = () => readdirSync(folders.backups).flatMap(file => facts(file) ?? []).sort((a, b) => b.at - a.at || (a.file < b.file ? 1 : -1))
  const prune = (reason: BackupReason) => {
    // Only a good copy counts as kept: a row of broken ones must not push the last good one out.
    const own = list().filter(backup => fileName.exec(backup.file)?.[3] === reason && backup.good)
    for (const old of own.slice(KEPT_PER_REASON)) rmSync(join(folders.backups, old.file), { force: true })
  }
  const freeName = (reason: BackupReason) => {
    const moment = stamp(clock.now())
    for (let n = 1; ; n++) {
      const name = `station-${moment}${n === 1 ? '' : `-${n}`}-${reason}.sqlite`
      if (!existsSync(join(folders.backups, name))) return name
    }
  }

  return {
    list,
    async make(db, reason, progress) {
      const name = freeName(reason)
      const part = join(folders.backups, `${name}.part`)
      try {
        await db.backup(part, {
          progress({ totalPages, remainingPages }) {
            progress?.(totalPages === 0 ? 1 : 1 - remainingPages / totalPages)
            return 500
          },
        })
        // A copy of a WAL database asks for side files; a plain one can be opened read-only anywhere.
        const copy = new Database(part)
        try {
          copy.pragma('journal_mode = DELETE')
        } finally {
          copy.close()
        }
        if (!isGoodDatabase(part)) throw new AppError('backup-unusable', { data: { file: name } })
        syncFile(part)
        renameSync(part, join(folders.backups, name))
        syncFolder(folders.backups)
      } catch (error) {
        rmSync(part, { force: true })
        throw error
      }
      prune(reason)
      const made = facts(name)
      if (made === null) throw new AppError('backup-unusable', { data: { file: name } })
      return made
    },
    stage(file, databaseFolder) {
      // The name comes from a window: only a plain name that we would list ourselves.
      if (basename(file) !== file || !fileName.test(file)) throw new AppError('not-found', { data: { subject: file } })
      const found = facts(file)
      if (found === null) throw new AppError('not-found', { data: { subject: file } })
      if (!found.good) throw new AppError('backup-unusable', { data: { file } })
      const part = join(databaseFolder, `${STAGED}.part`)
      copyFileSync(join(folders.backups, file), part)
      syncFile(part)
      renameSync(part, join(databaseFolder, STAGED))
      syncFolder(databaseFolder)
    },
  }
}

export const DATABASE = 'station.sqlite'
/** A checked copy waiting to become the database at the next opening; being a whole file makes the swap survive a kill at any point. */
export const STAGED = 'station.sqlite.restore'

/** Moves the damaged files beside the database (with the date) and puts a staged copy in place. Returns where the old ones went, null when nothing was staged. */
export function putStagedInPlace(databaseFolder: string, now: number): string | null {
  const staged = join(databaseFolder, STAGED)
  if (!existsSync(staged)) return null
  const kept = `${DATABASE}.damaged-${stamp(now)}`
  for (const end of ['', '-wal', '-shm']) {
    const source = join(databaseFolder, `${DATABASE}${end}`)
    if (existsSync(source)) renameSync(source, join(databaseFolder, `${kept}${end}`))
  }
  renameSync(staged, join(databaseFolder, DATABASE))
  syncFolder(databaseFolder)
  return kept
}
