import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from '@playwright/test'
import type { Page } from '@playwright/test'
import { greyPng } from '../support/pictures.ts'
import { speakToWav } from '../support/signals.ts'
import { connectStation, type StationClient } from '../support/station-client.ts'
import { launchStudio } from './support/electron-app.ts'
import type { Studio } from './support/electron-app.ts'
import { createAdministrator, expectAccessible, importFiles, PASSWORD, shot } from './support/person.ts'

test.describe.configure({ mode: 'serial', timeout: 240_000 })

const RATE = 48_000
const stories = [
  { title: 'Họp thôn tối nay', file: 'Họp thôn.wav', script: 'Kính mời bà con thôn Đông dự họp lúc 19h30 tại nhà văn hóa thôn.', picture: true },
  { title: 'Giá lúa đầu vụ', file: 'Giá lúa.wav', script: 'Giá lúa đầu vụ hôm nay là 8.500 đồng một ki-lô-gam.', picture: false },
  { title: 'Thời tiết', file: 'Thời tiết.wav', script: 'Chiều tối có mưa rào và dông. Bà con chú ý che đậy thóc phơi.', picture: true },
] as const
let studio: Studio
let page: Page
let desk = ''
let station: StationClient

test.beforeAll(async () => {
  test.setTimeout(240_000)
  desk = await mkdtemp(join(tmpdir(), 'vangxa-programme-e2e-'))
  for (const { file, script } of stories) await speakToWav(join(desk, file), script)
  await writeFile(join(desk, 'ảnh.png'), greyPng(320, 180, 150))
  studio = await launchStudio()
  page = studio.page
  await createAdministrator(page)
  await importFiles(studio, stories.map(({ file }) => join(desk, file)))
  await expect(page.getByTestId('library-row')).toHaveCount(3, { timeout: 60_000 })
  const { port, token } = await studio.stationLock()
  station = await connectStation({ port, token })
  await station.call('accounts.signIn', { userName: 'lan', password: PASSWORD })
})
test.afterAll(async () => {
  await station?.close()
  await studio?.close()
  await rm(desk, { recursive: true, force: true })
})

const answerFileDialog = (...filePaths: string[]): Promise<void> => studio.app.evaluate(({ dialog }, paths) => {
  Object.assign(dialog, { showOpenDialog: () => Promise.resolve({ canceled: false, filePaths: paths }) })
}, filePaths)
const titles = (): Promise<string[]> => page.getByTestId('story-row').locator('.cell.title').allInnerTexts()
const total = async (): Promise<number> => Number(await page.getByTestId('programme-total').getAttribute('data-samples'))
/** Project length as shown, in samples (to the millisecond). */
async function projectLength(): Promise<number> {
  const [h = '0', m = '0', s = '0'] = (await page.getByTestId('editor-length').innerText()).split(':')
  return Math.round((Number(h) * 3600 + Number(m) * 60 + Number(s)) * RATE)
}
async function onlyBulletin(): Promise<Awaited<ReturnType<typeof station.call<'programme.open'>>>> {
  const [row] = (await station.call('programme.list', {})).bulletins
  return station.call('programme.open', { bulletinId: row?.id ?? '' })
}

test('a bulletin of three stories is written by keyboard alone', async () => {
  await page.keyboard.press('F12')
  await expect(page.getByTestId('programme-page')).toBeVisible()
  await expectAccessible(page, 'programme-empty')
  await page.keyboard.press('Insert')
  await expect(page.getByTestId('bulletin-title')).toBeFocused()
  await page.keyboard.type('Bản tin 17 giờ')
  await page.getByTestId('bulletin-length').fill('1:00')
  await expectAccessible(page, 'programme-new')
  await page.keyboard.press('Enter')
  await expect(page.getByTestId('programme-name')).toHaveText('Bản tin 17 giờ')
  await answerFileDialog(join(desk, 'ảnh.png'))
  for (const [n, story] of stories.entries()) {
    await page.keyboard.press('Insert')
    await expect(page.getByTestId('story-row')).toHaveCount(n + 1)
    await expect(page.getByTestId('story-title')).toBeFocused()
    await page.keyboard.type(story.title)
    await page.keyboard.press('Alt+KeyL')
    await expect(page.getByTestId('story-script')).toBeFocused()
    await page.keyboard.type(story.script)
    if (n === 0) {
      await expect(page.getByTestId('story-length')).toContainText('≈')
      await expect(page.getByTestId('programme-verdict')).toContainText('Thiếu')
      await shot(page, 'programme-script')
    }
    await page.keyboard.press('Alt+KeyA')
    await page.keyboard.type(story.file.slice(0, -4))
    await expect(page.getByTestId('sound-option')).toHaveCount(1)
    await expect(page.getByTestId('sound-option')).toContainText(story.file.slice(0, -4))
    await page.keyboard.press('Enter')
    await expect(page.getByTestId('story-sound')).toHaveCount(1)
    if (story.picture) {
      await page.keyboard.press('Alt+KeyP')
      await expect(page.getByTestId('story-image')).toBeVisible()
    }
    await page.keyboard.press('Escape')
    await page.keyboard.press('Alt+KeyT')
    await expect(page.getByTestId('story-table')).toBeFocused()
  }
  expect(await titles()).toEqual(stories.map(({ title }) => title))
  await expect(page.getByTestId('programme-silent')).toHaveText('Đủ tiếng')
  await expectAccessible(page, 'programme-desk')
})

