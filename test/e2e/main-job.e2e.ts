import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test, type Page } from '@playwright/test'
import { align, missingSamples, readMono } from '../support/demo/compare-sound.ts'
import { ffmpegMake, speakToWav } from '../support/signals.ts'
import { connectStation } from '../support/station-client.ts'
import { launchStudio, readLock, waitForLock, type Studio } from './support/electron-app.ts'
import { addUnit, approveItem, createAdministrator, devicesAddress, pairRadio, PASSWORD, setPin, shot } from './support/person.ts'
import { startRadioProcess, type RadioProcess } from './support/radio-process.ts'

/** The main job of the studio, by keyboard and mouse, from an empty folder to a loudspeaker. Each test goes on where the last one ended. */
test.describe.configure({ mode: 'serial' })

const TITLE = 'Lời dẫn bản tin sáng'
const PROGRAMME = 'Bản tin sáng hoàn chỉnh'
let studio: Studio
let page: Page
let radio: RadioProcess
let desk = ''
let plannedAt = 0

test.beforeAll(async () => {
  desk = await mkdtemp(join(tmpdir(), 'vangxa-main-e2e-'))
  await speakToWav(join(desk, 'speech.wav'), 'Xin chào bà con. Đây là bản tin sáng của đài truyền thanh xã. Hôm nay trời nắng, chiều có mưa rào. Mời bà con đến nhà văn hóa lúc bảy giờ tối để họp thôn.')
  await ffmpegMake('-i', join(desk, 'speech.wav'), '-ar', '48000', '-ac', '1', '-c:a', 'pcm_s16le', join(desk, 'microphone.wav'))
  studio = await launchStudio({ microphoneWav: join(desk, 'microphone.wav') })
  page = studio.page
})
test.afterAll(async () => {
  await radio?.close()
  await studio?.close()
  await rm(desk, { recursive: true, force: true })
})

/** What the station keeps of an item, as 48 kHz PCM. */
async function soundOf(title: string): Promise<Float32Array> {
  const { port, token } = await studio.stationLock()
  const client = await connectStation({ port, token })
  const { filesTicket } = await client.call('accounts.signIn', { userName: 'lan', password: PASSWORD })
  const { items } = await client.call('library.list', { query: title, limit: 100 , kinds: [], states: ['approved'], offset: 0 })
  const answer = await fetch(`http://127.0.0.1:${port}/files/${filesTicket}/pcm/${items[0]?.id}`)
  expect(answer.status).toBe(200)
  const file = join(desk, 'item.wav')
  await writeFile(file, new Uint8Array(await answer.arrayBuffer()))
  await client.close()
  return readMono(file).pcm
}

test('the first run makes an administrator, who sets an emergency PIN', async () => {
  test.setTimeout(180_000)
  await createAdministrator(page)
  await setPin(page)
})

test('a commune and a hamlet are made, and a radio is paired by comparing six digits', async () => {
  test.setTimeout(240_000)
  radio = startRadioProcess(await devicesAddress(page))
  await addUnit(page, { name: 'Xã Phước Hưng', level: 'xã', code: 'phuoc-hung' })
  await addUnit(page, { name: 'Thôn Đông', level: 'thôn', code: 'dong', parent: 'Xã Phước Hưng' })
  const [label = ''] = await radio.labels()
  await pairRadio(page, radio, { label, name: 'Cụm loa đình làng', unit: 'Thôn Đông' })
  await shot(page, 'main-fleet')
})

test('speech is recorded from the microphone and stands in the library', async () => {
  test.setTimeout(180_000)
  await page.keyboard.press('F2')
  await expect(page.getByTestId('record')).toBeEnabled({ timeout: 60_000 })
  await page.getByTestId('take-title').fill(TITLE)
  await page.getByTestId('recorder-desk').focus().catch(() => undefined)
  await page.getByTestId('record').click()
  await expect(page.getByTestId('record-state')).toHaveText('ĐANG THU', { timeout: 30_000 })
  await expect(page.getByTestId('elapsed')).toContainText(/0:0[7-9]/, { timeout: 60_000 })
  await shot(page, 'main-recording')
  await page.getByTestId('record').click()
  const take = page.getByTestId('take').filter({ hasText: TITLE })
  await expect(take).toHaveAttribute('data-state', 'saved', { timeout: 60_000 })
  await expect(take).not.toHaveAttribute('data-item', '', { timeout: 60_000 })
})

