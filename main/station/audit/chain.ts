import { createHash } from 'node:crypto'
import { setImmediate } from 'node:timers/promises'
import type Database from 'better-sqlite3'
import { z } from 'zod'
import { AuditEntry } from '#contract/station.ts'
import type { Audit, Clock } from '../context.ts'

/**
 * Promises: no row is changed or removed unseen; relies on SHA-256 and on triggers that refuse UPDATE and DELETE; when a row was altered
 * behind our back, `verify` names the first one and everything else goes on.
 */
const VERIFY_STEP = 2000
const FIRST_HASH = '0'.repeat(64)

type Row = Omit<AuditEntry, 'hash'>

/** JSON with sorted keys and nothing but plain values: equal content gives equal bytes. */
export function canonicalJson(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(item => canonicalJson(item ?? null)).join(',')}]`
  if (typeof value === 'object' && value !== null) {
    const entries = Object.entries(value).filter(([, item]) => item !== undefined).sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0))
    return `{${entries.map(([key, item]) => `${JSON.stringify(key)}:${canonicalJson(item)}`).join(',')}}`
  }
  return JSON.stringify(value) ?? 'null'
}

function hashOf(previous: string, row: Row): string {
  const { seq, at, personId, who, action, subject, detail } = row
  return createHash('sha256').update(canonicalJson({ previous, seq, at, personId, who, action, subject, detail })).digest('hex')
}

const columns = 'seq, at, person_id AS personId, who, action, subject, detail, hash'
const Last = z.object({ seq: z.number().int(), hash: z.string() })
/** What the table gives back before anyone has vouched for it. */
const Stored = z.object({ seq: z.number().int(), at: z.number(), personId: z.string().nullable(), who: z.string(), action: z.string(), subject: z.string(), detail: z.string(), hash: z.string() })

export interface AuditChain extends Audit {
  /** Newest first, before `beforeSeq`. */
  list(beforeSeq: number | undefined, limit: number): AuditEntry[]
  /** In steps, so that windows and microphones are served in between. */
  verify(): Promise<{ intact: boolean; entries: number; brokenAtSeq: number | null }>
}

export function openAuditChain(db: Database.Database, clock: Clock): AuditChain {
  const last = db.prepare('SELECT seq, hash FROM audit ORDER BY seq DESC LIMIT 1')
  const insert = db.prepare('INSERT INTO audit (seq, at, person_id, who, action, subject, detail, hash) VALUES (@seq, @at, @personId, @who, @action, @subject, @detail, @hash)')
  const page = db.prepare(`SELECT ${columns} FROM audit WHERE seq < ? ORDER BY seq DESC LIMIT ?`)
  const next = db.prepare(`SELECT ${columns} FROM audit WHERE seq > ? ORDER BY seq LIMIT ${VERIFY_STEP}`)

  return {
    append: db.transaction((who, action, subject, detail) => {
      const found = last.get()
      const previous = found === undefined ? { seq: 0, hash: FIRST_HASH } : Last.parse(found)
      const row: Row = { seq: previous.seq + 1, at: Math.floor(clock.now()), personId: who.personId, who: who.name, action, subject, detail: canonicalJson(detail ?? {}) }
      insert.run({ ...row, hash: hashOf(previous.hash, row) })
    }) satisfies Audit['append'],
    list: (beforeSeq, limit) => page.all(beforeSeq ?? Number.MAX_SAFE_INTEGER, limit).flatMap(row => {
      const read = AuditEntry.safeParse(row)
      return read.success ? [read.data] : []
    }),
    async verify() {
      let previous = FIRST_HASH
      let entries = 0
      for (;;) {
        const rows = next.all(entries)
        for (const raw of rows) {
          const row = Stored.safeParse(raw)
          entries++
          if (!row.success || row.data.seq !== entries || row.data.hash !== hashOf(previous, row.data)) return { intact: false, entries, brokenAtSeq: row.success ? row.data.seq : entries }
          previous = row.data.hash
        }
        if (rows.length < VERIFY_STEP) return { intact: true, entries, brokenAtSeq: null }
        await setImmediate()
      }
    },
  }
}
