import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test, type Page } from '@playwright/test'
import { align, readMono } from '../support/demo/compare-sound.ts'
import { babble, writeWav } from '../support/signals.ts'
import { launchStudio, type Studio } from './support/electron-app.ts'
import { addUnit, approveItem, createAdministrator, devicesAddress, importFiles, pairRadio, PIN, setPin, shot } from './support/person.ts'
import { startRadioProcess, type RadioProcess } from './support/radio-process.ts'

/** Two radios in two hamlets: what is meant for one is never heard in the other. */
test.describe.configure({ mode: 'serial' })

const SLOW = { timeout: 60_000 }
const [EAST, WEST] = ['SPK-E2E001', 'SPK-E2E002'] as const
let studio: Studio
let page: Page
let radios: RadioProcess
let desk = ''

test.beforeAll(async () => {
  desk = await mkdtemp(join(tmpdir(), 'vangxa-live-e2e-'))
  await writeWav(join(desk, 'microphone.wav'), babble(20, 11))
  await writeWav(join(desk, 'Sơ tán khẩn cấp.wav'), babble(5, 23))
  studio = await launchStudio({ microphoneWav: join(desk, 'microphone.wav') })
  page = studio.page
})
test.afterAll(async () => {
  await radios?.close()
  await studio?.close()
  await rm(desk, { recursive: true, force: true })
})

/** Seconds of sound (10 ms blocks above −50 dBFS) a radio gave between two instants; null until it has written that far. */
function soundSeconds(dev: string, fromMs: number, toMs: number): number | null {
  const heard = radios.sounded(dev)
  const [from, to] = [heard.at(fromMs), heard.at(toMs)]
  if (from === null || to === null) return null
  let blocks = 0
  for (let at = from; at + 480 <= to; at += 480) {
    let sum = 0
    for (let n = at; n < at + 480; n++) sum += (heard.pcm[n] ?? 0) ** 2
    if (Math.sqrt(sum / 480) > 0.003) blocks += 1
  }
  return blocks / 100
}
const soundOf = async (dev: string, fromMs: number, toMs: number): Promise<number> => {
  await expect.poll(() => soundSeconds(dev, fromMs, toMs), SLOW).not.toBeNull()
  return soundSeconds(dev, fromMs, toMs) ?? 0
}

test('two hamlets get a radio each', async () => {
  test.setTimeout(300_000)
  await createAdministrator(page)
  await setPin(page)
  await importFiles(studio, [join(desk, 'Sơ tán khẩn cấp.wav')])
  await expect(page.getByTestId('library-row')).toHaveCount(1, SLOW)
  await approveItem(page, 'Sơ tán khẩn cấp')
  radios = startRadioProcess(await devicesAddress(page), { count: 2 })
  await addUnit(page, { name: 'Xã Phước Hưng', level: 'xã', code: 'phuoc-hung' })
  await addUnit(page, { name: 'Thôn Đông', level: 'thôn', code: 'dong', parent: 'Xã Phước Hưng' })
  await addUnit(page, { name: 'Thôn Tây', level: 'thôn', code: 'tay', parent: 'Xã Phước Hưng' })
  const labels = await radios.labels()
  for (const [dev, name, unit] of [[EAST, 'Cụm loa Đông', 'Thôn Đông'], [WEST, 'Cụm loa Tây', 'Thôn Tây']] as const) {
    const label = labels.find((one) => one.includes(dev)) ?? ''
    expect(await pairRadio(page, radios, { label, name, unit, simulatedAs: dev })).toBe(dev)
  }
  // Sirens and general messages lie in the radio before anybody needs them.
  for (const dev of [EAST, WEST]) await expect(page.getByTestId(`device-${dev}`).getByRole('cell', { name: /tệp$/ })).toHaveText(/^([2-9]|\d\d)\/\1 tệp$/, { timeout: 120_000 })
})

