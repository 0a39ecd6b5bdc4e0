import { mkdtemp, rm, stat, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import AxeBuilder from '@axe-core/playwright'
import { expect, test } from '@playwright/test'
import type { Page } from '@playwright/test'
import { babble, ffmpegMake, silence, writeWav } from '../support/signals.ts'
import { launchStudio } from './support/electron-app.ts'
import type { Studio } from './support/electron-app.ts'

let studio: Studio
let page: Page
let desk = ''

test.beforeAll(async () => {
  desk = await mkdtemp(join(tmpdir(), 'vangxa-library-e2e-'))
  await writeWav(join(desk, 'Bản tin thời tiết.wav'), babble(6, 3))
  await writeWav(join(desk, 'Đường làng.wav'), babble(4, 5))
  await writeWav(join(desk, 'piece.wav'), babble(20, 9))
  await ffmpegMake('-stream_loop', '30', '-i', join(desk, 'piece.wav'), '-c:a', 'libmp3lame', '-b:a', '64k', join(desk, 'Chương trình dài.mp3'))
  await writeFile(join(desk, 'văn bản.mp3'), 'Đây không phải âm thanh.\n'.repeat(50))
  await writeWav(join(desk, 'im lặng.wav'), silence(2))
  studio = await launchStudio()
  page = studio.page
  await page.setViewportSize({ width: 1366, height: 768 })
  await page.getByTestId('station-name').fill('Đài xã Thử')
  await page.getByTestId('full-name').fill('Nguyễn Thị Lan')
  await page.getByTestId('user-name').fill('lan')
  await page.getByTestId('password').fill('một mật khẩu dài')
  await page.getByTestId('password-again').fill('một mật khẩu dài')
  await page.getByTestId('create-administrator').click()
  await page.getByTestId('library-page').waitFor()
})
test.afterAll(async () => {
  await studio.close()
  await rm(desk, { recursive: true, force: true })
})

/** The open-file dialog belongs to the system: it is answered in the shell. */
async function pick(...names: string[]): Promise<void> {
  await studio.app.evaluate(({ dialog }, paths) => {
    Object.assign(dialog, { showOpenDialog: () => Promise.resolve({ canceled: false, filePaths: paths }) })
  }, names.map((name) => join(desk, name)))
  await page.getByTestId('import').click()
}
const rows = () => page.getByTestId('library-row')
const shot = async (name: string) => {
  const folder = process.env['VANGXA_SHOTS']
  if (folder !== undefined) await page.screenshot({ path: join(folder, `${name}.png`) })
}

test('an empty library says what to do', async () => {
  await expect(page.getByText('Thư viện chưa có gì')).toBeVisible()
})

test('files are imported with progress and a long one can be cancelled', async () => {
  await pick('Bản tin thời tiết.wav', 'Đường làng.wav')
  await expect(rows()).toHaveCount(2)
  await pick('Chương trình dài.mp3')
  await expect(page.getByTestId('import-job')).toBeVisible()
  await page.getByTestId('import-cancel').click()
  await expect(page.getByTestId('import-jobs')).toHaveCount(0)
  await expect(rows()).toHaveCount(2)
})

test('the search ignores marks and is reached by Ctrl+F', async () => {
  await page.getByTestId('library-table').focus()
  await page.keyboard.press('Control+KeyF')
  await page.keyboard.type('duong')
  await expect(rows()).toHaveCount(1)
  await expect(rows()).toContainText('Đường làng')
  await page.keyboard.press('Escape')
  await expect(rows()).toHaveCount(2)
})

test('arrows choose, Space plays from the supplied peaks, another choice stops it', async () => {
  await page.getByTestId('library-table').focus()
  await page.keyboard.press('Home')
  await expect(page.getByTestId('preview')).toHaveAttribute('data-phase', 'ready')
  await page.keyboard.press('Space')
  await expect(page.getByTestId('preview')).toHaveAttribute('data-playing', 'true')
  await expect(page.getByTestId('preview-clock')).toContainText(/0:0[1-9] \/ 0:0/)
  await shot('library')
  await page.keyboard.press('ArrowDown')
  await expect(page.getByTestId('preview')).toHaveAttribute('data-playing', 'false')
  await expect(page.getByTestId('preview')).toHaveAttribute('data-phase', 'ready')
})

test('a title, tags and a note are saved, and the item goes to approval and back', async () => {
  await page.getByTestId('library-table').focus()
  await page.keyboard.press('Home')
  await page.keyboard.press('Enter')
  await page.getByTestId('detail-title-input').fill('Bản tin sáng thứ Hai')
  await page.keyboard.press('Enter')
  await expect(page.getByTestId('detail-title')).toContainText('Bản tin sáng thứ Hai')
  await page.getByTestId('step-submit').click()
  await expect(page.getByTestId('detail-state')).toHaveText('Trình duyệt')
  await page.getByTestId('step-return').click()
  await page.getByTestId('return-note').fill('Thiếu lời chào')
  await page.getByTestId('return-confirm').click()
  await expect(page.getByTestId('returned-note')).toContainText('Thiếu lời chào')
  await page.getByTestId('step-submit').click()
  await page.getByTestId('step-approve').click()
  await expect(page.getByTestId('detail-state')).toHaveText('Đã duyệt')
  await expect(page.getByTestId('detail-title-input')).toBeDisabled()
  await expect(page.getByTestId('put-in-log')).toBeVisible()
})

test('refused files stand in the quarantine with their reason in Vietnamese', async () => {
  await pick('văn bản.mp3', 'im lặng.wav')
  await page.getByTestId('quarantine-button').filter({ hasText: '2' }).click()
  await expect(page.getByTestId('quarantined')).toHaveCount(2)
  await expect(page.getByTestId('quarantined').filter({ hasText: 'văn bản.mp3' })).toContainText('không phải âm thanh')
  await expect(page.getByTestId('quarantined').filter({ hasText: 'im lặng.wav' })).toContainText('không có tiếng')
  await shot('quarantine')
  await page.getByTestId('quarantine-dismiss').first().click()
  await expect(page.getByTestId('quarantined')).toHaveCount(1)
  await page.keyboard.press('Escape')
  expect((await stat(join(desk, 'văn bản.mp3'))).size).toBeGreaterThan(0)
})

test('files dropped on the page are imported', async () => {
  await page.evaluate(() => {
    const input = Object.assign(document.createElement('input'), { type: 'file', id: 'drop-source', multiple: true })
    document.body.append(input)
  })
  await page.locator('#drop-source').setInputFiles(join(desk, 'Chương trình dài.mp3'))
  await page.evaluate(() => {
    const input = document.querySelector<HTMLInputElement>('#drop-source')
    const transfer = new DataTransfer()
    for (const file of input?.files ?? []) transfer.items.add(file)
    document.querySelector('[data-testid="library-page"]')?.dispatchEvent(new DragEvent('drop', { bubbles: true, cancelable: true, dataTransfer: transfer }))
    input?.remove()
  })
  await expect(rows()).toHaveCount(3, { timeout: 90_000 })
})

test('the page is accessible, in light and in dark', async () => {
  await page.getByTestId('library-table').focus()
  await page.keyboard.press('Home')
  await expect(page.getByTestId('preview')).toHaveAttribute('data-phase', 'ready')
  for (const scheme of ['light', 'dark'] as const) {
    await page.emulateMedia({ colorScheme: scheme })
    await expect(page.locator('html')).toHaveAttribute('data-mantine-color-scheme', scheme)
    await shot(`library-${scheme}`)
    const { violations } = await new AxeBuilder({ page }).include('#page').setLegacyMode(true).analyze()
    expect(violations.map(({ id, nodes }) => `${scheme} ${id}: ${nodes.map((node) => node.html).join(' | ')}`)).toEqual([])
  }
})
