/**
 * `npm run bench -- timeline [--minutes 180] [--long 720]`: a long recording in the real window. From pressing a project to the picture of its whole
 * wave, and what a frame takes while it is zoomed by the wheel from the whole file to 8 pixels per sample and back and scrolled on the way;
 * beside wavesurfer.js in the same window on the same file, with the peaks it is given. The frame rate is not held at 60 Hz, so that a frame takes
 * what it takes: input, script, paint and the compositor, from one animation frame to the next.
 */
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { createRequire } from 'node:module'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import type { Page } from '@playwright/test'
import { prepareApplication } from '../../main/build/prepared.ts'
import { launchStudio, type Studio } from '../e2e/support/electron-app.ts'
import { createAdministrator, importFiles } from '../e2e/support/person.ts'
import { babble, writeLongWav } from '../support/signals.ts'
import { measureFrames, measureOpening, p } from '../support/timeline/desk-frames.ts'
import { measureWavesurfer } from '../support/timeline/wavesurfer-page.ts'

type Print = (figure: string, value: number, unit: string, versus: number | null) => void
const LONG = { timeout: 900_000 }

/** Resident memory of the desk's own renderer process, MB, after what can be let go was let go. */
async function windowMb(studio: Studio): Promise<number> {
  const session = await studio.page.context().newCDPSession(studio.page)
  await session.send('HeapProfiler.collectGarbage')
  await session.detach()
  await studio.page.waitForTimeout(1_500)
  const pid = await studio.app.evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows()[0]?.webContents.getOSProcessId() ?? 0)
  const kilobytes = await studio.app.evaluate(({ app }, wanted) => app.getAppMetrics().find((one) => one.pid === wanted)?.memory.workingSetSize ?? 0, pid)
  return kilobytes / 1024
}

/** Twelve hours in one channel: a plain WAV ends at 4 GiB. The file stays where it is until the end: the library may use it in place. */
async function makeProject(studio: Studio, folder: string, title: string, seconds: number, channels: 1 | 2): Promise<void> {
  const { page } = studio
  const path = await writeLongWav(join(folder, `${title}.wav`), channels === 1 ? babble(30) : [...babble(30), ...babble(30, 2)], seconds)
  await importFiles(studio, [path])
  const row = page.getByTestId('library-row').filter({ hasText: title })
  await row.waitFor(LONG)
  await row.click()
  await page.evaluate(() => performance.clearMarks('timeline-drawn'))
  await page.getByTestId('open-in-editor').click()
  await page.getByTestId('editor-desk').waitFor(LONG)
  await page.waitForFunction(() => performance.getEntriesByName('timeline-drawn').length > 0, undefined, LONG)
  await page.getByTestId('editor-back').click()
}

/** Where the page asks for peaks: the address carries the ticket of the session. */
async function peaksUrl(page: Page, title: string): Promise<string> {
  const asked = page.waitForRequest((request) => request.url().includes('/peaks/'), { timeout: 60_000 })
  await page.keyboard.press('F1')
  await page.getByTestId('library-row').filter({ hasText: title }).click()
  const url = (await asked).url()
  await page.waitForTimeout(1_000)
  return url
}

/** The peaks are taken away while the station runs, as a cleaning of caches would; the first picture is guessed from the sound, then filled. */
async function openPurged({ page, dataDir }: Studio): Promise<number> {
  await page.getByTestId('editor-back').click()
  const cache = join(dataDir, 'peaks')
  for (const name of readdirSync(cache)) rmSync(join(cache, name), { recursive: true })
  return (await measureOpening(page, 1)).median
}

export async function benchTimeline(print: Print, options: { minutes: number; longMinutes: number }): Promise<void> {
  const prepared = await prepareApplication()
  Object.assign(process.env, prepared.env)
  const folder = mkdtempSync(join(tmpdir(), 'vangxa-timeline-'))
  try {
    const studio = await launchStudio({ args: ['--disable-frame-rate-limit', '--disable-gpu-vsync', '--enable-precise-memory-info'] })
    try {
      await run(studio, folder, print, options)
    } finally {
      await studio.close()
    }
  } finally {
    prepared.close()
    rmSync(folder, { recursive: true, force: true })
  }
}

