import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from '@playwright/test'
import type { Page } from '@playwright/test'
import { babble, writeWav } from '../support/signals.ts'
import { connectStation } from '../support/station-client.ts'
import type { StationClient } from '../support/station-client.ts'
import { launchStudio } from './support/electron-app.ts'
import type { Studio } from './support/electron-app.ts'
import { createAdministrator, importFiles } from './support/person.ts'

let first: Studio
let second: Studio
let client: StationClient
let desk = ''

const titles = ['Bản tin', 'Nhạc một', 'Nhạc hai', 'Bài thay']
const lines = (page: Page) => page.getByTestId('log-line')
const shot = async (page: Page, name: string): Promise<void> => {
  const folder = process.env['VANGXA_SHOTS']
  if (folder !== undefined) await page.screenshot({ path: join(folder, `${name}.png`) })
}
const timeIn = (seconds: number): string => new Intl.DateTimeFormat('en-GB', { timeZone: 'Asia/Ho_Chi_Minh', hourCycle: 'h23', hour: '2-digit', minute: '2-digit', second: '2-digit' }).format(Date.now() + seconds * 1000)

test.beforeAll(async () => {
  desk = await mkdtemp(join(tmpdir(), 'vangxa-log-two-'))
  for (const [index, title] of titles.entries()) await writeWav(join(desk, `${title}.wav`), babble(40, index + 3))
  first = await launchStudio()
  const { page } = first
  await createAdministrator(page)
  await importFiles(first, titles.map((title) => join(desk, `${title}.wav`)))
  await expect(page.getByTestId('library-row')).toHaveCount(titles.length, { timeout: 60_000 })
  for (const title of titles) {
    await page.getByTestId('library-row').filter({ hasText: title }).click()
    await page.getByTestId('step-submit').click()
    await expect(page.getByTestId('detail-state')).toHaveText('Trình duyệt')
    await page.getByTestId('step-approve').click()
    await expect(page.getByTestId('detail-state')).toHaveText('Đã duyệt')
  }
  // A second computer's window on the same station, and a second person at it.
  const lock = await first.stationLock()
  client = await connectStation({ port: lock.port, token: lock.token })
  await client.call('accounts.signIn', { userName: 'lan', password: 'một mật khẩu dài' })
  await client.call('accounts.create', { fullName: 'Trần Minh', userName: 'minh', password: 'câu dài khác hẳn 27', roles: ['scheduler', 'approver'] })
  await writeFile(join(desk, 'token'), lock.token)
  second = await launchStudio({ dataDir: join(desk, 'second'), keepStation: true, args: ['--station', `http://127.0.0.1:${lock.port}`, '--station-token', join(desk, 'token')] })
  await second.page.setViewportSize({ width: 1366, height: 768 })
  await second.page.getByTestId('user-name').fill('minh')
  await second.page.getByTestId('password').fill('câu dài khác hẳn 27')
  await second.page.getByTestId('sign-in').click()
  await second.page.getByTestId('library-page').waitFor()
})
test.afterAll(async () => {
  await client.close()
  await second.close()
  await first.close()
  await rm(desk, { recursive: true, force: true })
})

test('an item of the running log is swapped from the second window, seen in the first, and heard', async () => {
  test.setTimeout(180_000)
  const { page } = first
  for (const one of [page, second.page]) {
    await one.keyboard.press('F4')
    await one.getByTestId('log-page').waitFor()
  }
  for (const title of titles.slice(0, 3)) {
    await page.getByTestId('log-add-search').fill(title)
    await expect(page.getByTestId('log-add-button')).toContainText(title)
    if (title === titles[0]) await page.getByTestId('log-add-time').fill(timeIn(15))
    await page.getByTestId('log-add-button').click()
    await expect(lines(page).filter({ hasText: title })).toHaveCount(1)
  }
  await expect(lines(second.page)).toHaveCount(3)
  await expect(lines(second.page).first()).toHaveAttribute('data-status', 'playing', { timeout: 40_000 })
  const id = await lines(second.page).nth(2).getAttribute('data-line-id')
  await lines(second.page).nth(2).click()
  await second.page.getByTestId('log-replace').click()
  await second.page.getByTestId('log-replace-item').filter({ hasText: 'Bài thay' }).click()
  await expect(second.page.getByTestId('log-use')).toHaveAttribute('data-outcome', 'changed')
  await shot(second.page, 'log-replace')
  await second.page.getByTestId('log-replace-apply').click()
  await expect(lines(page).nth(2)).toContainText('Bài thay')
  await expect(lines(page).nth(2)).toHaveAttribute('data-line-id', id ?? '')
  await expect(lines(page).first()).toHaveAttribute('data-status', 'playing')
  await shot(page, 'log-two-windows')
  // Taken back from the window that did it, seen in the other.
  await second.page.getByTestId('log-table').focus()
  await second.page.keyboard.press('Control+KeyZ')
  await expect(lines(page).nth(2)).toContainText('Nhạc hai')
})

test('what one window holds is refused to the other by name, and a change on an old view is refused', async () => {
  const { page } = first
  const text = (one: Page) => one.getByTestId('log-text')
  await page.getByTestId('log-lock-button').click()
  await expect(second.page.getByTestId('log-lock')).toContainText('Nguyễn Thị Lan')
  await lines(second.page).nth(2).click()
  await text(second.page).fill('Minh viết')
  await text(second.page).blur()
  await expect(second.page.getByText('Nguyễn Thị Lan đang giữ lịch này để sửa.')).toBeVisible()
  await second.page.getByTestId('log-take-over').click()
  await expect(page.getByTestId('log-lock')).toContainText('Trần Minh')
  await second.page.getByTestId('log-lock-button').click()
  await expect(page.getByTestId('log-lock')).toHaveCount(0)
  const old = await client.call('log.day', {})
  await lines(page).nth(2).click()
  await text(page).fill('Lan viết')
  await text(page).blur()
  await lines(second.page).nth(2).click()
  await expect(text(second.page)).toHaveValue('Lan viết')
  const line = old.lines[2]
  const late = line === undefined ? Promise.resolve() : client.call('log.updateLine', { broadcastDate: old.broadcastDate, lineId: line.id, rev: line.rev, text: 'trên bản cũ' })
  await expect(late).rejects.toMatchObject({ code: 'stale' })
  await expect(text(page)).toHaveValue('Lan viết')
})
