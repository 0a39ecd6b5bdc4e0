import { expect, test } from '@playwright/test'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { launchStudio, type Studio } from './support/electron-app.ts'

let studio: Studio
/** A page of somebody else on this computer. */
let stranger: Server
let strangerUrl: string

test.beforeAll(async () => {
  stranger = createServer((_request, response) => response.setHeader('content-type', 'text/html').end('<title>stranger</title>'))
  await new Promise<void>((resolve) => stranger.listen(0, '127.0.0.1', resolve))
  strangerUrl = `http://127.0.0.1:${(stranger.address() as AddressInfo).port}/`
  studio = await launchStudio()
  await studio.page.waitForLoadState('load')
})

test.afterAll(async () => {
  await studio?.close()
  await new Promise((resolve) => stranger.close(resolve))
})

test('the window is isolated, sandboxed and has no Node', async () => {
  const preferences = await studio.app.evaluate(({ BrowserWindow }) => {
    const window = BrowserWindow.getAllWindows()[0]
    // Electron's own record of what the window was made with; it is not in the public types.
    const contents = window?.webContents as unknown as { getLastWebPreferences(): Record<string, unknown> } | undefined
    return contents?.getLastWebPreferences() ?? {}
  })
  expect(preferences).toMatchObject({
    contextIsolation: true, sandbox: true, nodeIntegration: false, nodeIntegrationInSubFrames: false, webviewTag: false, webSecurity: true,
    allowRunningInsecureContent: false,
  })
  const names = await studio.page.evaluate(() => ['require', 'process', 'module', 'Buffer', 'global', 'electron', 'ipcRenderer', '__dirname'].filter((name) => name in window))
  expect(names).toEqual([])
})

test('the page is served from app://studio with a strict policy', async () => {
  expect(studio.page.url()).toBe('app://studio/')
  const headers = await studio.page.evaluate(async () => {
    const found: Record<string, string> = {}
    for (const [name, value] of (await fetch('app://studio/')).headers.entries()) found[name] = value
    return found
  })
  expect(headers['x-content-type-options']).toBe('nosniff')
  const policy = new Map<string, string[]>()
  for (const rule of (headers['content-security-policy'] ?? '').split('; ')) policy.set(rule.split(' ')[0] ?? '', rule.split(' ').slice(1))
  expect(policy.get('default-src')).toEqual(["'none'"])
  expect(policy.get('script-src')).toEqual(["'self'"])
  expect(policy.get('connect-src')).toEqual(["'self'", 'ws://127.0.0.1:*', 'http://127.0.0.1:*'])
  for (const name of ['object-src', 'frame-src', 'frame-ancestors', 'base-uri', 'form-action']) expect(policy.get(name), name).toEqual(["'none'"])
})

test('scripts written into the page do not run, and are reported as violations', async () => {
  const outcome = await studio.page.evaluate(async () => {
    const reports: string[] = []
    addEventListener('securitypolicyviolation', (event) => reports.push(event.effectiveDirective))
    const inline = document.createElement('script')
    inline.textContent = 'window.intruder = true'
    document.head.append(inline)
    const remote = document.createElement('script')
    remote.src = 'https://example.org/intruder.js'
    document.head.append(remote)
    const frame = document.createElement('iframe')
    frame.src = 'https://example.org/'
    document.body.append(frame)
    await fetch('https://example.org/').catch(() => undefined)
    // In a task of the page: inside the debugger's own call the policy on eval does not hold.
    const evaluated = await new Promise<boolean>((resolve) => {
      setTimeout(() => {
        try {
          Reflect.construct(Function, ['return 1'])
          resolve(true)
        } catch {
          // EvalError: the policy has no 'unsafe-eval'.
          resolve(false)
        }
      })
    })
    await new Promise((resolve) => setTimeout(resolve, 500))
    frame.remove()
    return { intruder: 'intruder' in window, evaluated, reports: reports.filter((name, index) => reports.indexOf(name) === index).sort() }
  })
  expect(outcome.intruder).toBe(false)
  expect(outcome.evaluated).toBe(false)
  expect(outcome.reports).toEqual(expect.arrayContaining(['connect-src', 'frame-src', 'script-src-elem']))
})

test('a path that climbs out of the page\'s folder is not answered', async () => {
  const statuses = await studio.page.evaluate(() => Promise.all(
    ['app://studio/..%2f..%2f..%2fpackage.json', 'app://studio/%2e%2e/%2e%2e/shell/index.mjs', 'app://studio/..%5c..%5cshell%5cindex.mjs', 'app://studio/nothing.js', 'app://studio/%00.html', 'app://studio/%E0%A4%A.html']
      .map((address) => fetch(address).then((answer) => answer.status, () => 0))))
  expect(statuses.every((status) => status === 404 || status === 0)).toBe(true)
})

test('the bridge offers exactly its agreed names and hands out no Electron object', async () => {
  const names = await studio.page.evaluate(() => Object.keys(window.vangxa).sort())
  expect(names).toEqual(['keepAwake', 'onSeen', 'onStation', 'openScreenWindow', 'pathsOf', 'pickFiles', 'platform', 'quitAndStop', 'saveFile', 'setLanguage', 'setUnsaved', 'station'])
  const bad = await studio.page.evaluate(async () => {
    const tries: (() => unknown)[] = [
      () => window.vangxa.pickFiles('anything' as 'audio'),
      () => window.vangxa.keepAwake('yes' as unknown as boolean),
      () => window.vangxa.saveFile({ suggestedName: 'a.csv', text: 7 as unknown as string }),
      () => window.vangxa.pathsOf(['/etc/passwd'] as unknown as File[]),
      () => window.vangxa.onStation('alert(1)' as unknown as () => void),
      () => window.vangxa.onSeen('alert(1)' as unknown as () => void),
    ]
    const outcomes: string[] = []
    for (const attempt of tries) {
      try {
        await attempt()
        outcomes.push('taken')
      } catch {
        // Refused, in the preload or in the shell.
        outcomes.push('refused')
      }
    }
    return outcomes
  })
  expect(bad).toEqual(bad.map(() => 'refused'))
  // A file the page made itself has no path to give away.
  expect(await studio.page.evaluate(() => window.vangxa.pathsOf([new File(['x'], 'passwd')]))).toEqual([''])
})

