import { keyBetween } from '#common/timing/order-key.ts'
import { AppError } from '#contract/errors.ts'
import type { StationContext } from '../context.ts'
import { rowReader } from '../store/rows.ts'
import { BulletinRow, keyOf, StoryRow } from './rows.ts'
import type { BulletinRecord, StoryRecord } from './rows.ts'

/** Bulletins and their stories. Every row has its own revision: one person may write a script while another moves the story. */
export interface BulletinStore {
  all(): BulletinRecord[]
  /** @throws AppError not-found; removed ones only with `removed` */
  bulletin(id: string, options?: { removed?: boolean }): BulletinRecord
  /** @throws AppError stale */
  bulletinAt(id: string, rev: number): BulletinRecord
  stories(bulletinId: string): StoryRecord[]
  story(id: string, options?: { removed?: boolean }): StoryRecord
  storyAt(id: string, rev: number): StoryRecord
  /** Order key behind a story (null = first place), counting the removed ones too. */
  keyAfter(bulletinId: string, afterStoryId: string | null, moving?: string): string
  insertBulletin(bulletin: BulletinRecord): void
  /** Writes all of it with the next revision. */
  saveBulletin(bulletin: BulletinRecord): void
  insertStory(story: StoryRecord): void
  saveStory(story: StoryRecord): void
  ofProject(projectId: string): BulletinRecord | null
}

export function openBulletinStore(ctx: Pick<StationContext, 'db' | 'clock' | 'notices'>): BulletinStore {
  const { db } = ctx
  const bulletins = rowReader(ctx, 'programme_bulletins')
  const stories = rowReader(ctx, 'programme_stories')
  const now = (): number => Math.floor(ctx.clock.now())
  const everything = db.prepare('SELECT * FROM programme_bulletins WHERE removed_at IS NULL ORDER BY changed_at DESC, id DESC')
  const one = db.prepare('SELECT * FROM programme_bulletins WHERE id = ?')
  const byProject = db.prepare('SELECT * FROM programme_bulletins WHERE project_id = ? AND removed_at IS NULL ORDER BY changed_at DESC LIMIT 1')
  const storiesOf = db.prepare('SELECT * FROM programme_stories WHERE bulletin_id = ? ORDER BY order_key, id')
  const oneStory = db.prepare('SELECT * FROM programme_stories WHERE id = ?')
  const insertBulletin = db.prepare('INSERT INTO programme_bulletins (id, title, broadcast_date, slot_starts_sec, slot_length, template, project_id, by, changed_at, rev, removed_at) VALUES (@id, @title, @broadcastDate, @startsAtSec, @lengthSamples, @template, @projectId, @by, @changedAt, @rev, @removedAt)')
  const updateBulletin = db.prepare('UPDATE programme_bulletins SET title = @title, broadcast_date = @broadcastDate, slot_starts_sec = @startsAtSec, slot_length = @lengthSamples, template = @template, project_id = @projectId, changed_at = @changedAt, rev = @rev, removed_at = @removedAt WHERE id = @id')
  const insertStory = db.prepare('INSERT INTO programme_stories (id, bulletin_id, order_key, title, script, reader, item_ids, image, rev, removed_at) VALUES (@id, @bulletinId, @orderKey, @title, @script, @reader, @itemIds, @image, @rev, @removedAt)')
  const updateStory = db.prepare('UPDATE programme_stories SET order_key = @orderKey, title = @title, script = @script, reader = @reader, item_ids = @itemIds, image = @image, rev = @rev, removed_at = @removedAt WHERE id = @id')
  const touch = db.prepare('UPDATE programme_bulletins SET changed_at = ? WHERE id = ?')

  const bulletinValues = ({ slot, template, ...rest }: BulletinRecord): object => ({ ...rest, startsAtSec: slot.startsAtSec, lengthSamples: slot.lengthSamples, template: JSON.stringify(template) })
  const storyValues = ({ itemIds, ...rest }: StoryRecord): object => ({ ...rest, itemIds: JSON.stringify(itemIds) })
  const readStories = (bulletinId: string): StoryRecord[] => stories.all(StoryRow, storiesOf.all(bulletinId), keyOf)
  const bulletin: BulletinStore['bulletin'] = (id, options) => {
    const row = one.get(id)
    const found = row === undefined ? null : bulletins.one(BulletinRow, row, id)
    if (found === null || (found.removedAt !== null && options?.removed !== true)) throw new AppError('not-found')
    return found
  }
  const story: BulletinStore['story'] = (id, options) => {
    const row = oneStory.get(id)
    const found = row === undefined ? null : stories.one(StoryRow, row, id)
    if (found === null || (found.removedAt !== null && options?.removed !== true)) throw new AppError('not-found')
    return found
  }
  return {
    bulletin, story,
    all: () => bulletins.all(BulletinRow, everything.all(), keyOf),
    bulletinAt(id, rev) {
      const found = bulletin(id)
      if (found.rev !== rev) throw new AppError('stale')
      return found
    },
    stories: (bulletinId) => readStories(bulletinId).filter(({ removedAt }) => removedAt === null),
    storyAt(id, rev) {
      const found = story(id)
      if (found.rev !== rev) throw new AppError('stale')
      return found
    },
    keyAfter(bulletinId, afterStoryId, moving) {
      const all = readStories(bulletinId).filter(({ id }) => id !== moving)
      const before = afterStoryId === null ? -1 : all.findIndex(({ id, removedAt }) => id === afterStoryId && removedAt === null)
      if (afterStoryId !== null && before < 0) throw new AppError('not-found')
      return keyBetween(all[before]?.orderKey ?? null, all[before + 1]?.orderKey ?? null)
    },
    insertBulletin: (record) => void insertBulletin.run(bulletinValues(record)),
    saveBulletin: (record) => void updateBulletin.run(bulletinValues({ ...record, rev: record.rev + 1, changedAt: now() })),
    insertStory(record) {
      insertStory.run(storyValues(record))
      touch.run(now(), record.bulletinId)
    },
    saveStory(record) {
      updateStory.run(storyValues({ ...record, rev: record.rev + 1 }))
      touch.run(now(), record.bulletinId)
    },
    ofProject(projectId) {
      const row = byProject.get(projectId)
      return row === undefined ? null : bulletins.one(BulletinRow, row, projectId)
    },
  }
}
