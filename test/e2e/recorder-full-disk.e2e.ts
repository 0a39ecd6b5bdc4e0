import { fork, type ChildProcess } from 'node:child_process'
import { mkdtempSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import AxeBuilder from '@axe-core/playwright'
import { expect, test } from '@playwright/test'
import { readCounted } from '../support/recorder/fault/counted-group.ts'
import { COUNTER_FRAMES, ElectronLane } from '../support/recorder/fault/electron.ts'
import { waitForLock } from './support/electron-app.ts'

/** A station whose takes lie on a disk that can be full, found running by the shell; the window is the real one and speaks counter PCM. */
let station: ChildProcess
let lane: ElectronLane
test.beforeAll(async () => {
  const folder = mkdtempSync(join(tmpdir(), 'vangxa-full-disk-'))
  station = fork(fileURLToPath(new URL('../../main/station/index.ts', import.meta.url)), ['--data', folder], { execArgv: ['--import', fileURLToPath(new URL('../support/recorder/takes-disk-preload.ts', import.meta.url))], stdio: ['ignore', 'ignore', 'ignore', 'ipc'] })
  await waitForLock(folder, (lock) => lock.pid === station.pid)
  lane = await ElectronLane.open([], folder)
})
test.afterAll(() => lane[Symbol.asyncDispose]())
test.setTimeout(240_000)

test('with the disk full the window goes on recording and says so; with room again the take goes on by itself and not one sample is missing', async () => {
  const { page } = lane
  await lane.ready()
  const take = await lane.record()
  station.send({ roomBytes: 20_000 })
  const trouble = page.locator('[data-kind="disk-full"]')
  await expect(trouble).toContainText('Ổ đĩa của trạm đã đầy.', { timeout: 60_000 })
  await expect(trouble).toContainText('Vẫn đang thu')
  await expect(page.getByTestId('recorder-desk')).toHaveAttribute('data-phase', 'recording')
  await expect(page.getByTestId('capture-full')).toBeVisible()
  await expect(page.getByTestId('faults')).not.toContainText('Thiếu')
  for (const scheme of ['light', 'dark'] as const) {
    await page.emulateMedia({ colorScheme: scheme })
    await expect(page.locator('html')).toHaveAttribute('data-mantine-color-scheme', scheme)
    const { violations } = await new AxeBuilder({ page }).include('#page').setLegacyMode(true).analyze()
    expect(violations.map(({ id, nodes }) => `${scheme} ${id}: ${nodes.map((node) => node.html).join(' | ')}`)).toEqual([])
    const shots = process.env['VANGXA_SHOTS']
    if (shots !== undefined) await page.screenshot({ path: join(shots, `recorder-disk-full-${scheme}.png`) })
  }
  // Looked for again: still no room, and nothing is given up.
  await page.keyboard.press('KeyF')
  await expect(trouble).toBeVisible()
  station.send({ roomBytes: null })
  await lane.client.waitFor('recorder.changed', (one) => one.groupId === take.groupId && one.part === 2 && one.durableFrames > 0, 60_000)
  await expect(trouble).toHaveCount(0)
  await expect(page.getByTestId('recorder-desk')).toHaveAttribute('data-phase', 'recording')
  await lane.stop()
  await lane.client.waitFor('recorder.changed', (one) => one.groupId === take.groupId && one.part === 2 && one.state === 'saved', 60_000)
  const counted = await readCounted(lane.client, lane.folder, take.groupId, COUNTER_FRAMES)
  expect(counted).toMatchObject({ wrongAt: -1, toldFrames: 0, headersTrue: true })
  expect(counted.parts.map((part) => part.cutBy)).toEqual(['disk', null])
})

test('stopped while the disk is full, the take waits for room and is whole then', async () => {
  const { page } = lane
  await lane.ready()
  const take = await lane.record()
  station.send({ roomBytes: 20_000 })
  await expect(page.locator('[data-kind="disk-full"]')).toBeVisible({ timeout: 60_000 })
  await lane.stop()
  await expect(page.getByTestId('recorder-desk')).toHaveAttribute('data-phase', 'closing')
  await expect(page.locator('[data-kind="disk-full"]')).toBeVisible()
  station.send({ roomBytes: null })
  await expect(page.getByTestId('recorder-desk')).toHaveAttribute('data-phase', 'saved', { timeout: 60_000 })
  const counted = await readCounted(lane.client, lane.folder, take.groupId, COUNTER_FRAMES)
  expect(counted).toMatchObject({ wrongAt: -1, toldFrames: 0, headersTrue: true })
  expect(counted.parts.length).toBe(2)
})
