import bulletin from '#resources/templates/ban-tin.json' with { type: 'json' }
import notice from '#resources/templates/thong-bao.json' with { type: 'json' }
import plain from '#resources/templates/khong-nhac.json' with { type: 'json' }
import { TemplateFile } from '#contract/programme.ts'
import type { ProgrammeTemplate, StoredTemplate } from '#contract/programme.ts'
import { AppError } from '#contract/errors.ts'
import type { StationContext, Who } from '../context.ts'
import { rowReader } from '../store/rows.ts'
import { keyOf, TemplateRow } from './rows.ts'

/** Those that come with the house, checked like anything from outside: a wrong file ends the start of a test, not an evening. */
export const builtInTemplates = [bulletin, notice, plain].map((file) => TemplateFile.parse(file))

export interface TemplateStore {
  all(): StoredTemplate[]
  /** @throws AppError not-found */
  templateOf(id: string | null): ProgrammeTemplate
  save(change: { templateId: string | null; rev: number; title: string; template: ProgrammeTemplate }, who: Who): StoredTemplate
  remove(id: string, rev: number, who: Who): void
}

export function openTemplates(ctx: Pick<StationContext, 'db' | 'clock' | 'notices' | 'newId' | 'audit'>): TemplateStore {
  const { db } = ctx
  const reader = rowReader(ctx, 'programme_templates')
  const rows = db.prepare('SELECT * FROM programme_templates ORDER BY title')
  const row = db.prepare('SELECT * FROM programme_templates WHERE id = ?')
  const insert = db.prepare('INSERT INTO programme_templates (id, title, template, changed_at, rev) VALUES (?, ?, ?, ?, 1)')
  const update = db.prepare('UPDATE programme_templates SET title = ?, template = ?, changed_at = ?, rev = rev + 1 WHERE id = ? AND rev = ?')
  const drop = db.prepare('DELETE FROM programme_templates WHERE id = ? AND rev = ?')
  const own = (id: string): StoredTemplate | null => {
    const found = reader.one(TemplateRow.nullable(), row.get(id) ?? null, id)
    return found === null ? null : { ...found, builtIn: false }
  }
  return {
    all: () => [
      ...builtInTemplates.map(({ name, title, template }) => ({ id: name, title: title.vi, builtIn: true, template, rev: 0 })),
      ...reader.all(TemplateRow, rows.all(), keyOf).map((one) => ({ ...one, builtIn: false })),
    ],
    templateOf(id) {
      const found = builtInTemplates.find(({ name }) => name === (id ?? 'ban-tin'))?.template ?? (id === null ? null : own(id)?.template) ?? null
      if (found === null) throw new AppError('not-found')
      return found
    },
    save({ templateId, rev, title, template }, who) {
      return db.transaction(() => {
        const id = templateId ?? ctx.newId()
        const at = Math.floor(ctx.clock.now())
        if (templateId === null) insert.run(id, title, JSON.stringify(template), at)
        else if (update.run(title, JSON.stringify(template), at, id, rev).changes === 0) throw new AppError(own(id) === null ? 'not-found' : 'stale')
        ctx.audit.append(who, 'programme.saveTemplate', id, { title })
        const saved = own(id)
        if (saved === null) throw new AppError('internal')
        return saved
      })()
    },
    remove(id, rev, who) {
      db.transaction(() => {
        const before = own(id)
        if (drop.run(id, rev).changes === 0) throw new AppError(before === null ? 'not-found' : 'stale')
        ctx.audit.append(who, 'programme.removeTemplate', id, { title: before?.title ?? '' })
      })()
    },
  }
}
