import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test, type Page } from '@playwright/test'
import { keyTable, menuSubjects } from '../../renderer/studio/features/editor/key-table.ts'
import { joined, noise, writeWav } from '../support/signals.ts'
import { launchStudio, type Studio } from './support/electron-app.ts'
import { createAdministrator, expectAccessible, importFiles, SCREEN, shot } from './support/person.ts'

/** The desk where there is little room: a small window, and twice the text on the smallest screen. Nothing is lost, and the keyboard reaches all of it. */
test.describe.configure({ mode: 'serial' })

let studio: Studio
let page: Page
let desk = ''

test.beforeAll(async () => {
  test.setTimeout(240_000)
  desk = await mkdtemp(join(tmpdir(), 'vangxa-reflow-e2e-'))
  await writeWav(join(desk, 'Lời đọc.wav'), joined(noise({ dbfs: -18, seconds: 4 }), noise({ dbfs: -66, seconds: 1.5 }), noise({ dbfs: -18, seconds: 4, seed: 4 })))
  studio = await launchStudio()
  page = studio.page
  await createAdministrator(page)
  await importFiles(studio, [join(desk, 'Lời đọc.wav')])
  await expect(page.getByTestId('library-row')).toHaveCount(1, { timeout: 60_000 })
  await page.getByTestId('library-row').click()
  await page.getByTestId('open-in-editor').click()
  await expect(page.getByTestId('editor-desk')).toBeVisible({ timeout: 60_000 })
  await page.waitForFunction(() => performance.getEntriesByName('timeline-drawn').length > 0)
})
test.afterAll(async () => {
  await studio?.close()
  await rm(desk, { recursive: true, force: true })
})

const timelineWidth = async (): Promise<number> => (await page.getByTestId('timeline').boundingBox())?.width ?? 0
const side = () => page.getByTestId('editor-side')

/** Nothing sticks out of the window, and no button is cut off by its row. */
async function expectWithin(): Promise<void> {
  const lost = await page.evaluate(() => {
    const rows = [...document.querySelectorAll('.editor-toolbar, .editor-page > .page-header, .desk-rail, .desk-status')]
    const cut = rows.flatMap((row) => [...row.querySelectorAll('button, input')].filter((control) => {
      const box = control.getBoundingClientRect()
      const room = row.getBoundingClientRect()
      return box.width > 0 && (box.right > room.right + 1 || box.left < room.left - 1 || box.right > innerWidth + 1 || box.bottom > innerHeight + 1 && !row.matches('.desk-rail'))
    }).map((control) => control.getAttribute('aria-label') ?? control.textContent ?? control.tagName))
    return [...cut, ...(document.documentElement.scrollWidth > innerWidth ? [`page ${document.documentElement.scrollWidth} of ${innerWidth}`] : [])]
  })
  expect(lost).toEqual([])
}

async function expectEveryTool(): Promise<void> {
  await page.getByTestId('timeline-position').focus()
  for (let n = 0; n < 60 && !(await page.getByTestId('tool-menu').evaluate((button) => button === document.activeElement)); n++) await page.keyboard.press('Shift+Tab')
  await expect(page.getByTestId('tool-menu')).toBeFocused()
  await page.keyboard.press('Enter')
  const menu = page.locator('.editor-menu')
  await expect(menu).toBeVisible()
  const offered = await menu.locator('[role="menuitem"]').evaluateAll((items) => items.map((item) => item.getAttribute('data-testid')))
  expect(offered).toEqual(menuSubjects.flatMap(({ ids }) => ids).map((id) => `menu-${id}`))
  // Whatever stands in the toolbar of a wide desk, and whatever changes the sound.
  for (const row of keyTable) if (row.kind === 'change') expect(offered).toContain(`menu-${row.id}`)
  await expect.poll(() => menu.evaluate((element) => {
    const { left, top, right, bottom } = element.getBoundingClientRect()
    return left >= 0 && top >= 0 && right <= innerWidth + 1 && bottom <= innerHeight + 1 ? 'in the window' : [left, top, right, bottom, innerWidth, innerHeight].join(' ')
  })).toBe('in the window')
}

