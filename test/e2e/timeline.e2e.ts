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
/** Ruler and strip of markers, the gap under them, and the title of a clip. */
const HEAD = 42
const LANE_TOP = HEAD + 4
const TITLE_MIDDLE = LANE_TOP + 8

test.beforeAll(async () => {
  desk = await mkdtemp(join(tmpdir(), 'vangxa-timeline-e2e-'))
  const speech = join(desk, 'Lời đọc.wav')
  await speakToWav(speech, 'Kính chào bà con. Sau đây là bản tin phát thanh của xã. Hôm nay thời tiết nhiều mây, chiều tối có mưa rào và dông. Mời bà con chú ý theo dõi.')
  await writeWav(join(desk, 'Nhạc nền.wav'), noise({ dbfs: -24, seconds: 14, channels: 2 }))
  studio = await launchStudio()
  page = studio.page
  await createAdministrator(page)
  await importFiles(studio, [speech, join(desk, 'Nhạc nền.wav')])
  await expect(page.getByTestId('library-row')).toHaveCount(2)
  await page.getByTestId('library-row').filter({ hasText: 'Lời đọc' }).click()
  await page.getByTestId('open-in-editor').click()
  await page.waitForFunction(() => performance.getEntriesByName('timeline-drawn').length > 0)
})
test.afterAll(async () => {
  await studio.close()
  await rm(desk, { recursive: true, force: true })
})

const timeline = () => page.getByTestId('timeline')
async function box(): Promise<{ x: number; y: number; width: number; height: number }> {
  const found = await timeline().boundingBox()
  if (found === null) throw new Error('no timeline')
  return found
}
/** From one share of the width to another; `y` from the top of the picture. */
async function dragFrom(from: number, y: number, to: number, yTo = y, release = true): Promise<void> {
  const { x, y: top, width } = await box()
  await page.mouse.move(x + width * from, top + y)
  await page.mouse.down()
  await page.mouse.move(x + width * ((from + to) / 2), top + (y + yTo) / 2, { steps: 4 })
  await page.mouse.move(x + width * to, top + yTo, { steps: 4 })
  if (release) await page.mouse.up()
}
const said = (): ReturnType<Page['getByTestId']> => page.getByTestId('editor-said')
/** The picture after the next two frames. */
const picture = (): Promise<string> => timeline().locator('canvas').first().evaluate(async (canvas) => {
  for (let n = 0; n < 2; n++) await new Promise((resolve) => requestAnimationFrame(resolve))
  return canvas instanceof HTMLCanvasElement ? canvas.toDataURL() : ''
})
/** Nothing moves in the picture any more. */
async function still(): Promise<void> {
  await expect.poll(async () => {
    const before = await picture()
    await page.waitForTimeout(150)
    return (await picture()) === before
  }).toBe(true)
}
/** Steps back that were asked for have come, and all is seen. */
async function wholeView(): Promise<void> {
  await still()
  await page.keyboard.press('Shift+KeyZ')
  await still()
}

test('the body of speech is drawn inside its peaks', async () => {
  const colours = await timeline().locator('canvas').first().evaluate((canvas) => {
    if (!(canvas instanceof HTMLCanvasElement)) return 0
    const { data } = canvas.getContext('2d')?.getImageData(0, 70, canvas.width, 120) ?? { data: new Uint8ClampedArray() }
    const seen = new Map<string, number>()
    for (let n = 0; n < data.length; n += 4) seen.set(`${data[n]},${data[n + 1]},${data[n + 2]}`, (seen.get(`${data[n]},${data[n + 1]},${data[n + 2]}`) ?? 0) + 1)
    return [...seen.values()].filter((count) => count > 300).length
  })
  // Ground of the clip, peaks, body.
  expect(colours).toBeGreaterThanOrEqual(3)
})

