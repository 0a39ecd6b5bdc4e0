import { join } from 'node:path'
import { expect } from '@playwright/test'
import type { ElectronApplication, Page } from '@playwright/test'

export const operator = { stationName: 'Trung tâm Truyền thanh liên xã Thử', fullName: 'Nguyễn Thị Hạnh', userName: 'hanh', password: 'một câu dài khó đoán' } as const
const LONG = { timeout: 90_000 }

/** What one person does at the desk, by the page's own controls. */
export class Desk {
  readonly #app: ElectronApplication
  readonly #page: Page
  readonly #shots: string
  constructor(app: ElectronApplication, page: Page, shots: string) {
    this.#app = app
    this.#page = page
    this.#shots = shots
  }

  async go(page: string): Promise<void> {
    await this.#page.getByTestId(`rail-${page}`).click()
    await this.#page.locator(`[data-page="${page}"]`).waitFor(LONG)
  }
  async shot(name: string): Promise<void> {
    await this.#page.screenshot({ path: join(this.#shots, `${name}.png`) })
  }
  async setUp(): Promise<void> {
    const page = this.#page
    await page.getByTestId('station-name').fill(operator.stationName, LONG)
    await page.getByTestId('full-name').fill(operator.fullName)
    await page.getByTestId('user-name').fill(operator.userName)
    await page.getByTestId('password').fill(operator.password)
    await page.getByTestId('password-again').fill(operator.password)
    await this.shot('first-run')
    await page.getByTestId('create-administrator').click()
    await page.getByTestId('library-page').waitFor(LONG)
  }
  async addUnit(name: string, code: string, parent: string | null): Promise<void> {
    const page = this.#page
    if (parent !== null) await page.getByTestId(`unit-${parent}`).click()
    await page.getByTestId('add-unit').click()
    await page.getByTestId('unit-name').fill(name)
    await page.getByRole('dialog').getByLabel('Mã').fill(code)
    await page.getByTestId('unit-save').click()
    await page.getByTestId(`unit-${code}`).waitFor(LONG)
  }
  /** Types the label, waits for the digits, compares them with what the radio speaks, confirms. */
  async pair(label: string, name: string, unitCode: string, spoken: Promise<string>): Promise<void> {
    const page = this.#page
    await page.getByTestId(`unit-${unitCode}`).click()
    await page.getByTestId('pair-device').click()
    await page.getByTestId('pair-label').fill(label)
    await page.getByTestId('pair-name').fill(name)
    await page.getByTestId('pair-expect').click()
    await expect(page.getByTestId('pair-digits')).toHaveText(await spoken, LONG)
    await this.shot('pairing')
    await page.getByTestId('pair-confirm').click()
    await page.getByTestId('pair-done').waitFor(LONG)
    await page.keyboard.press('Escape')
  }
  async activate(device: string): Promise<void> {
    const page = this.#page
    await page.getByTestId(`device-${device}`).getByRole('button').first().click()
    const drawer = page.getByRole('dialog')
    await drawer.getByRole('combobox', { name: 'Chế độ' }).click()
    await page.getByRole('option', { name: 'Hoạt động' }).click()
    await drawer.getByRole('button', { name: 'Lưu' }).click()
    await page.waitForTimeout(300)
    await page.keyboard.press('Escape')
    await drawer.waitFor({ state: 'detached', ...LONG })
  }
  /** Records so long from the microphone. @returns id of the library item */
  async record(seconds: number): Promise<string> {
    const page = this.#page
    await this.go('recorder')
    const record = page.getByTestId('record')
    await expect(record).toBeEnabled(LONG)
    await record.click()
    await expect(page.getByTestId('elapsed')).toContainText(clock(seconds), LONG)
    await this.shot('recording')
    await record.click()
    const take = page.locator('[data-testid="take"][data-state="saved"]').first()
    await expect(take).toHaveAttribute('data-item', /.+/, LONG)
    const item = await take.getAttribute('data-item')
    if (item === null) throw new Error('the take became no item')
    return item
  }
  async importFile(path: string, title: string): Promise<void> {
    await this.#app.evaluate(({ dialog }, file) => {
      Object.assign(dialog, { showOpenDialog: () => Promise.resolve({ canceled: false, filePaths: [file] }) })
    }, path)
    await this.go('library')
    await this.#page.getByTestId('import').click()
    await this.#page.getByTestId('import-start').click()
    await this.#page.getByTestId('library-row').filter({ hasText: title }).waitFor(LONG)
  }
  async approve(title: string): Promise<void> {
    const page = this.#page
    await this.go('library')
    await page.getByTestId('library-row').filter({ hasText: title }).first().click()
    await page.getByTestId('step-submit').click()
    await expect(page.getByTestId('detail-state')).toHaveText('Trình duyệt')
    await page.getByTestId('step-approve').click()
    await expect(page.getByTestId('detail-state')).toHaveText('Đã duyệt')
  }
  async scheduleAt(title: string, time: string): Promise<void> {
    const page = this.#page
    await this.go('log')
    await this.#choose(title)
    const hard = page.getByTestId('log-add-time')
    if ((await hard.count()) === 0) await page.getByTestId('log-add-kind').getByText('Giờ cứng').click()
    await hard.fill(time)
    await page.getByTestId('log-add-button').click()
    await page.getByTestId('log-line').filter({ hasText: title }).first().waitFor(LONG)
  }
  async scheduleFollowing(title: string): Promise<void> {
    const page = this.#page
    await this.#choose(title)
    await page.getByTestId('log-add-button').click()
    await page.getByTestId('log-line').filter({ hasText: title }).first().waitFor(LONG)
  }
  async #choose(title: string): Promise<void> {
    const page = this.#page
    await page.getByTestId('log-add-search').fill(title)
    await page.getByTestId('log-add-item').filter({ hasText: title }).first().click()
  }
}

const clock = (seconds: number): RegExp => {
  const pad = (value: number): string => String(value).padStart(2, '0')
  return new RegExp(`${pad(Math.floor(seconds / 60))}:(?:${[0, 1, 2, 3].map((late) => pad((seconds + late) % 60)).join('|')})`)
}
