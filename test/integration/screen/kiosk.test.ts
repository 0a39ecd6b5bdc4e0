import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { execFileSync } from 'node:child_process'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { _electron, type ElectronApplication, type Page } from '@playwright/test'
import { build } from 'vite'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { openDisplay, type Display } from '../../../main/build/display.ts'
import { resolveElectron } from '../../../main/build/electron/runtime.ts'
import { sandboxArguments } from '../../../main/build/sandbox.ts'
import { buildParts } from '../../../main/build/vite-configs.ts'
import { openDevices, type OpenDevices } from '../../../main/station/devices/index.ts'
import { openMedia } from '../../../main/station/media/index.ts'
import { openScreens, type ScreensRoom } from '../../../main/station/screens/index.ts'
import { callRoom, openTestContext, type TestContext } from '../../support/context.ts'
import { serveRoutes } from '../../support/radio/kiosk-host.ts'

/** The built page in a real browser window, paired with real rooms. The tests follow each other: one screen and its day. */
const folder = mkdtempSync(join(tmpdir(), 'vangxa-kiosk-'))
const pageFolder = join(folder, 'page')
let display: Display
let app: ElectronApplication
let page: Page
let ctx: TestContext
let devices: OpenDevices
let screens: ScreensRoom
let host: Awaited<ReturnType<typeof serveRoutes>>
let unitId = ''
let screenId = ''
const complaints: string[] = []

async function openStation(port = 0): Promise<void> {
  ctx = await openTestContext({ folder: join(folder, 'data') })
  devices = await openDevices(ctx, { media: openMedia(ctx) })
  screens = openScreens(ctx, { devices, pageFolder })
  host = await serveRoutes(ctx, port)
}
async function closeStation(): Promise<void> {
  await host.close()
  await ctx.dispose()
}
const part = (name: string) => page.getByTestId(`screen-${name}`)
const shows = (name: string) => part(name).first().waitFor({ timeout: 20_000 })
const content = (change: object) => ({ noticeId: null, rev: 0, title: 'Họp thôn', body: 'Lúc 19 giờ', image: null, layer: 'full' as const, targets: { unitIds: [unitId], deviceIds: [] }, fromAt: Date.now() - 1000, toAt: Date.now() + 3_600_000, ...change })

beforeAll(async () => {
  const screen = buildParts.find((one) => one.name === 'screen')
  if (screen === undefined) throw new Error('no screen part')
  await build(screen.config(pageFolder))
  await openStation()
  display = await openDisplay()
  const { executable } = await resolveElectron()
  app = await _electron.launch({
    executablePath: executable, args: [...sandboxArguments(), fileURLToPath(new URL('../../support/radio/kiosk-app', import.meta.url)), `--user-data-dir=${folder}/profile`],
    env: { ...Object.fromEntries(Object.entries(process.env).flatMap(([name, value]) => (value === undefined || name === 'NODE_OPTIONS' ? [] : [[name, value]]))), ...display.env, KIOSK_URL: `${host.url}/screen/` },
  })
  page = await app.firstWindow()
  page.on('console', (message) => {
    if (message.type() === 'error' && /Content Security Policy|Uncaught/.test(message.text())) complaints.push(message.text())
  })
  page.on('pageerror', (error) => complaints.push(error.message))
}, 120_000)
afterAll(async () => {
  await app?.close()
  await closeStation()
  display?.close()
  rmSync(folder, { recursive: true, force: true, maxRetries: 5, retryDelay: 200 })
}, 60_000)

test('a new screen shows its label, then the digits the station has, then the card of the station', async () => {
  await shows('label')
  const label = (await part('label').textContent()) ?? ''
  const unit = await callRoom(devices, 'devices.createUnit', { parentId: null, name: 'Xã Phước Hưng', level: 'xã', code: '' })
  unitId = unit.id
  const { id } = await callRoom(devices, 'devices.expect', { label, name: 'Bảng tin chợ', unitId })
  screenId = id
  await page.waitForFunction(() => (document.querySelector<HTMLElement>('[data-testid=screen-digits]')?.dataset['digits'] ?? '') !== '', undefined, { timeout: 20_000 })
  const digits = (await part('digits').getAttribute('data-digits')) ?? ''
  expect((await callRoom(devices, 'devices.pairings', {})).pairings).toMatchObject([{ id, digits }])
  await callRoom(devices, 'devices.confirm', { id, digits })
  await shows('card')
  const { rev } = (await callRoom(devices, 'devices.fleet', {})).devices.find((one) => one.id === id) ?? { rev: 0 }
  await callRoom(devices, 'devices.update', { id, rev, mode: 'active' })
}, 60_000)

