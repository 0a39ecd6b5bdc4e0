import { editorNow, showEditor } from '../editor-store.ts'
import type { View } from './view.ts'

/**
 * The view glides to where it was sent, by wheel, key or button, and can be sent elsewhere on the way; anything else that sets the view ends the glide. Who asked the
 * computer for less motion sees the end at once.
 */
const GLIDE_MS = 130
let flight: { readonly from: View; readonly to: View; readonly began: number; shown: View } | null = null
let frame = 0

const wantsStillness = (): boolean => matchMedia('(prefers-reduced-motion: reduce)').matches

/** Where the view is going, else where it is: the next notch of a wheel adds to that. */
export const aim = (): View => (flight !== null && flight.shown === editorNow().view ? flight.to : editorNow().view)

export function glideTo(to: View): void {
  const from = editorNow().view
  if (wantsStillness()) {
    flight = null
    showEditor({ view: to })
    return
  }
  flight = { from, to, began: performance.now(), shown: from }
  if (frame === 0) frame = requestAnimationFrame(step)
}

/** A hand on the picture holds it where it is: what is under the pointer is what is taken. */
export function holdStill(): void {
  flight = null
}

function step(now: number): void {
  frame = 0
  if (flight === null) return
  if (flight.shown !== editorNow().view) {
    flight = null
    return
  }
  const share = Math.min(1, Math.max(0.12, (now - flight.began) / GLIDE_MS))
  const view = between(flight.from, flight.to, 1 - (1 - share) ** 3)
  flight.shown = view
  showEditor({ view })
  if (share < 1) frame = requestAnimationFrame(step)
  else flight = null
}

/** Zooming by equal factors; the beginning follows the zoom linearly, so the sample under the pointer stays under it all the way. */
export function between(from: View, to: View, share: number): View {
  if (share >= 1) return to
  const ratio = to.samplesPerPx / from.samplesPerPx
  if (Math.abs(ratio - 1) < 1e-9) return { ...to, start: Math.round(from.start + (to.start - from.start) * share) }
  const samplesPerPx = from.samplesPerPx * ratio ** share
  const along = (samplesPerPx - from.samplesPerPx) / (to.samplesPerPx - from.samplesPerPx)
  return { ...to, samplesPerPx, start: Math.round(from.start + (to.start - from.start) * along) }
}
