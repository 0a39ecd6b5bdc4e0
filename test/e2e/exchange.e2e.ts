import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from '@playwright/test'
import type { Page } from '@playwright/test'
import type { Edl } from '#common/edl/index.ts'
import { noise, writeWav } from '../support/signals.ts'
import { connectStation } from '../support/station-client.ts'
import type { StationClient } from '../support/station-client.ts'
import { launchStudio } from './support/electron-app.ts'
import type { Studio } from './support/electron-app.ts'
import { createAdministrator, expectAccessible, importFiles, PASSWORD } from './support/person.ts'

/** Sound and arrangements to and from other desks, from the editor's own dialogs. */
test.describe.configure({ mode: 'serial' })

let studio: Studio
let page: Page
let client: StationClient
let projectId = ''
let desk = ''
let out = ''

test.beforeAll(async () => {
  test.setTimeout(240_000)
  desk = await mkdtemp(join(tmpdir(), 'vangxa-exchange-e2e-'))
  out = await mkdtemp(join(desk, 'xuất '))
  await writeWav(join(desk, 'Lời đọc.wav'), noise({ dbfs: -20, seconds: 4 }))
  studio = await launchStudio()
  page = studio.page
  await createAdministrator(page)
  await importFiles(studio, [join(desk, 'Lời đọc.wav')])
  await expect(page.getByTestId('library-row')).toHaveCount(1, { timeout: 60_000 })
  await page.getByTestId('library-row').click()
  await page.getByTestId('open-in-editor').click()
  await expect(page.getByTestId('editor-desk')).toBeVisible({ timeout: 60_000 })
  const { port, token } = await studio.stationLock()
  client = await connectStation({ port, token })
  await client.call('accounts.signIn', { userName: 'lan', password: PASSWORD })
  projectId = (await client.call('editor.list', {})).projects[0]?.id ?? ''
})
test.afterAll(async () => {
  await client?.close()
  await studio?.close()
  await rm(desk, { recursive: true, force: true })
})

const edlNow = async (): Promise<Edl> => (await client.call('editor.open', { projectId })).edl
const answerSaveDialog = (filePath: string): Promise<void> => studio.app.evaluate(({ dialog }, path) => {
  Object.assign(dialog, { showSaveDialog: () => Promise.resolve({ canceled: false, filePath: path }) })
}, filePath)

test('labels of another program become markers, as one step', async () => {
  const labels = join(desk, 'nhãn.txt')
  await writeFile(labels, '0.5\t0.5\tMở đầu\n1.000020833\t2\tTin bão\n')
  await page.getByTestId('import-marks-file').setInputFiles(labels)
  await expect.poll(async () => (await edlNow()).markers.map(({ at, length, label }) => [at, length, label])).toEqual([[24_000, 0, 'Mở đầu'], [48_001, 47_999, 'Tin bão']])
  expect((await client.call('editor.history', { projectId })).undo.length).toBe(1)
  const wrong = join(desk, 'sai.csv')
  await writeFile(wrong, 'start,label\nkhông phải giờ,x\n')
  await page.getByTestId('import-marks-file').setInputFiles(wrong)
  await expect(page.getByText('Dòng 2 không hiểu được.')).toBeVisible()
  expect((await edlNow()).markers).toHaveLength(2)
})

test('markers and the arrangement are written for other programs, by keyboard', async () => {
  for (const [id, name, holds] of [['labels', 'a.txt', '0.500000000\t0.500000000\tMở đầu'], ['cue', 'a.cue', 'INDEX 01 00:01:00'], ['csv', 'a.csv', '00:00:00.500,00:00:00.500,Mở đầu'], ['otio', 'a.otio', '"OTIO_SCHEMA": "Timeline.1"'], ['cmx3600', 'a.edl', '* FROM CLIP NAME: Lời đọc']] as const) {
    const path = join(out, name)
    await answerSaveDialog(path)
    await page.getByTestId('interchange').focus()
    await page.keyboard.press('Enter')
    await page.getByTestId(`export-${id}`).press('Enter')
    await expect.poll(() => readFile(path, 'utf8').catch(() => '')).toContain(holds)
  }
})

test('a programme is exported to a folder by a preset, and the queue and the ffmpeg lines tell of it', async () => {
  await page.keyboard.press('Control+KeyE')
  await page.getByTestId('export-destination').getByText('Thư mục trên máy').click()
  await page.getByTestId('export-folder').fill(out)
  await page.getByTestId('render-title').fill('Bản tin')
  await expectAccessible(page, 'export-folder')
  await page.getByTestId('render-start').press('Enter')
  await expect(page.getByTestId('export-path')).toContainText('Bản tin.wav', { timeout: 60_000 })
  expect((await readFile(join(out, 'Bản tin.wav'))).toString('latin1', 12, 16)).toBe('bext')
  await page.getByTestId('export-preset').click()
  await page.getByRole('option', { name: /MP3/ }).click()
  await page.getByTestId('render-start').press('Enter')
  await expect(page.getByTestId('export-path')).toContainText('Bản tin.mp3', { timeout: 60_000 })
  expect((await readdir(out)).filter((name) => name.startsWith('Bản tin'))).toEqual(['Bản tin.mp3', 'Bản tin.wav'])
  // The same name again is refused, and the file stays.
  await page.getByTestId('render-start').press('Enter')
  await expect(page.getByText('Thư mục đã có tệp Bản tin.mp3.').first()).toBeVisible()
  await page.getByTestId('export-queue-tab').click()
  await expect(page.getByTestId('export-queue').locator('li')).toHaveCount(2)
  await expectAccessible(page, 'export-queue')
  await page.getByTestId('export-commands-tab').click()
  await expect(page.getByTestId('export-commands')).toContainText('libmp3lame')
  await page.keyboard.press('Escape')
})

test('an arrangement comes back as a project of its own', async () => {
  const before = (await client.call('editor.list', {})).projects.length
  await page.getByTestId('editor-back').click()
  await page.getByTestId('import-timeline-file').setInputFiles(join(out, 'a.otio'))
  await expect(page.getByTestId('editor-desk')).toBeVisible()
  await expect.poll(async () => (await client.call('editor.list', {})).projects.length).toBe(before + 1)
  const made = (await client.call('editor.list', {})).projects.find(({ id }) => id !== projectId)
  const edl = (await client.call('editor.open', { projectId: made?.id ?? '' })).edl
  expect(edl.lanes.flatMap(({ clips }) => clips.map(({ start, offset, length }) => [start, offset, length]))).toEqual([[0, 0, 192_000]])
  expect(edl.markers.map(({ label }) => label)).toEqual(['Mở đầu', 'Tin bão'])
})

test('what an exported file says about itself is seen in the library when it comes in', async () => {
  await page.keyboard.press('F1')
  await importFiles(studio, [join(out, 'Bản tin.wav')])
  await expect(page.getByTestId('library-row')).toHaveCount(2, { timeout: 60_000 })
  await page.getByTestId('library-row').first().click()
  await expect(page.getByTestId('broadcast-info')).toContainText('Loi doc')
  await expect(page.getByTestId('broadcast-info')).toContainText('LUFS')
})
