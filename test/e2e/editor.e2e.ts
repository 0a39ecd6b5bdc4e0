import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from '@playwright/test'
import type { Page } from '@playwright/test'
import { noise, speakToWav, writeWav } from '../support/signals.ts'
import { launchStudio } from './support/electron-app.ts'
import type { Studio } from './support/electron-app.ts'
import { createAdministrator, expectAccessible, importFiles, shot } from './support/person.ts'

test.describe.configure({ mode: 'serial' })

let studio: Studio
let page: Page
let desk = ''
const RATE = 48_000

test.beforeAll(async () => {
  desk = await mkdtemp(join(tmpdir(), 'vangxa-editor-e2e-'))
  const speech = join(desk, 'Lời đọc.wav')
  await speakToWav(speech, 'Kính chào bà con. Sau đây là bản tin phát thanh của xã. Hôm nay thời tiết nhiều mây, chiều tối có mưa rào và dông. Mời bà con chú ý theo dõi.')
  await writeWav(join(desk, 'Nhạc nền.wav'), noise({ dbfs: -24, seconds: 6, channels: 2 }))
  studio = await launchStudio()
  page = studio.page
  await createAdministrator(page)
  await importFiles(studio, [join(desk, 'Lời đọc.wav'), join(desk, 'Nhạc nền.wav')])
  await expect(page.getByTestId('library-row')).toHaveCount(2)
})
test.afterAll(async () => {
  await studio.close()
  await rm(desk, { recursive: true, force: true })
})

/** Project length as shown, in samples (to the millisecond). */
async function shownLength(): Promise<number> {
  const text = await page.getByTestId('editor-length').innerText()
  const [h = '0', m = '0', s = '0'] = text.split(':')
  return Math.round((Number(h) * 3600 + Number(m) * 60 + Number(s)) * RATE)
}
const millisecond = RATE / 1000
async function near(what: () => Promise<number>, wanted: number, slack = millisecond): Promise<void> {
  await expect.poll(async () => Math.abs((await what()) - wanted)).toBeLessThanOrEqual(slack)
}
/** Drags over the timeline between two shares of its width, at a height below its top. */
async function dragOver(from: number, to: number, y: number, yTo = y): Promise<void> {
  const box = await page.getByTestId('timeline').boundingBox()
  if (box === null) throw new Error('no timeline')
  await page.mouse.move(box.x + box.width * from, box.y + y)
  await page.mouse.down()
  await page.mouse.move(box.x + box.width * ((from + to) / 2), box.y + (y + yTo) / 2, { steps: 4 })
  await page.mouse.move(box.x + box.width * to, box.y + yTo, { steps: 4 })
  await page.mouse.up()
}
/** Is anything of the wave's colour in the picture? Counts pixels unlike the background in a strip of the canvas. */
const inkAt = (share: number): Promise<number> => page.getByTestId('timeline').locator('canvas').first().evaluate((canvas, x) => {
  if (!(canvas instanceof HTMLCanvasElement)) return 0
  const { data } = canvas.getContext('2d')?.getImageData(Math.round(canvas.width * x), 50, 40, 180) ?? { data: new Uint8ClampedArray() }
  const seen = new Set<string>()
  for (let n = 0; n < data.length; n += 4) seen.add(`${data[n]},${data[n + 1]},${data[n + 2]}`)
  return seen.size
}, share)

let whole = 0
test('an item of the library becomes a project with its wave', async () => {
  await page.getByTestId('library-row').filter({ hasText: 'Lời đọc' }).click()
  await page.getByTestId('open-in-editor').click()
  await expect(page.getByTestId('editor-desk')).toBeVisible()
  whole = await shownLength()
  expect(whole).toBeGreaterThan(5 * RATE)
  await expect.poll(() => inkAt(0.3)).toBeGreaterThan(1)
  await expectAccessible(page, 'editor')
})

test('a swept range is cut out with ripple by Delete and comes back by Ctrl+Z', async () => {
  await dragOver(0.2, 0.4, 100)
  const selected = await page.getByTestId('editor-selection').innerText()
  const [, s = '0'] = /:(\d\d\.\d{3})/.exec(selected) ?? []
  await page.keyboard.press('Delete')
  await near(shownLength, whole - Number(s) * RATE, 2 * millisecond)
  await expect(page.getByTestId('editor-said')).toContainText('Xóa dồn')
  await page.keyboard.press('Control+KeyZ')
  await near(shownLength, whole)
  await page.keyboard.press('Control+Shift+KeyZ')
  await near(shownLength, whole - Number(s) * RATE, 2 * millisecond)
})

