import { expect, type Locator, type Page } from '@playwright/test'

/** Keystroke-level figures of a practised office worker (Card, Moran, Newell): seconds for a key, for a key held down to repeat, and to think before a step. */
const KEY_S = 0.28
const HOLD_S = 0.5
const REPEAT_S = 1 / 30
const THINK_S = 1.35

/** Somebody who only uses the keyboard. Counts what the hands do, so that "under three minutes" does not depend on how busy this computer is. */
export class Hands {
  readonly #page: Page
  seconds = 0
  presses = 0

  constructor(page: Page) {
    this.#page = page
  }

  /** A new step of the work. */
  think(): void {
    this.seconds += THINK_S
  }

  async press(key: string): Promise<void> {
    this.presses += 1
    this.seconds += KEY_S
    await this.#page.keyboard.press(key)
  }

  /** More than three times is holding the key down. */
  async repeat(key: string, times: number): Promise<void> {
    this.presses += times
    this.seconds += times > 3 ? HOLD_S + times * REPEAT_S : times * KEY_S
    for (let n = 0; n < times; n++) await this.#page.keyboard.press(key)
  }

  async type(text: string): Promise<void> {
    this.presses += text.length
    this.seconds += text.length * KEY_S
    await this.#page.keyboard.type(text)
  }

  /** Walks by Tab until the control has the focus. */
  async tabTo(target: Locator, most = 90): Promise<void> {
    await expect(target).toBeVisible()
    const isThere = (): Promise<boolean> => target.evaluate((element) => element === document.activeElement || element.contains(document.activeElement))
    for (let n = 0; n < most; n++) {
      if (await isThere()) return
      await this.press('Tab')
    }
    expect(await isThere(), `reached by ${most} presses of Tab`).toBe(true)
  }
  async tabAndPress(target: Locator, most = 90): Promise<void> {
    await this.tabTo(target, most)
    await this.press('Enter')
  }
}