test('an approved notice appears with its picture', async () => {
  const file = join(folder, 'picture.png')
  writeFileSync(file, execFileSync('ffmpeg', ['-v', 'error', '-f', 'lavfi', '-i', 'testsrc2=size=800x600', '-frames:v', '1', '-c:v', 'png', '-f', 'image2pipe', '-'], { maxBuffer: 1 << 24 }))
  const image = await callRoom(screens, 'screens.importImage', { path: file })
  const draft = await callRoom(screens, 'screens.save', content({ image: image.sha256 }))
  await callRoom(screens, 'screens.approve', { noticeId: draft.id, rev: draft.rev })
  await shows('notice')
  await shows('picture')
  expect(await part('picture').evaluate((picture) => (picture instanceof HTMLImageElement ? picture.naturalWidth : 0))).toBe(800)
}, 60_000)

test('with the station dead it goes on, and after a reload without the station it shows the same again', async () => {
  // The service worker has had the list of the page's files once it answers for them.
  await page.waitForFunction(async () => (await (await caches.open('vangxa-shell')).keys()).some((request) => request.url.endsWith('.css')), undefined, { timeout: 20_000 })
  const port = Number(new URL(host.url).port)
  await closeStation()
  await page.waitForFunction(() => document.querySelector<HTMLElement>('[data-testid=screen-link]')?.dataset['up'] === 'false', undefined, { timeout: 20_000 })
  expect(await part('title').textContent()).toBe('Họp thôn')
  await page.reload()
  await shows('notice')
  await shows('picture')
  expect(await part('title').textContent()).toBe('Họp thôn')

  await openStation(port)
  await page.waitForFunction(() => document.querySelector<HTMLElement>('[data-testid=screen-link]')?.dataset['up'] === 'true', undefined, { timeout: 70_000 })
  const [shown] = (await callRoom(screens, 'screens.list', {})).notices
  await callRoom(screens, 'screens.end', { noticeId: shown?.id ?? '', rev: shown?.rev ?? 0 })
  await shows('card')
}, 150_000)

test('a picture that cannot be had is left out, the words stay', async () => {
  const bad = 'b'.repeat(64)
  await devices.publishLetter({ typ: 'screen', aud: [`d/${screenId}`], leaseSec: 60, prio: 4, claims: { sid: ctx.newId(), state: 'start', layer: 'full', panel: { template: 'notice', title: [{ lang: 'vi-VN', text: 'Không có ảnh' }], items: [{ item: bad }] }, durSec: 5 } })
  await page.waitForFunction(() => document.querySelector('[data-testid=screen-title]')?.textContent === 'Không có ảnh', undefined, { timeout: 20_000 })
  expect(await part('picture').count()).toBe(0)
  await shows('card')
}, 60_000)

test('a drill takes the whole screen, in colour, sign and word, and says that it is one', async () => {
  const band = await callRoom(screens, 'screens.save', content({ layer: 'overlay', title: 'Cắt điện' }))
  await callRoom(screens, 'screens.approve', { noticeId: band.id, rev: band.rev })
  await shows('band')
  ctx.db.pragma('foreign_keys = OFF')
  const person = ctx.newId()
  await devices.sealEmergencyKey(person, '246810')
  const sent = new Date().toISOString()
  const claims = { aid: ctx.newId(), state: 'start', siren: 'khac', hazard: 'xa-lu', risk: 4, cap: { identifier: 'x', sender: 'x', sent, status: 'Exercise', msgType: 'Alert', scope: 'Public' }, panel: { template: 'emergency', risk: 4, title: [{ lang: 'vi-VN', text: 'Xả lũ hồ Định Bình' }] } }
  await devices.withEmergencyKey(person, '246810', (sign) => sign({ typ: 'alert', aud: ['g/all'], leaseSec: 60, prio: 6, claims }))
  await shows('alert')
  expect(await part('drill').first().textContent()).toBe('DIỄN TẬP')
  expect(await part('risk').textContent()).toContain('4 (đỏ)')
  expect(await part('band').count()).toBe(0)
  expect(await page.locator('#screen').evaluate((place) => getComputedStyle(place).backgroundColor)).toBe('rgb(179, 0, 27)')
  expect(complaints).toEqual([])
}, 60_000)