test('stories change places by Alt and arrows, by the lifted handle, and a removed one comes back', async () => {
  const [first, second, third] = stories.map(({ title }) => title)
  await page.getByTestId('story-table').focus()
  await page.keyboard.press('Home')
  await page.keyboard.press('Alt+ArrowDown')
  await expect.poll(titles).toEqual([second, first, third])
  await expect(page.getByTestId('programme-said')).toContainText('vị trí 2')
  await page.keyboard.press('Alt+ArrowUp')
  await expect.poll(titles).toEqual([first, second, third])
  await page.getByTestId('story-grip').nth(0).focus()
  const told = page.getByRole('status').filter({ hasText: /^(Đã nhấc|Tin|Đã đặt)/ })
  await page.keyboard.press('Space')
  await expect(told.first()).toContainText('vị trí 1')
  await page.keyboard.press('ArrowDown')
  await expect(told.first()).toContainText('đang ở vị trí 2')
  await page.keyboard.press('Space')
  await expect.poll(titles).toEqual([second, first, third])
  const [from, to] = [await page.getByTestId('story-grip').nth(1).boundingBox(), await page.getByTestId('story-row').nth(0).boundingBox()]
  if (from === null || to === null) throw new Error('no rows')
  await page.mouse.move(from.x + 4, from.y + 8)
  await page.mouse.down()
  await page.mouse.move(from.x + 4, from.y - 10, { steps: 4 })
  await page.mouse.move(from.x + 4, to.y + 6, { steps: 6 })
  await page.mouse.up()
  await expect.poll(titles).toEqual([first, second, third])
  await page.getByTestId('story-table').focus()
  await page.keyboard.press('End')
  await page.keyboard.press('Delete')
  await expect.poll(titles).toEqual([first, second])
  await page.keyboard.press('Control+KeyZ')
  await expect.poll(titles).toEqual([first, second, third])
})

test('the template is chosen, changed and kept; the sum follows', async () => {
  const before = await total()
  await page.keyboard.press('Alt+KeyM')
  await expect(page.getByTestId('template-name')).toBeVisible()
  await expectAccessible(page, 'programme-template')
  await page.getByTestId('template-name').fill('Mẫu của xã')
  await page.getByTestId('template-keep').click()
  await expect(page.getByText('Đã lưu mẫu “Mẫu của xã”.')).toBeVisible()
  await page.getByTestId('template-use').click()
  await expect(page.getByTestId('template-name')).toBeHidden()
  // The sounds of the house are made meanwhile: the sum is the real one when the station knows their lengths.
  await expect.poll(async () => (await onlyBulletin()).pieces.outro, { timeout: 120_000 }).toBeGreaterThan(0)
  await expect.poll(total).toBeGreaterThanOrEqual(before)
  await expect(page.getByTestId('programme-verdict')).toBeVisible()
})

test('all sounds of the bulletin are measured against the standard at once, by key', async () => {
  await page.keyboard.press('Alt+KeyN')
  await expect(page.getByTestId('level-items')).toBeVisible()
  await page.getByTestId('level-items-measure').press('Enter')
  const rows = page.getByTestId('level-rows').locator('tbody tr')
  await expect(rows).toHaveCount(3, { timeout: 60_000 })
  for (const { title } of stories) await expect(rows.filter({ hasText: title === 'Giá lúa đầu vụ' ? 'Giá lúa' : title.slice(0, 8) })).toHaveCount(1)
  await expectAccessible(page, 'programme-level')
  const copies = page.getByTestId('level-items-copies')
  if (await copies.isVisible()) {
    const before = (await onlyBulletin()).stories.flatMap(({ sounds }) => sounds.map(({ itemId }) => itemId))
    await copies.press('Enter')
    await expect(copies).toBeHidden({ timeout: 60_000 })
    await expect.poll(async () => (await onlyBulletin()).stories.flatMap(({ sounds }) => sounds.map(({ itemId }) => itemId))).not.toEqual(before)
  }
  await page.keyboard.press('Escape')
  await expect(page.getByTestId('level-items')).toBeHidden()
})

