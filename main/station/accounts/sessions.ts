import { createHash, createHmac, randomBytes } from 'node:crypto'
import type Database from 'better-sqlite3'
import { z } from 'zod'
import type { Clock } from '../context.ts'

export const SESSION_MS = 12 * 3_600_000
/** The sliding end is written at most once a minute, not with every call. */
const SLIDE_MS = 60_000

const hashOf = (secret: string) => createHash('sha256').update(secret).digest('hex')
/** The ticket in file addresses opens files only: a session cannot be made from it. */
const ticketOf = (token: string) => createHmac('sha256', token).update('files').digest('base64url')

const Row = z.object({ tokenHash: z.string(), personId: z.string(), expiresAt: z.number() })
export type SessionRow = z.output<typeof Row>
const columns = 'token_hash AS tokenHash, person_id AS personId, expires_at AS expiresAt'

export type Sessions = ReturnType<typeof openSessions>

/** Tokens are random 256 bits; only their SHA-256 is stored, so a copied database opens nothing. */
export function openSessions(db: Database.Database, clock: Clock) {
  const insert = db.prepare('INSERT INTO sessions (token_hash, ticket_hash, person_id, created_at, expires_at) VALUES (?, ?, ?, ?, ?)')
  const byToken = db.prepare(`SELECT ${columns} FROM sessions WHERE token_hash = ? AND expires_at > ?`)
  const byTicket = db.prepare(`SELECT ${columns} FROM sessions WHERE ticket_hash = ? AND expires_at > ?`)
  const slide = db.prepare('UPDATE sessions SET expires_at = ? WHERE token_hash = ?')
  const remove = db.prepare('DELETE FROM sessions WHERE token_hash = ?')
  const removeOf = db.prepare('DELETE FROM sessions WHERE person_id = ? AND token_hash <> ?')
  const removeOld = db.prepare('DELETE FROM sessions WHERE expires_at <= ?')
  const read = (row: unknown): SessionRow | null => Row.safeParse(row).data ?? null
  const byHash = (hash: string) => read(byToken.get(hash, clock.now()))
  return {
    start(personId: string): { token: string; ticket: string; hash: string; expiresAt: number } {
      const now = Math.floor(clock.now())
      removeOld.run(now)
      const token = randomBytes(32).toString('base64url')
      const ticket = ticketOf(token)
      insert.run(hashOf(token), hashOf(ticket), personId, now, now + SESSION_MS)
      return { token, ticket, hash: hashOf(token), expiresAt: now + SESSION_MS }
    },
    byHash,
    byToken: (token: string) => byHash(hashOf(token)),
    byTicket: (ticket: string) => read(byTicket.get(hashOf(ticket), clock.now())),
    ticketOf,
    /** Every use moves the end. Returns the end that counts now. */
    used(row: SessionRow): number {
      const end = Math.floor(clock.now()) + SESSION_MS
      if (end - row.expiresAt < SLIDE_MS) return row.expiresAt
      slide.run(end, row.tokenHash)
      return end
    },
    end: (hash: string) => void remove.run(hash),
    endAllOf: (personId: string, exceptHash = '') => void removeOf.run(personId, exceptHash),
  }
}
