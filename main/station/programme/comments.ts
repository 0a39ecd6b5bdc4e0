import { anchorAt, placedOf, placeOf } from '#common/programme/index.ts'
import type { Placed } from '#common/programme/index.ts'
import type { ParsedInput } from '#contract/index.ts'
import type { Comment } from '#contract/programme.ts'
import { AppError } from '#contract/errors.ts'
import type { Caller, StationContext } from '../context.ts'
import type { EditorRoom, LibraryRoom } from '../faces.ts'
import { rowReader } from '../store/rows.ts'
import type { Renders } from './renders.ts'
import { CommentRow, keyOf } from './rows.ts'
import type { CommentRecord } from './rows.ts'

/** Remarks at a time code. They hang on the words, not on the clock: after an edit of the project they stand where the same words are. */
export interface Comments {
  ofProject(projectId: string): Promise<Comment[]>
  /** Those of the item, and those of its project and its earlier renders where their words are in this one. */
  ofItem(itemId: string): Promise<Comment[]>
  add(input: ParsedInput<'programme.addComment'>, who: Caller): Promise<Comment>
  edit(id: string, rev: number, text: string, who: Caller): Comment
  resolve(id: string, rev: number, resolved: boolean, who: Caller): Comment
  remove(id: string, rev: number, who: Caller): void
}

