import { join } from 'node:path'
import AxeBuilder from '@axe-core/playwright'
import { expect, type Page } from '@playwright/test'
import type { Studio } from './electron-app.ts'
import type { RadioProcess } from './radio-process.ts'

export const PASSWORD = 'một mật khẩu dài'
export const PIN = '246810'
export const SCREEN = { width: 1366, height: 768 }

export async function shot(page: Page, name: string): Promise<void> {
  const folder = process.env['VANGXA_SHOTS']
  if (folder !== undefined) await page.screenshot({ path: join(folder, `${name}.png`) })
}

/** First run: fills the form by keyboard and waits for the desk. */
export async function createAdministrator(page: Page): Promise<void> {
  await page.setViewportSize(SCREEN)
  await expect(page.getByTestId('station-name')).toBeFocused({ timeout: 150_000 })
  for (const text of ['Đài xã Thử', 'Nguyễn Thị Lan']) {
    await page.keyboard.type(text)
    await page.keyboard.press('Tab')
  }
  await page.getByTestId('user-name').fill('lan')
  await page.getByTestId('password').fill(PASSWORD)
  await page.getByTestId('password-again').fill(PASSWORD)
  await page.keyboard.press('Enter')
  await page.getByTestId('library-page').waitFor({ timeout: 60_000 })
}

export async function setPin(page: Page): Promise<void> {
  await page.keyboard.press('F10')
  await page.getByTestId('pin-password').fill(PASSWORD)
  await page.getByTestId('new-pin').fill(PIN)
  await page.keyboard.press('Enter')
  await expect(page.getByText('Đã đặt mã PIN khẩn cấp')).toBeVisible({ timeout: 60_000 })
}

/** The open-file dialog belongs to the system: it is answered in the shell. */
export async function importFiles(studio: Studio, paths: readonly string[]): Promise<void> {
  await studio.app.evaluate(({ dialog }, filePaths) => {
    Object.assign(dialog, { showOpenDialog: () => Promise.resolve({ canceled: false, filePaths }) })
  }, [...paths])
  await studio.page.keyboard.press('F1')
  await studio.page.getByTestId('import').click()
  await studio.page.getByTestId('import-start').click()
}

/** Chooses an item of the library, sends it to approval and approves it. */
export async function approveItem(page: Page, title: string): Promise<void> {
  await page.keyboard.press('F1')
  await page.getByTestId('library-row').filter({ hasText: title }).first().click()
  await expect(page.getByTestId('detail-title')).toContainText(title)
  await page.getByTestId('step-submit').click()
  await expect(page.getByTestId('detail-state')).toHaveText('Trình duyệt', { timeout: 30_000 })
  await page.getByTestId('step-approve').click()
  await expect(page.getByTestId('detail-state')).toHaveText('Đã duyệt', { timeout: 30_000 })
}

export async function addUnit(page: Page, unit: { readonly name: string; readonly level: string; readonly code: string; readonly parent?: string }): Promise<void> {
  await page.keyboard.press('F6')
  await page.getByTestId('add-unit').click()
  const dialog = page.getByRole('dialog', { name: 'Thêm địa bàn' })
  await dialog.getByTestId('unit-name').fill(unit.name)
  await dialog.getByLabel('Cấp').fill(unit.level)
  await dialog.getByLabel('Mã').fill(unit.code)
  if (unit.parent !== undefined) {
    await dialog.getByRole('combobox', { name: 'Thuộc' }).click()
    await page.getByRole('option', { name: unit.parent, exact: true }).click()
  }
  await dialog.getByTestId('unit-save').click()
  await expect(dialog).toBeHidden()
  await expect(page.getByTestId(`unit-${unit.code}`)).toContainText(unit.name)
}

/** Settings → Thông tin trạm tells where devices call in. */
export async function devicesAddress(page: Page): Promise<string> {
  await page.keyboard.press('F10')
  await page.getByRole('tab', { name: 'Thông tin trạm' }).click()
  const address = page.getByText(/^https:\/\/127\.0\.0\.1:\d+/)
  await expect(address).toBeVisible()
  return (await address.innerText()).trim()
}

/** Label into the dialog, digits on the screen compared with those the radio speaks, confirmed, and made active in its drawer. */
export async function pairRadio(page: Page, radio: RadioProcess, facts: { readonly label: string; readonly name: string; readonly unit: string; readonly simulatedAs?: string }): Promise<string> {
  const id = facts.label.split(':')[1] ?? ''
  await page.keyboard.press('F6')
  await page.getByTestId('pair-device').click()
  const dialog = page.getByRole('dialog', { name: 'Ghép thiết bị mới' })
  await dialog.getByTestId('pair-label').fill(facts.label)
  await dialog.getByTestId('pair-name').fill(facts.name)
  await dialog.getByRole('combobox', { name: 'Địa bàn' }).click()
  await page.getByRole('option', { name: facts.unit, exact: true }).click()
  await dialog.getByTestId('pair-expect').click()
  const digits = dialog.getByTestId('pair-digits')
  await expect(digits).toBeVisible({ timeout: 60_000 })
  const spoken = await radio.line('digits', facts.simulatedAs)
  await expect(digits).toHaveText(spoken.replaceAll(/\D/g, ''))
  await dialog.getByTestId('pair-confirm').click()
  await expect(dialog.getByTestId('pair-done')).toBeVisible({ timeout: 60_000 })
  await page.keyboard.press('Escape')
  await expect(dialog).toBeHidden()
  await page.getByTestId(`device-${id}`).getByRole('button', { name: facts.name }).click()
  const drawer = page.getByRole('dialog', { name: new RegExp(id) })
  await drawer.getByRole('combobox', { name: 'Chế độ' }).click()
  await page.getByRole('option', { name: 'Hoạt động' }).click()
  await drawer.getByRole('button', { name: 'Lưu' }).click()
  await expect(page.getByText('Đã lưu thiết bị').first()).toBeVisible()
  await page.keyboard.press('Escape')
  await expect(drawer).toBeHidden()
  await expect(page.getByTestId(`device-${id}`)).toHaveAttribute('data-state', 'online-idle', { timeout: 60_000 })
  return id
}

/** No serious or critical violation, in light and in dark. `where` names the state in the message. */
export async function expectAccessible(page: Page, where: string): Promise<void> {
  for (const scheme of ['light', 'dark'] as const) {
    await page.emulateMedia({ colorScheme: scheme, reducedMotion: 'reduce' })
    await expect(page.locator('html')).toHaveAttribute('data-mantine-color-scheme', scheme)
    await shot(page, `${where}-${scheme}`)
    // Names, roles and order are the same in both; only colours depend on the scheme.
    const axe = new AxeBuilder({ page }).setLegacyMode(true)
    const { violations } = await (scheme === 'light' ? axe : axe.withRules(['color-contrast', 'link-in-text-block'])).analyze()
    const grave = violations.filter(({ impact }) => impact === 'serious' || impact === 'critical')
    expect.soft(grave.map(({ id, impact, nodes }) => `${where} ${scheme} ${impact} ${id}: ${nodes.map((node) => `${node.html} ${node.failureSummary ?? ''}`).join(' | ')}`)).toEqual([])
  }
}
