import type { Page } from '@playwright/test'

export interface Frames {
  /** From one animation frame to the next. */
  readonly intervals: readonly number[]
  /** Main thread from the beginning of a frame to the end of its painting. */
  readonly tasks: readonly number[]
}

export function p(values: readonly number[], share: number): number {
  const sorted = values.toSorted((a, b) => a - b)
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? 0
}

const OPENINGS = 5

/**
 * From the answer of the station (the project is known) and from the click to the frame after the whole wave was drawn. The project is opened
 * several times; the first time, when code is compiled, counts too.
 */
export async function measureOpening(page: Page, times = OPENINGS): Promise<{ median: number; fromClick: number }> {
  const desk: number[] = []
  const click: number[] = []
  for (let n = 0; n < times; n++) {
    if (n > 0) await page.getByTestId('editor-back').click()
    await page.getByTestId('open-project').first().waitFor({ timeout: 60_000 })
    await page.waitForTimeout(500)
    const seen = await page.evaluate(async () => {
      const painted = (): Promise<number> => new Promise((resolve) => {
        requestAnimationFrame(() => {
          const channel = new MessageChannel()
          channel.port1.onmessage = () => resolve(performance.now())
          channel.port2.postMessage(0)
        })
      })
      performance.clearMarks('timeline-drawn')
      const button = document.querySelector<HTMLElement>('[data-testid="open-project"]')
      const clicked = performance.now()
      const mounted = new Promise<number>((resolve) => {
        const observer = new MutationObserver(() => {
          if (document.querySelector('[data-testid="editor-desk"]') === null) return
          observer.disconnect()
          resolve(performance.now())
        })
        observer.observe(document.body, { childList: true, subtree: true })
      })
      const drawn = new Promise<void>((resolve) => {
        const observer = new PerformanceObserver((list) => {
          if (list.getEntriesByName('timeline-drawn').length === 0) return
          observer.disconnect()
          resolve()
        })
        observer.observe({ type: 'mark' })
      })
      button?.click()
      const at = await mounted
      await drawn
      const mark = performance.getEntriesByName('timeline-drawn').at(-1)?.startTime ?? 0
      return { clicked, mounted: at, mark, painted: await painted() }
    })
    desk.push(seen.painted - seen.mounted)
    click.push(seen.painted - seen.clicked)
  }
  return { median: p(desk, 0.5), fromClick: p(click, 0.5) }
}

/** Turns the wheel once per frame: in to single samples, a scroll there, out again with scrolls on the way. */
export async function measureFrames(page: Page, samples: number): Promise<Frames> {
  return page.evaluate(async (length) => {
    const timeline = document.querySelector<HTMLElement>('[data-testid="timeline"]')
    if (timeline === null) throw new Error('no timeline')
    const { left, top, width } = timeline.getBoundingClientRect()
    const turn = (deltaY: number, share: number, ctrlKey: boolean): boolean => timeline.dispatchEvent(new WheelEvent('wheel', { deltaY, ctrlKey, clientX: left + width * share, clientY: top + 120, bubbles: true, cancelable: true }))
    // 1.35 per notch of 100.
    const whole = Math.log((length * 1.05) / width / (1 / 8)) / Math.log(1.35)
    const steps: [number, number, boolean][] = []
    const zoom = (notches: number, count: number, share: number): void => {
      for (let n = 0; n < count; n++) steps.push([(notches * 100) / count, share, true])
    }
    const scroll = (notches: number, count: number): void => {
      for (let n = 0; n < count; n++) steps.push([(notches * 100) / count, 0.5, false])
    }
    zoom(-whole, 240, 0.31)
    scroll(8, 60)
    for (let part = 0; part < 5; part++) {
      zoom(whole / 5, 48, 0.6)
      scroll(6, 40)
      scroll(-6, 40)
    }
    zoom(-whole / 2, 60, 0.5)
    scroll(12, 80)
    zoom(whole / 2, 60, 0.2)
    const intervals: number[] = []
    const tasks: number[] = []
    const channel = new MessageChannel()
    let began = 0
    channel.port1.onmessage = () => void tasks.push(performance.now() - began)
    await new Promise<void>((resolve) => {
      let n = 0
      let last = 0
      const frame = (now: number): void => {
        if (last > 0) intervals.push(now - last)
        last = now
        began = performance.now()
        const step = steps[n++]
        if (step === undefined) return resolve()
        turn(...step)
        channel.port2.postMessage(0)
        requestAnimationFrame(frame)
      }
      requestAnimationFrame(frame)
    })
    return { intervals, tasks }
  }, samples)
}
