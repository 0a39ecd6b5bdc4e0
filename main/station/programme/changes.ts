import type { Bulletin } from '#contract/programme.ts'
import { AppError } from '#contract/errors.ts'
import type { Caller, Handlers, StationContext } from '../context.ts'
import type { BulletinStore } from './bulletin-store.ts'
import type { BulletinRecord, StoryRecord } from './rows.ts'
import type { TemplateStore } from './templates.ts'

type Names = 'create' | 'update' | 'remove' | 'restore' | 'addStory' | 'updateStory' | 'moveStory' | 'removeStory' | 'restoreStory' | 'addSound'
const MAX_STORIES = 200

/** Changes of bulletins and stories: checked by the revision the caller saw, written with their audit row, told to all windows. */
export function bulletinHandlers(
  ctx: Pick<StationContext, 'db' | 'clock' | 'audit' | 'events' | 'newId'>,
  deps: { store: BulletinStore; templates: TemplateStore; view: (bulletin: BulletinRecord) => Bulletin; hasImage: (sha256: string) => boolean; hasItem: (itemId: string) => boolean },
): Pick<Handlers, `programme.${Names}`> {
  const { store, templates } = deps
  const now = (): number => Math.floor(ctx.clock.now())
  const told = (bulletinId: string): Bulletin => {
    ctx.events.emit('programme.changed', { bulletinId, removed: false })
    return deps.view(store.bulletin(bulletinId))
  }
  const check = (story: { itemIds?: readonly string[] | undefined; image?: string | null | undefined }): void => {
    if (story.image != null && !deps.hasImage(story.image)) throw new AppError('image-unreadable')
    if (story.itemIds?.some((itemId) => !deps.hasItem(itemId)) === true) throw new AppError('not-found')
  }
  const kept = <T>(run: () => T, caller: Caller, action: string, subject: string, detail: Record<string, unknown>): T => ctx.db.transaction(() => {
    const result = run()
    ctx.audit.append(caller, `programme.${action}`, subject, detail)
    return result
  })()

  return {
    'programme.create': ({ title, broadcastDate, slot, templateId }, caller) => {
      const bulletin: BulletinRecord = { id: ctx.newId(), title, broadcastDate, slot, template: templates.templateOf(templateId), projectId: null, by: caller.name, changedAt: now(), rev: 1, removedAt: null }
      kept(() => store.insertBulletin(bulletin), caller, 'create', bulletin.id, { title })
      return told(bulletin.id)
    },
    'programme.update': ({ bulletinId, rev, ...change }, caller) => {
      const before = store.bulletinAt(bulletinId, rev)
      const after: BulletinRecord = {
        ...before, title: change.title ?? before.title, slot: change.slot ?? before.slot, template: change.template ?? before.template,
        broadcastDate: change.broadcastDate === undefined ? before.broadcastDate : change.broadcastDate,
      }
      kept(() => store.saveBulletin(after), caller, 'update', bulletinId, { title: after.title, fields: Object.keys(change).join(',') })
      return told(bulletinId)
    },
    'programme.remove': ({ bulletinId, rev }, caller) => {
      const before = store.bulletinAt(bulletinId, rev)
      kept(() => store.saveBulletin({ ...before, removedAt: now() }), caller, 'remove', bulletinId, { title: before.title })
      ctx.events.emit('programme.changed', { bulletinId, removed: true })
      return { ok: true }
    },
    'programme.restore': ({ bulletinId }, caller) => {
      const before = store.bulletin(bulletinId, { removed: true })
      if (before.removedAt !== null) kept(() => store.saveBulletin({ ...before, removedAt: null }), caller, 'restore', bulletinId, { title: before.title })
      return told(bulletinId)
    },
    'programme.addStory': ({ bulletinId, afterStoryId, title, script, reader, itemIds, image }, caller) => {
      store.bulletin(bulletinId)
      if (store.stories(bulletinId).length >= MAX_STORIES) throw new AppError('invalid-input', { data: { field: 'stories' } })
      check({ itemIds, image })
      const story: StoryRecord = {
        id: ctx.newId(), bulletinId, orderKey: store.keyAfter(bulletinId, afterStoryId), title, script: script?.normalize('NFC') ?? '', reader: reader ?? '', itemIds: itemIds ?? [], image: image ?? null, rev: 1, removedAt: null,
      }
      kept(() => store.insertStory(story), caller, 'addStory', bulletinId, { story: story.id, title })
      return told(bulletinId)
    },
    'programme.updateStory': ({ storyId, rev, ...change }, caller) => {
      const before = store.storyAt(storyId, rev)
      check(change)
      const after: StoryRecord = {
        ...before, title: change.title ?? before.title, script: change.script?.normalize('NFC') ?? before.script, reader: change.reader ?? before.reader, itemIds: change.itemIds ?? before.itemIds,
        image: change.image === undefined ? before.image : change.image,
      }
      kept(() => store.saveStory(after), caller, 'updateStory', before.bulletinId, { story: storyId, title: after.title, fields: Object.keys(change).join(',') })
      return told(before.bulletinId)
    },
    'programme.moveStory': ({ storyId, rev, afterStoryId }, caller) => {
      const before = store.storyAt(storyId, rev)
      if (afterStoryId === storyId) throw new AppError('invalid-input', { data: { field: 'afterStoryId' } })
      const orderKey = store.keyAfter(before.bulletinId, afterStoryId, storyId)
      kept(() => store.saveStory({ ...before, orderKey }), caller, 'moveStory', before.bulletinId, { story: storyId, after: afterStoryId })
      return told(before.bulletinId)
    },
    'programme.removeStory': ({ storyId, rev }, caller) => {
      const before = store.storyAt(storyId, rev)
      kept(() => store.saveStory({ ...before, removedAt: now() }), caller, 'removeStory', before.bulletinId, { story: storyId, title: before.title })
      return told(before.bulletinId)
    },
    'programme.restoreStory': ({ storyId }, caller) => {
      const before = store.story(storyId, { removed: true })
      if (before.removedAt !== null) kept(() => store.saveStory({ ...before, removedAt: null }), caller, 'restoreStory', before.bulletinId, { story: storyId, title: before.title })
      return told(before.bulletinId)
    },
    'programme.addSound': ({ storyId, itemId }, caller) => {
      const before = store.story(storyId)
      check({ itemIds: [itemId] })
      if (!before.itemIds.includes(itemId)) kept(() => store.saveStory({ ...before, itemIds: [...before.itemIds, itemId] }), caller, 'addSound', before.bulletinId, { story: storyId, itemId })
      return told(before.bulletinId)
    },
  }
}
