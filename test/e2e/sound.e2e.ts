import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from '@playwright/test'
import type { Page } from '@playwright/test'
import { noise, speakToWav, ffmpegMake, writeWav } from '../support/signals.ts'
import { launchStudio } from './support/electron-app.ts'
import type { Studio } from './support/electron-app.ts'
import { createAdministrator, expectAccessible, importFiles, shot } from './support/person.ts'

test.describe.configure({ mode: 'serial' })

let studio: Studio
let page: Page
let desk = ''

test.beforeAll(async () => {
  desk = await mkdtemp(join(tmpdir(), 'vangxa-sound-e2e-'))
  const raw = join(desk, 'raw.wav')
  const speech = join(desk, 'Lời có ù.wav')
  await speakToWav(raw, 'Kính thưa bà con. Sau đây là bản tin sáng của đài truyền thanh xã. Xin bà con chú ý theo dõi. Trời hôm nay nhiều mây.')
  // A quiet room with mains hum and hiss, as recordings from a commune hall are.
  await ffmpegMake('-i', raw, '-f', 'lavfi', '-i', 'sine=f=50:r=48000:d=60', '-f', 'lavfi', '-i', 'anoisesrc=r=48000:a=0.003:d=60:seed=7', '-filter_complex', '[0:a]aresample=48000,volume=-14dB,adelay=800[v];[1:a]volume=-16dB[h];[v][h][2:a]amix=inputs=3:normalize=0:duration=first', '-c:a', 'pcm_s24le', speech)
  await writeWav(join(desk, 'Tiếng ồn.wav'), noise({ dbfs: -30, seconds: 3 }))
  studio = await launchStudio()
  page = studio.page
  await createAdministrator(page)
  await importFiles(studio, [speech, join(desk, 'Tiếng ồn.wav')])
  await expect(page.getByTestId('library-row')).toHaveCount(2)
  await page.getByTestId('library-row').filter({ hasText: 'Lời có ù' }).click()
  await page.getByTestId('open-in-editor').click()
  await expect(page.getByTestId('editor-desk')).toBeVisible()
})
test.afterAll(async () => {
  await studio.close()
  await rm(desk, { recursive: true, force: true })
})

const figure = async (name: string): Promise<number> => Number((await page.getByTestId(`meter-${name}`).innerText()).split(' ')[0]?.replace('−', '-').replace(',', '.'))

test('the meters show what is heard, and stay when it has ended', async () => {
  await page.getByTestId('side-sound').click()
  await expect(page.getByTestId('editor-meters')).toBeVisible()
  await page.getByTestId('tool-play').click()
  await expect.poll(() => page.getByTestId('editor-position').innerText()).not.toContain('0:00:00.0')
  await shot(page, 'sound-meters-playing')
  await expect.poll(() => figure('momentary')).toBeGreaterThan(-60)
  await expect.poll(() => figure('integrated'), { timeout: 30_000 }).toBeGreaterThan(-45)
  expect(await figure('truePeak')).toBeLessThan(0)
  await expect(page.getByTestId('meter-clips')).toContainText('Không quá mức')
  await page.getByTestId('horn-switch').check({ force: true })
  await expect.poll(() => figure('shortTerm')).toBeGreaterThan(-60)
  await page.getByTestId('horn-switch').uncheck({ force: true })
  await page.getByTestId('tool-play').click()
  const kept = await figure('integrated')
  expect(kept).toBeGreaterThan(-45)
  await expectAccessible(page, 'sound-meters')
})

test('levelling shows what it measured and what it would do, and does it as one step', async () => {
  await page.getByTestId('open-levelling').click()
  await expect(page.getByTestId('level-form')).toBeVisible()
  await page.getByTestId('level-form').getByText('Cả chương trình').click()
  await page.getByTestId('level-measure').click()
  await expect(page.getByTestId('level-sentence')).toContainText('LUFS', { timeout: 60_000 })
  await expect(page.getByTestId('level-sentence')).toContainText(/−(15,9|16,0|16,1) LUFS/)
  await expectAccessible(page, 'sound-levelling')
  await page.getByTestId('level-apply').click()
  await expect(page.getByTestId('level-form')).toBeHidden()
  await expect(page.getByTestId('editor-said')).toContainText('LUFS')
  await expect(page.getByTestId('master-gain')).not.toHaveValue('0 dB')
})

test('a voice is cleaned after being heard before and after, and comes back by one step', async () => {
  await page.getByTestId('tool-menu').click()
  await page.getByTestId('menu-cleanUp').click()
  await expect(page.getByTestId('cleanup-form')).toBeVisible()
  await page.getByTestId('cleanup-listen').click()
  await expect(page.getByTestId('cleanup-listen')).toHaveText('Tạm dừng', { timeout: 60_000 })
  await page.getByTestId('cleanup-form').getByText('Gốc', { exact: true }).click()
  await page.getByTestId('cleanup-form').getByText('Đã làm sạch', { exact: true }).click()
  await expect(page.getByTestId('cleanup-form')).toContainText('Hai bên cùng độ to')
  await expectAccessible(page, 'sound-cleanup')
  await page.getByTestId('treat-kind').getByText('Cho loa nén').click()
  await expect(page.getByTestId('horn-compression')).toBeVisible()
  await expectAccessible(page, 'sound-horn')
  await page.getByTestId('treat-kind').getByText('Làm sạch tiếng').click()
  await page.getByTestId('cleanup-apply').click()
  await expect(page.getByTestId('cleanup-form')).toBeHidden({ timeout: 90_000 })
  await expect(page.getByTestId('editor-said')).toContainText('Đã làm sạch 1 đoạn')
  await page.keyboard.press('Control+KeyZ')
  await expect(page.getByTestId('editor-said')).toContainText('Thay âm thanh')
})
