import { z } from 'zod'
import type { Targets, Unit } from '#contract/devices.ts'
import { AppError } from '#contract/errors.ts'
import type { StationContext } from '../../context.ts'
import { rowReader } from '../../store/rows.ts'

const Row = z.object({ id: z.string(), parent_id: z.string().nullable(), name: z.string(), level: z.string(), code: z.string(), grp: z.string(), ord: z.number(), rev: z.number() })
  .transform((row): Unit => ({ id: row.id, parentId: row.parent_id, name: row.name, level: row.level, code: row.code, group: row.grp, order: row.ord, rev: row.rev }))

/** The organisation tree. It is free: any depth, any names; each unit has a group that its devices and those below it listen to. */
export class UnitTree {
  readonly #ctx: Pick<StationContext, 'db' | 'clock' | 'notices' | 'newId'>
  #units = new Map<string, Unit>()

  constructor(ctx: Pick<StationContext, 'db' | 'clock' | 'notices' | 'newId'>) {
    this.#ctx = ctx
    this.#load()
  }

  list(): Unit[] {
    return [...this.#units.values()].sort((a, b) => a.order - b.order || (a.id < b.id ? -1 : 1))
  }

  get(id: string): Unit | null {
    return this.#units.get(id) ?? null
  }

  require(id: string): Unit {
    const unit = this.#units.get(id)
    if (unit === undefined) throw new AppError('not-found')
    return unit
  }

  create(input: { parentId: string | null; name: string; level: string; code: string }): Unit {
    if (input.parentId !== null) this.require(input.parentId)
    const id = this.#ctx.newId()
    const order = Math.max(-1, ...this.list().map((unit) => unit.order)) + 1
    this.#ctx.db.prepare('INSERT INTO units (id, parent_id, name, level, code, grp, ord, rev) VALUES (?, ?, ?, ?, ?, ?, ?, 1)').run(id, input.parentId, input.name, input.level, input.code, this.#freeGroup(input.name), order)
    this.#load()
    return this.require(id)
  }

  /** The group stays when the name changes: it is in running letters and manifests. */
  update(input: { unitId: string; rev: number; parentId: string | null; name: string; level: string; code: string }): Unit {
    const unit = this.require(input.unitId)
    if (unit.rev !== input.rev) throw new AppError('stale')
    if (input.parentId !== null) {
      this.require(input.parentId)
      if (this.below(unit.id).has(input.parentId)) throw new AppError('invalid-input')
    }
    this.#ctx.db.prepare('UPDATE units SET parent_id = ?, name = ?, level = ?, code = ?, rev = rev + 1 WHERE id = ?').run(input.parentId, input.name, input.level, input.code, unit.id)
    this.#load()
    return this.require(unit.id)
  }

  remove(unitId: string, rev: number): void {
    const unit = this.require(unitId)
    if (unit.rev !== rev) throw new AppError('stale')
    if (this.list().some((other) => other.parentId === unitId)) throw new AppError('busy')
    this.#ctx.db.prepare('DELETE FROM units WHERE id = ?').run(unitId)
    this.#load()
  }

  /** The unit and everything under it. */
  below(unitId: string): ReadonlySet<string> {
    const found = new Set([unitId])
    for (let grown = true; grown;) {
      grown = false
      for (const unit of this.#units.values()) {
        if (unit.parentId === null || found.has(unit.id) || !found.has(unit.parentId)) continue
        found.add(unit.id)
        grown = true
      }
    }
    return found
  }

  /** Groups of a device in this unit: its own and those of every unit above. */
  groupsOf(unitId: string): string[] {
    const groups: string[] = []
    const seen = new Set<string>()
    for (let unit = this.get(unitId); unit !== null && !seen.has(unit.id); unit = unit.parentId === null ? null : this.get(unit.parentId)) {
      seen.add(unit.id)
      groups.push(unit.group)
    }
    return groups
  }

  groupsOfTargets(targets: Targets): string[] {
    return [...new Set(targets.unitIds.map((id) => this.require(id).group))]
  }

  #load(): void {
    const rows = rowReader(this.#ctx, 'units').all(Row, this.#ctx.db.prepare('SELECT * FROM units').all(), (row) => (typeof row === 'object' && row !== null && 'id' in row ? String(row.id) : ''))
    this.#units = new Map(rows.map((unit) => [unit.id, unit]))
  }

  #freeGroup(name: string): string {
    const plain = name.normalize('NFD').replaceAll(/\p{M}/gu, '').toLowerCase().replaceAll('đ', 'd').replaceAll(/[^a-z0-9]+/g, '-').replaceAll(/^-+|-+$/g, '').slice(0, 40) || 'cum'
    const taken = new Set(['all', ...this.list().map((unit) => unit.group)])
    for (let count = 1; ; count++) {
      const group = count === 1 ? plain : `${plain}-${count}`
      if (!taken.has(group)) return group
    }
  }
}
