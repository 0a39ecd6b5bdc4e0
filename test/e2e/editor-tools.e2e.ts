import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test, type Page } from '@playwright/test'
import type { Edl, Lane } from '#common/edl/index.ts'
import { joined, noise, sine, writeWav } from '../support/signals.ts'
import { connectStation, type StationClient } from '../support/station-client.ts'
import { launchStudio, type Studio } from './support/electron-app.ts'
import { Hands } from './support/hands.ts'
import { createAdministrator, expectAccessible, importFiles, PASSWORD, shot } from './support/person.ts'

/** Silence, fit, ducking and clean-up: each by its key and by the pointer, and what they show before is what they do. */
test.describe.configure({ mode: 'serial' })

const RATE = 48_000
let studio: Studio
let page: Page
let hands: Hands
let client: StationClient
let projectId = ''
let desk = ''

/** Speech-like sound of 10 s with pauses at 2 s and at 6,5 s; 20 s of music; an outro of 2 s. */
const spoken = joined(noise({ dbfs: -18, seconds: 2 }), noise({ dbfs: -66, seconds: 1.5 }), noise({ dbfs: -18, seconds: 3, seed: 4 }), noise({ dbfs: -66, seconds: 1 }), noise({ dbfs: -18, seconds: 2.5, seed: 9 }))

test.beforeAll(async () => {
  test.setTimeout(240_000)
  desk = await mkdtemp(join(tmpdir(), 'vangxa-tools-e2e-'))
  await writeWav(join(desk, 'Lời đọc.wav'), spoken)
  await writeWav(join(desk, 'Nhạc nền.wav'), joined(...[262, 330, 392, 523].map((hz) => sine({ hz, dbfs: -20, seconds: 5 }))))
  await writeWav(join(desk, 'Nhạc kết.wav'), joined(...[523, 392].map((hz) => sine({ hz, dbfs: -14, seconds: 1 }))))
  studio = await launchStudio()
  page = studio.page
  hands = new Hands(page)
  await createAdministrator(page)
  await importFiles(studio, ['Lời đọc', 'Nhạc nền', 'Nhạc kết'].map((name) => join(desk, `${name}.wav`)))
  await expect(page.getByTestId('library-row')).toHaveCount(3, { timeout: 60_000 })
  await page.getByTestId('library-row').filter({ hasText: 'Lời đọc' }).click()
  await page.getByTestId('open-in-editor').click()
  await expect(page.getByTestId('editor-desk')).toBeVisible({ timeout: 60_000 })
  const lock = await studio.stationLock()
  client = await connectStation({ port: lock.port, token: lock.token })
  await client.call('accounts.signIn', { userName: 'lan', password: PASSWORD })
  projectId = (await client.call('editor.list', {})).projects[0]?.id ?? ''
})
test.afterAll(async () => {
  await client?.close()
  await studio?.close()
  await rm(desk, { recursive: true, force: true })
})

const edlNow = async (): Promise<Edl> => (await client.call('editor.open', { projectId })).edl
const stepsNow = async (): Promise<number> => (await client.call('editor.history', { projectId })).undo.length
const endOf = (lane: Lane | undefined): number => Math.max(0, ...(lane?.clips ?? []).map((clip) => clip.start + clip.length))
const said = (text: string | RegExp, timeout = 30_000) => expect(page.getByTestId('editor-said')).toContainText(text, { timeout })
/** The picture when nothing moves in it any more. */
async function picture(): Promise<string> {
  const look = (): Promise<string> => page.getByTestId('timeline').locator('canvas').first().evaluate((canvas) => (canvas instanceof HTMLCanvasElement ? canvas.toDataURL() : ''))
  let before = ''
  await expect.poll(async () => {
    const now = await look()
    const isStill = now === before
    before = now
    return isStill
  }).toBe(true)
  return before
}
async function addItem(query: string, lane: 'up' | 'here' | 'down'): Promise<void> {
  if (lane !== 'here') await page.keyboard.press(lane === 'up' ? 'ArrowUp' : 'ArrowDown')
  await page.keyboard.press('Control+KeyI')
  await page.getByTestId('add-search').fill(query)
  await expect(page.getByTestId('add-row')).toHaveCount(1)
  await page.getByTestId('add-insert').click()
  await said('Thêm tư liệu')
}