test('it is assembled to exactly the sum that was shown, with slides where the stories begin', async () => {
  const sum = await total()
  await page.keyboard.press('Control+KeyE')
  await expect(page.getByTestId('assemble-start')).toBeFocused()
  await expectAccessible(page, 'programme-assemble')
  await page.keyboard.press('Enter')
  await expect(page.getByTestId('editor-desk')).toBeVisible({ timeout: 60_000 })
  await expect.poll(async () => Math.abs((await projectLength()) - sum), { timeout: 30_000 }).toBeLessThanOrEqual(RATE / 1000)
  const bulletin = await onlyBulletin()
  const { edl } = await station.call('editor.open', { projectId: bulletin.projectId ?? '' })
  const voice = edl.lanes.find(({ role }) => role === 'voice')?.clips.map(({ start }) => start) ?? []
  const chapters = edl.markers.filter(({ kind }) => kind === 'chapter')
  const slides = edl.markers.filter(({ kind }) => kind === 'slide')
  expect(voice).toHaveLength(3)
  expect(chapters.map(({ at }) => at)).toEqual(voice)
  expect(slides.slice(0, 3).map(({ at }) => at)).toEqual(voice)
  expect(slides.map(({ slideId }) => slideId !== null)).toEqual([true, false, true, false])
  expect(edl.slot).toEqual({ startsAtSec: 61_200, length: 60 * RATE })
  expect(edl.lanes.find(({ role }) => role === 'bed')?.duck).toMatchObject({ reduceDb: 12 })
  await shot(page, 'programme-project')
})

let itemId = ''
async function renderAndSubmit(): Promise<string> {
  await page.keyboard.press('Control+KeyE')
  await page.getByTestId('render-title').fill('Bản tin 17 giờ')
  await page.getByTestId('render-start').click()
  await expect(page.getByTestId('render-state')).toHaveAttribute('data-state', 'done', { timeout: 90_000 })
  await page.getByTestId('render-open-item').click()
  await page.getByTestId('step-submit').click()
  await expect(page.getByTestId('detail-state')).toHaveText('Trình duyệt', { timeout: 30_000 })
  const { items } = await station.call('library.list', { states: ['submitted'] })
  return items[0]?.id ?? ''
}

test('what is rendered carries its slides, and the approver listens, remarks at a time code and returns it', async () => {
  itemId = await renderAndSubmit()
  const bulletin = await onlyBulletin()
  expect(bulletin.itemId).toBe(itemId)
  const review = await station.call('programme.review', { itemId })
  expect(review.chapters.map(({ title, script }) => [title, script])).toEqual(stories.map(({ title, script }) => [title, script]))
  // Each picture at the very sample where its story begins.
  expect(review.slides.slice(0, 3).map(({ at }) => at)).toEqual(review.chapters.map(({ at }) => at))
  await page.getByTestId('open-review').click()
  await expect(page.getByTestId('review-wave')).toHaveAttribute('data-phase', 'ready', { timeout: 30_000 })
  await page.getByTestId('review-chapter').nth(2).getByRole('button').click()
  await expect(page.getByTestId('review-slide')).toHaveAttribute('data-image', /^[0-9a-f]{64}$/)
  await page.getByTestId('review-wave').focus()
  await page.keyboard.press('Shift+ArrowRight')
  const at = Number(await page.getByTestId('review-clock').getAttribute('data-at'))
  expect(Math.abs(at - ((review.chapters[2]?.at ?? 0) + RATE / 10))).toBeLessThan(RATE / 100)
  await page.keyboard.press('KeyC')
  await expect(page.getByTestId('remark-text')).toBeFocused()
  await page.keyboard.type('Đọc chậm lại câu đầu')
  await page.keyboard.press('Enter')
  await expect(page.getByTestId('remark')).toHaveCount(1)
  await expectAccessible(page, 'programme-review')
  const [comment] = (await station.call('programme.review', { itemId })).comments
  expect(comment).toMatchObject({ at, text: 'Đọc chậm lại câu đầu', resolvedAt: null })
  await page.keyboard.press('Control+KeyR')
  await expect(page.getByTestId('return-note')).toHaveValue(/1 góp ý:\n0:00:\d\d\.\d{3} Đọc chậm lại câu đầu/)
  await expectAccessible(page, 'programme-return')
  await page.getByTestId('return-send').click()
  await expect(page.getByTestId('review-state')).toHaveText('Trả lại')
})

