import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { chaptersOf, slidesOf } from '#common/programme/index.ts'
import { violations } from '#common/edl/index.ts'
import type { Bulletin, ProgrammeTemplate } from '#contract/programme.ts'
import type { Item } from '#contract/library.ts'
import { samples } from '#common/units/samples.ts'
import { openEditor } from '../../../main/station/editor/index.ts'
import { openProgramme } from '../../../main/station/programme/index.ts'
import type { EditorRoom, ProgrammeRoom } from '../../../main/station/faces.ts'
import { callerWith, callRoom } from '../../support/context.ts'
import { openLibraryBench, lan } from '../../support/library-room.ts'
import type { LibraryBench } from '../../support/library-room.ts'
import { babble, writeWav } from '../../support/signals.ts'

const RATE = 48_000
const image = 'a'.repeat(64)
const speechOnly: ProgrammeTemplate = {
  version: 1, intro: null, jingle: null, bed: null, outro: null, pauseMs: 500, introOverlapMs: 0, outroOverlapMs: 0, duck: { reduceDb: 12, attackMs: 250, holdMs: 400, releaseMs: 900 }, syllablesPerMinute: 200,
}
let bench: LibraryBench
let editor: EditorRoom
let room: ProgrammeRoom
beforeEach(async () => {
  bench = await openLibraryBench()
  const { ctx, library, media } = bench
  ctx.db.prepare('INSERT INTO board_images (sha256, mime, bytes, width_px, height_px, added_at) VALUES (?, ?, 1, 1, 1, 0)').run(image, 'image/png')
  editor = await openEditor(ctx, { library, media })
  room = openProgramme(ctx, { library, editor, hasImage: (sha256) => sha256 === image, writeSound: async (name, path) => void (await writeWav(path, babble(name === 'nhac-nen' ? 4 : 2, name.length))) })
})
afterEach(() => bench[Symbol.asyncDispose]())

let seed = 1
async function sound(title: string, seconds: number): Promise<Item> {
  const path = join(bench.desk, `${title}.wav`)
  await writeWav(path, babble(seconds, ++seed))
  return bench.library.importFile(path, { who: lan, title }).item
}
const create = (): Promise<Bulletin> => callRoom(room, 'programme.create', { title: 'Bản tin 17 giờ', broadcastDate: '2026-11-21', slot: { startsAtSec: 61_200, lengthSamples: 300 * RATE }, templateId: 'khong-nhac' })
/** Three stories: the first and the last with a picture. */
async function threeStories(): Promise<{ bulletin: Bulletin; items: Item[] }> {
  const items = [await sound('Họp xã', 3), await sound('Giá lúa', 2), await sound('Thời tiết', 4)]
  let bulletin = await create()
  for (const [n, item] of items.entries()) {
    bulletin = await callRoom(room, 'programme.addStory', { bulletinId: bulletin.id, afterStoryId: bulletin.stories.at(-1)?.id ?? null, title: item.title, script: `Lời của ${item.title}.`, itemIds: [item.id], image: n === 1 ? null : image })
  }
  return { bulletin, items }
}
async function render(projectId: string): Promise<string> {
  const { rev } = await callRoom(editor, 'editor.open', { projectId })
  const ended = new Promise<string>((resolve, reject) => {
    bench.ctx.events.on('jobs.changed', (job) => {
      if (job.kind !== 'render' || job.endedAt === null) return
      if (job.result?.['itemId'] === undefined) reject(new Error(job.error?.code))
      else resolve(job.result['itemId'])
    })
  })
  await callRoom(editor, 'editor.render', { projectId, rev, title: 'Bản tin 17 giờ', format: 'wav' })
  return ended
}