test('the wheel zooms about the pointer to single samples and back, and the strip shows where one is', async () => {
  const { x, y, width } = await box()
  await page.mouse.move(x + width / 3, y + 120)
  await page.keyboard.down('Control')
  for (let n = 0; n < 50; n++) await page.mouse.wheel(0, -120)
  await page.keyboard.up('Control')
  const window = page.getByTestId('overview-window')
  await expect.poll(async () => (await window.boundingBox())?.width ?? 1e9).toBeLessThan(12)
  await shot(page, 'timeline-samples')
  const before = await picture()
  await page.mouse.wheel(0, 120)
  await expect.poll(picture).not.toBe(before)
  await wholeView()
  await expect.poll(async () => (await window.boundingBox())?.width ?? 0).toBeGreaterThan(width * 0.9)
})

test('keys zoom about the playhead, each press on to where the last one was going', async () => {
  const { width } = await box()
  const window = page.getByTestId('overview-window')
  const shown = async (): Promise<number> => (await window.boundingBox())?.width ?? 0
  const whole = await shown()
  expect(whole).toBeGreaterThan(width * 0.9)
  await page.keyboard.press('Equal')
  await page.keyboard.press('Equal')
  await expect.poll(async () => Math.abs((await shown()) - whole / 4)).toBeLessThan(4)
  await page.keyboard.press('Minus')
  await expect.poll(async () => Math.abs((await shown()) - whole / 2)).toBeLessThan(4)
  await wholeView()
})

test('the strip scrolls when dragged, and its edge zooms', async () => {
  const strip = await page.getByTestId('overview').boundingBox()
  if (strip === null) throw new Error('no strip')
  await page.mouse.move(strip.x + strip.width - 1, strip.y + 15)
  await page.mouse.down()
  await page.mouse.move(strip.x + strip.width * 0.4, strip.y + 15, { steps: 5 })
  await page.mouse.up()
  const window = page.getByTestId('overview-window')
  await expect.poll(async () => Math.abs(((await window.boundingBox())?.width ?? 0) - strip.width * 0.4)).toBeLessThan(8)
  await page.mouse.move(strip.x + strip.width * 0.2, strip.y + 15)
  await page.mouse.down()
  await page.mouse.move(strip.x + strip.width * 0.5, strip.y + 15, { steps: 5 })
  await page.mouse.up()
  await expect.poll(async () => Math.abs(((await window.boundingBox())?.x ?? 0) - strip.x - strip.width * 0.3)).toBeLessThan(8)
  await wholeView()
})

test('one drag of a fade handle is one step, and going up or down chooses its shape', async () => {
  await dragFrom(0.016, LANE_TOP + 16 + 8, 0.2, LANE_TOP + 16 + 8 - 30)
  await expect(said()).toContainText('Vào dần')
  await shot(page, 'timeline-fade')
  await page.keyboard.press('Control+KeyZ')
  await expect(said()).toContainText('hoàn tác')
})

test('a double click on the line of the chosen clip sets a point of its envelope, dragging moves it, another one takes it away', async () => {
  const { x, y, width, height } = await box()
  await page.mouse.click(x + width * 0.5, y + LANE_TOP + 60)
  const lanes = 2
  const wave = (height - HEAD - 4) / lanes - 4 - 16
  const middle = LANE_TOP + 16 + wave / 2
  await page.mouse.dblclick(x + width * 0.3, y + middle)
  await expect(said()).toContainText(/mức âm/i)
  await dragFrom(0.3, middle, 0.4, middle + wave * 0.3)
  await shot(page, 'timeline-envelope')
  const before = await picture()
  await page.mouse.dblclick(x + width * 0.4, y + middle + wave * 0.3)
  await expect.poll(picture).not.toBe(before)
  for (let n = 0; n < 3; n++) await page.keyboard.press('Control+KeyZ')
})

