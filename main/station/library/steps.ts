import { cleanCues, noCues } from '#common/cues/index.ts'
import { afterStep, approvalsWanted, isSamePerson, validApprovals } from '#common/approval/index.ts'
import type { Approval, ItemStep } from '#common/approval/index.ts'
import { AppError } from '#contract/errors.ts'
import type { ErrorReply } from '#contract/errors.ts'
import type { Item } from '#contract/library.ts'
import type { ParsedInput } from '#contract/index.ts'
import type { StationContext, Who } from '../context.ts'
import type { ItemStore } from './items.ts'

/** Every change of an item: the table of steps decides, `rev` guards against a second hand, the audit keeps it, the windows hear of it. */
export interface Steps {
  update(input: ParsedInput<'library.update'>, who: Who): Item
  take(step: Exclude<ItemStep, 'edit' | 'remove'>, itemId: string, rev: number | null, who: Who, note?: string): Item
  /** @param mayRelax an approver. @throws AppError stale, forbidden */
  protect(input: ParsedInput<'library.protect'>, who: Who, mayRelax: boolean): Item
  remove(itemId: string, rev: number, who: Who): void
  /** All or none. */
  retag(changes: ParsedInput<'library.retag'>['changes'], who: Who): Item[]
  takeMany(step: 'submit' | 'approve', refs: ParsedInput<'library.submitMany'>['items'], who: Who): { done: Item[]; refused: { itemId: string; error: ErrorReply }[] }
}

export function createSteps(ctx: Pick<StationContext, 'db' | 'clock' | 'audit' | 'events'>, deps: { items: ItemStore; isMissing: (itemId: string) => boolean }): Steps {
  const { items } = deps

  const current = (itemId: string, rev: number | null): Item => {
    const stored = items.get(itemId)
    if (stored === null) throw new AppError('not-found')
    if (rev !== null && stored.item.rev !== rev) throw new AppError('stale')
    return stored.item
  }
  const cleanTags = (tags: readonly string[]): string[] => [...new Set(tags.map((tag) => tag.normalize('NFC')))]
  const write = (before: Item, after: Item, who: Who, action: string, detail: Record<string, unknown>): Item => ctx.db.transaction(() => {
    const written = items.save(after)
    if (written === null) throw new AppError('stale')
    ctx.audit.append(who, action, before.id, { number: before.number, title: after.title, from: before.state, to: after.state, ...detail })
    return written
  })()
  const save = (before: Item, after: Item, who: Who, action: string, detail: Record<string, unknown>): Item => {
    const saved = write(before, after, who, action, detail)
    ctx.events.emit('library.changed', { itemId: before.id, removed: false })
    return saved
  }

  const take: Steps['take'] = (step, itemId, rev, who, note) => {
    const before = current(itemId, rev)
    const state = afterStep(before.state, step)
    const now = Math.floor(ctx.clock.now())
    if (state === null || state === 'removed') throw new AppError('step-refused', { data: { state: before.state, step } })
    if (step === 'approve' && deps.isMissing(itemId)) throw new AppError('file-missing', { data: { fileName: before.title } })
    const approvals = step === 'approve' ? approvedBy(before, { personId: who.personId, by: who.name, at: now, sha256: before.sha256 }) : []
    // One word of two is no approval yet: the item waits where it was handed in.
    const isWaiting = step === 'approve' && approvals.length < approvalsWanted(before)
    const approved = step === 'approve' && !isWaiting
    const after: Item = { ...before, state: isWaiting ? 'submitted' : state, approvals, approvedAt: approved ? now : null, approvedBy: approved ? approvals.map(({ by }) => by).join(', ') : null, returnedNote: step === 'return' ? (note ?? null) : null }
    return save(before, after, who, `library.${step}`, note === undefined ? {} : { note })
  }

  return {
    take,
    protect({ itemId, rev, sensitive: wanted, embargoUntil }, who, mayRelax) {
      const before = current(itemId, rev)
      const sensitive = wanted ?? before.sensitive ?? false
      const until = embargoUntil === undefined ? (before.embargoUntil ?? null) : embargoUntil
      const isRelaxed = (before.sensitive === true && !sensitive) || (before.embargoUntil !== undefined && (until === null || until < before.embargoUntil))
      if (isRelaxed && !mayRelax) throw new AppError('forbidden')
      const { embargoUntil: _before, ...rest } = before
      const guarded: Item = { ...rest, sensitive, ...(until === null ? {} : { embargoUntil: until }) }
      const lacks = guarded.state === 'approved' && validApprovals(guarded).length < approvalsWanted(guarded)
      return save(before, lacks ? { ...guarded, state: 'submitted', approvedAt: null, approvedBy: null } : guarded, who, 'library.protect', { sensitive, embargoUntil: until })
    },
    update({ itemId, rev, ...wanted }, who) {
      const before = current(itemId, rev)
      const { tags, note, cues: wantedCues, ...content } = wanted
      const cues = wantedCues === undefined ? before.cues : cleanCues(wantedCues, before.lengthSamples)
      if (cues === null) throw new AppError('invalid-input', { data: { field: 'cues' } })
      const changed = Object.keys(content).filter((key) => Reflect.get(content, key) !== undefined && Reflect.get(content, key) !== Reflect.get(before, key))
      const state = changed.length === 0 ? before.state : afterStep(before.state, 'edit')
      if (state === null || state === 'removed') throw new AppError('item-locked')
      const after: Item = {
        ...before, state, title: content.title ?? before.title, kind: content.kind ?? before.kind, origin: content.origin ?? before.origin, essential: content.essential ?? before.essential, lang: content.lang ?? before.lang,
        tags: tags === undefined ? before.tags : cleanTags(tags), note: note ?? before.note, cues: cues ?? noCues,
      }
      return save(before, after, who, 'library.update', { fields: [...changed, ...(tags === undefined ? [] : ['tags']), ...(note === undefined ? [] : ['note']), ...(wantedCues === undefined ? [] : ['cues'])].join(',') })
    },
    takeMany(step, refs, who) {
      const done: Item[] = []
      const refused: { itemId: string; error: ErrorReply }[] = []
      for (const { itemId, rev } of refs) {
        try {
          done.push(take(step, itemId, rev, who))
        } catch (error) {
          if (!(error instanceof AppError)) throw error
          refused.push({ itemId, error: { code: error.code, data: error.data } })
        }
      }
      return { done, refused }
    },
    retag(changes, who) {
      const saved = ctx.db.transaction(() => changes.map(({ itemId, rev, tags }) => {
        const before = current(itemId, rev)
        return write(before, { ...before, tags: cleanTags(tags) }, who, 'library.update', { fields: 'tags' })
      }))()
      for (const { id } of saved) ctx.events.emit('library.changed', { itemId: id, removed: false })
      return saved
    },
    remove(itemId, rev, who) {
      const before = current(itemId, rev)
      if (afterStep(before.state, 'remove') === null) throw new AppError('item-locked')
      ctx.db.transaction(() => {
        if (!items.remove(before, ctx.clock.now())) throw new AppError('stale')
        ctx.audit.append(who, 'library.remove', itemId, { number: before.number, title: before.title, sha256: before.sha256 })
      })()
      ctx.events.emit('library.changed', { itemId, removed: true })
    },
  }
}

/** @throws AppError second-person-needed: nobody is two persons */
function approvedBy(item: Item, approval: Approval): Approval[] {
  const known = validApprovals(item)
  if (approvalsWanted(item) === 1) return [approval]
  if (known.some((other) => isSamePerson(other, approval))) throw new AppError('second-person-needed')
  return [...known, approval]
}