const tools = [
  { id: 'silence', key: 'Control+Shift+KeyL', shown: 'tool-card-silence' },
  { id: 'fit', key: 'Control+Shift+KeyF', shown: 'tool-card-fit' },
  { id: 'duck', key: 'Control+Shift+KeyD', shown: 'tool-card-duck' },
  { id: 'cleanUp', key: 'Control+Shift+KeyC', shown: 'cleanup-form' },
  { id: 'levelTo', key: 'Control+Alt+KeyN', shown: 'level-form' },
  { id: 'slot', key: 'Control+Shift+KeyT', shown: 'slot-start' },
  { id: 'lane', key: 'Control+Shift+KeyR', shown: 'lane-name' },
  { id: 'addItem', key: 'Control+KeyI', shown: 'add-search' },
  { id: 'punch', key: 'KeyR', shown: 'punch' },
  { id: 'render', key: 'Control+KeyE', shown: 'render-title' },
] as const
for (const { id, key, shown } of tools) {
  test(`${id} opens by its key and by the pointer, and Escape leaves it`, async () => {
    await page.keyboard.press('KeyD')
    for (const way of ['key', 'pointer'] as const) {
      if (way === 'key') await page.keyboard.press(key)
      else {
        await page.getByTestId('tool-menu').click()
        await page.getByTestId(`menu-${id}`).click()
      }
      await expect(page.getByTestId(shown), way).toBeVisible()
      await page.keyboard.press('Escape')
      await expect(page.getByTestId(shown), way).toBeHidden()
    }
    await page.keyboard.press('Escape')
  })
}

test('the edges of a clip come to the playhead by keys, and it goes to the other lane and back', async () => {
  await page.keyboard.press('Home')
  await page.keyboard.press('Shift+ArrowRight')
  await page.keyboard.press('BracketLeft')
  await said('Kéo mép đoạn')
  expect((await edlNow()).lanes[0]?.clips.map((clip) => [clip.start, clip.offset])).toEqual([[RATE, RATE]])
  for (let n = 0; n < 3; n++) await page.keyboard.press('Shift+ArrowRight')
  await page.keyboard.press('BracketRight')
  await expect.poll(async () => endOf((await edlNow()).lanes[0])).toBe(4 * RATE)
  await page.keyboard.press('Alt+ArrowDown')
  await said('Dời đoạn')
  expect((await edlNow()).lanes.map((lane) => lane.clips.length)).toEqual([0, 1])
  await page.keyboard.press('Alt+ArrowUp')
  await expect.poll(async () => (await edlNow()).lanes.map((lane) => lane.clips.length)).toEqual([1, 0])
  for (let n = 0; n < 4; n++) await page.keyboard.press('Control+KeyZ')
  await expect.poll(async () => endOf((await edlNow()).lanes[0])).toBe(10 * RATE)
  await page.keyboard.press('Escape')
})

test('a bed goes down under speech: what is shown before is what is kept, to the pixel', async () => {
  test.setTimeout(120_000)
  await page.keyboard.press('Home')
  await page.keyboard.press('ArrowUp')
  await addItem('nhac nen', 'down')
  await page.keyboard.press('Escape')
  await page.keyboard.press('Control+Shift+KeyD')
  await expect(page.getByTestId('duck-preview')).toBeEnabled({ timeout: 30_000 })
  await expectAccessible(page, 'tools-duck')
  const plain = await picture()
  await page.getByTestId('duck-preview').click()
  await expect(page.getByTestId('duck-preview')).toHaveText('Dừng')
  await page.getByTestId('duck-preview').click()
  await expect(page.getByTestId('duck-preview')).not.toHaveText('Dừng')
  const shown = await picture()
  expect(shown).not.toBe(plain)
  expect((await edlNow()).lanes[1]?.duck).toBeNull()
  await page.getByTestId('duck-run').click()
  await said('Hạ nền')
  expect((await edlNow()).lanes[1]?.clips[0]?.envelope.length).toBeGreaterThan(2)
  expect(await picture()).toBe(shown)
})

