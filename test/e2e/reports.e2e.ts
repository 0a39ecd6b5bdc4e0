import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from '@playwright/test'
import type { Page } from '@playwright/test'
import ExcelJS from 'exceljs'
import { babble, writeWav } from '../support/signals.ts'
import { connectStation } from '../support/station-client.ts'
import type { StationClient } from '../support/station-client.ts'
import { launchStudio } from './support/electron-app.ts'
import type { Studio } from './support/electron-app.ts'
import { createAdministrator, expectAccessible, PASSWORD, shot } from './support/person.ts'

let studio: Studio
let page: Page
let client: StationClient
let folder = ''
const TITLE = 'Thông báo tiêm chủng'

test.beforeAll(async () => {
  test.setTimeout(300_000)
  folder = await mkdtemp(join(tmpdir(), 'vangxa-reports-'))
  await writeWav(join(folder, `${TITLE}.wav`), babble(6, 5))
  studio = await launchStudio()
  page = studio.page
  await createAdministrator(page)
  const lock = await studio.stationLock()
  client = await connectStation({ port: lock.port, token: lock.token })
  await client.call('accounts.signIn', { userName: 'lan', password: PASSWORD })
  await client.call('library.import', { paths: [join(folder, `${TITLE}.wav`)] })
  await expect.poll(async () => (await client.call('library.list', {})).items.length, { timeout: 60_000 }).toBe(1)
  await rm(join(folder, `${TITLE}.wav`))
  const [item] = (await client.call('library.list', {})).items
  if (item === undefined) throw new Error('no item')
  await client.call('library.approve', { itemId: item.id, rev: item.rev })
  // It airs now, and once more this evening, if the evening is still ahead.
  const { broadcastDate, endsAt, lines } = await client.call('log.day', {})
  expect(lines).toEqual([])
  const first = await client.call('log.addLine', { broadcastDate, itemId: item.id, timing: { kind: 'hard', at: Date.now() + 12_000, onReach: { kind: 'cut' } }, afterLineId: null })
  await client.call('log.addLine', { broadcastDate, itemId: item.id, timing: { kind: 'hard', at: endsAt - 8000, onReach: { kind: 'cut' } }, afterLineId: first.lines[0]?.id ?? null })
})
test.afterAll(async () => {
  await client?.close()
  await studio?.close()
  await rm(folder, { recursive: true, force: true })
})

test('the book fills while it is on air, and the plan is held against it', async () => {
  test.setTimeout(120_000)
  await page.keyboard.press('F9')
  const rows = page.getByTestId('report-row')
  await expect(rows).toHaveCount(1, { timeout: 60_000 })
  await expect(rows.first()).toContainText('Đang phát')
  await expect(rows.first()).toContainText('Hết bài', { timeout: 30_000 })
  await expect(rows.first()).toContainText('Đúng giờ')
  await expect(page.getByTestId('report-sums')).toContainText('1 dòng, 1 dòng có tiếng')
  await expectAccessible(page, 'reports-as-run')
  await page.keyboard.press('Alt+Digit2')
  await expect(rows).toHaveCount(2)
  await expect(rows.first()).toContainText('Phát đủ, đúng giờ')
  await expect(rows.nth(1)).toContainText('Chưa tới giờ')
  await expectAccessible(page, 'reports-reconciliation')
  await page.keyboard.press('Alt+Digit3')
  await expect(rows.first()).toContainText('Toàn trạm')
  await expectAccessible(page, 'reports-quota')
  await page.keyboard.press('Alt+Digit4')
  await expect(page.getByTestId('audit')).toContainText('air.played')
  await page.getByTestId('audit').getByRole('button').click()
  await expect(page.getByTestId('audit')).toContainText('Toàn vẹn')
})

test('Ctrl S writes a spreadsheet and Ctrl Shift S a CSV into the folder the person chose', async () => {
  test.setTimeout(120_000)
  await studio.app.evaluate(({ dialog }, path) => {
    Object.assign(dialog, { showOpenDialog: () => Promise.resolve({ canceled: false, filePaths: [path] }) })
  }, folder)
  await page.keyboard.press('Alt+Digit1')
  await page.keyboard.press('Control+KeyS')
  await expect(page.getByText(/Đã lưu .*Nhat-ky-phat_.*\.xlsx/)).toBeVisible({ timeout: 30_000 })
  await page.keyboard.press('Control+Shift+KeyS')
  await expect(page.getByText(/Đã lưu .*Nhat-ky-phat_.*\.csv/)).toBeVisible({ timeout: 30_000 })
  const names = (await readdir(folder)).toSorted()
  expect(names.map((name) => name.replace(/_\d{4}-\d{2}-\d{2}/, '_ngày'))).toEqual(['Nhat-ky-phat_ngày.csv', 'Nhat-ky-phat_ngày.xlsx'])
  const [csv = '', xlsx = ''] = names
  expect(await readFile(join(folder, csv), 'utf8')).toMatch(/^\uFEFFNgày phát,.*\r\n[^\r]*Thông báo tiêm chủng/)
  const workbook = new ExcelJS.Workbook()
  await workbook.xlsx.readFile(join(folder, xlsx))
  expect(workbook.worksheets[0]?.getCell(6, 9).value).toBe(TITLE)
})

test('on paper stands the book alone, with its title and room for two signatures', async () => {
  await page.evaluate(() => {
    Object.assign(window, { printed: 0, print: () => Object.assign(window, { printed: 1 }) })
  })
  await page.keyboard.press('Control+KeyP')
  expect(await page.evaluate(() => Reflect.get(window, 'printed'))).toBe(1)
  await page.emulateMedia({ media: 'print', colorScheme: 'dark' })
  await expect(page.getByTestId('rail-library')).toBeHidden()
  await expect(page.getByTestId('report-save-xlsx')).toBeHidden()
  await expect(page.getByTestId('report-paper-head')).toBeVisible()
  await expect(page.getByText('Người lập')).toBeVisible()
  expect(await page.getByTestId('report-row').first().evaluate((row) => getComputedStyle(row.querySelector('td') ?? row).color)).toBe('rgb(0, 0, 0)')
  expect(await page.getByTestId('report').locator('thead').evaluate((head) => [head, ...head.querySelectorAll('tr, th')].map((part) => getComputedStyle(part).backgroundColor).filter((color) => color !== 'rgb(255, 255, 255)' && color !== 'rgba(0, 0, 0, 0)'))).toEqual([])
  await shot(page, 'reports-paper')
  await page.emulateMedia({ media: 'screen' })
  await expect(page.getByTestId('rail-library')).toBeVisible()
})

test('a week back has nothing to say and says so; a period the wrong way round is told', async () => {
  await page.keyboard.press('F9')
  await page.keyboard.press('Alt+Digit1')
  for (let day = 0; day < 7; day++) await page.keyboard.press('Alt+ArrowLeft')
  await expect(page.getByText('Không có dòng nào trong kỳ này.')).toBeVisible()
  await page.getByTestId('report-from').fill('2030-01-01')
  await expect(page.getByText('Ngày cuối phải sau ngày đầu, nhiều nhất 92 ngày.')).toBeVisible()
  await expect(page.getByTestId('report-save-xlsx')).toBeDisabled()
})
