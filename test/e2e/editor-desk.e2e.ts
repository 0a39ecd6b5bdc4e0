import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test, type Page } from '@playwright/test'
import type { Edl } from '#common/edl/index.ts'
import { joined, noise, writeWav } from '../support/signals.ts'
import { connectStation, type StationClient } from '../support/station-client.ts'
import { launchStudio, type Studio } from './support/electron-app.ts'
import { createAdministrator, expectAccessible, importFiles, PASSWORD, shot } from './support/person.ts'

/** The desk around the timeline: many ranges in one step, tools that propose before they act, marks, bins, the slot, keys, and two windows on one project. */
test.describe.configure({ mode: 'serial' })

const RATE = 48_000
let studio: Studio
let page: Page
let client: StationClient
let projectId = ''
let desk = ''

/** Speech-like sound of 10 s: pauses of 1,5 s at 2 s and of 1 s at 6,5 s. */
const spoken = joined(noise({ dbfs: -18, seconds: 2 }), noise({ dbfs: -66, seconds: 1.5 }), noise({ dbfs: -18, seconds: 3, seed: 4 }), noise({ dbfs: -66, seconds: 1 }), noise({ dbfs: -18, seconds: 2.5, seed: 9 }))

test.beforeAll(async () => {
  test.setTimeout(240_000)
  desk = await mkdtemp(join(tmpdir(), 'vangxa-desk-e2e-'))
  await writeWav(join(desk, 'Lời đọc.wav'), spoken)
  studio = await launchStudio()
  page = studio.page
  await createAdministrator(page)
  await importFiles(studio, [join(desk, 'Lời đọc.wav')])
  await expect(page.getByTestId('library-row')).toHaveCount(1, { timeout: 60_000 })
  await page.getByTestId('library-row').click()
  await page.getByTestId('open-in-editor').click()
  await expect(page.getByTestId('editor-desk')).toBeVisible({ timeout: 60_000 })
  const lock = await studio.stationLock()
  client = await connectStation({ port: lock.port, token: lock.token })
  await client.call('accounts.signIn', { userName: 'lan', password: PASSWORD })
  projectId = (await client.call('editor.list', {})).projects[0]?.id ?? ''
})
test.afterAll(async () => {
  await client?.close()
  await studio?.close()
  await rm(desk, { recursive: true, force: true })
})

const edlNow = async (): Promise<Edl> => (await client.call('editor.open', { projectId })).edl
const endNow = async (): Promise<number> => Math.max(0, ...(await edlNow()).lanes.flatMap((lane) => lane.clips.map((clip) => clip.start + clip.length)))
const stepsNow = async (): Promise<number> => (await client.call('editor.history', { projectId })).undo.length
const said = (text: string | RegExp) => expect(page.getByTestId('editor-said')).toContainText(text, { timeout: 30_000 })

/** In and out second by second from the beginning. */
async function range(from: number, to: number): Promise<void> {
  await page.keyboard.press('Home')
  for (let n = 0; n < from; n++) await page.keyboard.press('Shift+ArrowRight')
  await page.keyboard.press('KeyI')
  for (let n = from; n < to; n++) await page.keyboard.press('Shift+ArrowRight')
  await page.keyboard.press('KeyO')
}

test('two ranges selected by keys are cut in one step, and one undo brings both back', async () => {
  await page.keyboard.press('KeyA')
  await range(1, 2)
  await range(5, 7)
  await expect(page.getByTestId('editor-selection')).toContainText('2 vùng')
  await shot(page, 'desk-ranges')
  const before = await stepsNow()
  await page.keyboard.press('Delete')
  await said('Xóa dồn')
  expect(await endNow()).toBe(7 * RATE)
  expect(await stepsNow()).toBe(before + 1)
  await page.keyboard.press('Control+KeyZ')
  await said('Đã hoàn tác')
  expect(await endNow()).toBe(10 * RATE)
  await page.keyboard.press('Escape')
})