test('an outro on a lane of its own ends with the slot: shown before it is done, one step, one undo', async () => {
  test.setTimeout(180_000)
  await page.keyboard.press('Control+Shift+KeyN')
  await said('Thêm làn')
  await page.keyboard.press('Home')
  for (let n = 0; n < 9; n++) await page.keyboard.press('Shift+ArrowRight')
  await addItem('nhac ket', 'here')
  const before = await edlNow()
  expect([endOf(before.lanes[0]), endOf(before.lanes[2])]).toEqual([10 * RATE, 11 * RATE])
  const steps = await stepsNow()
  await page.keyboard.press('Escape')
  await page.keyboard.press('Control+Shift+KeyF')
  await expect(page.getByTestId('fit-target')).toBeFocused()
  await page.keyboard.type('0:10')
  const plan = page.getByTestId('fit-plan')
  await expect(plan).toContainText('cả đoạn kết 0:11', { timeout: 30_000 })
  await expect(plan).toContainText('Dời 1 đoạn')
  await expect(plan).toContainText('Vừa đúng từng mẫu')
  await expectAccessible(page, 'tools-fit')
  await page.getByTestId('fit-target').focus()
  await page.keyboard.press('Enter')
  await said('Làm vừa khung', 120_000)
  const after = await edlNow()
  expect([endOf(after.lanes[0]), endOf(after.lanes[1]), endOf(after.lanes[2])]).toEqual([9 * RATE, 10 * RATE, 10 * RATE])
  expect(after.lanes[2]?.clips[0]?.length).toBe(2 * RATE)
  await expect(page.getByTestId('slot-state')).toContainText('vừa khung')
  expect(await stepsNow()).toBe(steps + 1)
  await page.keyboard.press('Control+KeyZ')
  await said('Đã hoàn tác')
  expect((await edlNow()).lanes).toEqual(before.lanes)
})

test('music goes on to the end of a slot that words cannot fill, again and again; the outro waits there', async () => {
  test.setTimeout(120_000)
  await page.keyboard.press('Control+Shift+KeyF')
  await page.keyboard.press('Control+KeyA')
  await page.keyboard.type('0:40')
  await expect(page.getByTestId('fit-plan')).toContainText('nhạc chạy tiếp', { timeout: 30_000 })
  await shot(page, 'tools-fit-music')
  // What was said of the slot before may still stand there: the step in the project's history is the sign.
  const steps = await stepsNow()
  await page.keyboard.press('Enter')
  await expect.poll(stepsNow, { timeout: 30_000 }).toBe(steps + 1)
  const { lanes } = await edlNow()
  expect([endOf(lanes[0]), endOf(lanes[2])]).toEqual([10 * RATE, 40 * RATE])
  expect(lanes[1]?.clips.length).toBeGreaterThan(1)
  await expect(page.getByTestId('slot-state')).toContainText('vừa khung')
  await page.keyboard.press('Control+KeyZ')
  await said('Đã hoàn tác')
})

test('the clean-up is chosen, heard on both sides and set by keys alone', async () => {
  test.setTimeout(180_000)
  await page.keyboard.press('Escape')
  await page.keyboard.press('Home')
  await page.keyboard.press('ArrowUp')
  await page.keyboard.press('ArrowUp')
  await page.keyboard.press('KeyD')
  await page.keyboard.press('Control+Shift+KeyC')
  await expect(page.getByTestId('cleanup-form')).toBeVisible()
  const reducer = page.getByTestId('cleanup-reducer')
  await expect(reducer.getByRole('radio', { name: /RNNoise/ })).toBeChecked({ timeout: 30_000 })
  await expectAccessible(page, 'tools-clean-up')
  await hands.tabTo(reducer)
  await page.keyboard.press('ArrowRight')
  await expect(reducer.getByRole('radio', { name: /afftdn/ })).toBeChecked()
  await page.keyboard.press('ArrowLeft')
  await expect(reducer.getByRole('radio', { name: /RNNoise/ })).toBeChecked()
  await hands.tabAndPress(page.getByTestId('cleanup-listen'))
  await expect(page.getByTestId('cleanup-listen')).toHaveText('Tạm dừng', { timeout: 90_000 })
  await hands.tabTo(page.getByTestId('cleanup-side'))
  await page.keyboard.press('ArrowLeft')
  await expect(page.getByTestId('cleanup-side').getByRole('radio', { name: 'Gốc' })).toBeChecked()
  await page.keyboard.press('ArrowRight')
  await hands.tabAndPress(page.getByTestId('cleanup-apply'))
  await expect(page.getByTestId('cleanup-form')).toBeHidden({ timeout: 90_000 })
  await said('Đã làm sạch 1 đoạn')
  const clip = (await edlNow()).lanes[0]?.clips[0]
  expect(clip?.original).not.toBeNull()
  await page.keyboard.press('Control+KeyZ')
  await said('Đã hoàn tác')
})
