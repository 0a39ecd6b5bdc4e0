import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from '@playwright/test'
import type { Page } from '@playwright/test'
import { addDays } from '#common/timing/zone.ts'
import { weekdayOf } from '#common/planning/index.ts'
import type { Item } from '#contract/library.ts'
import { babble, writeWav } from '../support/signals.ts'
import { connectStation } from '../support/station-client.ts'
import type { StationClient } from '../support/station-client.ts'
import { launchStudio } from './support/electron-app.ts'
import type { Studio } from './support/electron-app.ts'
import { createAdministrator, expectAccessible, PASSWORD } from './support/person.ts'

let studio: Studio
let page: Page
let client: StationClient
let folder = ''

const zone = 'Asia/Ho_Chi_Minh'
const today = new Intl.DateTimeFormat('en-CA', { timeZone: zone, dateStyle: 'short' }).format(Date.now())
const tomorrow = addDays(today, 1)
/** What the library holds: news and a notice of our own, a song from abroad that is far too long, an edition of one column. */
const shelf: readonly (Pick<Item, 'title' | 'kind' | 'tags' | 'origin' | 'essential'> & { readonly seconds: number })[] = [
  { title: 'Nhạc hiệu thử', kind: 'jingle', tags: [], origin: 'tu-san-xuat', essential: false, seconds: 5 },
  { title: 'Bản tin thử', kind: 'programme', tags: ['bản tin'], origin: 'tu-san-xuat', essential: true, seconds: 40 },
  { title: 'Thông báo thử', kind: 'speech', tags: ['thông báo'], origin: 'tu-san-xuat', essential: true, seconds: 20 },
  { title: 'Chuyện y tế', kind: 'programme', tags: ['y tế'], origin: 'tu-san-xuat', essential: true, seconds: 25 },
  { title: 'Ca khúc nước ngoài', kind: 'music', tags: [], origin: 'nuoc-ngoai', essential: false, seconds: 110 },
]

test.beforeAll(async () => {
  test.setTimeout(300_000)
  folder = await mkdtemp(join(tmpdir(), 'vangxa-planning-'))
  for (const [index, { title, seconds }] of shelf.entries()) await writeWav(join(folder, `${title}.wav`), babble(seconds, index + 11))
  studio = await launchStudio()
  page = studio.page
  await createAdministrator(page)
  const lock = await studio.stationLock()
  client = await connectStation({ port: lock.port, token: lock.token })
  await client.call('accounts.signIn', { userName: 'lan', password: PASSWORD })
  await client.call('library.import', { paths: shelf.map(({ title }) => join(folder, `${title}.wav`)) })
  const items = async (): Promise<readonly Item[]> => (await client.call('library.list', {})).items
  await expect.poll(async () => (await items()).length, { timeout: 120_000 }).toBe(shelf.length)
  for (const item of await items()) {
    const facts = shelf.find(({ title }) => title === item.title)
    if (facts === undefined) throw new Error(`an item nobody imported: ${item.title}`)
    const { kind, tags, origin, essential } = facts
    const described = await client.call('library.update', { itemId: item.id, rev: item.rev, kind, tags, origin, essential })
    await client.call('library.approve', { itemId: described.id, rev: described.rev })
  }
})
test.afterAll(async () => {
  await client?.close()
  await studio?.close()
  await rm(folder, { recursive: true, force: true })
})

test('tomorrow is planned from its template by keyboard, with a report of what is missing and a meter that says what to change', async () => {
  test.setTimeout(120_000)
  await page.keyboard.press('Shift+F4')
  await expect(page.getByTestId('plan-grid')).toBeVisible()
  await expect(page.getByTestId('planning-missing-badge')).toHaveText('Thiếu 7')
  await page.keyboard.press('Control+KeyG')
  await expect(page.getByTestId('generate-run')).toBeFocused()
  await page.keyboard.press('Enter')
  const draft = page.getByTestId('draft')
  await expect(draft).toHaveAttribute('data-state', 'ready', { timeout: 30_000 })
  // A trial: the log is as it was.
  expect((await client.call('log.day', { broadcastDate: tomorrow })).lines).toEqual([])
  const lines = draft.getByTestId('draft-line')
  await expect(lines.filter({ hasText: 'Bản tin thử' })).toHaveCount(2)
  await expect(lines.filter({ hasText: 'Chuyện y tế' }).first()).toContainText('khung giờ')
  // Two sessions of half an hour, two minutes of sound in each.
  await expect(draft.getByTestId('finding').filter({ hasText: 'Phiên kết thúc sớm' })).toHaveCount(2)
  const meter = draft.getByTestId('quota-meter')
  await expect(meter.getByTestId('quota-foreign')).toHaveAttribute('data-state', 'fail')
  await expect(meter.getByTestId('quota-advice')).toContainText('«Ca khúc nước ngoài»')
  await expectAccessible(page, 'planning-draft')

  await draft.getByTestId('draft-apply').click()
  await expect(draft).toHaveAttribute('data-state', 'applied')
  const added = (await client.call('log.day', { broadcastDate: tomorrow })).lines.length
  await expect(draft.getByTestId('draft-outcome')).toContainText(`Đã áp dụng: thêm ${added}`)
  await expect(page.getByRole('alert').filter({ hasText: `Đã áp dụng: thêm ${added}` })).toBeVisible()
  await page.keyboard.press('Escape')
  await expect(draft).toBeHidden()
  expect((await client.call('log.day', { broadcastDate: tomorrow })).slots.map(({ title }) => title)).toEqual(['Buổi sáng', 'Buổi chiều'])
})