test('split, fade, gain and marker are made by keys and named in the history', async () => {
  await page.keyboard.press('Home')
  for (let n = 0; n < 2; n++) await page.keyboard.press('Shift+ArrowRight')
  await page.keyboard.press('KeyB')
  await page.keyboard.press('Home')
  await page.keyboard.press('Shift+ArrowRight')
  await page.keyboard.press('KeyF')
  await page.keyboard.press('KeyM')
  await page.keyboard.press('KeyG')
  await expect(page.getByTestId('clip-gain')).toBeFocused()
  await page.keyboard.type('-6')
  await page.keyboard.press('Enter')
  await expect(page.getByTestId('editor-said')).toContainText('mức âm')
  await expect(page.getByTestId('clip-panel')).toContainText('Lời đọc')
  await shot(page, 'editor-edited')
  await page.keyboard.press('Alt+Digit2')
  const steps = page.getByTestId('history-step')
  await expect(steps).toHaveText([/Lúc mở đầu/, /Xóa dồn/, /Tách/, /Vào dần/, /Đánh dấu/, /Đổi mức âm đoạn.*đang ở đây/])
  await expectAccessible(page, 'editor-history')
})

test('playing moves the position, goes on through an edit, and stops by Space', async () => {
  const at = async (): Promise<number> => {
    const [, m = '0', s = '0'] = (await page.getByTestId('editor-position').innerText()).split(':')
    return Number(m) * 60 + Number(s)
  }
  await page.keyboard.press('Escape')
  await page.keyboard.press('Home')
  await page.keyboard.press('Space')
  await expect.poll(at).toBeGreaterThan(0.4)
  await page.keyboard.press('Control+KeyZ')
  const before = await at()
  await expect.poll(at).toBeGreaterThan(before + 0.3)
  await page.keyboard.press('Space')
  const stopped = await at()
  await expect(page.getByTestId('tool-play')).toBeVisible()
  expect(await at()).toBe(stopped)
  await page.keyboard.press('Control+Shift+KeyZ')
})

test('handles drag: the edge of a clip trims it, its title moves it, the fade square fades it', async () => {
  const before = await shownLength()
  await page.keyboard.press('Escape')
  await page.keyboard.press('Shift+KeyZ')
  // The picture ends 5 % behind the last clip.
  await dragOver(1 / 1.05 - 0.001, 0.8, 110)
  await expect.poll(shownLength).toBeLessThan(before)
  await expect(page.getByTestId('editor-said')).toContainText('Kéo mép đoạn')
  await page.keyboard.press('Control+KeyZ')
  await near(shownLength, before)
  await dragOver(0.5, 0.7, 54)
  await expect(page.getByTestId('editor-said')).toContainText('Dời đoạn')
  await page.keyboard.press('Control+KeyZ')
  await near(shownLength, before)
})

test('zooming by wheel reaches single samples and comes back', async () => {
  const box = await page.getByTestId('timeline').boundingBox()
  if (box === null) throw new Error('no timeline')
  await page.mouse.move(box.x + box.width / 3, box.y + 90)
  await page.keyboard.down('Control')
  for (let n = 0; n < 60; n++) await page.mouse.wheel(0, -120)
  await page.keyboard.up('Control')
  await expect.poll(() => inkAt(0.3)).toBeGreaterThan(1)
  await shot(page, 'editor-samples')
  await page.keyboard.press('Shift+KeyZ')
})

test('another item is added on the second lane, and closing keeps everything', async () => {
  await page.keyboard.press('ArrowDown')
  await page.keyboard.press('Home')
  await page.keyboard.press('Control+KeyI')
  await page.getByTestId('add-search').fill('nhac')
  await expect(page.getByTestId('add-row')).toHaveCount(1)
  await page.getByTestId('add-insert').click()
  await expect(page.getByTestId('editor-said')).toContainText('Thêm tư liệu')
  await shot(page, 'editor-two-lanes')
  await expectAccessible(page, 'editor-two-lanes')
  await page.getByTestId('editor-back').click()
  await expect(page.getByTestId('project-row')).toHaveCount(1)
  await expectAccessible(page, 'editor-projects')
  await page.getByTestId('open-project').click()
  await expect(page.getByTestId('editor-desk')).toBeVisible()
  // The side panel is as it was left: the same key would close it.
  if (await page.getByTestId('history-tab').isHidden()) await page.keyboard.press('Alt+Digit2')
  await expect(page.getByTestId('history-step').last()).toContainText('Thêm tư liệu')
})

test('the project is rendered to a new item of the length that was shown', async () => {
  const length = await shownLength()
  await page.keyboard.press('Control+KeyE')
  await page.getByTestId('render-title').fill('Bản tin hoàn chỉnh')
  await page.getByTestId('render-start').click()
  await expect(page.getByTestId('render-state')).toHaveAttribute('data-state', 'done', { timeout: 60_000 })
  await expectAccessible(page, 'editor-render')
  await page.getByTestId('render-open-item').click()
  await expect(page.getByTestId('detail-title')).toContainText('Bản tin hoàn chỉnh')
  const items = await page.getByTestId('library-row').filter({ hasText: 'Bản tin hoàn chỉnh' }).innerText()
  expect(items).toContain(`0:${String(Math.round(length / RATE)).padStart(2, '0')}`)
})