test('the toolbar keeps to one row at 1366 pixels, whatever is selected', async () => {
  await page.keyboard.press('KeyD')
  const box = await page.getByRole('toolbar').boundingBox()
  expect(box?.height).toBeLessThanOrEqual(40)
  const ends = await page.getByRole('toolbar').evaluate((bar) => [...bar.querySelectorAll('button')].map((button) => button.getBoundingClientRect()).filter((rect) => rect.width > 0).every((rect) => rect.right <= bar.getBoundingClientRect().right + 1 && rect.top >= bar.getBoundingClientRect().top))
  expect(ends, 'no button is cut off').toBe(true)
  await page.keyboard.press('Escape')
})

test('pauses are shown with their number and sum before they are shortened, and the result is what was shown', async () => {
  test.setTimeout(120_000)
  await page.keyboard.press('Control+Shift+KeyL')
  const found = page.getByTestId('silence-found')
  await expect(found).toContainText('2 chỗ', { timeout: 30_000 })
  const [, seconds = ''] = /ngắn đi 0:0(\d(?:,\d+)?)/.exec(await found.innerText()) ?? []
  const shown = Number(seconds.replace(',', '.'))
  expect(Math.abs(shown - 1.3)).toBeLessThan(0.05)
  await expect(page.getByTestId('editor-status')).toContainText('2 chỗ được đề nghị')
  await expectAccessible(page, 'desk-silence')
  await page.getByTestId('silence-run').focus()
  await page.keyboard.press('Enter')
  await said('Rút ngắn khoảng lặng')
  expect(Math.abs(10 - (await endNow()) / RATE - shown)).toBeLessThan(0.002)
  await page.keyboard.press('Control+KeyZ')
  await said('Đã hoàn tác')
})

test('a slot shows what is over, and the ruler turns to the time of day', async () => {
  await page.keyboard.press('Control+Shift+KeyT')
  await expect(page.getByTestId('slot-start')).toBeFocused()
  await page.keyboard.type('17:00')
  await page.keyboard.press('Tab')
  await page.keyboard.type('0:08')
  await expectAccessible(page, 'desk-slot')
  await page.keyboard.press('Enter')
  await expect(page.getByTestId('slot-state')).toContainText('thừa 2,0 s')
  await page.keyboard.press('KeyY')
  await expect(page.getByTestId('status-ruler')).toHaveText('Thước: giờ phát')
  expect((await edlNow()).slot).toEqual({ startsAtSec: 61_200, length: 8 * RATE })
})

test('marks are set by one key, renamed, made chapters and jumped to', async () => {
  await page.keyboard.press('Home')
  await page.keyboard.press('Shift+ArrowRight')
  await page.keyboard.press('KeyM')
  await said('Đánh dấu')
  await page.keyboard.press('Alt+Digit3')
  const name = page.getByTestId('marker-name')
  await name.fill('Mở đầu')
  await name.press('Enter')
  await expect.poll(async () => (await edlNow()).markers[0]?.label).toBe('Mở đầu')
  await page.getByRole('combobox', { name: 'Loại của Mở đầu' }).click()
  await page.getByRole('option', { name: 'Chương' }).click()
  await expect.poll(async () => (await edlNow()).markers.map((marker) => [marker.at, marker.kind, marker.label])).toEqual([[RATE, 'chapter', 'Mở đầu']])
  await page.getByTestId('timeline').click({ position: { x: 500, y: 250 } })
  await page.keyboard.press('PageUp')
  await expect(page.getByTestId('editor-position')).toHaveText('0:00:01.000')
  await expectAccessible(page, 'desk-marks')
})

test('a range kept in the bins is put into another project with the same sound, and is ticked as used', async () => {
  test.setTimeout(120_000)
  await range(0, 2)
  await page.keyboard.press('Control+KeyB')
  await expect(page.getByTestId('bin-row')).toHaveCount(1)
  await expect(page.getByTestId('bin-used')).toContainText('đã dùng')
  await expectAccessible(page, 'desk-bins')
  await page.getByTestId('editor-back').click()
  await page.getByTestId('new-project').click()
  await page.getByTestId('project-title').fill('Dự án khác')
  await page.keyboard.press('Enter')
  await expect(page.getByTestId('editor-desk')).toBeVisible()
  await page.keyboard.press('Alt+Digit4')
  if (!(await page.getByTestId('bin-row').isVisible())) await page.keyboard.press('Alt+Digit4')
  await expect(page.getByTestId('bin-used')).not.toContainText('đã dùng')
  await page.getByTestId('bin-insert').click()
  await expect(page.getByTestId('bin-used')).toContainText('đã dùng')
  const first = await edlNow()
  const { projects } = await client.call('editor.list', {})
  const other = (await client.call('editor.open', { projectId: projects.find((one) => one.title === 'Dự án khác')?.id ?? '' })).edl
  expect(other.sources.map((source) => source.sha256)).toEqual(first.sources.map((source) => source.sha256))
  expect(other.lanes[0]?.clips.map((clip) => [clip.start, clip.offset, clip.length])).toEqual([[0, 0, 2 * RATE]])
  await page.getByTestId('editor-back').click()
  await page.getByTestId('project-row').filter({ hasText: 'Lời đọc' }).getByTestId('open-project').click()
  await expect(page.getByTestId('editor-desk')).toBeVisible()
})