async function expectPanelOver(): Promise<void> {
  const before = await timelineWidth()
  await page.getByTestId('timeline-position').focus()
  await page.keyboard.press('Alt+Digit3')
  await expect(side()).toBeVisible()
  await expect(page.getByTestId('side-markers')).toBeFocused()
  expect(await timelineWidth(), 'the timeline keeps its width').toBe(before)
  await page.keyboard.press('ArrowRight')
  await expect(page.getByTestId('side-comments')).toBeFocused()
  await page.keyboard.press('Escape')
  await expect(side()).toBeHidden()
  await expect(page.getByTestId('timeline-position')).toBeFocused()
}

/** Cut, undone: the work itself, by keys. */
async function expectWork(): Promise<void> {
  const length = page.getByTestId('editor-length')
  const whole = await length.textContent()
  await page.keyboard.press('Home')
  await page.keyboard.press('Shift+ArrowRight')
  await page.keyboard.press('KeyI')
  await page.keyboard.press('Shift+ArrowRight')
  await page.keyboard.press('KeyO')
  await page.keyboard.press('Delete')
  await expect(page.getByTestId('editor-said')).toContainText('Xóa dồn')
  await expect(length).not.toHaveText(whole ?? '')
  await page.keyboard.press('Control+KeyZ')
  await expect(length).toHaveText(whole ?? '')
  await page.keyboard.press('Control+Shift+KeyL')
  await expect(page.getByTestId('tool-card-silence')).toBeVisible()
  await expect(page.getByTestId('silence-found')).toContainText('1 chỗ', { timeout: 30_000 })
  // The card may be taller than the desk: what has the focus is brought into sight.
  await page.getByTestId('silence-run').focus()
  await expect(page.getByTestId('silence-run')).toBeInViewport()
  await expectAccessible(page, `reflow-tool-${await page.evaluate(() => innerWidth)}`)
  await page.keyboard.press('Escape')
  await expect(page.getByTestId('tool-card-silence')).toBeHidden()
}

test('the panel stands beside the timeline where there is room for both', async () => {
  await expect(side()).toBeVisible()
  expect(await timelineWidth()).toBeGreaterThan(560)
  await expectEveryTool()
  await shot(page, 'reflow-menu-wide')
  await page.keyboard.press('Escape')
})

test('at 880 pixels the timeline has the width, every tool is in the menu, and the panel comes over it and goes', async () => {
  test.setTimeout(120_000)
  await page.setViewportSize({ width: 880, height: 640 })
  await expect(side()).toBeHidden()
  await expect.poll(timelineWidth).toBeGreaterThan(560)
  await expectWithin()
  await expectEveryTool()
  await expectAccessible(page, 'reflow-menu-880')
  await page.keyboard.press('Escape')
  await expectPanelOver()
  await expectWork()
  await page.keyboard.press('Alt+Digit1')
  await expectAccessible(page, 'reflow-panel-880')
  await page.getByTestId('side-close').click()
  await expect(side()).toBeHidden()
  await expectAccessible(page, 'reflow-880')
})

test('with twice the text on the smallest screen the desk is whole', async () => {
  test.setTimeout(120_000)
  await page.setViewportSize(SCREEN)
  await expect(side()).toBeVisible()
  await studio.app.evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows()[0]?.webContents.setZoomFactor(2))
  await expect.poll(() => page.evaluate(() => innerWidth)).toBeLessThan(700)
  await expect(side()).toBeHidden()
  await expect.poll(timelineWidth).toBeGreaterThan(400)
  await expectWithin()
  await expectEveryTool()
  await expectAccessible(page, 'reflow-menu-200')
  await page.keyboard.press('Escape')
  await expectPanelOver()
  await expectWork()
  await page.keyboard.press('Alt+Digit1')
  await expectAccessible(page, 'reflow-panel-200')
  await page.keyboard.press('Escape')
  await expectAccessible(page, 'reflow-200')
  await studio.app.evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows()[0]?.webContents.setZoomFactor(1))
  await expect(side()).toBeVisible()
})