export function openComments(ctx: Pick<StationContext, 'db' | 'clock' | 'notices' | 'newId' | 'audit' | 'events'>, deps: { library: Pick<LibraryRoom, 'get'>; editor: Pick<EditorRoom, 'edlOf'>; renders: Renders }): Comments {
  const { db } = ctx
  const { library, editor, renders } = deps
  const reader = rowReader(ctx, 'programme_comments')
  const byId = db.prepare('SELECT * FROM programme_comments WHERE id = ? AND removed_at IS NULL')
  const byItem = db.prepare('SELECT * FROM programme_comments WHERE item_id = ? AND removed_at IS NULL')
  const byProject = db.prepare('SELECT * FROM programme_comments WHERE removed_at IS NULL AND (project_id = ? OR item_id IN (SELECT item_id FROM programme_renders WHERE project_id = ?))')
  const insert = db.prepare(`INSERT INTO programme_comments (id, item_id, project_id, at_samples, length_samples, anchor, text, author, author_id, created_at, rev)
    VALUES (@id, @itemId, @projectId, @at, @lengthSamples, @anchor, @text, @author, @authorId, @createdAt, 1)`)
  const update = db.prepare('UPDATE programme_comments SET text = @text, resolved_at = @resolvedAt, resolved_by = @resolvedBy, rev = rev + 1 WHERE id = @id AND rev = @rev')
  const drop = db.prepare('UPDATE programme_comments SET removed_at = ?, rev = rev + 1 WHERE id = ? AND rev = ?')
  const now = (): number => Math.floor(ctx.clock.now())

  const current = (id: string, rev: number): CommentRecord => {
    const row = byId.get(id)
    const found = row === undefined ? null : reader.one(CommentRow, row, id)
    if (found === null) throw new AppError('not-found')
    if (found.rev !== rev) throw new AppError('stale')
    return found
  }
  const told = ({ itemId, projectId }: Pick<CommentRecord, 'itemId' | 'projectId'>): void =>
    ctx.events.emit('programme.commentsChanged', { itemId, projectId: projectId ?? (itemId === null ? null : (renders.of(itemId)?.projectId ?? null)) })
  const publicPart = ({ anchor: _anchor, ...comment }: CommentRecord, projectAt: Comment['projectAt'] = null): Comment => ({ ...comment, projectAt })
  const inOrder = (a: Comment, b: Comment): number => a.at - b.at || (a.id < b.id ? -1 : 1)
  /** Without words under it (music, silence) a remark keeps its time as long as nothing tells otherwise. */
  const placeIn = (placed: readonly Placed[], { anchor, at }: CommentRecord): number | null => (anchor === null ? at : placeOf(placed, anchor, at))

  const save = (before: CommentRecord, change: Partial<Pick<CommentRecord, 'text' | 'resolvedAt' | 'resolvedBy'>>, who: Caller, action: string): Comment => {
    const after = { ...before, ...change }
    db.transaction(() => {
      if (update.run({ id: after.id, rev: before.rev, text: after.text, resolvedAt: after.resolvedAt, resolvedBy: after.resolvedBy }).changes === 0) throw new AppError('stale')
      ctx.audit.append(who, `programme.${action}`, after.itemId ?? after.projectId ?? after.id, { comment: after.id, at: after.at, text: after.text })
    })()
    told(after)
    return publicPart({ ...after, rev: before.rev + 1 })
  }

  return {
    async ofProject(projectId) {
      const placed = placedOf((await editor.edlOf(projectId)).edl)
      return reader.all(CommentRow, byProject.all(projectId, projectId), keyOf).map((comment) => {
        const at = placeIn(placed, comment)
        return { ...publicPart(comment), projectAt: at }
      }).sort((a, b) => (a.projectAt ?? a.at) - (b.projectAt ?? b.at) || inOrder(a, b))
    },
    async ofItem(itemId) {
      const own = reader.all(CommentRow, byItem.all(itemId), keyOf)
      const render = renders.of(itemId)
      if (render === null) return own.map((one) => publicPart(one)).sort(inOrder)
      const placed = await editor.edlOf(render.projectId).then(({ edl }) => placedOf(edl), () => null)
      const others = reader.all(CommentRow, byProject.all(render.projectId, render.projectId), keyOf).flatMap((comment) => {
        if (comment.itemId === itemId) return []
        const at = placeIn(render.placed, comment)
        return at === null ? [] : [{ ...comment, at }]
      })
      return [...own, ...others].map((comment) => publicPart(comment, placed === null ? null : placeIn(placed, comment))).sort(inOrder)
    },
    async add({ on, at, lengthSamples, text }, who) {
      const itemId = on.kind === 'item' ? on.itemId : null
      const projectId = on.kind === 'project' ? on.projectId : null
      const item = itemId === null ? null : library.get(itemId)
      if (itemId !== null && item === null) throw new AppError('not-found')
      if (item !== null && at > item.lengthSamples) throw new AppError('invalid-input', { data: { field: 'at' } })
      const placed = projectId === null ? (renders.of(itemId ?? '')?.placed ?? []) : placedOf((await editor.edlOf(projectId)).edl)
      const comment: CommentRecord = {
        id: ctx.newId(), itemId, projectId, at, lengthSamples, anchor: anchorAt(placed, at), text: text.normalize('NFC'), author: who.name, authorId: who.personId, createdAt: now(), resolvedAt: null, resolvedBy: null, rev: 1,
      }
      db.transaction(() => {
        insert.run({ ...comment, anchor: comment.anchor === null ? null : JSON.stringify(comment.anchor) })
        ctx.audit.append(who, 'programme.addComment', itemId ?? projectId ?? comment.id, { comment: comment.id, at, text: comment.text })
      })()
      told(comment)
      return publicPart(comment)
    },
    edit(id, rev, text, who) {
      const before = current(id, rev)
      if (before.authorId !== who.personId && !who.may('administrator')) throw new AppError('forbidden')
      return save(before, { text: text.normalize('NFC') }, who, 'editComment')
    },
    resolve(id, rev, resolved, who) {
      return save(current(id, rev), resolved ? { resolvedAt: now(), resolvedBy: who.name } : { resolvedAt: null, resolvedBy: null }, who, resolved ? 'resolveComment' : 'reopenComment')
    },
    remove(id, rev, who) {
      const before = current(id, rev)
      if (before.authorId !== who.personId && !who.may('approver')) throw new AppError('forbidden')
      db.transaction(() => {
        if (drop.run(now(), id, rev).changes === 0) throw new AppError('stale')
        ctx.audit.append(who, 'programme.removeComment', before.itemId ?? before.projectId ?? id, { comment: id, at: before.at, text: before.text })
      })()
      told(before)
    },
  }
}
