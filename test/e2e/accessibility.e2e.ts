import { expect, test, type Page } from '@playwright/test'
import { launchStudio, type Studio } from './support/electron-app.ts'
import { createAdministrator, expectAccessible, PASSWORD, SCREEN } from './support/person.ts'

/** The rail, top to bottom: key, page, what its main action is called by tests or by its name. */
const pages = [
  { key: 'F1', id: 'library', shows: 'Thư viện', primary: (page: Page) => page.getByTestId('import') },
  { key: 'F2', id: 'recorder', shows: 'Thu âm', primary: (page: Page) => page.getByTestId('record') },
  { key: 'F12', id: 'programme', shows: 'Bản tin', primary: (page: Page) => page.getByTestId('new-bulletin') },
  { key: 'Shift+F4', id: 'planning', shows: 'Kế hoạch tuần', primary: (page: Page) => page.getByTestId('planning-generate') },
  { key: 'F4', id: 'log', shows: 'Lịch phát', primary: (page: Page) => page.getByTestId('log-add-search') },
  { key: 'F5', id: 'air', shows: 'Phát sóng', primary: (page: Page) => page.getByTestId('air-monitor') },
  { key: 'F6', id: 'fleet', shows: 'Cụm loa', primary: (page: Page) => page.getByTestId('pair-device') },
  { key: 'F7', id: 'boards', shows: 'Bảng tin', primary: (page: Page) => page.getByTestId('new-notice') },
  { key: 'F8', id: 'emergency', shows: 'Khẩn cấp', primary: (page: Page) => page.getByTestId('alert-title') },
  { key: 'F9', id: 'reports', shows: 'Báo cáo', primary: (page: Page) => page.getByTestId('report-save-xlsx') },
  { key: 'F10', id: 'settings', shows: 'Cài đặt', primary: (page: Page) => page.getByTestId('pin-password') },
] as const

test.describe('before the desk', () => {
  let studio: Studio
  test.beforeAll(async () => {
    studio = await launchStudio()
    await studio.page.setViewportSize(SCREEN)
  })
  test.afterAll(() => studio?.close())

  test('the first run form and the sign-in form are accessible', async () => {
    test.setTimeout(180_000)
    const { page } = studio
    await page.getByTestId('create-administrator').waitFor({ timeout: 60_000 })
    await expectAccessible(page, 'first-run')
    await createAdministrator(page)
    await expectAccessible(page, 'library-empty')
    await page.getByTestId('person-menu').click()
    await expect(page.getByRole('menuitem', { name: 'Đăng xuất' })).toBeVisible()
    await expectAccessible(page, 'person-menu')
    await page.getByRole('menuitem', { name: 'Đăng xuất' }).click()
    await page.getByTestId('sign-in').waitFor()
    await expectAccessible(page, 'sign-in')
    await page.getByTestId('user-name').fill('lan')
    await page.getByTestId('password').fill('không phải mật khẩu')
    await page.keyboard.press('Enter')
    await expect(page.getByTestId('gate-error')).toBeVisible()
    await expectAccessible(page, 'sign-in-refused')
    await page.getByTestId('password').fill(PASSWORD)
    await page.keyboard.press('Enter')
    await page.getByTestId('library-page').waitFor()
  })
})

