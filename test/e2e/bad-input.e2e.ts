import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { closeSync, openSync, readFileSync, rmSync, statSync, truncateSync, writeFileSync, writeSync } from 'node:fs'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test, type Page } from '@playwright/test'
import { WebSocket } from 'ws'
import { resolveElectron } from '../../main/build/electron/runtime.ts'
import { sandboxArguments } from '../../main/build/sandbox.ts'
import { root } from '../../main/build/vite-configs.ts'
import { babble, ffmpegMake, writeWav } from '../support/signals.ts'
import { endStation, launchStudio, type Studio } from './support/electron-app.ts'
import { createAdministrator, importFiles, PASSWORD, SCREEN, shot } from './support/person.ts'

const SLOW = { timeout: 60_000 }
let desk = ''
/** A slip is passed over, a habit is not. */
const OFTEN = <T>(frame: T): T[] => Array.from({ length: 200 }, () => frame)
test.beforeAll(async () => {
  desk = await mkdtemp(join(tmpdir(), 'vangxa-bad-e2e-'))
  await writeWav(join(desk, 'Bản tin.wav'), babble(3, 3))
  await writeWav(join(desk, 'long.wav'), babble(8, 4))
  await ffmpegMake('-i', join(desk, 'long.wav'), '-c:a', 'aac', '-b:a', '64k', join(desk, 'đứt đoạn.m4a'))
  truncateSync(join(desk, 'đứt đoạn.m4a'), Math.floor(statSync(join(desk, 'đứt đoạn.m4a')).size / 2))
  writeFileSync(join(desk, 'văn bản.mp3'), 'Đây không phải âm thanh.\n'.repeat(50))
})
test.afterAll(() => rm(desk, { recursive: true, force: true }))