test('the week shows the day, and its log opens with the quotas beside it', async () => {
  test.setTimeout(120_000)
  if (weekdayOf(tomorrow) === 1) await page.getByTestId('planning-next').click()
  await page.getByTestId(`plan-day-${weekdayOf(tomorrow)}`).click()
  await expect(page.getByTestId('plan-day-panel')).toContainText('dòng theo kế hoạch')
  await expect(page.getByTestId('planning-quota').getByTestId('quota-foreign')).toHaveAttribute('data-state', 'fail')
    await page.getByTestId('plan-day-log').click()
  await expect(page.getByTestId('log-page')).toBeVisible()
  await expect(page.getByTestId('log-date')).toHaveValue(tomorrow)
  await expect(page.getByTestId('log-line').filter({ hasText: 'Bản tin thử' })).toHaveCount(2)
  await expect(page.getByTestId('quota-chip-foreign')).toHaveAttribute('data-tone', 'warn')
  await expect(page.getByTestId('quota-chip-week')).toContainText('chưa đạt')
  await page.getByTestId('quota-chip-day').focus()
  await page.keyboard.press('Enter')
  await expect(page.getByTestId('quota-advice')).toContainText('Thay')
  await expectAccessible(page, 'log-quotas')
  await page.keyboard.press('Escape')
  await expect(page.getByTestId('quota-advice')).toBeHidden()
})

test('a line outside the hours goes out only as priority, by the word of an approver', async () => {
  test.setTimeout(120_000)
  const { parts } = await client.call('planning.parts', {})
  const grid = parts.find(({ part }) => part.kind === 'grid')
  const profile = parts.find(({ part }) => part.kind === 'profile' && part.content.title === 'Nghị định 49')
  if (grid?.part.kind !== 'grid' || profile === undefined) throw new Error('the plan every station begins with is not there')
  const item = (await client.call('library.list', { query: 'Thông báo thử' })).items[0]
  const before = (await client.call('log.day', { broadcastDate: tomorrow })).lines
  const at = Date.parse(`${tomorrow}T14:00:00+07:00`)
  const { lines } = await client.call('log.addLine', { broadcastDate: tomorrow, itemId: item?.id ?? '', timing: { kind: 'hard', at, onReach: { kind: 'cut' } }, afterLineId: before.findLast((line) => (line.plannedAt ?? 0) < at)?.id ?? null })
  const lineId = lines.find(({ id }) => !before.some((line) => line.id === id))?.id ?? ''
  await client.call('planning.save', { partId: grid.id, rev: grid.rev, part: { kind: 'grid', content: { ...grid.part.content, profileId: profile.id } } })
  await page.locator(`[data-line-id="${lineId}"]`).click()
  const rules = page.getByTestId('log-line-panel').getByTestId('rule-confirm')
  await expect(rules).toContainText('Ngoài khung giờ cho phép')
  await rules.getByRole('button', { name: 'Phát theo diện ưu tiên' }).click()
  await expect(rules).toContainText('Ưu tiên, Nguyễn Thị Lan xác nhận')
  await expect.poll(async () => (await client.call('log.day', { broadcastDate: tomorrow })).lines.find(({ id }) => id === lineId)?.lineState).toBe('ok')
  await expectAccessible(page, 'log-priority')
})

test('every part of the plan is accessible in light and in dark, with one of each opened', async () => {
  test.setTimeout(180_000)
  await page.keyboard.press('Shift+F4')
  await expect(page.getByTestId('plan-grid')).toBeVisible()
  for (const [index, view] of (['week', 'clocks', 'columns', 'exceptions', 'rules'] as const).entries()) {
    await page.keyboard.press(`Alt+Digit${index + 1}`)
    await expect(page.getByTestId(`planning-view-${view}`)).toHaveAttribute('aria-selected', 'true')
    if (view !== 'week' && view !== 'exceptions') await page.getByTestId('part').first().click()
    await expectAccessible(page, `planning-${view}`)
  }
  await page.keyboard.press('Alt+Digit1')
  await page.getByTestId('plan-grid').focus()
  for (const key of ['ArrowDown', 'ArrowDown', 'Shift+ArrowRight', 'Shift+ArrowDown']) await page.keyboard.press(key)
  await expect(page.getByTestId('plan-cell-panel')).toBeVisible()
  await expectAccessible(page, 'planning-cells')
})
