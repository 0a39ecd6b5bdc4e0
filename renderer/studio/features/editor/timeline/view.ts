/** What part of the timeline is seen: scrolling is a sample, zooming a number of samples per CSS pixel. No DOM widths, so no limit of theirs. */
export interface View {
  readonly start: number
  readonly samplesPerPx: number
  readonly width: number
}

/** 8 pixels per sample. */
export const MIN_SAMPLES_PER_PX = 1 / 8
/** Room behind the end, so that something can be put there. */
const TAIL = 0.05

/** What "everything" is: the project, a second at least, ten while it is empty. */
const extent = (length: number): number => (length === 0 ? 480_000 : Math.max(length, 48_000)) * (1 + TAIL)

export const maxSamplesPerPx = (length: number, width: number): number => extent(length) / Math.max(1, width)

function settled(view: View, length: number): View {
  const samplesPerPx = Math.min(maxSamplesPerPx(length, view.width), Math.max(MIN_SAMPLES_PER_PX, view.samplesPerPx))
  const last = extent(length) - samplesPerPx * view.width
  return { ...view, samplesPerPx, start: Math.round(Math.max(0, Math.min(view.start, last))) }
}

export const pxOf = (view: View, at: number): number => (at - view.start) / view.samplesPerPx
export const sampleAt = (view: View, px: number): number => Math.max(0, Math.round(view.start + px * view.samplesPerPx))
export const viewEnd = (view: View): number => view.start + view.width * view.samplesPerPx

/** The sample under `px` stays where it is. */
export function zoomAbout(view: View, px: number, factor: number, length: number): View {
  const under = view.start + px * view.samplesPerPx
  const samplesPerPx = Math.min(maxSamplesPerPx(length, view.width), Math.max(MIN_SAMPLES_PER_PX, view.samplesPerPx * factor))
  return settled({ ...view, samplesPerPx, start: under - px * samplesPerPx }, length)
}

export const scrollTo = (view: View, start: number, length: number): View => settled({ ...view, start }, length)
export const resized = (view: View, width: number, length: number): View => settled({ ...view, width: Math.max(1, width) }, length)

export function showRange(view: View, from: number, to: number, length: number): View {
  const margin = 0.02
  const samplesPerPx = ((to - from) * (1 + 2 * margin)) / view.width
  return settled({ ...view, samplesPerPx, start: from - (to - from) * margin }, length)
}

/** Exactly these ends, as far as the zoom goes. */
export const showSpan = (view: View, from: number, to: number, length: number): View => settled({ ...view, samplesPerPx: (to - from) / view.width, start: from }, length)

export const showAll = (view: View, length: number): View => settled({ ...view, start: 0, samplesPerPx: Infinity }, length)

/** Moves as little as possible, and only when `at` is not seen. */
export function reveal(view: View, at: number, length: number): View {
  const px = pxOf(view, at)
  if (px >= 0 && px < view.width) return view
  return scrollTo(view, at - view.width * view.samplesPerPx * 0.1, length)
}

const STEPS = [0.0001, 0.0002, 0.0005, 0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1800, 3600, 7200]
/** Distance of labelled ruler marks, in seconds, so that labels stand at least `minPx` apart. */
export function rulerStep(view: View, minPx: number, rateHz: number): number {
  const least = (minPx * view.samplesPerPx) / rateHz
  return STEPS.find((step) => step >= least) ?? Math.ceil(least / 3600) * 3600
}
