import { join } from 'node:path'
import AxeBuilder from '@axe-core/playwright'
import { expect, test } from '@playwright/test'
import { testPassword } from '../support/station.ts'
import { ElectronLane } from '../support/recorder/fault/electron.ts'
import { blockedWindow, deviceLoss } from '../support/recorder/fault/scenarios.ts'

/** The promises of the capture in the real window, told by counter PCM: every sample of a take has a name. */
let lane: ElectronLane
test.beforeAll(async () => { lane = await ElectronLane.open([]) })
test.afterAll(() => lane[Symbol.asyncDispose]())
test.setTimeout(240_000)

test('a killed renderer loses at most a second, and everything before is as it was spoken', async () => {
  expect(await lane.run('renderer', 700)).toMatchObject({ good: true, wrongAt: -1, toldFrames: 0 })
})

test('a killed station costs no sample: the window goes on in the next part exactly where the file ends', async () => {
  expect(await lane.run('station', 900)).toMatchObject({ good: true, wrongAt: -1, toldFrames: 0, parts: 2 })
})

test('a window that stands still for two seconds loses nothing', async () => {
  expect(await blockedWindow(lane)).toMatchObject({ good: true, silentlyLostFrames: 0, toldFrames: 0 })
})

test('a device that goes and comes back leaves a hole with place and length in the same take', async () => {
  expect(await deviceLoss(lane)).toMatchObject({ good: true, silentlyLostFrames: 0, faults: expect.arrayContaining(['input-lost']) })
})

test('killed with the whole application while the station stands still, the sound that waited is joined to the open take before anyone signs in, and this is said', async () => {
  expect(await lane.killWhileStationIsAway(4_000, 'wakes')).toMatchObject({ good: true, wrongAt: -1, toldFrames: 0, parts: 1 })
  const { page } = lane
  await page.getByTestId('user-name').fill('quantri')
  await page.getByTestId('password').fill(testPassword)
  await page.getByTestId('sign-in').click()
  await page.getByTestId('rail-recorder').click()
  await expect(page.getByTestId('left-sound')).toContainText('Đã nhận lại')
  await expect(page.getByTestId('left-sound')).toContainText('Đã ghép vào bản thu (phần 1)')
  for (const scheme of ['light', 'dark'] as const) {
    await page.emulateMedia({ colorScheme: scheme })
    await expect(page.locator('html')).toHaveAttribute('data-mantine-color-scheme', scheme)
    const { violations } = await new AxeBuilder({ page }).include('#page').setLegacyMode(true).analyze()
    expect(violations.map(({ id, nodes }) => `${scheme} ${id}: ${nodes.map((node) => node.html).join(' | ')}`)).toEqual([])
    const shots = process.env['VANGXA_SHOTS']
    if (shots !== undefined) await page.screenshot({ path: join(shots, `recorder-left-sound-${scheme}.png`) })
  }
  await page.getByTestId('left-sound-seen').click()
  await expect(page.getByTestId('left-sound')).toHaveCount(0)
})

test('killed together with the station, the sound that waited becomes the next part behind what the station recovered', async () => {
  expect(await lane.killWhileStationIsAway(4_000, 'dies')).toMatchObject({ good: true, wrongAt: -1, toldFrames: 0, parts: 2 })
})

test('sound that must wait has a file of its own in the page\'s private file system, held open by the capture', async () => {
  await lane.ready()
  await lane.record()
  const found = await lane.inPage(`(async () => {
    const folder = await navigator.storage.getDirectory()
    const held = []
    for await (const name of folder.keys()) {
      if (!name.endsWith('.spool')) continue
      // A file that a Worker holds by a synchronous handle cannot be removed.
      held.push(await folder.removeEntry(name).then(() => 'free', (error) => error.name))
    }
    return held
  })()`)
  expect(found).toEqual(['NoModificationAllowedError'])
  await lane.stop()
})
