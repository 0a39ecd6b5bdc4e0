import { mkdtemp, readFile, readdir, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import AxeBuilder from '@axe-core/playwright'
import { expect, test } from '@playwright/test'
import type { Page } from '@playwright/test'
import { babble, joined, silence, sine, writeWav } from '../support/signals.ts'
import { samplesOfTake, steadyDelay } from '../support/recorder/steady-delay.ts'
import { callWitness, compareWithWitness, hearWitness } from '../support/recorder/witness.ts'
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
async function elapsedSeconds(): Promise<number> {
  const [hours = 0, minutes = 0, rest = 0] = ((await page.getByTestId('elapsed').textContent()) ?? '').split(':').map(Number)
  return hours * 3_600 + minutes * 60 + rest
}
async function elapsedReaches(seconds: number): Promise<void> {
  await expect.poll(elapsedSeconds, { timeout: 60_000 }).toBeGreaterThanOrEqual(seconds)
}
/** Punch points as the station keeps them with the takes. */
async function askedPunches(): Promise<number[]> {
  const folder = join(studio.dataDir, 'takes')
  const texts = await Promise.all((await readdir(folder)).filter((name) => name.endsWith('.json')).map((name) => readFile(join(folder, name), 'utf8')))
  return texts.flatMap((text) => /"punch":\s*\{[^}]*"at":\s*(\d+)/.exec(text)?.[1] ?? []).map(Number)
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
  await callWitness(page, 90)
  await page.reload()
  await page.getByTestId('rail-recorder').click()
  await page.waitForFunction('window.witness !== null')
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
  const take = samplesOfTake(await soundInLibrary())
  const { samples } = await hearWitness(page)
  // Every sample that the audio thread heard from the beginning to the end of the take is in it, and nothing else.
  expect(take.length).toBeGreaterThan(6.5 * 48_000)
  expect(compareWithWitness(samples, take)).toEqual({ at: expect.any(Number), firstDifference: -1 })
  // And what it heard was the microphone. How steadily that one speaks is its own affair: under load the fake device skips buffers.
  const delay = steadyDelay(spoken[0] ?? new Float32Array(0), take)
  expect(delay.medianCorrelation).toBeGreaterThan(0.95)
  test.info().annotations.push({ type: 'fake microphone', description: `spread ${delay.spreadMs} ms over ${delay.windows} windows` })
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
  await expect.poll(elapsedSeconds).toBeLessThan(3)
  await elapsedReaches(3)
  await page.reload()
  await page.getByTestId('rail-recorder').click()
  // The station waits a while for the same window to come back before it closes the take.
  await expect(takes()).toHaveCount(before + 1, { timeout: 90_000 })
  await expect(takes().first()).toHaveAttribute('data-item', /.{26}/, { timeout: 60_000 })
  await expect(takes().first()).toContainText(/0:\d\d/)
})

test('armed, the microphone is watched from any page and one key records', async () => {
  await page.getByTestId('recorder-desk').click({ position: { x: 5, y: 5 } })
  await page.keyboard.press('KeyA')
  await expect(page.getByTestId('record-state')).toHaveText('CHỜ THU')
  await page.keyboard.press('F1')
  await expect(page.getByTestId('armed-badge')).toBeVisible()
  await page.keyboard.press('Control+Alt+KeyR')
  await expect(page.getByTestId('recording-badge')).toContainText('ĐANG THU')
  await expect(page.locator('html')).toHaveAttribute('data-recording', 'recording')
  await expect.poll(() => page.title()).toContain('● ĐANG THU')
  await shot('recording-everywhere')
  await page.keyboard.press('Control+Alt+KeyM')
  await page.keyboard.press('Control+Alt+KeyR')
  await expect(page.getByTestId('recording-badge')).toHaveCount(0)
  await expect(page.locator('html')).not.toHaveAttribute('data-recording', /./)
  await page.keyboard.press('F2')
  await expect(takes().first()).toHaveAttribute('data-item', /.{26}/)
})

