import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from '@playwright/test'
import type { Page } from '@playwright/test'
import { addDays } from '#common/timing/zone.ts'
import { babble, writeWav } from '../support/signals.ts'
import { connectStation } from '../support/station-client.ts'
import type { StationClient } from '../support/station-client.ts'
import { launchStudio } from './support/electron-app.ts'
import type { Studio } from './support/electron-app.ts'
import { createAdministrator, expectAccessible, PASSWORD } from './support/person.ts'

let studio: Studio
let page: Page
let lan: StationClient
let huy: StationClient
let folder = ''
const today = new Intl.DateTimeFormat('en-CA', { timeZone: 'Asia/Ho_Chi_Minh', dateStyle: 'short' }).format(Date.now())

test.beforeAll(async () => {
  test.setTimeout(300_000)
  folder = await mkdtemp(join(tmpdir(), 'vangxa-approval-'))
  await writeWav(join(folder, 'Thông báo giải tỏa.wav'), babble(5, 21))
  studio = await launchStudio()
  page = studio.page
  await createAdministrator(page)
  const { port, token } = await studio.stationLock()
  lan = await connectStation({ port, token })
  await lan.call('accounts.signIn', { userName: 'lan', password: PASSWORD })
  await lan.call('accounts.create', { fullName: 'Phạm Quốc Huy', userName: 'huy', password: 'câu dài khác hẳn 27', roles: ['approver'] })
  huy = await connectStation({ port, token })
  await huy.call('accounts.signIn', { userName: 'huy', password: 'câu dài khác hẳn 27' })
  await lan.call('library.import', { paths: [join(folder, 'Thông báo giải tỏa.wav')] })
  await page.keyboard.press('F1')
  await page.getByTestId('library-row').filter({ hasText: 'Thông báo giải tỏa' }).click()
})
test.afterAll(async () => {
  await lan?.close()
  await huy?.close()
  await studio?.close()
  await rm(folder, { recursive: true, force: true })
})

test('a sensitive item waits for a second person, and the first one cannot be both', async () => {
  test.setTimeout(120_000)
  const state = page.getByTestId('detail-state')
  await page.getByTestId('item-sensitive').click()
  await expect(page.getByTestId('item-sensitive')).toBeChecked()
  await page.getByTestId('step-submit').click()
  await expect(state).toHaveText('Trình duyệt')
  await page.getByTestId('step-approve').click()
  await expect(page.getByTestId('second-approval')).toHaveText('Chờ người duyệt thứ hai')
  await expect(state).toHaveText('Trình duyệt')
  await expectAccessible(page, 'library-second-approval')
  await page.getByTestId('step-approve').click()
  await expect(page.getByText('Bạn đã duyệt tư liệu này rồi.').first()).toBeVisible()
  await expect(state).toHaveText('Trình duyệt')
  const [item] = (await huy.call('library.list', {})).items
  if (item === undefined) throw new Error('no item')
  await huy.call('library.approve', { itemId: item.id, rev: item.rev })
  await expect(state).toHaveText('Đã duyệt')
  await expect(page.getByTestId('second-approval')).toHaveCount(0)
  await expect(page.getByText(/Nguyễn Thị Lan, Phạm Quốc Huy duyệt lúc/)).toBeVisible()
})

test('an embargo is set by day and time, is seen, and keeps a line before it from sounding', async () => {
  test.setTimeout(120_000)
  const tomorrow = addDays(today, 1)
  await page.getByTestId('embargo-date').fill(tomorrow)
  await page.getByTestId('embargo-time').fill('25:00')
  await expect(page.getByText('Nhập ngày và giờ, ví dụ 17:00.')).toBeVisible()
  await page.getByTestId('embargo-time').fill('17:00')
  await page.getByTestId('embargo-set').click()
  await expect(page.getByTestId('item-embargo')).toContainText(`Không phát trước ${tomorrow.split('-').reverse().join('/')} 17:00:00`)
  await expectAccessible(page, 'library-embargo')
  const [item] = (await lan.call('library.list', {})).items
  const at = (time: string): number => Date.parse(`${tomorrow}T${time}+07:00`)
  const early = await lan.call('log.addLine', { broadcastDate: tomorrow, itemId: item?.id ?? '', timing: { kind: 'hard', at: at('16:59:00'), onReach: { kind: 'cut' } }, afterLineId: null })
  const both = await lan.call('log.addLine', { broadcastDate: tomorrow, itemId: item?.id ?? '', timing: { kind: 'hard', at: at('17:00:00'), onReach: { kind: 'cut' } }, afterLineId: early.lines[0]?.id ?? null })
  expect(both.lines.map(({ lineState, reason }) => [lineState, reason?.code ?? null])).toEqual([['ruleBlocked', 'embargo'], ['ok', null]])
})
