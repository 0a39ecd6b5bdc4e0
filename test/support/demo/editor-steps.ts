import { expect, type Page } from '@playwright/test'

const LONG = { timeout: 90_000 }

/** By keys: in and out points second by second, trim to the selection, render as WAV. The take is the newest saved one on the recorder page. */
export async function trimAndRender(page: Page, trim: { startSec: number; endSec: number }, title: string, shot: (name: string) => Promise<void>): Promise<void> {
  await page.getByTestId('take-to-editor').first().click()
  await page.getByTestId('editor-desk').waitFor(LONG)
  await expect(page.getByTestId('editor-length')).toContainText(/\d/, LONG)
  await page.getByTestId('timeline').focus().catch(() => undefined)
  await page.keyboard.press('Home')
  for (let second = 0; second < trim.startSec; second++) await page.keyboard.press('Shift+ArrowRight')
  await page.keyboard.press('KeyI')
  for (let second = trim.startSec; second < trim.endSec; second++) await page.keyboard.press('Shift+ArrowRight')
  await page.keyboard.press('KeyO')
  await shot('editor-selection')
  await page.keyboard.press('KeyT')
  await expect(page.getByTestId('editor-length')).toContainText(new RegExp(`0?0:${String(trim.endSec - trim.startSec).padStart(2, '0')}`), LONG)
  await shot('editor-trimmed')
  await page.keyboard.press('Control+KeyE')
  await page.getByTestId('render-title').fill(title)
  await page.getByTestId('render-start').click()
  await expect(page.getByTestId('render-state')).toHaveAttribute('data-state', 'done', LONG)
  await page.getByTestId('render-open-item').click()
  await page.getByTestId('library-page').waitFor(LONG)
}
