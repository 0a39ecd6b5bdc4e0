/**
 * `npm run bench -- long-file [--minutes 180]`: a long speech MP3 in the real window: imported with progress, previewed, trimmed. Prints how much the
 * window grew beside what decoding the whole file in a window takes (30 min of MP3: at least 1 600 MB, measured with the common web player).
 */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { expect } from '@playwright/test'
import { prepareApplication } from '../../main/build/prepared.ts'
import { runEspeak } from '../../main/station/speech/espeak/run.ts'
import { launchStudio, type Studio } from '../e2e/support/electron-app.ts'
import { createAdministrator, importFiles } from '../e2e/support/person.ts'
import { ffmpegMake } from '../support/signals.ts'

const DECODED_30_MIN_MB = 1_600
const LONG = { timeout: 900_000 }
const { values } = parseArgs({ options: { minutes: { type: 'string', default: '180' } } })
const minutes = Number(values.minutes)
const folder = mkdtempSync(join(tmpdir(), 'vangxa-long-'))
const figure = (name: string, value: number, unit: string, versus: number | null): void =>
  void process.stdout.write(`${JSON.stringify({ bench: 'long-file', figure: name, value: Math.round(value * 10) / 10, unit, versus, ratio: versus === null ? null : Math.round((value / versus) * 1000) / 1000 })}\n`)

/** Resident memory of the desk's own renderer process, MB. */
async function windowMb(studio: Studio): Promise<number> {
  const pid = await studio.app.evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows()[0]?.webContents.getOSProcessId() ?? 0)
  const bytes = await studio.app.evaluate(({ app }, wanted) => app.getAppMetrics().find((one) => one.pid === wanted)?.memory.workingSetSize ?? 0, pid)
  return bytes / 1024
}

const prepared = await prepareApplication()
Object.assign(process.env, prepared.env)
const title = 'Phat thanh dai'
const mp3 = join(folder, `${title}.mp3`)
try {
  await runEspeak('Kính chào bà con. Đây là chương trình phát thanh dài của trung tâm. Mời bà con theo dõi tin tức trong xã, giá cả thị trường, dự báo thời tiết và những bài hát quen thuộc.', join(folder, 'speech.wav'), { voice: 'vi', speed: 1, signal: AbortSignal.timeout(60_000) })
  await ffmpegMake('-stream_loop', '-1', '-i', join(folder, 'speech.wav'), '-t', String(minutes * 60), '-ar', '48000', '-ac', '1', '-b:a', '64k', mp3)
  const studio = await launchStudio()
  try {
    await run(studio)
  } finally {
    await studio.close()
  }
} finally {
  prepared.close()
  rmSync(folder, { recursive: true, force: true })
}

async function run(studio: Studio): Promise<void> {
  const { page } = studio
  await createAdministrator(page)
  await page.waitForTimeout(2_000)
  const before = await windowMb(studio)
  const began = Date.now()
  await importFiles(studio, [mp3])
  await page.getByTestId('import-job').first().waitFor({ timeout: 60_000 })
  await page.getByTestId('library-row').filter({ hasText: title }).waitFor(LONG)
  figure('import_s', (Date.now() - began) / 1000, 's', null)
  let most = await windowMb(studio)
  await page.getByTestId('library-row').filter({ hasText: title }).click()
  await page.getByTestId('preview-play').click()
  await page.waitForTimeout(5_000)
  most = Math.max(most, await windowMb(studio))
  await page.getByTestId('preview-play').click()
  await page.getByTestId('open-in-editor').click()
  await page.getByTestId('editor-desk').waitFor(LONG)
  await expect(page.getByTestId('editor-length')).toContainText(/\d:\d\d/, LONG)
  for (const key of ['Home', 'Shift+ArrowRight', 'KeyI', 'End', 'Shift+ArrowLeft', 'KeyO', 'KeyT', 'Home', 'Space']) await page.keyboard.press(key)
  await page.waitForTimeout(5_000)
  most = Math.max(most, await windowMb(studio))
  await page.keyboard.press('Space')
  for (let step = 0; step < 12; step++) {
    await page.keyboard.press('Equal')
    await page.waitForTimeout(150)
    most = Math.max(most, await windowMb(studio))
  }
  figure('window_growth_mb', most - before, 'MB', DECODED_30_MIN_MB)
}