test('the count of three is seen and spoken, and Escape stops it', async () => {
  await page.getByTestId('recorder-desk').click({ position: { x: 5, y: 5 } })
  await page.keyboard.press('KeyD')
  await expect(page.getByTestId('count-in')).toBeChecked()
  await page.keyboard.press('KeyR')
  await expect(page.getByTestId('count')).toHaveAttribute('aria-live', 'assertive')
  await expect(page.getByTestId('count')).toHaveText(/[321]/)
  await shot('recorder-count')
  await page.keyboard.press('Escape')
  await expect(page.getByTestId('count')).toHaveCount(0)
  await page.waitForTimeout(3_500)
  await expect(desktop()).not.toHaveAttribute('data-phase', 'recording')
  await expect(page.locator('[data-testid="take"][data-state="recording"]')).toHaveCount(0)
  await page.keyboard.press('KeyR')
  await expect(desktop()).toHaveAttribute('data-phase', 'recording', { timeout: 20_000 })
  await elapsedReaches(1)
  await page.keyboard.press('KeyR')
  await expect(desktop()).toHaveAttribute('data-phase', 'saved')
  await page.keyboard.press('KeyD')
  await expect(page.getByTestId('count-in')).not.toBeChecked()
})

test('marks have labels by one key, parts join, and the script moves with the voice', async () => {
  await page.getByTestId('recorder-desk').click({ position: { x: 5, y: 5 } })
  await page.keyboard.press('KeyT')
  await page.getByTestId('script-text').fill('Kính thưa bà con. Sau đây là bản tin của đài truyền thanh xã. '.repeat(30))
  await page.getByTestId('take-title').fill('Bản tin nhiều phần')
  await page.getByTestId('recorder-desk').click({ position: { x: 5, y: 5 } })
  await page.keyboard.press('KeyR')
  await expect(desktop()).toHaveAttribute('data-phase', 'recording')
  await expect(page.getByTestId('script-page')).toHaveAttribute('data-moving', 'true')
  const top = () => page.getByTestId('script-page').evaluate((element) => element.scrollTop)
  const before = await top()
  await expect.poll(top, { timeout: 20_000 }).toBeGreaterThan(before + 5)
  await page.keyboard.press('Equal')
  await page.keyboard.press('BracketRight')
  await expect(page.getByText('150 từ/phút')).toBeVisible()
  await page.keyboard.press('Digit1')
  await page.keyboard.press('KeyM')
  await page.getByTestId('next-label').fill('Chuyển tin')
  await page.keyboard.press('Enter')
  await expect(page.getByTestId('mark-row')).toHaveCount(3)
  await expect(page.getByTestId('mark-row').last()).toContainText('Vấp')
  await expect(page.getByTestId('mark-row').first()).toContainText('Chuyển tin')
  await shot('recorder-script')
  await page.getByTestId('recorder-desk').click({ position: { x: 5, y: 5 } })
  await page.keyboard.press('KeyN')
  await expect(page.getByTestId('part')).toHaveText('Phần 2')
  await elapsedReaches(await elapsedSeconds() + 3)
  await page.keyboard.press('KeyR')
  await expect(desktop()).toHaveAttribute('data-phase', 'saved')
  await expect(page.getByTestId('script-page')).toHaveAttribute('data-moving', 'false')
  await page.keyboard.press('KeyT')
  await expect(takes().filter({ hasText: 'Bản tin nhiều phần' })).toHaveCount(2)
  await expect(takes().filter({ hasText: '– phần 2' })).toHaveAttribute('data-item', /.{26}/)
  const first = takes().filter({ hasText: 'Bản tin nhiều phần' }).filter({ hasText: '– phần 1' })
  await expect(first).toHaveAttribute('data-item', /.{26}/)
  // The words went with the sound: the item's note has them.
  await first.getByTestId('take-to-library').click()
  await expect(page.getByLabel('Ghi chú')).toHaveValue(/^Kính thưa bà con/)
  // And what was marked stands in the preview.
  await expect(page.getByTestId('cue-label').first()).toHaveValue('Vấp')
  await expect(page.getByTestId('cue-label')).toHaveCount(3)
  await page.keyboard.press('F2')
})