test.describe('on a running desk', () => {
  test.describe.configure({ mode: 'serial' })
  let studio: Studio
  let page: Page
  test.beforeAll(async () => {
    test.setTimeout(180_000)
    studio = await launchStudio()
    page = studio.page
    await createAdministrator(page)
    await importFiles(studio, [join(desk, 'Bản tin.wav')])
    await expect(page.getByTestId('library-row')).toHaveCount(1, SLOW)
  })
  test.afterAll(() => studio?.close())

  test('a text file named .mp3 and a truncated M4A go to quarantine with a reason in Vietnamese, the library stays as it was', async () => {
    test.setTimeout(180_000)
    await importFiles(studio, [join(desk, 'văn bản.mp3'), join(desk, 'đứt đoạn.m4a')])
    await page.getByTestId('quarantine-button').filter({ hasText: '2' }).click(SLOW)
    const text = page.getByTestId('quarantined').filter({ hasText: 'văn bản.mp3' })
    const cut = page.getByTestId('quarantined').filter({ hasText: 'đứt đoạn.m4a' })
    await expect(text).toContainText('không phải âm thanh')
    await expect(cut).toContainText(/hỏng|thiếu|cụt|không đọc được|không giải mã được|không phải âm thanh/i)
    for (const entry of [text, cut]) await expect(entry).not.toHaveAttribute('data-code', 'internal')
    await shot(page, 'bad-quarantine')
    await page.keyboard.press('Escape')
    await expect(page.getByTestId('library-row')).toHaveCount(1)
    expect(statSync(join(desk, 'đứt đoạn.m4a')).size).toBeGreaterThan(0)
  })

  test('hostile frames at the station close their own connection and nothing else', async () => {
    test.setTimeout(120_000)
    const { port, token, pid } = await studio.stationLock()
    const hello = JSON.stringify({ kind: 'hello', token })
    const hostile = [
      ['{'], ['null'], ['[]'], ['{"kind":"hello","token":"wrong"}'], [hello, ...OFTEN(hello)], [hello, '{"kind":"call","id":-1,"procedure":7,"input":null}'],
      [hello, '{"kind":"__proto__","constructor":{"prototype":{"a":1}}}'], [hello, `${'['.repeat(50_000)}${']'.repeat(50_000)}`], [hello, 'x'.repeat(20_000_000)], [hello, ...OFTEN(new Uint8Array(64).fill(255))],
    ]
    for (const frames of hostile) {
      const socket = new WebSocket(`ws://127.0.0.1:${port}/rpc`, { origin: 'app://studio' })
      const closed = once(socket, 'close')
      socket.on('error', () => undefined)
      await once(socket, 'open')
      for (const frame of frames) socket.send(frame)
      await closed
    }
    // A stranger's procedure name is answered, not obeyed.
    const socket = new WebSocket(`ws://127.0.0.1:${port}/rpc`, { origin: 'app://studio' })
    await once(socket, 'open')
    const answers: string[] = []
    socket.on('message', (data) => answers.push(String(data)))
    socket.send(hello)
    socket.send('{"kind":"call","id":1,"procedure":"accounts.list","input":{}}')
    socket.send('{"kind":"call","id":2,"procedure":"toString","input":{"__proto__":{"administrator":true}}}')
    await expect.poll(() => answers.some((text) => text.includes('"id":1') && text.includes('not-signed-in')), SLOW).toBe(true)
    socket.terminate()
    expect((await studio.stationLock()).pid).toBe(pid)
    await expect(page.getByTestId('link-state')).toHaveText('Đã nối trạm')
    await page.getByTestId('library-row').first().click()
    await expect(page.getByTestId('detail-title')).toContainText('Bản tin')
  })

  test('a second start on the same folder brings the first window to the front and ends', async () => {
    test.setTimeout(120_000)
    // A display without a window manager has no front: what counts is that the first window is told to come there.
    await studio.app.evaluate(({ BrowserWindow }) => {
      const [window] = BrowserWindow.getAllWindows()
      const focus = window?.focus.bind(window)
      Object.assign(globalThis, { broughtToFront: 0 })
      if (window !== undefined) window.focus = () => {
        Object.assign(globalThis, { broughtToFront: Number(Reflect.get(globalThis, 'broughtToFront')) + 1 })
        focus?.()
      }
    })
    const { executable } = await resolveElectron()
    const second = spawn(executable, [...sandboxArguments(), root, '--data', studio.dataDir], { cwd: root, env: { ...process.env, VANGXA_NODE: process.execPath }, stdio: 'ignore' })
    const [code] = await once(second, 'exit')
    expect(code).toBe(0)
    await expect.poll(() => studio.app.evaluate(({ BrowserWindow }) => ({ fronted: Number(Reflect.get(globalThis, 'broughtToFront')) > 0, windows: BrowserWindow.getAllWindows().length })), SLOW).toEqual({ fronted: true, windows: 1 })
    await expect(page.getByTestId('link-state')).toHaveText('Đã nối trạm')
  })

  test('a microphone that goes away during a take is told, and what was said is kept', async () => {
    test.setTimeout(180_000)
    await page.evaluate(() => {
      const { mediaDevices } = navigator
      const open = mediaDevices.getUserMedia.bind(mediaDevices)
      const list = mediaDevices.enumerateDevices.bind(mediaDevices)
      const opened: MediaStreamTrack[] = []
      let unplugged = false
      mediaDevices.getUserMedia = async (wanted) => {
        if (unplugged) throw new DOMException('unplugged', 'NotFoundError')
        const stream = await open(wanted)
        opened.push(...stream.getTracks())
        return stream
      }
      mediaDevices.enumerateDevices = async () => (unplugged ? [] : list())
      // What a browser does when the cable is pulled: the tracks end by themselves and the list is shorter.
      addEventListener('pull-the-plug', () => {
        unplugged = true
        for (const track of opened) {
          track.stop()
          track.dispatchEvent(new Event('ended'))
        }
        mediaDevices.dispatchEvent(new Event('devicechange'))
      })
    })
    await page.keyboard.press('F2')
    await expect(page.getByTestId('record')).toBeEnabled(SLOW)
    await page.getByTestId('record').click()
    await expect(page.getByTestId('record-state')).toHaveText('ĐANG THU', SLOW)
    await expect(page.getByTestId('elapsed')).toContainText(/0:0[2-9]/, SLOW)
    await page.evaluate(() => dispatchEvent(new Event('pull-the-plug')))
    await expect(page.getByTestId('troubles').locator('[data-kind="input-lost"]')).toContainText('Phần đã thu còn nguyên', SLOW)
    await expect(page.getByTestId('faults')).toContainText('Micro bị ngắt', SLOW)
    await shot(page, 'bad-input-lost')
    await page.getByTestId('record').click()
    const take = page.getByTestId('take').first()
    await expect(take).toHaveAttribute('data-state', 'saved', SLOW)
    await expect(take).not.toHaveAttribute('data-item', '', SLOW)
    await expect(take).toContainText(/0:0[1-9]/)
  })
})

