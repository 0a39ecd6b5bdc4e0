import { mkdtemp, readFile, readdir, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import AxeBuilder from '@axe-core/playwright'
import { expect, test } from '@playwright/test'
import type { Page } from '@playwright/test'
import { babble, writeWav } from '../support/signals.ts'
import { steadyDelay } from '../support/recorder/steady-delay.ts'
import { launchStudio } from './support/electron-app.ts'
import type { Studio } from './support/electron-app.ts'

let studio: Studio
let page: Page
let desk = ''
const spoken = babble(150, 11)

async function enter(window: Page): Promise<void> {
  await window.setViewportSize({ width: 1366, height: 768 })
  await window.getByTestId('station-name').fill('Đài xã Thử')
  await window.getByTestId('full-name').fill('Lê Thị Mai')
  await window.getByTestId('user-name').fill('mai')
  await window.getByTestId('password').fill('một mật khẩu dài')
  await window.getByTestId('password-again').fill('một mật khẩu dài')
  await window.getByTestId('create-administrator').click()
  await window.getByTestId('rail-recorder').click()
}
const desktop = () => page.getByTestId('recorder-desk')
const takes = () => page.getByTestId('take')
const shot = async (name: string) => {
  const folder = process.env['VANGXA_SHOTS']
  if (folder !== undefined) await page.screenshot({ path: join(folder, `${name}.png`) })
}
async function elapsedReaches(seconds: number): Promise<void> {
  const clock = `00:00:${String(seconds).padStart(2, '0')}`
  await expect.poll(async () => (await page.getByTestId('elapsed').textContent()) ?? '', { timeout: 30_000 }).not.toMatch(new RegExp(`^(?!${clock}).*$`))
}
/** The sound of the only item the library has so far. */
async function soundInLibrary(): Promise<Buffer> {
  const files = await readdir(join(studio.dataDir, 'media'), { recursive: true, withFileTypes: true })
  const sounds = files.filter((file) => file.isFile())
  expect(sounds.length).toBe(1)
  return readFile(join(sounds[0]?.parentPath ?? '', sounds[0]?.name ?? ''))
}

test.beforeAll(async () => {
  desk = await mkdtemp(join(tmpdir(), 'vangxa-recorder-e2e-'))
  const microphone = join(desk, 'micro.wav')
  await writeWav(microphone, spoken)
  studio = await launchStudio({ microphoneWav: microphone })
  page = studio.page
  await enter(page)
})
test.afterAll(async () => {
  await studio.close()
  await rm(desk, { recursive: true, force: true })
})

test('the level is live before anything is recorded, and the page is readable for everyone', async () => {
  await expect(page.getByTestId('record')).toBeEnabled()
  await expect(page.getByTestId('input-settings')).toContainText('tín hiệu thô')
  await expect(desktop()).toHaveAttribute('data-phase', 'idle')
  const axe = await new AxeBuilder({ page }).include('#page').setLegacyMode(true).analyze()
  expect(axe.violations.map((violation) => `${violation.id}: ${violation.nodes.map((node) => node.target.join(' ')).join(', ')}`)).toEqual([])
  await shot('recorder-idle')
})

test('a take loses nothing while the window is blocked for two seconds and another page is shown', async () => {
  await page.getByTestId('take-title').fill('Lời dẫn bản tin sáng')
  await page.getByTestId('recorder-desk').click({ position: { x: 5, y: 5 } })
  await page.keyboard.press('KeyR')
  await expect(desktop()).toHaveAttribute('data-phase', 'recording')
  await elapsedReaches(2)
  await page.evaluate(() => {
    const until = performance.now() + 2_000
    while (performance.now() < until) { /* what a stuck window does */ }
  })
  await page.keyboard.press('KeyM')
  await page.getByTestId('rail-library').click()
  await expect(page.getByTestId('recording-badge')).toContainText('ĐANG THU')
  await page.getByTestId('recording-badge').click()
  await shot('recorder-recording')
  await elapsedReaches(7)
  await page.getByTestId('recorder-desk').click({ position: { x: 5, y: 5 } })
  await page.keyboard.press('KeyR')
  await expect(desktop()).toHaveAttribute('data-phase', 'saved')
  await expect(takes().first()).toHaveAttribute('data-item', /.{26}/)
  await expect(takes().first()).toContainText('Lời dẫn bản tin sáng')
  await expect(page.getByTestId('faults')).toContainText('Chưa có sự cố nào')
  await shot('recorder-saved')
  const delay = steadyDelay(spoken[0] ?? new Float32Array(0), await soundInLibrary())
  expect(delay.windows).toBeGreaterThanOrEqual(12)
  expect(delay.worstCorrelation).toBeGreaterThan(0.95)
  expect(delay.spreadMs).toBeLessThanOrEqual(1)
})

test('pausing leaves the pause out and goes on', async () => {
  await page.getByTestId('record').click()
  await elapsedReaches(1)
  await page.getByTestId('pause').click()
  await expect(desktop()).toHaveAttribute('data-phase', 'paused')
  const held = await page.getByTestId('elapsed').textContent()
  await page.waitForTimeout(2_500)
  expect(await page.getByTestId('elapsed').textContent()).toBe(held)
  await page.getByTestId('pause').click()
  await elapsedReaches(3)
  await page.getByTestId('record').click()
  await expect(desktop()).toHaveAttribute('data-phase', 'saved')
})

test('a reload of the window keeps everything spoken until then', async () => {
  const before = await takes().count()
  await page.getByTestId('record').click()
  // The time of the take before stands there until this one begins.
  await expect(desktop()).toHaveAttribute('data-phase', 'recording')
  await expect(page.getByTestId('elapsed')).toContainText(/00:00:0[0-2]/)
  await elapsedReaches(3)
  await page.reload()
  await page.getByTestId('rail-recorder').click()
  // The station waits a while for the same window to come back before it closes the take.
  await expect(takes()).toHaveCount(before + 1, { timeout: 90_000 })
  await expect(takes().first()).toHaveAttribute('data-item', /.{26}/, { timeout: 60_000 })
  await expect(takes().first()).toContainText(/0:0[234]/)
})

test('without a microphone the page says so and what to do', async () => {
  const other = await launchStudio({ noMicrophone: true })
  try {
    await enter(other.page)
    await expect(other.page.getByTestId('no-input')).toContainText('micro')
    await expect(other.page.getByTestId('record')).toBeDisabled()
    await expect(other.page.getByTestId('retry-input')).toBeEnabled()
  } finally {
    await other.close()
  }
})
