import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import AxeBuilder from '@axe-core/playwright'
import { expect, test } from '@playwright/test'
import type { Page } from '@playwright/test'
import { babble, writeWav } from '../support/signals.ts'
import { launchStudio } from './support/electron-app.ts'
import type { Studio } from './support/electron-app.ts'
import { createAdministrator, importFiles } from './support/person.ts'

let studio: Studio
let page: Page
let desk = ''

test.beforeAll(async () => {
  desk = await mkdtemp(join(tmpdir(), 'vangxa-log-e2e-'))
  await writeWav(join(desk, 'Bản tin sáng.wav'), babble(40, 3))
  await writeWav(join(desk, 'Nhạc hiệu.wav'), babble(4, 5))
  await writeWav(join(desk, 'Đường làng.wav'), babble(5, 7))
  studio = await launchStudio()
  page = studio.page
  await createAdministrator(page)
  const names = ['Bản tin sáng.wav', 'Nhạc hiệu.wav', 'Đường làng.wav']
  await importFiles(studio, names.map((name) => join(desk, name)))
  await expect(page.getByTestId('library-row')).toHaveCount(3, { timeout: 60_000 })
  for (const title of ['Bản tin sáng', 'Nhạc hiệu', 'Đường làng']) {
    await page.getByTestId('library-row').filter({ hasText: title }).click()
    await page.getByTestId('step-submit').click()
    await expect(page.getByTestId('detail-state')).toHaveText('Trình duyệt')
    if (title === 'Đường làng') continue
    await page.getByTestId('step-approve').click()
    await expect(page.getByTestId('detail-state')).toHaveText('Đã duyệt')
  }
})
test.afterAll(async () => {
  await studio.close()
  await rm(desk, { recursive: true, force: true })
})

const lines = () => page.getByTestId('log-line')
const shot = async (name: string) => {
  const folder = process.env['VANGXA_SHOTS']
  if (folder !== undefined) await page.screenshot({ path: join(folder, `${name}.png`) })
}
/** HH:MM:SS in Vietnam, some seconds from now. */
const timeIn = (seconds: number): string => new Intl.DateTimeFormat('en-GB', { timeZone: 'Asia/Ho_Chi_Minh', hourCycle: 'h23', hour: '2-digit', minute: '2-digit', second: '2-digit' }).format(Date.now() + seconds * 1000)
const accessible = async (): Promise<void> => {
  for (const scheme of ['light', 'dark'] as const) {
    await page.emulateMedia({ colorScheme: scheme })
    const { violations } = await new AxeBuilder({ page }).include('.desk-page').setLegacyMode(true).analyze()
    expect(violations.map(({ id, nodes }) => `${scheme} ${id}: ${nodes.map((node) => node.html).join(' | ')}`)).toEqual([])
  }
}

test('only approved items are offered, and a first line needs a time', async () => {
  await page.keyboard.press('F4')
  await page.getByTestId('log-page').waitFor()
  await expect(page.getByTestId('log-add-item')).toHaveCount(2)
  await expect(page.getByTestId('log-add')).not.toContainText('Đường làng')
  await page.getByTestId('log-add-search').fill('ban tin')
  await expect(page.getByTestId('log-add-item')).toHaveCount(1)
  await expect(page.getByTestId('log-add-button')).toBeDisabled()
  await page.getByTestId('log-add-time').fill('25:00')
  await page.getByTestId('log-add-search').focus()
  await expect(page.getByText('Nhập giờ dạng HH:MM:SS.')).toBeVisible()
})

test('a time that is over is refused in words, and the log stays as it was', async () => {
  await page.getByTestId('log-add-time').fill(timeIn(-60))
  await page.getByTestId('log-add-button').click()
  await expect(page.getByText('Giờ phát đã qua.')).toBeVisible()
  await expect(lines()).toHaveCount(0)
})

