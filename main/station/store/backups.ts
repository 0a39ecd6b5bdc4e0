import Database from 'better-sqlite3'
import { copyFileSync, existsSync, readdirSync, renameSync, rmSync, statSync } from 'node:fs'
import { basename, join } from 'node:path'
import { AppError } from '#contract/errors.ts'
import type { Backup } from '#contract/station.ts'
import type { Clock, DataFolders } from '../context.ts'
import { checkDatabase } from './check.ts'
import { stamp, syncFile, syncFolder } from './files.ts'

export type BackupReason = 'daily' | 'manual' | 'before-migration'
const KEPT_PER_REASON = 14
const fileName = /^station-(\d{8})-(\d{6})(?:-\d+)?-(daily|manual|before-migration)\.sqlite$/

export interface Backups {
  /** Online: the station works on. Temp file, checked, then renamed. @throws AppError disk-full | backup-unusable */
  make(db: Database.Database, reason: BackupReason, progress?: (value: number) => void): Promise<Backup>
  /** Newest first; each was read through once since it last changed. */
  list(): Promise<Backup[]>
  /** When the newest copy was made, by its name; null without any. */
  newestAt(): number | null
  /** @throws AppError not-found | backup-unusable */
  stage(file: string, databaseFolder: string): Promise<void>
}

export function backupsIn(folders: Pick<DataFolders, 'backups'>, clock: Clock): Backups {
  const checked = new Map<string, boolean>()

  const madeAt = (file: string): number => {
    const [, day = '', time = ''] = fileName.exec(file) ?? []
    return Date.parse(`${day.slice(0, 4)}-${day.slice(4, 6)}-${day.slice(6)}T${time.slice(0, 2)}:${time.slice(2, 4)}:${time.slice(4)}Z`)
  }
  const facts = async (file: string): Promise<Backup | null> => {
    const at = madeAt(file)
    const path = join(folders.backups, file)
    const stats = statSync(path, { throwIfNoEntry: false })
    if (!Number.isFinite(at) || stats === undefined || !stats.isFile()) return null
    const key = `${file} ${stats.size} ${stats.mtimeMs}`
    const good = checked.get(key) ?? (await checkDatabase(path))
    checked.set(key, good)
    return { file, at, sizeBytes: stats.size, good }
  }
  const list = async () => {
    const found: Backup[] = []
    // One after another: reading them all at once would take the disk from the air.
    for (const file of readdirSync(folders.backups)) {
      const backup = await facts(file)
      if (backup !== null) found.push(backup)
    }
    return found.sort((a, b) => b.at - a.at || (a.file < b.file ? 1 : -1))
  }
  const prune = async (reason: BackupReason) => {
    // Only a good copy counts as kept: a row of broken ones must not push the last good one out.
    const own = (await list()).filter(backup => fileName.exec(backup.file)?.[3] === reason && backup.good)
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
    newestAt: () => {
      const times = readdirSync(folders.backups).map(madeAt).filter(Number.isFinite)
      return times.length === 0 ? null : Math.max(...times)
    },
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
        if (!(await checkDatabase(part))) throw new AppError('backup-unusable', { data: { file: name } })
        syncFile(part)
        renameSync(part, join(folders.backups, name))
        syncFolder(folders.backups)
      } catch (error) {
        rmSync(part, { force: true })
        throw error
      }
      const made = await facts(name)
      if (made === null) throw new AppError('backup-unusable', { data: { file: name } })
      await prune(reason)
      return made
    },
    async stage(file, databaseFolder) {
      // The name comes from a window: only a plain name that we would list ourselves.
      if (basename(file) !== file || !fileName.test(file)) throw new AppError('not-found', { data: { subject: file } })
      const found = await facts(file)
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