test('no microphone is told in Vietnamese, with what to do', async () => {
  test.setTimeout(180_000)
  const studio = await launchStudio({ noMicrophone: true })
  try {
    await createAdministrator(studio.page)
    await studio.page.keyboard.press('F2')
    const why = studio.page.getByTestId('no-input')
    await expect(why).toContainText('Không tìm thấy micro nào', SLOW)
    await expect(why).toContainText('Cắm micro')
    await expect(studio.page.getByTestId('record')).toBeDisabled()
    await shot(studio.page, 'bad-no-microphone')
  } finally {
    await studio.close()
  }
})

test('a window with a wrong token is told so and shows nothing else', async () => {
  test.setTimeout(240_000)
  const dataDir = join(desk, 'wrong-token')
  const first = await launchStudio({ dataDir, keepStation: true })
  const lockFile = join(dataDir, 'station.lock.json')
  try {
    await createAdministrator(first.page)
    await first.close()
    const right = readFileSync(lockFile, 'utf8')
    const { token } = await first.stationLock()
    writeFileSync(lockFile, right.replace(token, [...token].reverse().join('')))
    const second = await launchStudio({ dataDir, keepStation: true })
    try {
      await second.page.setViewportSize(SCREEN)
      await expect(second.page.getByText('Trạm phát từ chối cửa sổ này vì sai mã truy cập.')).toBeVisible(SLOW)
      await expect(second.page.getByText('Đóng cửa sổ và mở lại phần mềm')).toBeVisible()
      await expect(second.page.getByTestId('sign-in')).toHaveCount(0)
      await shot(second.page, 'bad-wrong-token')
    } finally {
      await second.close()
      writeFileSync(lockFile, right)
    }
  } finally {
    await endStation(dataDir)
  }
})

test('a corrupt database leads to safe mode, and a good backup brings the desk back with its data', async () => {
  test.setTimeout(300_000)
  const dataDir = join(desk, 'corrupt')
  let studio = await launchStudio({ dataDir })
  try {
    await createAdministrator(studio.page)
    await importFiles(studio, [join(desk, 'Bản tin.wav')])
    await expect(studio.page.getByTestId('library-row')).toHaveCount(1, SLOW)
    await studio.page.keyboard.press('F10')
    await studio.page.getByRole('tab', { name: 'Sao lưu' }).click()
    await studio.page.getByRole('button', { name: 'Sao lưu ngay' }).click()
    await expect(studio.page.getByRole('cell', { name: 'Tốt' }).first()).toBeVisible(SLOW)
    await studio.close()
    const file = join(dataDir, 'database', 'station.sqlite')
    for (const ending of ['-wal', '-shm']) rmSync(`${file}${ending}`, { force: true })
    const handle = openSync(file, 'r+')
    const pages = Math.floor(statSync(file).size / 4096)
    for (let n = 1; n < pages; n += 2) writeSync(handle, Buffer.alloc(4096, 0xa5), 0, 4096, n * 4096)
    closeSync(handle)

    studio = await launchStudio({ dataDir })
    const { page } = studio
    await page.setViewportSize(SCREEN)
    await expect(page.getByTestId('safe-mode')).toContainText('Tệp cơ sở dữ liệu bị hỏng.', SLOW)
    await shot(page, 'bad-safe-mode')
    await page.getByTestId('restore-backup').and(page.locator(':enabled')).first().click(SLOW)
    await page.getByTestId('sign-in').waitFor(SLOW)
    await page.getByTestId('user-name').fill('lan')
    await page.getByTestId('password').fill(PASSWORD)
    await page.keyboard.press('Enter')
    await expect(page.getByTestId('library-row').filter({ hasText: 'Bản tin' })).toBeVisible(SLOW)
  } finally {
    await studio.close()
  }
})