test.describe('the desk of the demo area', () => {
  let studio: Studio
  let page: Page
  test.beforeAll(async () => {
    test.setTimeout(420_000)
    studio = await launchStudio({ demo: true })
    page = studio.page
    await page.setViewportSize(SCREEN)
    await page.getByTestId('library-page').waitFor({ timeout: 120_000 })
    await expect.poll(() => page.getByTestId('library-row').count(), { timeout: 120_000 }).toBeGreaterThan(3)
    await page.keyboard.press('F6')
    await expect.poll(() => page.locator('[data-testid^="device-SPK"]').count(), { timeout: 200_000 }).toBeGreaterThanOrEqual(6)
  })
  test.afterAll(() => studio?.close())

  for (const entry of pages) {
    test(`${entry.key} opens ${entry.shows}, which is accessible in light and in dark`, async () => {
      test.setTimeout(120_000)
      await page.keyboard.press(entry.key)
      await expect(page.locator('main#page')).toHaveAttribute('data-page', entry.id)
      await expect(page.getByRole('heading', { level: 1 })).toContainText(entry.shows)
      await expect(page.getByTestId(`rail-${entry.id}`)).toHaveAttribute('aria-current', 'page')
      await expectAccessible(page, entry.id)
    })

    test(`Tab reaches the main action of ${entry.shows}, and the focus is seen`, async () => {
      test.setTimeout(120_000)
      await page.keyboard.press(entry.key)
      const target = entry.primary(page)
      await expect(target).toBeVisible()
      await page.locator('main#page').focus()
      // The ring may be drawn by the frame around an input.
      const look = (): Promise<string> => target.evaluate((element) => {
        const frames = [element, element.parentElement, element.parentElement?.parentElement ?? null].filter((frame) => frame !== null)
        return frames.map((frame) => getComputedStyle(frame)).map(({ outline, boxShadow, borderColor, backgroundColor }) => [outline, boxShadow, borderColor, backgroundColor].join(' ')).join(' | ')
      })
      const before = await look()
      const isThere = (): Promise<boolean> => target.evaluate((element) => element.contains(document.activeElement))
      for (let presses = 0; presses < 60 && !(await isThere()); presses++) await page.keyboard.press('Tab')
      expect(await isThere(), 'reached within 60 presses of Tab').toBe(true)
      await expect.poll(look, { message: 'the focused control looks different' }).not.toBe(before)
    })
  }

  test('F12 shows the sample bulletin, with scripts, voices and a picture', async () => {
    test.setTimeout(300_000)
    await page.keyboard.press('F12')
    await expect.poll(() => page.getByTestId('open-bulletin').filter({ hasText: 'Bản tin 17 giờ' }).count(), { timeout: 280_000 }).toBe(1)
    await page.getByTestId('open-bulletin').filter({ hasText: 'Bản tin 17 giờ' }).click()
    await expect(page.getByText('Vào vụ gặt đông xuân').first()).toBeVisible()
    await expectAccessible(page, 'programme-sample')
  })

  test('the palette finds by words without marks, and Enter goes there', async () => {
    await page.keyboard.press('F1')
    await page.keyboard.press('Control+KeyK')
    const search = page.getByPlaceholder('Gõ tên việc cần làm…')
    await expect(search).toBeFocused()
    await page.keyboard.type('khan cap')
    const found = page.locator('[data-action]')
    await expect(found.first()).toContainText('Khẩn cấp')
    await expectAccessible(page, 'palette')
    await page.keyboard.press('Enter')
    await expect(page.locator('main#page')).toHaveAttribute('data-page', 'emergency')
    await expect(search).toBeHidden()
  })

  test('? shows every key, Shift F1 the first programme, Escape closes both', async () => {
    test.setTimeout(120_000)
    await page.keyboard.press('F5')
    await page.locator('main#page').focus()
    await page.keyboard.press('Shift+Slash')
    const keys = page.getByRole('dialog', { name: 'Bảng phím tắt' })
    await expect(keys).toBeVisible()
    for (const text of ['Khẩn cấp', 'F8', 'Ctrl K']) await expect(keys.getByText(text, { exact: true }).first()).toBeVisible()
    await expectAccessible(page, 'key-sheet')
    await page.keyboard.press('Escape')
    await expect(keys).toBeHidden()
    await page.keyboard.press('Shift+F1')
    const help = page.getByRole('dialog', { name: /Chương trình đầu tiên/ })
    await expect(help).toBeVisible()
    await expectAccessible(page, 'help')
    await page.keyboard.press('Escape')
    await expect(help).toBeHidden()
  })

  test('the drawers and dialogs of the fleet are accessible', async () => {
    test.setTimeout(120_000)
    await page.keyboard.press('F6')
    await page.getByTestId('pair-device').click()
    await expect(page.getByTestId('pair-label')).toBeFocused()
    await expectAccessible(page, 'fleet-pairing')
    await page.keyboard.press('Escape')
    await page.getByTestId('add-unit').click()
    await expect(page.getByTestId('unit-name')).toBeFocused()
    await expectAccessible(page, 'fleet-unit')
    await page.keyboard.press('Escape')
    await page.locator('[data-testid^="device-SPK"]').first().getByRole('button').first().click()
    await expect(page.getByRole('combobox', { name: 'Chế độ' })).toBeVisible()
    await expectAccessible(page, 'fleet-device')
    await page.keyboard.press('Escape')
  })

  test('every part of the settings is accessible', async () => {
    test.setTimeout(180_000)
    await page.keyboard.press('F10')
    for (const [name, where] of [['Trạm phát', 'settings-station'], ['Người dùng', 'settings-people'], ['Sao lưu', 'settings-backups'], ['Thông tin trạm', 'settings-about']] as const) {
      await page.getByRole('tab', { name, exact: true }).click()
      await expectAccessible(page, where)
    }
  })
})
