import { createHash } from 'node:crypto'
import type Database from 'better-sqlite3'
import { z } from 'zod'
import { AppError } from '#contract/errors.ts'

/** One frozen step. `up` runs inside a transaction together with its record. */
export interface Migration {
  readonly id: number
  readonly name: string
  up(db: Database.Database): void
}

const Applied = z.object({ id: z.number().int(), name: z.string(), checksum: z.string() })

function checksumOf(migration: Migration): string {
  return createHash('sha256').update(`${migration.id}\n${migration.name}`).digest('hex')
}

function appliedIn(db: Database.Database): z.infer<typeof Applied>[] {
  const table = db.prepare(`SELECT 1 FROM sqlite_schema WHERE type = 'table' AND name = 'schema_migrations'`).get()
  return table === undefined ? [] : z.array(Applied).parse(db.prepare('SELECT id, name, checksum FROM schema_migrations ORDER BY id').all())
}

/**
 * Steps that this database still needs, by number.
 * @throws AppError database-newer when it has a step this program does not know, Error when the list itself is wrong
 */
export function pendingMigrations(db: Database.Database, list: readonly Migration[]): Migration[] {
  const known = new Map(list.map(migration => [migration.id, migration]))
  if (known.size !== list.length) throw new Error('two migrations have the same number')
  const done = appliedIn(db)
  for (const row of done) {
    const migration = known.get(row.id)
    if (migration === undefined || checksumOf(migration) !== row.checksum) throw new AppError('database-newer', { data: { migration: `${row.id}-${row.name}` } })
  }
  const doneIds = new Set(done.map(row => row.id))
  return list.filter(migration => !doneIds.has(migration.id)).sort((a, b) => a.id - b.id)
}

/** Applies each step in its own transaction: a step that fails leaves the database as the step before it made it. */
export function migrate(db: Database.Database, pending: readonly Migration[], now: number): void {
  db.exec('CREATE TABLE IF NOT EXISTS schema_migrations (id INTEGER PRIMARY KEY, name TEXT NOT NULL, checksum TEXT NOT NULL, applied_at INTEGER NOT NULL) STRICT')
  const record = db.prepare('INSERT INTO schema_migrations (id, name, checksum, applied_at) VALUES (?, ?, ?, ?)')
  for (const migration of pending) {
    db.transaction(() => {
      migration.up(db)
      record.run(migration.id, migration.name, checksumOf(migration), Math.floor(now))
    }).immediate()
  }
}