async function run(studio: Studio, folder: string, print: Print, { minutes, longMinutes }: { minutes: number; longMinutes: number }): Promise<void> {
  const { page } = studio
  await createAdministrator(page)
  const name = (wanted: number, usual: string): string => (wanted === (usual === '3h' ? 180 : 720) ? usual : `${wanted}min`)
  const short = name(minutes, '3h')
  const long = name(longMinutes, '12h')
  await makeProject(studio, folder, 'Bai dai', minutes * 60, 2)
  const url = await peaksUrl(page, 'Bai dai')
  await page.keyboard.press('F3')
  await page.getByTestId('open-project').first().waitFor(LONG)

  const before = await windowMb(studio)
  const opened = await measureOpening(page)
  await page.waitForTimeout(1_000)
  const grown = (await windowMb(studio)) - before
  const frames = await measureFrames(page, minutes * 60 * 48_000)
  const after = (await windowMb(studio)) - before

  const source = readFileSync(join(createRequire(import.meta.url).resolve('wavesurfer.js'), '../wavesurfer.min.js'), 'utf8')
  const memoryMb = (): Promise<number> => windowMb(studio)
  const other = await measureWavesurfer(page, { source, url, seconds: minutes * 60, channels: 2, memoryMb })
  print(`open_${short}_first_paint_ms`, opened.median, 'ms', other.openMs)
  print(`open_${short}_from_click_ms`, opened.fromClick, 'ms', null)
  print(`frame_p95_ms_${short}`, p(frames.intervals, 0.95), 'ms', p(other.intervals, 0.95))
  print(`frame_p99_ms_${short}`, p(frames.intervals, 0.99), 'ms', p(other.intervals, 0.99))
  print(`frame_main_thread_p95_ms_${short}`, p(frames.tasks, 0.95), 'ms', p(other.tasks, 0.95))
  print('renderer_delta_mb', grown, 'MB', other.grownMb)
  print('renderer_delta_after_zoom_mb', after, 'MB', null)
  print(`open_${short}_uncached_coarse_ms`, await openPurged(studio), 'ms', null)

  if (longMinutes <= 0) return
  await page.getByTestId('editor-back').click()
  await page.keyboard.press('F1')
  await makeProject(studio, folder, 'Bai rat dai', longMinutes * 60, 1)
  const urlLong = await peaksUrl(page, 'Bai rat dai')
  await page.keyboard.press('F3')
  await page.getByTestId('open-project').first().waitFor(LONG)
  const openedLong = await measureOpening(page)
  const framesLong = await measureFrames(page, longMinutes * 60 * 48_000)
  const otherLong = await measureWavesurfer(page, { source, url: urlLong, seconds: longMinutes * 60, channels: 1, memoryMb })
  print(`open_${long}_first_paint_ms`, openedLong.median, 'ms', otherLong.openMs)
  print(`frame_p95_ms_${long}`, p(framesLong.intervals, 0.95), 'ms', p(otherLong.intervals, 0.95))
  print(`frame_p99_ms_${long}`, p(framesLong.intervals, 0.99), 'ms', p(otherLong.intervals, 0.99))
  print(`frame_main_thread_p95_ms_${long}`, p(framesLong.tasks, 0.95), 'ms', p(otherLong.tasks, 0.95))
}

if (import.meta.main) {
  const { values } = parseArgs({ options: { minutes: { type: 'string', default: '180' }, long: { type: 'string', default: '720' } } })
  const round = (value: number): number => Math.round(value * 10) / 10
  await benchTimeline((figure, value, unit, versus) => console.log(JSON.stringify({ bench: 'timeline', figure, value: round(value), unit, versus: versus === null ? null : round(versus), ratio: versus === null ? null : Math.round((value / versus) * 1000) / 1000 })), {
    minutes: Number(values.minutes), longMinutes: Number(values.long),
  })
}