test('the editor finds the remark at its place, mends, marks it done; the next version is approved', async () => {
  await page.getByTestId('review-project').click()
  await expect(page.getByTestId('editor-desk')).toBeVisible()
  if (!(await page.getByTestId('editor-side').isVisible())) await page.keyboard.press('F3')
  await page.getByTestId('side-comments').click()
  const box = page.getByTestId('project-comments')
  await expect(box.getByTestId('remark')).toHaveCount(1)
  await expectAccessible(page, 'programme-editor-remarks')
  const wanted = await box.getByTestId('remark-go').innerText()
  await box.getByTestId('remark-go').click()
  await expect(page.getByTestId('editor-position')).toHaveText(wanted)
  await box.getByTestId('remark-resolve').click()
  await expect(box.getByTestId('remark')).toHaveAttribute('data-done', 'true')
  // The mending, by keys where the remark stands: the clip there is chosen and made softer.
  const { projectId } = await onlyBulletin()
  const before = await station.call('editor.open', { projectId: projectId ?? '' })
  await page.keyboard.press('KeyD')
  await page.keyboard.press('KeyG')
  await expect(page.getByTestId('clip-gain')).toBeFocused()
  await page.keyboard.type('-3')
  await page.keyboard.press('Enter')
  await expect.poll(async () => (await station.call('editor.open', { projectId: projectId ?? '' })).rev).toBeGreaterThan(before.rev)
  const mended = (await station.call('editor.open', { projectId: projectId ?? '' })).edl.lanes[0]?.clips.map(({ gainDb }) => gainDb)
  expect(mended?.[2]).toBe(-3)
  expect(mended?.slice(0, 2)).toEqual(before.edl.lanes[0]?.clips.slice(0, 2).map(({ gainDb }) => gainDb))
  const next = await renderAndSubmit()
  expect(next).not.toBe(itemId)
  await page.getByTestId('open-review').click()
  await expect(page.getByTestId('review-wave')).toHaveAttribute('data-phase', 'ready', { timeout: 30_000 })
  await expect(page.getByTestId('remark')).toHaveAttribute('data-done', 'true')
  await expect(page.getByTestId('remark')).toContainText('Từ bản trước')
  await page.getByTestId('review-wave').focus()
  await page.keyboard.press('Control+Enter')
  await expect(page.getByTestId('review-state')).toHaveText('Đã duyệt', { timeout: 30_000 })
  expect(await station.call('library.get', { itemId: next })).toMatchObject({ state: 'approved' })
  await page.getByTestId('review-bulletin').click()
  await expect(page.getByTestId('programme-name')).toHaveText('Bản tin 17 giờ')
  await page.getByTestId('programme-back').click()
  await expect(page.getByTestId('bulletin-row')).toContainText('Đã duyệt')
  await expectAccessible(page, 'programme-list')
  const { entries } = await station.call('audit.list', { limit: 100 })
  expect(entries.map(({ action }) => action)).toEqual(expect.arrayContaining(['programme.create', 'programme.assemble', 'programme.addComment', 'library.return', 'programme.resolveComment', 'library.approve']))
})

test('a story is recorded from its script and has its sound when the take is saved', async () => {
  await page.getByTestId('open-bulletin').click()
  await page.getByTestId('story-table').focus()
  await page.keyboard.press('End')
  await page.keyboard.press('Insert')
  await expect(page.getByTestId('story-title')).toBeFocused()
  await page.keyboard.type('Lời nhắn')
  await page.keyboard.press('Alt+KeyL')
  await page.keyboard.type('Mời bà con đến nhận giống lúa mới.')
  await page.keyboard.press('Alt+KeyR')
  await expect(page.getByTestId('script-page')).toContainText('Mời bà con đến nhận giống lúa mới.')
  await expect(page.getByTestId('take-title')).toHaveValue('Lời nhắn')
  await shot(page, 'programme-recorder')
  await page.getByTestId('recorder-desk').click({ position: { x: 5, y: 5 } })
  await page.keyboard.press('KeyR')
  await expect(page.getByTestId('recorder-desk')).toHaveAttribute('data-phase', 'recording', { timeout: 30_000 })
  await expect.poll(async () => Number(((await page.getByTestId('elapsed').textContent()) ?? '').split(':').at(-1)), { timeout: 60_000 }).toBeGreaterThanOrEqual(2)
  await page.keyboard.press('KeyR')
  await expect(page.getByText('Bản thu đã gắn vào tin “Lời nhắn”.')).toBeVisible({ timeout: 60_000 })
  await page.keyboard.press('F12')
  await expect(page.getByTestId('story-row').nth(3)).toContainText('Có tiếng')
  const bulletin = await onlyBulletin()
  expect(bulletin.stories[3]?.sounds).toHaveLength(1)
})
