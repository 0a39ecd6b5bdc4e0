import type Database from 'better-sqlite3'
import type { z } from 'zod'
import { AppError } from '#contract/errors.ts'
import type { Clock, Notices } from '../context.ts'

export interface RowReader {
  /**
   * Reads one row by its schema. A row that cannot be read is copied to `rows_put_aside`, raised as a notice, and answered with null:
   * it stays where it is, and the rest of the table goes on.
   */
  one<S extends z.ZodType>(schema: S, row: unknown, key: string): z.output<S> | null
  /** All readable rows of a list. */
  all<S extends z.ZodType>(schema: S, rows: readonly unknown[], keyOf: (row: unknown) => string): z.output<S>[]
}

export function rowReader(options: { db: Database.Database; clock: Clock; notices: Notices }, table: string): RowReader {
  const keep = options.db.prepare('INSERT OR IGNORE INTO rows_put_aside (table_name, row_key, content, reason, at) VALUES (?, ?, ?, ?, ?)')
  const one: RowReader['one'] = (schema, row, key) => {
    const read = schema.safeParse(row)
    if (read.success) return read.data
    keep.run(table, key, JSON.stringify(row) ?? '', read.error.message.slice(0, 2000), Math.floor(options.clock.now()))
    options.notices.raise('warning', new AppError('record-unreadable', { data: { table } }), `${table}/${key}`)
    return null
  }
  return {
    one,
    all(schema, rows, keyOf) {
      return rows.flatMap(row => {
        const read = one(schema, row, keyOf(row))
        return read === null ? [] : [read]
      })
    },
  }
}