test('a slip is cut out with ripple, taken back and cut again, and the programme is rendered', async () => {
  test.setTimeout(240_000)
  await page.getByTestId('take').filter({ hasText: TITLE }).getByTestId('take-to-editor').click()
  await page.getByTestId('editor-desk').waitFor({ timeout: 60_000 })
  const length = page.getByTestId('editor-length')
  await expect(length).toHaveText(/\d\d:0[5-9]|\d\d:1\d/, { timeout: 60_000 })
  const whole = await length.innerText()
  const box = await page.getByTestId('timeline').boundingBox()
  if (box === null) throw new Error('no timeline')
  await page.mouse.move(box.x + box.width * 0.5, box.y + 100)
  await page.mouse.down()
  await page.mouse.move(box.x + box.width * 0.6, box.y + 100, { steps: 8 })
  await page.mouse.up()
  await shot(page, 'main-editor-selection')
  await page.keyboard.press('Delete')
  await expect(page.getByTestId('editor-said')).toContainText('Xóa dồn')
  await expect(length).not.toHaveText(whole)
  const cut = await length.innerText()
  await page.keyboard.press('Control+KeyZ')
  await expect(length).toHaveText(whole)
  await page.keyboard.press('Control+Shift+KeyZ')
  await expect(length).toHaveText(cut)
  await page.keyboard.press('Control+KeyE')
  await page.getByTestId('render-title').fill(PROGRAMME)
  await page.getByTestId('render-start').click()
  await expect(page.getByTestId('render-state')).toHaveAttribute('data-state', 'done', { timeout: 90_000 })
  await page.getByTestId('render-open-item').click()
  await expect(page.getByTestId('detail-title')).toContainText(PROGRAMME, { timeout: 60_000 })
})

test('it is approved in the library', async () => {
  test.setTimeout(120_000)
  await approveItem(page, PROGRAMME)
})

test('it goes on air at its second, and the radio sounds it then', async () => {
  test.setTimeout(240_000)
  await page.getByTestId('put-in-log').click()
  await page.getByTestId('log-page').waitFor()
  await page.getByTestId('log-add-search').fill('hoan chinh')
  await expect(page.getByTestId('log-add-item')).toHaveCount(1)
  await page.getByTestId('log-add-item').click()
  await page.getByTestId('log-add-soon').click()
  const time = await page.getByTestId('log-add-time').inputValue()
  const day = new Intl.DateTimeFormat('en-CA', { timeZone: 'Asia/Ho_Chi_Minh' }).format(Date.now() + 20_000)
  plannedAt = Date.parse(`${day}T${time}+07:00`)
  await page.getByTestId('log-add-button').click()
  await expect(page.getByTestId('log-line')).toHaveCount(1)
  await page.keyboard.press('F5')
  await expect(page.getByTestId('air-next')).toContainText(PROGRAMME)
  await expect(page.getByTestId('air-title')).toHaveText(PROGRAMME, { timeout: 60_000 })
  await shot(page, 'main-air')
  await expect(page.getByTestId('air-title')).toHaveText('Không có gì đang phát', { timeout: 60_000 })

  const reference = await soundOf(PROGRAMME)
  const seconds = reference.length / 48_000
  expect(seconds).toBeGreaterThan(5)
  await expect.poll(() => radio.sounded().at(plannedAt + seconds * 1000 + 1500), { timeout: 60_000, message: 'the radio has written past the end of the item' }).not.toBeNull()
  const heard = radio.sounded()
  const expectedAt = heard.at(plannedAt) ?? -1
  const found = align(heard.pcm, reference, expectedAt, 24_000)
  expect.soft(Math.abs(found.offset) / 48, 'start error in ms').toBeLessThanOrEqual(100)
  expect.soft(found.correlation, 'correlation with the item').toBeGreaterThanOrEqual(0.9)
  expect.soft(missingSamples(heard.pcm, expectedAt + found.offset, reference), 'missing samples').toBe(0)
  // The item itself is what the microphone gave: its stretches stand in the source, which the fake microphone repeats.
  const source = readMono(join(desk, 'microphone.wav')).pcm
  const twice = new Float32Array(source.length * 2)
  twice.set(source)
  twice.set(source, source.length)
  // Half seconds: on a busy computer the browser's own microphone drops a block now and then.
  const alike = [1, 2, 3, 4, 5].map((n) => align(twice, reference.slice(n * 24_000, (n + 1) * 24_000), source.length, source.length).correlation)
  expect(Math.max(...alike), 'correlation of the recording with the microphone').toBeGreaterThanOrEqual(0.9)
  test.info().annotations.push({ type: 'radio', description: `start error ${(found.offset / 48).toFixed(1)} ms, correlation ${found.correlation.toFixed(4)}` })
})

test('a killed station is told, comes back by itself, and the person is still signed in with nothing lost', async () => {
  test.setTimeout(180_000)
  await page.keyboard.press('F4')
  await expect(page.getByTestId('log-line')).toHaveCount(1)
  const before = await studio.stationLock()
  const told = page.getByTestId('link-state').filter({ hasText: 'Mất trạm' }).waitFor({ timeout: 30_000 })
  process.kill(before.pid, 'SIGKILL')
  await told
  const after = await waitForLock(studio.dataDir, (lock) => lock.pid !== before.pid)
  expect(after.boot).not.toBe(before.boot)
  await expect(page.getByTestId('link-state')).toHaveText('Đã nối trạm', { timeout: 60_000 })
  await expect(page.getByTestId('log-line')).toHaveCount(1)
  await expect(page.getByTestId('log-line').first()).toHaveAttribute('data-status', 'finished', { timeout: 30_000 })
  await page.keyboard.press('F1')
  for (const title of [TITLE, PROGRAMME]) await expect(page.getByTestId('library-row').filter({ hasText: title }).first()).toBeVisible()
  await page.keyboard.press('F6')
  await expect(page.locator('[data-testid^="device-SPK"]')).toHaveAttribute('data-state', 'online-idle', { timeout: 60_000 })
  expect(readLock(studio.dataDir)?.pid).toBe(after.pid)
})