describe('a bulletin', () => {
  test('keeps its stories in the order they are put, and brings a removed one back to its place', async () => {
    let { bulletin } = await threeStories()
    const titles = (): string[] => bulletin.stories.map(({ title }) => title)
    const [first, second, third] = bulletin.stories
    bulletin = await callRoom(room, 'programme.moveStory', { storyId: third?.id ?? '', rev: third?.rev ?? 0, afterStoryId: null })
    expect(titles()).toEqual(['Thời tiết', 'Họp xã', 'Giá lúa'])
    bulletin = await callRoom(room, 'programme.removeStory', { storyId: first?.id ?? '', rev: first?.rev ?? 0 })
    expect(titles()).toEqual(['Thời tiết', 'Giá lúa'])
    bulletin = await callRoom(room, 'programme.restoreStory', { storyId: first?.id ?? '' })
    expect(titles()).toEqual(['Thời tiết', 'Họp xã', 'Giá lúa'])
    bulletin = await callRoom(room, 'programme.moveStory', { storyId: second?.id ?? '', rev: second?.rev ?? 0, afterStoryId: third?.id ?? null })
    expect(titles()).toEqual(['Thời tiết', 'Giá lúa', 'Họp xã'])
  })

  test('lets two people write different stories at once, and refuses the older hand on the same one', async () => {
    const { bulletin } = await threeStories()
    const [first, second] = bulletin.stories
    await callRoom(room, 'programme.updateStory', { storyId: first?.id ?? '', rev: first?.rev ?? 0, script: 'Viết lại.' })
    await callRoom(room, 'programme.updateStory', { storyId: second?.id ?? '', rev: second?.rev ?? 0, script: 'Cũng viết lại.' })
    await expect(callRoom(room, 'programme.updateStory', { storyId: first?.id ?? '', rev: first?.rev ?? 0, script: 'Bản cũ.' })).rejects.toMatchObject({ code: 'stale' })
    expect((await callRoom(room, 'programme.open', { bulletinId: bulletin.id })).stories.map(({ script }) => script)).toEqual(['Viết lại.', 'Cũng viết lại.', 'Lời của Thời tiết.'])
  })

  test('refuses pictures and sounds that are not there', async () => {
    const bulletin = await create()
    await expect(callRoom(room, 'programme.addStory', { bulletinId: bulletin.id, afterStoryId: null, title: 'Tin', image: 'b'.repeat(64) })).rejects.toMatchObject({ code: 'image-unreadable' })
    await expect(callRoom(room, 'programme.addStory', { bulletinId: bulletin.id, afterStoryId: null, title: 'Tin', itemIds: [bench.ctx.newId()] })).rejects.toMatchObject({ code: 'not-found' })
  })

  test('is listed with its length: real where there is sound, estimated where there is only a script', async () => {
    const { bulletin } = await threeStories()
    await callRoom(room, 'programme.addStory', { bulletinId: bulletin.id, afterStoryId: null, title: 'Chưa thu', script: 'Một hai ba bốn năm sáu bảy tám chín mười.' })
    const [row] = (await callRoom(room, 'programme.list', {})).bulletins
    // 9 s of sound, three pauses of a second by the template, ten syllables at 200 a minute and a breath.
    expect(row).toMatchObject({ id: bulletin.id, stories: 4, estimated: true, lengthSamples: (9 + 3 + 3.25) * RATE })
  })
})

