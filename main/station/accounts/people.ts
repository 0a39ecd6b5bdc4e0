import type Database from 'better-sqlite3'
import { z } from 'zod'
import { Person } from '#contract/accounts.ts'
import { Role } from '#contract/roles.ts'
import type { Clock, Notices } from '../context.ts'
import { rowReader } from '../store/rows.ts'

const Flag = z.union([z.literal(0), z.literal(1)]).transform(value => value === 1)
const RolesText = z.string().transform((text, context) => {
  try {
    return z.array(Role).parse(JSON.parse(text))
  } catch (error) {
    context.addIssue({ code: 'custom', message: String(error) })
    return z.NEVER
  }
})
const Row = z.object({ id: Person.shape.id, userName: z.string(), fullName: z.string(), roles: RolesText, passwordHash: z.string(), active: Flag, hasPin: Flag, rev: z.number().int() })
export type StoredPerson = z.output<typeof Row>

const columns = 'id, user_name AS userName, full_name AS fullName, roles, password_hash AS passwordHash, active, has_pin AS hasPin, rev'

export function personOf({ id, userName, fullName, roles, active, hasPin, rev }: StoredPerson): Person {
  return { id, userName, fullName, roles, active, hasPin, rev }
}

export type People = ReturnType<typeof openPeople>

/** The only place with SQL about people. */
export function openPeople(options: { db: Database.Database; clock: Clock; notices: Notices }) {
  const { db } = options
  const rows = rowReader(options, 'people')
  const Key = z.object({ id: z.string() })
  const keyOf = (row: unknown) => Key.safeParse(row).data?.id ?? '?'
  const read = (row: unknown) => (row === undefined ? null : rows.one(Row, row, keyOf(row)))
  const byId = db.prepare(`SELECT ${columns} FROM people WHERE id = ?`)
  const byName = db.prepare(`SELECT ${columns} FROM people WHERE user_name = ?`)
  const everyone = db.prepare(`SELECT ${columns} FROM people ORDER BY full_name, id`)
  const count = db.prepare('SELECT count(*) FROM people').pluck()
  const insert = db.prepare('INSERT INTO people (id, user_name, full_name, roles, password_hash, active, has_pin, rev, created_at) VALUES (?, ?, ?, ?, ?, 1, 0, 0, ?)')
  const change = db.prepare('UPDATE people SET full_name = ?, roles = ?, active = ?, rev = rev + 1 WHERE id = ? AND rev = ?')
  const setHash = db.prepare('UPDATE people SET password_hash = ?, rev = rev + 1 WHERE id = ?')
  const setPin = db.prepare('UPDATE people SET has_pin = ?, rev = rev + 1 WHERE id = ?')
  return {
    isEmpty: () => count.get() === 0,
    get: (id: string) => read(byId.get(id)),
    named: (userName: string) => read(byName.get(userName)),
    list: () => rows.all(Row, everyone.all(), keyOf),
    add: (person: { id: string; userName: string; fullName: string; roles: readonly Role[]; passwordHash: string }) => {
      insert.run(person.id, person.userName, person.fullName, JSON.stringify([...new Set(person.roles)]), person.passwordHash, Math.floor(options.clock.now()))
    },
    /** false when the row has another `rev` by now. */
    update: (id: string, rev: number, next: { fullName: string; roles: readonly Role[]; active: boolean }) =>
      change.run(next.fullName, JSON.stringify([...new Set(next.roles)]), next.active ? 1 : 0, id, rev).changes === 1,
    setPasswordHash: (id: string, hash: string) => void setHash.run(hash, id),
    setHasPin: (id: string, has: boolean) => void setPin.run(has ? 1 : 0, id),
  }
}
