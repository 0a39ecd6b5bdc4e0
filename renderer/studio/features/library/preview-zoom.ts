/** Chromium clamps an element at 33 554 432 px; beyond, the wave and the time axis would part silently. */
export const MAX_WAVE_PX = 33e6

/** Most pixels per second worth drawing: one peak per pixel, and never wider than an element can be. */
export function maxPxPerSec(seconds: number, points: number): number {
  return seconds <= 0 ? 1 : Math.min(MAX_WAVE_PX, points) / seconds
}

/** Next zoom step: 0 = the whole item in the view. */
export function nextZoom(current: number, direction: 'in' | 'out', seconds: number, points: number, viewPx: number): number {
  const fit = seconds <= 0 ? 0 : viewPx / seconds
  const from = Math.max(current, fit)
  const next = direction === 'in' ? from * 2 : from / 2
  if (next <= fit * 1.01) return 0
  return Math.max(Math.min(next, maxPxPerSec(seconds, points)), 0)
}