test('two takes are heard one after the other by keys, one is kept and the other leaves the library', async () => {
  const rows = takes().filter({ has: page.getByTestId('take-choose') })
  const before = await rows.count()
  await rows.nth(0).getByTestId('take-choose').check()
  await rows.nth(1).getByTestId('take-choose').check()
  const ids = [await rows.nth(0).getAttribute('data-item'), await rows.nth(1).getAttribute('data-item')]
  await page.getByTestId('recorder-desk').click({ position: { x: 5, y: 5 } })
  await page.keyboard.press('KeyC')
  await expect(page.locator(`[data-item="${ids[0]}"]`)).toHaveAttribute('data-playing', 'true')
  await page.getByTestId('compare-next').click()
  await expect(page.locator(`[data-item="${ids[1]}"]`)).toHaveAttribute('data-playing', 'true')
  await shot('recorder-compare')
  await page.getByTestId('compare-keep').first().click()
  await page.getByTestId('compare-confirm').click()
  await expect(page.getByText(/^Đã giữ/)).toBeVisible()
  await page.keyboard.press('F1')
  await expect(page.getByTestId('library-page')).toBeVisible()
  await expect(page.locator(`[data-item-id="${ids[1]}"]`)).toHaveCount(0)
  await page.keyboard.press('F2')
  expect(before).toBeGreaterThanOrEqual(2)
})

