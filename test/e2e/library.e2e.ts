import { mkdir, mkdtemp, readdir, rename, rm, stat, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import AxeBuilder from '@axe-core/playwright'
import { expect, test } from '@playwright/test'
import type { Page } from '@playwright/test'
import { amrBytes, babble, ffmpegMake, silence, writeWav } from '../support/signals.ts'
import { launchStudio } from './support/electron-app.ts'
import type { Studio } from './support/electron-app.ts'
import { createAdministrator } from './support/person.ts'

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
  await mkdir(join(desk, 'Tin ngày 21-11', 'Thôn 3'), { recursive: true })
  await ffmpegMake('-i', join(desk, 'piece.wav'), '-t', '3', '-c:a', 'aac', join(desk, 'Tin ngày 21-11', 'Phỏng_vấn chị Hoa.m4a'))
  await writeFile(join(desk, 'Tin ngày 21-11', 'Thôn 3', 'VOICE 9.amr'), amrBytes(120, 5))
  await writeFile(join(desk, 'Tin ngày 21-11', 'Thôn 3', 'hỏng.3gp'), 'Đây không phải âm thanh.\n'.repeat(50))
  await writeFile(join(desk, 'Tin ngày 21-11', 'kịch bản.docx'), 'không mở')
  studio = await launchStudio()
  page = studio.page
  await createAdministrator(page)
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
  await expect(page.getByTestId('import-start')).toBeFocused()
  await page.keyboard.press('Enter')
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
  await page.getByTestId('import-start').click()
  await expect(rows()).toHaveCount(3, { timeout: 90_000 })
})

/** Chosen in the search, so that what is done next is done to this one. */
async function choose(words: string, title: string): Promise<void> {
  await page.keyboard.press('Control+KeyF')
  await page.getByTestId('library-search').fill(words)
  await expect(rows()).toHaveCount(1)
  await expect(rows().first()).toContainText(title)
  await page.keyboard.press('Enter')
  await page.keyboard.press('Home')
  await expect(page.getByTestId('detail-title')).toContainText(title)
  await expect(page.getByTestId('preview')).toHaveAttribute('data-phase', 'ready')
}
async function showAll(): Promise<void> {
  await page.keyboard.press('Control+KeyF')
  await page.getByTestId('library-search').fill('')
  await page.keyboard.press('Enter')
}

test('a folder of reporters\' files is one batch with an answer for every file', async () => {
  const before = await rows().count()
  await studio.app.evaluate(({ dialog }, folder) => {
    Object.assign(dialog, { showOpenDialog: () => Promise.resolve({ canceled: false, filePaths: [folder] }) })
  }, join(desk, 'Tin ngày 21-11'))
  await page.getByTestId('library-table').focus()
  await page.keyboard.press('Control+Shift+KeyI')
  await page.getByTestId('import-start').click()
  const batch = page.getByTestId('batch').filter({ hasText: 'Tin ngày 21-11' })
  await expect(batch).toHaveAttribute('data-state', 'done', { timeout: 60_000 })
  await expect(batch.getByTestId('batch-words')).toHaveText('2 đã nhập · 0 đã có sẵn · 1 không nhập được')
  await expect(rows()).toHaveCount(before + 2)
  await shot('library-batch')
  await batch.getByTestId('batch-files').click()
  await expect(page.getByTestId('batch-file')).toHaveCount(4)
  await expect(page.getByTestId('batch-file').filter({ hasText: 'hỏng.3gp' })).toContainText('không phải âm thanh')
  await expect(page.getByTestId('batch-file').filter({ hasText: 'kịch bản.docx' })).toContainText('Bỏ qua')
  await shot('library-batch-files')
  await page.keyboard.press('Escape')
  await expect(page.getByTestId('batch-drawer')).toBeHidden()
  await batch.getByTestId('batch-dismiss').click()
  await expect(batch).toHaveCount(0)
  await choose('thon 3', 'VOICE 9')
  await showAll()
})