describe('putting it together', () => {
  test('refuses while stories lack sound, and leaves silence for them when told to', async () => {
    const { bulletin } = await threeStories()
    const { rev } = await callRoom(room, 'programme.addStory', { bulletinId: bulletin.id, afterStoryId: null, title: 'Chưa thu', script: 'Một hai ba.' })
    await expect(callRoom(room, 'programme.assemble', { bulletinId: bulletin.id, rev, into: 'new', gaps: false })).rejects.toMatchObject({ code: 'programme-incomplete', data: { count: 1, title: 'Chưa thu' } })
    expect(await callRoom(room, 'programme.assemble', { bulletinId: bulletin.id, rev, into: 'new', gaps: true })).toMatchObject({ gaps: 1 })
    const empty = await create()
    await expect(callRoom(room, 'programme.assemble', { bulletinId: empty.id, rev: empty.rev, into: 'new', gaps: true })).rejects.toMatchObject({ code: 'programme-empty' })
  })

  test('uses the sounds of the house, made once, and the bed goes down under the voice', async () => {
    const { bulletin } = await threeStories()
    const { template } = (await callRoom(room, 'programme.templates', {})).templates.find(({ id }) => id === 'ban-tin') ?? { template: speechOnly }
    const changed = await callRoom(room, 'programme.update', { bulletinId: bulletin.id, rev: bulletin.rev, template })
    const { projectId, lengthSamples } = await callRoom(room, 'programme.assemble', { bulletinId: bulletin.id, rev: changed.rev, into: 'new', gaps: false })
    const { edl } = await editor.edlOf(projectId)
    expect(violations(edl)).toEqual([])
    expect(edl.lanes.map(({ role, clips }) => [role, clips.length > 0])).toEqual([['voice', true], ['other', true], ['bed', true]])
    expect(edl.lanes[2]?.clips[0]?.envelope.some(({ gainDb }) => gainDb === -12)).toBe(true)
    expect(edl.slot).toEqual({ startsAtSec: 61_200, length: 300 * RATE })
    const shown = await callRoom(room, 'programme.open', { bulletinId: bulletin.id })
    expect(shown).toMatchObject({ projectId, pieces: { intro: 2 * RATE, jingle: 2 * RATE, outro: 2 * RATE } })
    const [row] = (await callRoom(room, 'programme.list', {})).bulletins
    expect(row?.lengthSamples).toBe(lengthSamples)
    expect(bench.library.list().filter(({ title }) => title === 'Nhạc hiệu đài')).toHaveLength(1)
  })

  test('again into the same project is one step of its history that can be undone', async () => {
    const { bulletin } = await threeStories()
    const first = await callRoom(room, 'programme.assemble', { bulletinId: bulletin.id, rev: bulletin.rev, into: 'new', gaps: false })
    const before = await callRoom(editor, 'editor.open', { projectId: first.projectId })
    let now = await callRoom(room, 'programme.open', { bulletinId: bulletin.id })
    now = await callRoom(room, 'programme.moveStory', { storyId: now.stories[2]?.id ?? '', rev: now.stories[2]?.rev ?? 0, afterStoryId: null })
    const again = await callRoom(room, 'programme.assemble', { bulletinId: bulletin.id, rev: now.rev, into: 'same', gaps: false })
    expect(again.projectId).toBe(first.projectId)
    const after = await callRoom(editor, 'editor.open', { projectId: first.projectId })
    expect(chaptersOf(after.edl).map(({ title }) => title)).toEqual(['Thời tiết', 'Họp xã', 'Giá lúa'])
    expect(after.undo[0]).toBe('assemble')
    await callRoom(editor, 'editor.undo', { projectId: first.projectId, rev: after.rev })
    const undone = await callRoom(editor, 'editor.open', { projectId: first.projectId })
    expect({ ...undone.edl, sources: [] }).toEqual({ ...before.edl, sources: [] })
    const other = await callRoom(room, 'programme.assemble', { bulletinId: bulletin.id, rev: now.rev, into: 'new', gaps: false })
    expect(other.projectId).not.toBe(first.projectId)
  })

  test('not into a project another window is at work on; a new one is still built', async () => {
    const { bulletin } = await threeStories()
    const first = await callRoom(room, 'programme.assemble', { bulletinId: bulletin.id, rev: bulletin.rev, into: 'new', gaps: false })
    const other = { ...callerWith('editor'), connectionId: 'another-window', name: 'Người khác' }
    await callRoom(editor, 'editor.apply', { projectId: first.projectId, rev: 0, command: { op: 'addMarker', at: samples(0), length: samples(0), label: 'Đang sửa' } }, other)
    const now = await callRoom(room, 'programme.open', { bulletinId: bulletin.id })
    await expect(callRoom(room, 'programme.assemble', { bulletinId: bulletin.id, rev: now.rev, into: 'same', gaps: false })).rejects.toMatchObject({ code: 'edit-lease' })
    expect(await callRoom(room, 'programme.assemble', { bulletinId: bulletin.id, rev: now.rev, into: 'new', gaps: false })).not.toMatchObject({ projectId: first.projectId })
  })

  test('what is rendered carries its pictures, at the samples where the stories begin', async () => {
    const { bulletin } = await threeStories()
    const { projectId } = await callRoom(room, 'programme.assemble', { bulletinId: bulletin.id, rev: bulletin.rev, into: 'new', gaps: false })
    const itemId = await render(projectId)
    const { edl } = await editor.edlOf(projectId)
    expect(room.slidesOf(itemId)).toEqual(slidesOf(edl))
    expect(room.slidesOf(itemId).map(({ at, image: picture }) => [at, picture])).toEqual([[0, image], [4 * RATE, null], [7 * RATE, image]])
    expect(bench.library.get(itemId)?.lengthSamples).toBe(11 * RATE)
    const review = await callRoom(room, 'programme.review', { itemId })
    expect(review).toMatchObject({ projectId, bulletinId: bulletin.id, chapters: [{ at: 0, script: 'Lời của Họp xã.' }, { at: 4 * RATE }, { at: 7 * RATE }] })
  })

  test('pictures that were approved stay as they were approved when the same sound is rendered with others', async () => {
    const { bulletin } = await threeStories()
    const { projectId } = await callRoom(room, 'programme.assemble', { bulletinId: bulletin.id, rev: bulletin.rev, into: 'new', gaps: false })
    const itemId = await render(projectId)
    bench.library.approve(itemId, lan)
    const before = room.slidesOf(itemId)
    const now = await callRoom(room, 'programme.open', { bulletinId: bulletin.id })
    const changed = await callRoom(room, 'programme.updateStory', { storyId: now.stories[2]?.id ?? '', rev: now.stories[2]?.rev ?? 0, image: null })
    await callRoom(room, 'programme.assemble', { bulletinId: bulletin.id, rev: changed.rev, into: 'same', gaps: false })
    expect(await render(projectId)).toBe(itemId)
    expect(room.slidesOf(itemId)).toEqual(before)
    expect(bench.ctx.inside.notices.list().map(({ error }) => error.code)).toContain('item-locked')
  })
})

