import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import { editorNow, showEditor, useEditor } from '../../../renderer/studio/features/editor/editor-store.ts'
import { aim, between, glideTo, holdStill } from '../../../renderer/studio/features/editor/timeline/motion.ts'
import { zoomAbout } from '../../../renderer/studio/features/editor/timeline/view.ts'
import type { View } from '../../../renderer/studio/features/editor/timeline/view.ts'

const LENGTH = 60 * 48_000
const FRAME_MS = 16
const start: View = { start: 0, samplesPerPx: 2_000, width: 1_000 }

let now = 0
let frames: ((at: number) => void)[] = []
/** One picture of the screen. */
function frame(): View {
  now += FRAME_MS
  const waiting = frames
  frames = []
  for (const paint of waiting) paint(now)
  return editorNow().view
}
/** Views until nothing moves any more. */
function settle(): View[] {
  const seen: View[] = []
  while (frames.length > 0) seen.push(frame())
  return seen
}

beforeEach(() => {
  now = 0
  frames = []
  vi.stubGlobal('requestAnimationFrame', (paint: (at: number) => void) => frames.push(paint))
  vi.stubGlobal('matchMedia', () => ({ matches: false }))
  vi.spyOn(performance, 'now').mockImplementation(() => now)
  showEditor({ view: start })
})
afterEach(() => {
  settle()
  vi.unstubAllGlobals()
  vi.restoreAllMocks()
})

describe('a view that is sent elsewhere', () => {
  test('gets there in steps of the screen, the sample under the playhead standing still', () => {
    const px = 321
    const under = start.start + px * start.samplesPerPx
    const to = zoomAbout(start, px, 1 / 2, LENGTH)
    glideTo(to)
    expect(editorNow().view).toBe(start)
    const seen = settle()
    expect(seen.length).toBeGreaterThan(5)
    for (const view of seen) expect(Math.abs(view.start + px * view.samplesPerPx - under)).toBeLessThanOrEqual(2)
    expect(seen.map((view) => view.samplesPerPx)).toEqual(seen.map((view) => view.samplesPerPx).toSorted((a, b) => b - a))
    expect(seen.at(-1)).toBe(to)
  })

  test('can be sent on before it arrived: the second press adds to where the first one was going', () => {
    glideTo(zoomAbout(aim(), 500, 1 / 2, LENGTH))
    frame()
    expect(editorNow().view.samplesPerPx).toBeGreaterThan(1_000)
    glideTo(zoomAbout(aim(), 500, 1 / 2, LENGTH))
    expect(settle().at(-1)?.samplesPerPx).toBe(500)
  })

  test('stays where somebody else puts it, and where a hand holds it', () => {
    glideTo(zoomAbout(start, 500, 1 / 2, LENGTH))
    frame()
    const elsewhere: View = { ...start, start: 48_000 }
    showEditor({ view: elsewhere })
    expect(settle().every((view) => view === elsewhere)).toBe(true)
    expect(aim()).toBe(elsewhere)

    glideTo(zoomAbout(elsewhere, 500, 1 / 4, LENGTH))
    const held = frame()
    holdStill()
    expect(settle().every((view) => view === held)).toBe(true)
    expect(useEditor.getState().view).toBe(held)
  })

  test('is there at once for whoever asked the computer for less motion', () => {
    vi.stubGlobal('matchMedia', (query: string) => ({ matches: query === '(prefers-reduced-motion: reduce)' }))
    const to = zoomAbout(start, 500, 1 / 2, LENGTH)
    glideTo(to)
    expect(editorNow().view).toBe(to)
    expect(frames).toEqual([])
  })
})

test('a glide keeps the sample under the pointer where it is, all the way', () => {
  const from: View = { start: 1_000_000, samplesPerPx: 4_000, width: 1_000 }
  const px = 321
  const under = from.start + px * from.samplesPerPx
  const to: View = { ...from, samplesPerPx: 10, start: Math.round(under - px * 10) }
  for (let share = 0; share <= 1; share += 0.05) {
    const view = between(from, to, share)
    expect(Math.abs(view.start + px * view.samplesPerPx - under)).toBeLessThanOrEqual(2)
  }
  expect(between(from, to, 1)).toBe(to)
})