test('cue in, cue out and named cues are set by keys, and the part between becomes a new item', async () => {
  await choose('sang thu hai', 'Bản tin sáng thứ Hai')
  await page.getByTestId('preview-wave').focus()
  await page.keyboard.press('Home')
  for (let n = 0; n < 10; n++) await page.keyboard.press('Shift+ArrowRight')
  await page.keyboard.press('KeyI')
  for (let n = 0; n < 5; n++) await page.keyboard.press('Shift+ArrowRight')
  await page.keyboard.press('KeyM')
  for (let n = 0; n < 10; n++) await page.keyboard.press('Shift+ArrowRight')
  await page.keyboard.press('KeyO')
  await expect(page.getByTestId('cues')).toHaveAttribute('data-in', '48000')
  await expect(page.getByTestId('cues')).toHaveAttribute('data-out', '120000')
  await page.getByTestId('cue-label').fill('Câu hay')
  await page.keyboard.press('Enter')
  await page.getByTestId('preview-wave').focus()
  await page.keyboard.press('Shift+Space')
  await expect(page.getByTestId('preview')).toHaveAttribute('data-playing', 'true')
  await expect(page.getByTestId('preview')).toHaveAttribute('data-playing', 'false', { timeout: 15_000 })
  await shot('library-cues')
  // What was set is the station's: it is there again after another choice, and its label is found.
  await choose('cau hay', 'Bản tin sáng thứ Hai')
  await expect(page.getByTestId('cue-range')).toContainText('0:00:01.000')
  await expect(page.getByTestId('cue-label')).toHaveValue('Câu hay')
  await page.getByTestId('preview-wave').focus()
  await page.keyboard.press('Shift+KeyT')
  await expect(page.getByTestId('detail-title')).toContainText('Bản tin sáng thứ Hai (đã cắt)', { timeout: 60_000 })
  await expect(page.getByTestId('library-detail')).toContainText('0:02')
  await expect(page.getByTestId('cue-label')).toHaveValue('Câu hay')
  await showAll()
})

test('the preview is as loud as the air plays the item', async () => {
  await page.evaluate(() => {
    const create = AudioContext.prototype.createGain
    Object.assign(window, { heardGains: [] })
    AudioContext.prototype.createGain = function (this: AudioContext) {
      const node = create.call(this)
      const gains: unknown = Reflect.get(window, 'heardGains')
      if (Array.isArray(gains)) gains.push(node.gain)
      return node
    }
  })
  await choose('hoa', 'Phỏng vấn chị Hoa')
  await page.getByTestId('preview-wave').focus()
  await page.keyboard.press('Space')
  await expect(page.getByTestId('preview')).toHaveAttribute('data-playing', 'true')
  const decibels = Number(await page.getByTestId('preview').getAttribute('data-gain'))
  expect(Math.abs(decibels)).toBeGreaterThan(0.5)
  await expect(page.getByTestId('preview-gain')).toBeVisible()
  const gains = await page.evaluate(() => (Reflect.get(window, 'heardGains') as AudioParam[]).map((gain) => gain.value))
  expect(20 * Math.log10(gains.at(-1) ?? 0)).toBeCloseTo(decibels, 3)
  await page.keyboard.press('Space')
  await showAll()
})

test('a line of the log can be listened to, with its cues', async () => {
  await choose('sang thu hai', 'Bản tin sáng thứ Hai')
  await page.getByTestId('put-in-log').click()
  await expect(page.getByTestId('log-add-button')).toContainText('Bản tin sáng thứ Hai')
  await page.getByTestId('log-add-soon').click()
  await page.getByTestId('log-add-button').click()
  await page.getByTestId('log-line').first().click()
  const preview = page.getByTestId('log-line-panel').getByTestId('preview')
  await expect(preview).toHaveAttribute('data-phase', 'ready')
  await expect(preview.getByTestId('cue-range')).toBeVisible()
  await expect(preview.getByTestId('cue-in')).toHaveCount(0)
  await preview.getByTestId('cue-play').click()
  await expect(preview).toHaveAttribute('data-playing', 'true')
  await shot('log-preview')
  await page.keyboard.press('F1')
  await expect(page.getByTestId('library-page')).toBeVisible()
})

