import { expect, test } from '@playwright/test'
import { spawn } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { resolveElectron } from '../../main/build/electron/runtime.ts'
import { sandboxArguments } from '../../main/build/sandbox.ts'
import { root } from '../../main/build/vite-configs.ts'
import { endStation, isRunning, launchStudio, waitForLock } from './support/electron-app.ts'

let dataDir: string

test.beforeEach(() => {
  dataDir = mkdtempSync(join(tmpdir(), 'vangxa-e2e-'))
})

test.afterEach(async () => {
  await endStation(dataDir)
  rmSync(dataDir, { recursive: true, force: true, maxRetries: 5, retryDelay: 200 })
})

test('a station killed with -9 is back by itself, on the same port, and the window is told', async () => {
  const studio = await launchStudio({ dataDir })
  const before = await studio.stationLock()
  await studio.page.evaluate(() => window.vangxa.station())
  await studio.page.evaluate(() => {
    const seen: string[] = []
    Object.assign(window, { seenStates: seen })
    window.vangxa.onStation((change) => seen.push(change.state))
  })
  process.kill(before.pid, 'SIGKILL')
  const killedAt = Date.now()
  const after = await waitForLock(dataDir, (lock) => lock.boot !== before.boot)
  // How soon is the bench's to say (kill9_to_audio_s); here nobody may have to wait for a second try.
  expect(Date.now() - killedAt).toBeLessThan(20_000)
  expect(after.port).toBe(before.port)
  const seen = (): Promise<string[]> => studio.page.evaluate(() => (window as unknown as { seenStates: string[] }).seenStates)
  await expect.poll(seen).toEqual(['ready', 'gone', 'ready'])
  expect((await studio.page.evaluate(() => window.vangxa.station())).token).toBe(after.token)
  await studio.close()
})

test('closing the shell leaves the station on air, and the next shell uses it', async () => {
  const first = await launchStudio({ dataDir, keepStation: true })
  const before = await first.stationLock()
  await first.page.evaluate(() => window.vangxa.station())
  await first.close()
  expect(isRunning(before.pid)).toBe(true)
  const second = await launchStudio({ dataDir })
  const address = await second.page.evaluate(() => window.vangxa.station())
  expect(address).toEqual({ url: `http://127.0.0.1:${before.port}`, token: before.token, dataFolder: dataDir })
  expect((await second.stationLock()).boot).toBe(before.boot)
  await second.close()
})

test('a shell killed with -9 takes neither the station nor its window\'s place with it', async () => {
  const first = await launchStudio({ dataDir, keepStation: true })
  const before = await first.stationLock()
  await first.page.evaluate(() => window.vangxa.station())
  const gone = new Promise((resolve) => first.app.process().once('close', resolve))
  first.app.process().kill('SIGKILL')
  // `close` comes only when nobody holds the shell's pipes any more: the station kept none of them.
  await gone
  expect(isRunning(before.pid)).toBe(true)
  const second = await launchStudio({ dataDir })
  expect((await second.page.evaluate(() => window.vangxa.station())).token).toBe(before.token)
  await second.close()
})

test('closing the window keeps the shell; a second start on the same data folder brings the window back and ends', async () => {
  const studio = await launchStudio({ dataDir })
  const lock = await studio.stationLock()
  await studio.page.close()
  await expect.poll(() => studio.app.evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows().length)).toBe(0)
  expect(isRunning(lock.pid)).toBe(true)
  const opening = studio.app.waitForEvent('window')
  const { executable } = await resolveElectron()
  const second = spawn(executable, [...sandboxArguments(), root, '--data', dataDir], { stdio: 'ignore' })
  const code = await new Promise((resolve) => second.on('exit', resolve))
  expect(code).toBe(0)
  const page = await opening
  await page.waitForLoadState('domcontentloaded')
  expect(page.url()).toBe('app://studio/')
  expect((await studio.stationLock()).boot).toBe(lock.boot)
  await studio.close()
})

test('quitting with the station asks first; no keeps the air, yes ends both', async () => {
  const studio = await launchStudio({ dataDir })
  const lock = await studio.stationLock()
  await studio.page.evaluate(() => window.vangxa.station())
  const answerWith = (response: number): Promise<void> => studio.app.evaluate(({ dialog }, given) => {
    dialog.showMessageBox = () => Promise.resolve({ response: given, checkboxChecked: false })
  }, response)
  await answerWith(0)
  expect(await studio.page.evaluate(() => window.vangxa.quitAndStop())).toBe(false)
  expect(isRunning(lock.pid)).toBe(true)
  await answerWith(1)
  const ended = new Promise((resolve) => studio.app.process().once('exit', resolve))
  await studio.page.evaluate(() => { void window.vangxa.quitAndStop() })
  await ended
  expect(isRunning(lock.pid)).toBe(false)
})

test('closing with unsaved work asks first', async () => {
  const studio = await launchStudio({ dataDir })
  await studio.page.evaluate(() => window.vangxa.setUnsaved(true))
  await studio.app.evaluate(({ dialog }) => { dialog.showMessageBoxSync = () => 0 })
  await studio.app.evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows()[0]?.close())
  expect(await studio.app.evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows().length)).toBe(1)
  await studio.page.evaluate(() => window.vangxa.setUnsaved(false))
  await studio.app.evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows()[0]?.close())
  await expect.poll(() => studio.app.evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows().length)).toBe(0)
  await studio.close()
})