describe('remarks at a time code', () => {
  test('are heard by the editor, follow the words through a cut, and are marked as done', async () => {
    const { bulletin } = await threeStories()
    const { projectId } = await callRoom(room, 'programme.assemble', { bulletinId: bulletin.id, rev: bulletin.rev, into: 'new', gaps: false })
    const itemId = await render(projectId)
    const approver = callerWith('approver', 'recorder')
    // In the third story, which begins at 7 s.
    await callRoom(room, 'programme.addComment', { on: { kind: 'item', itemId }, at: 8 * RATE, text: 'Đọc lại tên xã' }, approver)
    await callRoom(room, 'programme.addComment', { on: { kind: 'item', itemId }, at: RATE, text: 'Vấp ở đây' }, approver)
    const project = await callRoom(editor, 'editor.open', { projectId })
    const laneIds = project.edl.lanes.map(({ id }) => id)
    await callRoom(editor, 'editor.apply', { projectId, rev: project.rev, command: { op: 'deleteRange', range: { start: samples(RATE / 2), end: samples(1.5 * RATE) }, ripple: true, laneIds } })
    const { comments } = await callRoom(room, 'programme.comments', { projectId })
    expect(comments.map(({ text, at, projectAt }) => [text, at, projectAt])).toEqual([['Vấp ở đây', RATE, null], ['Đọc lại tên xã', 8 * RATE, 7 * RATE]])
    const [, second] = comments
    const done = await callRoom(room, 'programme.resolveComment', { commentId: second?.id ?? '', rev: second?.rev ?? 0, resolved: true })
    expect(done).toMatchObject({ resolvedBy: 'Người thử', rev: 2 })
    await expect(callRoom(room, 'programme.resolveComment', { commentId: second?.id ?? '', rev: second?.rev ?? 0, resolved: false })).rejects.toMatchObject({ code: 'stale' })
    // The next version shows the approver what was asked before, where the words are now.
    const next = await render(projectId)
    const review = await callRoom(room, 'programme.review', { itemId: next })
    expect(review.comments.map(({ text, at, resolvedAt }) => [text, at, resolvedAt !== null])).toEqual([['Đọc lại tên xã', 7 * RATE, true]])
    const actions = bench.ctx.db.prepare("SELECT action FROM audit WHERE action LIKE 'programme.%omment%' ORDER BY seq").pluck().all()
    expect(actions).toEqual(['programme.addComment', 'programme.addComment', 'programme.resolveComment'])
  })

  test('belong to who wrote them: others neither rewrite nor remove them', async () => {
    const item = await sound('Họp xã', 2)
    const made = await callRoom(room, 'programme.addComment', { on: { kind: 'item', itemId: item.id }, at: 10, text: 'Nhỏ quá' })
    const other = { ...callerWith('recorder'), personId: bench.ctx.newId(), name: 'Người khác' }
    await expect(callRoom(room, 'programme.editComment', { commentId: made.id, rev: made.rev, text: 'Không sao' }, other)).rejects.toMatchObject({ code: 'forbidden' })
    await expect(callRoom(room, 'programme.removeComment', { commentId: made.id, rev: made.rev }, other)).rejects.toMatchObject({ code: 'forbidden' })
    await expect(callRoom(room, 'programme.addComment', { on: { kind: 'item', itemId: item.id }, at: 3 * RATE, text: 'Ngoài âm thanh' })).rejects.toMatchObject({ code: 'invalid-input' })
    await callRoom(room, 'programme.removeComment', { commentId: made.id, rev: made.rev })
    expect((await callRoom(room, 'programme.review', { itemId: item.id })).comments).toEqual([])
  })
})

test('own templates are kept, replaced by their revision, and used by new bulletins', async () => {
  const saved = await callRoom(room, 'programme.saveTemplate', { templateId: null, rev: 0, title: 'Của xã', template: { ...speechOnly, syllablesPerMinute: 170 } })
  const next = await callRoom(room, 'programme.saveTemplate', { templateId: saved.id, rev: saved.rev, title: 'Của xã', template: { ...speechOnly, syllablesPerMinute: 175 } })
  await expect(callRoom(room, 'programme.saveTemplate', { templateId: saved.id, rev: saved.rev, title: 'Cũ', template: speechOnly })).rejects.toMatchObject({ code: 'stale' })
  const bulletin = await callRoom(room, 'programme.create', { title: 'Tin', broadcastDate: null, slot: { startsAtSec: null, lengthSamples: null }, templateId: saved.id })
  expect(bulletin.template.syllablesPerMinute).toBe(175)
  await callRoom(room, 'programme.removeTemplate', { templateId: saved.id, rev: next.rev })
  expect((await callRoom(room, 'programme.templates', {})).templates.every(({ builtIn }) => builtIn)).toBe(true)
  await expect(callRoom(room, 'programme.create', { title: 'Tin', broadcastDate: null, slot: { startsAtSec: null, lengthSamples: null }, templateId: saved.id })).rejects.toMatchObject({ code: 'not-found' })
})