test('a sound lost from its shelf is found again in another folder, under another name', async () => {
  const media = join(studio.dataDir, 'media')
  const original = (await readdir(media)).find((name) => name.endsWith('.m4a')) ?? ''
  await mkdir(join(desk, 'ổ khác'))
  await rename(join(media, original), join(desk, 'ổ khác', 'tên lạ.bin'))
  await rm(join(studio.dataDir, 'mezzanine', original.replace('.m4a', '.wav')))
  // The window may still hold what it heard before: the station looks for itself when the item is opened.
  await page.getByTestId('library-search').fill('hoa')
  await expect(rows()).toHaveCount(1)
  await rows().first().click()
  await expect(page.getByTestId('lost-sound')).toBeVisible({ timeout: 30_000 })
  await studio.app.evaluate(({ dialog }, folder) => {
    Object.assign(dialog, { showOpenDialog: () => Promise.resolve({ canceled: false, filePaths: [folder] }) })
  }, join(desk, 'ổ khác'))
  await shot('library-lost')
  await page.getByTestId('relink-folder').click()
  await expect(page.getByText('Đã tìm lại 1 tệp.')).toBeVisible({ timeout: 30_000 })
  await expect(page.getByTestId('preview')).toHaveAttribute('data-phase', 'ready', { timeout: 30_000 })
  await page.getByTestId('library-search').fill('')
  await expect(rows().nth(1)).toBeVisible()
})

test('a file is used where it stands: noticed when it is moved, found by its content, copied in later', async () => {
  const path = await writeWav(join(desk, 'Họp thôn tại chỗ.wav'), babble(4, 41))
  await studio.app.evaluate(({ dialog }, file) => {
    Object.assign(dialog, { showOpenDialog: () => Promise.resolve({ canceled: false, filePaths: [file] }) })
  }, path)
  const kept = (await readdir(join(studio.dataDir, 'media'))).length
  await page.getByTestId('import').click()
  await expect(page.getByTestId('import-because')).toContainText('ổ cố định')
  await shot('library-import-dialog')
  await page.keyboard.press('Shift+Tab')
  await page.keyboard.press('Shift+Tab')
  await page.keyboard.press('ArrowDown')
  await expect(page.getByTestId('keep-in-place')).toBeChecked()
  await page.keyboard.press('Enter')
  await choose('hop thon', 'Họp thôn tại chỗ')
  await expect(page.getByTestId('item-place')).toHaveAttribute('data-state', 'here')
  await expect(page.getByTestId('place-path')).toHaveText(path)
  expect((await readdir(join(studio.dataDir, 'media'))).length).toBe(kept)
  await page.getByTestId('preview-wave').focus()
  await page.keyboard.press('Space')
  await expect(page.getByTestId('preview')).toHaveAttribute('data-playing', 'true')
  await expect(page.getByTestId('preview-clock')).toContainText(/0:0[1-9] \/ 0:0/)
  await page.keyboard.press('Space')

  // Nobody asks for the sound: the station notices by itself that it went, and says so.
  await rename(path, join(desk, 'ổ khác', 'đã dời.wav'))
  await expect(page.getByTestId('lost-sound')).toBeVisible({ timeout: 60_000 })
  await expect(page.getByTestId('item-place')).toHaveAttribute('data-state', 'gone')
  await shot('library-in-place-gone')
  await studio.app.evaluate(({ dialog }, folder) => {
    Object.assign(dialog, { showOpenDialog: () => Promise.resolve({ canceled: false, filePaths: [folder] }) })
  }, join(desk, 'ổ khác'))
  await page.getByTestId('relink-folder').click()
  await expect(page.getByTestId('item-place')).toHaveAttribute('data-state', 'here', { timeout: 30_000 })
  await expect(page.getByTestId('place-path')).toHaveText(join(desk, 'ổ khác', 'đã dời.wav'))
  await page.getByTestId('copy-in').click()
  await expect(page.getByTestId('item-place')).toHaveCount(0, { timeout: 30_000 })
  await rm(join(desk, 'ổ khác', 'đã dời.wav'))
  await page.getByTestId('preview-wave').focus()
  await page.keyboard.press('Space')
  await expect(page.getByTestId('preview')).toHaveAttribute('data-playing', 'true')
  await page.keyboard.press('Space')
  await showAll()
})