test('the history panel goes to any step and back', async () => {
  await page.getByTestId('side-history').click()
  const steps = page.getByTestId('history-step')
  await expect(steps.first()).toContainText('Lúc mở đầu')
  const whole = await edlNow()
  await steps.first().click()
  await said('Lúc mở đầu')
  await expect(steps.first()).toContainText('đang ở đây')
  expect((await edlNow()).markers).toEqual([])
  await steps.last().click()
  await expect(steps.last()).toContainText('đang ở đây')
  expect((await edlNow()).markers).toEqual(whole.markers)
})

test('a project that another window took is read-only here, says who has it, and can be taken over', async () => {
  await client.call('editor.hold', { projectId, takeOver: true })
  await expect(page.getByTestId('editor-lease')).toContainText('Chỉ xem: Nguyễn Thị Lan đang biên tập')
  await expect(page.getByTestId('tool-split')).toHaveCount(0)
  const before = await stepsNow()
  await page.keyboard.press('Home')
  await page.keyboard.press('Shift+ArrowRight')
  await page.keyboard.press('KeyB')
  await expectAccessible(page, 'desk-leased')
  expect(await stepsNow()).toBe(before)
  await page.getByTestId('take-over').click()
  await expect(page.getByTestId('tool-split')).toBeVisible()
  await page.keyboard.press('KeyB')
  await expect.poll(stepsNow).toBe(before + 1)
})

test('J, K and L change the speed, Space comes back to one', async () => {
  await page.keyboard.press('Escape')
  await page.keyboard.press('Home')
  await page.keyboard.press('KeyL')
  await page.keyboard.press('KeyL')
  await page.keyboard.press('KeyL')
  await expect(page.getByTestId('editor-rate')).toHaveText('Tốc độ 2×')
  await page.keyboard.press('KeyK')
  await expect(page.getByTestId('editor-rate')).toHaveCount(0)
})

test('another set of keys works at once, a taken key is told, and keys are quiet while somebody writes', async () => {
  test.setTimeout(120_000)
  const sheet = page.getByRole('dialog', { name: 'Bảng phím tắt' })
  await page.keyboard.press('Shift+Slash')
  await expect(sheet).toBeVisible()
  await expectAccessible(page, 'desk-keys')
  await page.getByTestId('key-preset').click()
  await page.getByRole('option', { name: 'Quen tay Audition' }).click()
  await expect(page.getByTestId('key-row-editor.split')).toContainText('Ctrl K')
  await page.getByTestId('key-change-editor.marker').click()
  await page.keyboard.press('KeyS')
  await expect(page.getByTestId('key-conflict')).toContainText('S đang dùng cho «Bật / tắt hút mép»')
  await page.getByTestId('key-take').click()
  await expect(page.getByTestId('key-row-editor.snap')).toContainText('—')
  await page.keyboard.press('Escape')
  await expect(sheet).toBeHidden()
  const before = (await edlNow()).markers.length
  await page.keyboard.press('KeyS')
  await expect.poll(async () => (await edlNow()).markers.length).toBe(before + 1)
  const title = page.getByRole('textbox', { name: 'Tên dự án' })
  await title.focus()
  await page.keyboard.type('sss')
  await page.keyboard.press('Enter')
  await said('Đã đổi tên')
  expect((await edlNow()).markers.length).toBe(before + 1)
})