test('a hard line and its follower are planned, moved by keyboard, taken off and brought back', async () => {
  await page.getByTestId('log-add-time').fill(timeIn(3600))
  await expect(page.getByTestId('log-add-button')).toBeEnabled()
  await page.keyboard.press('Enter')
  await expect(lines()).toHaveCount(1)
  await page.getByTestId('log-add-search').fill('nhac')
  await expect(page.getByTestId('log-add-button')).toContainText('Nhạc hiệu')
  await page.keyboard.press('Enter')
  await expect(lines()).toHaveCount(2)
  await page.keyboard.press('Enter')
  await expect(lines()).toHaveCount(3)
  await page.getByTestId('log-table').focus()
  await page.keyboard.press('End')
  const last = await lines().nth(2).getAttribute('data-line-id')
  await page.keyboard.press('Alt+ArrowUp')
  await expect(lines().nth(1)).toHaveAttribute('data-line-id', last ?? '')
  await page.keyboard.press('Alt+ArrowDown')
  await expect(lines().nth(2)).toHaveAttribute('data-line-id', last ?? '')
  await page.keyboard.press('Delete')
  await expect(lines()).toHaveCount(2)
  await page.getByTestId('log-undo').click()
  await expect(lines().nth(2)).toHaveAttribute('data-line-id', last ?? '')
  await page.getByTestId('log-table').focus()
  await page.keyboard.press('Delete')
  await expect(lines()).toHaveCount(2)
  await page.keyboard.press('Control+KeyZ')
  await expect(lines()).toHaveCount(3)
  await shot('log')
})

test('a line is dragged above another', async () => {
  const ids = await lines().evaluateAll((rows) => rows.map((row) => row.getAttribute('data-line-id')))
  await lines().nth(2).dragTo(lines().nth(1), { targetPosition: { x: 200, y: 4 } })
  await expect(lines().nth(1)).toHaveAttribute('data-line-id', ids[2] ?? '')
})

test('the log is accessible, in light and in dark', () => accessible())

test('a line goes on air at its time and is seen, skipped and reported on the desk', async () => {
  await page.getByTestId('log-table').focus()
  await page.keyboard.press('Home')
  await page.getByTestId('log-line-time').fill(timeIn(6))
  await page.getByTestId('log-line-save').click()
  await expect(lines().first()).toHaveAttribute('data-status', /armed|scheduled/)
  await page.keyboard.press('F5')
  await expect(page.getByTestId('air-next')).toContainText('Bản tin sáng')
  await expect(page.getByTestId('air-title')).toHaveText('Bản tin sáng')
  await expect(page.getByTestId('air-left')).toContainText('−0:3')
  await page.getByTestId('air-monitor').click()
  await expect(page.getByTestId('air-monitor')).toHaveAttribute('aria-pressed', 'true')
  await accessible()
  await shot('air')
  await page.keyboard.press('Control+Shift+KeyK')
  await expect(page.getByTestId('air-title')).toHaveText('Nhạc hiệu')
  await expect(page.getByTestId('air-as-run-row').filter({ hasText: 'Bản tin sáng' })).toContainText('Bỏ qua')
  await expect(page.getByTestId('air-as-run-row').filter({ hasText: 'Nhạc hiệu' })).toHaveCount(2)
  await expect(page.getByTestId('air-title')).toHaveText('Không có gì đang phát', { timeout: 20_000 })
  await page.getByTestId('air-monitor').click()
})

test('who drives is told by word and key; why a line plays is told by the desk; a wrong hand changes nothing of what is heard', async () => {
  await page.keyboard.press('F5')
  const mode = page.getByTestId('air-mode')
  await expect(mode).toHaveAttribute('data-mode', 'auto')
  await page.keyboard.press('Alt+Digit3')
  await expect(mode).toHaveAttribute('data-mode', 'manual')
  await expect(page.getByTestId('air-mode-manual')).toHaveAttribute('aria-pressed', 'true')
  await page.getByTestId('air-mode-assist').click()
  await expect(mode).toHaveAttribute('data-mode', 'assist')
  await expect(page.getByTestId('air-clock-state')).toHaveText('Giờ máy')
  await page.keyboard.press('Alt+Digit1')
  await expect(mode).toHaveAttribute('data-mode', 'auto')
})

test('a line on air cannot be taken off the log', async () => {
  await page.keyboard.press('F4')
  await lines().first().click()
  await expect(page.getByTestId('log-remove')).toBeDisabled()
  await expect(lines().first()).toHaveAttribute('data-status', 'finished')
})