test('several items are chosen, tagged, taken back, submitted, approved and levelled without the mouse', async () => {
  await expect(rows().nth(4)).toBeVisible()
  await page.getByTestId('library-table').focus()
  await page.keyboard.press('Home')
  for (let n = 0; n < 2; n++) await page.keyboard.press('Shift+ArrowDown')
  await expect(page.getByTestId('many-count')).toContainText('3 tư liệu')
  await page.keyboard.press('Control+KeyT')
  await expect(page.getByTestId('many-tag')).toBeFocused()
  await page.keyboard.type('Tết 2027')
  await page.keyboard.press('Enter')
  await expect(page.getByTestId('many-tags')).toContainText('Tết 2027 · 3')
  await page.getByTestId('library-table').focus()
  await shot('library-many-light')
  await page.emulateMedia({ colorScheme: 'dark' })
  await shot('library-many-dark')
  await page.emulateMedia({ colorScheme: 'light' })
  await page.keyboard.press('Control+KeyZ')
  await expect(page.getByTestId('many-tags')).not.toContainText('Tết 2027')
  await page.keyboard.press('Control+Shift+Enter')
  await expect(page.getByTestId('many-submit')).toContainText('0 tư liệu')
  await page.keyboard.press('Control+Enter')
  await expect(page.getByTestId('many-approve')).toContainText('0 tư liệu')
  await expect(page.locator('[data-testid="library-row"][aria-selected="true"]')).toHaveCount(3)
  await expect(page.locator('[data-testid="library-row"][aria-selected="true"] .state')).toHaveText(['Đã duyệt', 'Đã duyệt', 'Đã duyệt'])
  await page.keyboard.press('Control+KeyL')
  await page.getByTestId('level-items-measure').press('Enter')
  await expect(page.getByTestId('level-rows').locator('tbody tr')).toHaveCount(3, { timeout: 60_000 })
  await shot('library-many-level')
  await page.keyboard.press('Escape')
  await expect(page.getByTestId('level-items')).toBeHidden()
  await page.getByTestId('library-table').focus()
  await page.keyboard.press('Escape')
  await expect(page.getByTestId('many-panel')).toHaveCount(0)
  await page.getByTestId('row-tick').nth(1).click()
  await page.getByTestId('row-tick').nth(3).click()
  await expect(page.getByTestId('many-count')).toContainText('2 tư liệu')
  await page.getByTestId('many-none').click()
  await expect(page.getByTestId('library-detail')).toBeVisible()
})

test('what can be made again is cleared with its bytes told, and a cleared sound plays when it is asked for', async () => {
  // What was heard a moment ago stays; this one nobody has opened yet.
  await ffmpegMake('-i', join(desk, 'piece.wav'), '-c:a', 'libmp3lame', join(desk, 'Chưa ai nghe.mp3'))
  await pick('Chưa ai nghe.mp3')
  await expect(rows().filter({ hasText: 'Chưa ai nghe' })).toHaveCount(1, { timeout: 60_000 })
  await page.getByTestId('caches-open').click()
  await expect(page.getByTestId('caches-mezzanine')).toContainText('1 tệp')
  await shot('library-caches')
  const before = await readdir(join(studio.dataDir, 'mezzanine'))
  await page.getByTestId('caches-clear').click()
  await expect(page.getByText(/Đã dọn .*tệp\./)).toBeVisible({ timeout: 60_000 })
  await page.keyboard.press('Escape')
  await expect(page.getByTestId('caches-dialog')).toBeHidden()
  const left = await readdir(join(studio.dataDir, 'mezzanine'))
  expect(left.length).toBe(before.length - 1)
  await choose('chua ai nghe', 'Chưa ai nghe')
  await page.getByTestId('preview-wave').focus()
  await page.keyboard.press('Space')
  await expect(page.getByTestId('preview')).toHaveAttribute('data-playing', 'true')
  await page.keyboard.press('Space')
  await showAll()
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