test('the microphone is allowed; camera, both together, position, notifications and screen capture are not', async () => {
  const outcome = await studio.page.evaluate(async () => {
    const name = (attempt: Promise<unknown>): Promise<string> => attempt.then(() => 'allowed', (error: unknown) => (error instanceof Error ? error.name : 'refused'))
    const microphone = await navigator.mediaDevices.getUserMedia({ audio: true })
    for (const track of microphone.getTracks()) track.stop()
    return {
      camera: await name(navigator.mediaDevices.getUserMedia({ video: true })),
      both: await name(navigator.mediaDevices.getUserMedia({ audio: true, video: true })),
      screen: await name(navigator.mediaDevices.getDisplayMedia({ video: true })),
      position: await new Promise<number>((resolve) => navigator.geolocation.getCurrentPosition(() => resolve(0), (error) => resolve(error.code))),
      notifications: await Notification.requestPermission(),
    }
  })
  expect(outcome.camera).not.toBe('allowed')
  expect(outcome.both).not.toBe('allowed')
  expect(outcome.screen).not.toBe('allowed')
  expect(outcome.position).toBe(1)
  expect(outcome.notifications).toBe('denied')
})

test('the page cannot be led elsewhere and opens no window', async () => {
  const before = await studio.app.evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows().length)
  const opened = await studio.page.evaluate((address) => [window.open(address), window.open('app://studio/'), window.open('about:blank')].map((made) => made === null), strangerUrl)
  expect(opened).toEqual([true, true, true])
  await studio.page.evaluate(async (address) => {
    const link = document.createElement('a')
    link.href = address
    document.body.append(link)
    link.click()
    link.target = '_blank'
    link.click()
    link.remove()
    location.href = address
    await new Promise((resolve) => setTimeout(resolve, 500))
  }, strangerUrl)
  expect(studio.page.url()).toBe('app://studio/')
  expect(await studio.app.evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows().length)).toBe(before)
})

test('another page in the same program gets no permission, no bridge and no answer', async () => {
  const outcome = await studio.app.evaluate(async ({ BrowserWindow, session }, address) => {
    const preload = BrowserWindow.getAllWindows()[0]
    const window = new BrowserWindow({ show: false, webPreferences: { sandbox: true, contextIsolation: true, session: session.defaultSession } })
    try {
      await window.loadURL(address)
      const result = (await window.webContents.executeJavaScript(`(async () => ({
        bridge: 'vangxa' in window,
        microphone: await navigator.mediaDevices.getUserMedia({ audio: true }).then(() => 'allowed', (error) => error.name),
        position: await new Promise((resolve) => navigator.geolocation.getCurrentPosition(() => resolve(0), (error) => resolve(error.code))),
      }))()`)) as { bridge: boolean; microphone: string; position: number }
      return { ...result, first: preload !== undefined }
    } finally {
      window.destroy()
    }
  }, strangerUrl)
  expect(outcome).toEqual({ bridge: false, microphone: 'NotAllowedError', position: 1, first: true })
})

test('messages from a window that is not the studio\'s are refused, even with the same preload', async () => {
  const answer = await studio.app.evaluate(async ({ BrowserWindow, app }, address) => {
    const window = new BrowserWindow({ show: false, webPreferences: { sandbox: true, contextIsolation: true, preload: `${app.getAppPath()}/out/preload/index.cjs` } })
    try {
      await window.loadURL(address)
      return (await window.webContents.executeJavaScript('window.vangxa.station().then(() => "answered", () => "refused")')) as string
    } finally {
      window.destroy()
    }
  }, strangerUrl)
  expect(answer).toBe('refused')
})

test('a screen window opens for the station\'s own screens only, without the bridge', async () => {
  const { url } = await studio.page.evaluate(() => window.vangxa.station())
  const refused = await studio.page.evaluate(async ({ wanted }) => {
    const outcomes: string[] = []
    for (const address of wanted) outcomes.push(await window.vangxa.openScreenWindow(address).then(() => 'opened', () => 'refused'))
    return outcomes
  }, { wanted: [strangerUrl, `${strangerUrl}screen/`, `${url}/files/x`, `${url}/screen/../rpc`, 'file:///etc/passwd', 'app://studio/', 'javascript:alert(1)', 'not an address'] })
  expect(refused).toEqual(refused.map(() => 'refused'))

  const opening = studio.app.waitForEvent('window')
  await studio.page.evaluate((address) => window.vangxa.openScreenWindow(address), `${url}/screen/`)
  const screen = await opening
  await screen.waitForLoadState('domcontentloaded')
  expect(await screen.evaluate(() => 'vangxa' in window)).toBe(false)
  expect(screen.url().startsWith(`${url}/screen/`)).toBe(true)
  // A key from outside the page, as a keyboard sends it.
  await studio.app.evaluate(({ webContents }, origin) => {
    const contents = webContents.getAllWebContents().find((candidate) => candidate.getURL().startsWith(`${origin}/screen/`))
    contents?.sendInputEvent({ type: 'keyDown', keyCode: 'Escape' })
  }, url)
  await expect.poll(() => studio.app.windows().length).toBe(1)
})