test('punch and roll: the new take joins at the very sample asked for, the old one stays, one key repeats', async () => {
  await takes().filter({ has: page.getByTestId('take-choose') }).first().getByTestId('take-to-editor').click()
  await expect(page.getByTestId('editor-desk')).toBeVisible({ timeout: 30_000 })
  await expect(page.getByTestId('timeline')).toBeVisible()
  await page.getByTestId('timeline').click({ position: { x: 300, y: 120 } })
  await page.keyboard.press('Home')
  await page.keyboard.press('Shift+ArrowRight')
  await page.keyboard.press('KeyR')
  const punch = page.getByTestId('punch')
  await expect(punch).toHaveAttribute('data-phase', 'ready')
  await expect(page.getByTestId('punch-start')).toBeEnabled()
  await shot('punch-ready')
  await page.getByTestId('punch-start').focus()
  for (let round = 1; round <= 2; round++) {
    await page.keyboard.press('KeyR')
    await expect(punch).toHaveAttribute('data-phase', 'preRoll')
    await expect(punch).toHaveAttribute('data-phase', 'recording', { timeout: 30_000 })
    await page.waitForTimeout(1_200)
    if (round === 1) await shot('punch-recording')
    await page.keyboard.press('KeyR')
    await expect(punch).toHaveAttribute('data-done', String(round), { timeout: 60_000 })
  }
  await shot('punch-done')
  const { violations } = await new AxeBuilder({ page }).include('[role="dialog"]').setLegacyMode(true).analyze()
  expect(violations.map(({ id, nodes }) => `${id}: ${nodes.map((node) => node.html).join(' | ')}`)).toEqual([])
  await page.keyboard.press('Escape')
  await expect(punch).toHaveCount(0)
  const projects = await readdir(join(studio.dataDir, 'projects'), { recursive: true, withFileTypes: true })
  const log = projects.find((file) => file.name === 'edit.log')
  const lines = await readFile(join(log?.parentPath ?? '', 'edit.log'), 'utf8')
  // Both takes begin at the very sample that was asked for, and what they replaced is kept.
  const asked = await askedPunches()
  expect(asked.length).toBe(2)
  expect(new Set(asked).size).toBe(1)
  expect(lines.split(`"start":${asked[0]},`).length - 1).toBeGreaterThanOrEqual(2)
  expect(lines).toMatch(/"alternatives":\[\{/)
  await page.keyboard.press('F2')
})

test('the air itself is recorded by the station, also while the window is on another page', async () => {
  await page.getByTestId('source').getByText('Chương trình đang phát').click()
  await page.getByTestId('try-input').click()
  await expect(page.getByTestId('tried')).toBeVisible({ timeout: 30_000 })
  await page.getByTestId('take-title').fill('Thu lại chương trình')
  await page.getByTestId('recorder-desk').click({ position: { x: 5, y: 5 } })
  await page.keyboard.press('KeyR')
  await expect(desktop()).toHaveAttribute('data-phase', 'recording', { timeout: 30_000 })
  await elapsedReaches(2)
  await shot('recorder-air')
  await page.keyboard.press('KeyR')
  await expect(desktop()).toHaveAttribute('data-phase', 'saved', { timeout: 30_000 })
  await expect(takes().first()).toContainText('Thu lại chương trình')
  await page.getByTestId('source').getByText('Luồng mạng').click()
  await page.getByTestId('stream-url').fill('khong-phai-dia-chi')
  await expect(page.getByTestId('stream-url')).toHaveAttribute('aria-invalid', 'true')
  await page.getByTestId('source').getByText('Micro / Line').click()
})

test('the desk is accessible in light and in dark, with marks, script and takes', async () => {
  for (const side of ['takes', 'script'] as const) {
    if (side === 'script') await page.keyboard.press('KeyT')
    for (const scheme of ['light', 'dark'] as const) {
      await page.emulateMedia({ colorScheme: scheme })
      await expect(page.locator('html')).toHaveAttribute('data-mantine-color-scheme', scheme)
      await shot(`recorder-${side}-${scheme}`)
      const { violations } = await new AxeBuilder({ page }).include('#page').setLegacyMode(true).analyze()
      expect(violations.map(({ id, nodes }) => `${side} ${scheme} ${id}: ${nodes.map((node) => node.html).join(' | ')}`)).toEqual([])
    }
  }
})

test('clipping is counted with its place, a dead input is told at once: what happened, what is safe, what to do', async () => {
  const wav = join(desk, 'xấu.wav')
  const shout = sine({ hz: 300, dbfs: 12, seconds: 0.4 })
  await writeWav(wav, joined(babble(3, 5), shout, babble(2, 6), shout, silence(14)))
  const other = await launchStudio({ microphoneWav: wav })
  try {
    await enter(other.page)
    await expect(other.page.getByTestId('record')).toBeEnabled({ timeout: 60_000 })
    await other.page.getByTestId('recorder-desk').click({ position: { x: 5, y: 5 } })
    await other.page.keyboard.press('KeyR')
    await expect(other.page.getByTestId('recorder-desk')).toHaveAttribute('data-phase', 'recording')
    await expect(other.page.getByTestId('clip')).toContainText(/VỠ TIẾNG \d+ lần, lần cuối 00:00:\d\d/, { timeout: 60_000 })
    const trouble = (kind: string) => other.page.locator(`[data-kind="${kind}"]`)
    await expect(trouble('silence')).toContainText('Micro im lặng hoàn toàn.', { timeout: 60_000 })
    await expect(trouble('silence')).toContainText('Vẫn đang thu')
    await expect(trouble('silence')).toContainText('Kiểm tra nút tắt tiếng')
    await expect(other.page.getByTestId('faults')).toContainText('Im lặng hoàn toàn')
    await other.page.screenshot({ path: join(process.env['VANGXA_SHOTS'] ?? desk, 'recorder-troubles.png') })
    await expect(other.page.getByTestId('clip')).toBeVisible()
    await other.page.keyboard.press('KeyX')
    await expect(other.page.getByTestId('clip')).toHaveCount(0)
    await other.page.keyboard.press('KeyR')
    await expect(other.page.getByTestId('recorder-desk')).toHaveAttribute('data-phase', 'saved', { timeout: 30_000 })
  } finally {
    await other.close()
  }
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