test('Ctrl adds a range to those selected, Shift extends the last one', async () => {
  await wholeView()
  await page.keyboard.press('Escape')
  const { x, y, width } = await box()
  await dragFrom(0.2, LANE_TOP + 90, 0.3)
  await page.keyboard.down('Control')
  await dragFrom(0.5, LANE_TOP + 90, 0.6)
  await page.keyboard.up('Control')
  await shot(page, 'timeline-ranges')
  const two = await picture()
  await page.keyboard.down('Shift')
  await page.mouse.click(x + width * 0.75, y + LANE_TOP + 90)
  await page.keyboard.up('Shift')
  await expect.poll(picture).not.toBe(two)
  await page.keyboard.press('Escape')
})

test('a split clip dragged over its neighbour becomes a crossfade, and the drag says so', async () => {
  await wholeView()
  const { x, y, width } = await box()
  await page.mouse.click(x + width * 0.5, y + LANE_TOP + 90)
  await page.keyboard.press('KeyB')
  await expect(said()).toContainText('Tách')
  await dragFrom(0.7, TITLE_MIDDLE, 0.64, TITLE_MIDDLE, false)
  await shot(page, 'timeline-crossfade-drag')
  await page.mouse.up()
  await expect(said()).toContainText('Dời đoạn')
  await shot(page, 'timeline-crossfade')
  await page.keyboard.press('Control+KeyZ')
  await page.keyboard.press('Control+KeyZ')
})

test('a marker is dragged along its strip and renamed where it stands', async () => {
  await wholeView()
  const { x, y, width } = await box()
  await page.mouse.click(x + width * 0.25, y + LANE_TOP + 90)
  await page.keyboard.press('KeyM')
  await expect(said()).toContainText('Đánh dấu')
  await dragFrom(0.25 + 5 / width, 32, 0.45)
  await expect(said()).toContainText('Sửa đánh dấu')
  await page.mouse.dblclick(x + width * 0.45, y + 32)
  await page.getByTestId('marker-name').fill('Tin thứ hai')
  await page.keyboard.press('Enter')
  await expect(page.getByTestId('marker-name')).toBeHidden()
  await shot(page, 'timeline-marker')
})

test('dragging the playhead scrubs, and the place is told to who asks', async () => {
  const slider = page.getByTestId('timeline-position')
  const { width } = await box()
  await page.keyboard.press('Home')
  await dragFrom(0.001, 8, 0.3)
  await expect.poll(async () => Number(await slider.getAttribute('aria-valuenow'))).toBeGreaterThan(1_000)
  await slider.focus()
  await expect(slider).toBeFocused()
  await page.keyboard.press('Home')
  await expect(slider).toHaveAttribute('aria-valuetext', /Lời đọc, đoạn 1/)
  await page.keyboard.press('Shift+ArrowRight')
  await expect(slider).toHaveAttribute('aria-valuenow', '1000')
  expect(width).toBeGreaterThan(200)
})

test('lanes are made taller by their lower edge and share the height again', async () => {
  const { height } = await box()
  const each = Math.floor((height - HEAD - 4) / 2) - 4
  await dragFrom(0.5, LANE_TOP + each + 2, 0.5, LANE_TOP + each - 60)
  await expect(page.getByTestId('fit-lanes')).toBeEnabled()
  await expect.poll(async () => Math.abs(((await page.locator('.editor-head').first().boundingBox())?.height ?? 0) - (each - 62))).toBeLessThan(6)
  await page.getByTestId('fit-lanes').click()
  await expect(page.getByTestId('fit-lanes')).toBeDisabled()
})

test('light, dark and strong contrast differ in colours and are accessible', async () => {
  await expectAccessible(page, 'timeline')
  const dark = await picture()
  await page.getByTestId('timeline-contrast').click()
  await expect.poll(picture).not.toBe(dark)
  await expectAccessible(page, 'timeline-contrast')
  await page.getByTestId('timeline-contrast').click()
  await page.emulateMedia({ colorScheme: 'light', contrast: 'more' })
  await expect(page.locator('body')).toHaveAttribute('data-timeline-contrast', 'more')
  await page.emulateMedia({ colorScheme: 'light', contrast: 'no-preference' })
  await expect(page.locator('body')).not.toHaveAttribute('data-timeline-contrast', 'more')
})
