import Database from 'better-sqlite3'
import { Worker } from 'node:worker_threads'

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

/** The same in a worker thread. */
export function checkDatabase(file: string): Promise<boolean> {
  return new Promise(resolve => {
    const worker = new Worker(new URL('./check-worker.ts', import.meta.url), { workerData: file })
    worker.once('message', answer => resolve(answer === true))
    worker.once('error', () => resolve(false))
    worker.once('exit', () => resolve(false))
  })
}