test('holding Space speaks in the chosen hamlet alone, and letting go ends it', async () => {
  test.setTimeout(240_000)
  await page.keyboard.press('F8')
  await page.getByTestId('target-dong').check()
  await expect(page.getByTestId('target-count')).toContainText('1/1')
  await page.getByTestId('live-prepare').click()
  await expect(page.getByTestId('live-ready')).toHaveText('Sẵn sàng 1/1', SLOW)
  await shot(page, 'live-ready')
  await page.locator('main#page').focus()
  const began = Date.now()
  await page.keyboard.down('Space')
  await expect(page.getByTestId('live-sounding')).toHaveText('Đang ra loa 1/1', SLOW)
  await expect(page.getByTestId('live-badge')).toBeVisible()
  await shot(page, 'live-speaking')
  await expect.poll(() => soundSeconds(EAST, began, radios.sounded(EAST).last - 100) ?? 0, SLOW).toBeGreaterThan(3)
  const until = radios.sounded(EAST).last - 100
  await page.keyboard.up('Space')
  await expect(page.getByTestId('live-prepare')).toBeVisible(SLOW)
  expect(await soundOf(WEST, began, until), 'the other hamlet stays silent').toBe(0)
  // It is the microphone that sounds, not just any sound.
  const heard = radios.sounded(EAST)
  const microphone = readMono(join(desk, 'microphone.wav')).pcm
  const to = heard.at(until) ?? 0
  const twice = new Float32Array(microphone.length * 2)
  twice.set(microphone)
  twice.set(microphone, microphone.length)
  // Half seconds: on a busy computer the browser's microphone drops a block now and then.
  const alike = [1, 2, 3, 4].map((n) => align(twice, heard.pcm.slice(to - n * 24_000, to - (n - 1) * 24_000), microphone.length, microphone.length).correlation)
  expect(Math.max(...alike)).toBeGreaterThan(0.75)
})

test('a wrong PIN is refused in words and nothing sounds', async () => {
  test.setTimeout(120_000)
  await page.getByTestId('alert-title').fill('Xả lũ, nước lên nhanh')
  await page.getByRole('combobox', { name: 'Lời báo đã duyệt' }).click()
  await page.getByRole('option', { name: 'Sơ tán khẩn cấp' }).click()
  await page.getByTestId('alert-pin').fill('135791')
  await page.getByTestId('alert-fire').click()
  await expect(page.getByText('Mã PIN khẩn cấp chưa đúng.')).toBeVisible(SLOW)
  await expect(page.getByText(/Nhập lại mã PIN/)).toBeVisible()
  await expect(page.getByTestId('alert-card')).toHaveCount(0)
  await shot(page, 'emergency-wrong-pin')
})

test('the right PIN sounds siren and message in the chosen hamlet, each radio is listed, and it is stopped', async () => {
  test.setTimeout(300_000)
  const began = Date.now()
  await page.getByTestId('alert-pin').fill(PIN)
  await page.getByTestId('alert-fire').click()
  const card = page.getByTestId('alert-card').first()
  await expect(card).toHaveAttribute('data-state', 'running', SLOW)
  await expect(card.getByTestId(`heard-${EAST}`)).toContainText('Đang ra loa', SLOW)
  await expect(card.getByTestId(`heard-${WEST}`)).toHaveCount(0)
  await shot(page, 'emergency-running')
  // The siren is heard first, then the message.
  const message = readMono(join(desk, 'Sơ tán khẩn cấp.wav')).pcm
  await expect.poll(() => soundSeconds(EAST, began, radios.sounded(EAST).last - 100) ?? 0, { timeout: 120_000, message: 'siren and message have sounded' }).toBeGreaterThan(17)
  const until = radios.sounded(EAST).last - 100
  const heard = radios.sounded(EAST)
  const from = heard.at(began) ?? 0
  const to = heard.at(until) ?? 0
  const found = align(heard.pcm, message, Math.round((from + to) / 2), Math.round((to - from) / 2))
  expect(found.correlation, 'the message is in what sounded').toBeGreaterThan(0.8)
  const messageAt = Math.round((from + to) / 2) + found.offset
  expect((messageAt - from) / 48_000, 'seconds of siren before the message').toBeGreaterThan(5)
  expect(await soundOf(WEST, began, until), 'the other hamlet stays silent').toBe(0)
  await card.getByTestId('stop-pin').fill(PIN)
  await card.getByTestId('alert-stop').click()
  await expect(card).toHaveAttribute('data-state', 'ended', SLOW)
  await page.keyboard.press('F6')
  await expect(page.getByTestId(`device-${EAST}`)).toHaveAttribute('data-state', 'online-idle', SLOW)
})
