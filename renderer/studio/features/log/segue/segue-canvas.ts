import { fadeGain } from '#common/mix/index.ts'
import type { Placement } from '#common/playout/index.ts'
import type { PreviewPeaks } from '../../library/index.ts'

/** What part of the time both lines share is shown: samples from the first sample of the line before. */
export interface View {
  readonly from: number
  readonly samplesPerPx: number
}
export interface DrawnSide {
  readonly peaks: PreviewPeaks | null
  readonly lengthSamples: number
  /** Where its first sounding sample stands in the view's time. */
  readonly at: number
  readonly placed: Pick<Placement, 'from' | 'length' | 'fadeIn' | 'fadeOut'>
}

/** `light-dark()` is resolved by the style engine only: ask it through a property that takes a colour. */
export function deskColour(element: HTMLElement, name: `--desk-${string}`): string {
  element.style.color = `var(${name})`
  const value = getComputedStyle(element).color
  element.style.color = ''
  return value
}

/** The wave of one line as loud as it will be heard: what is faded is low, what does not sound is pale. */
export function drawSide(canvas: HTMLCanvasElement, side: DrawnSide, view: View, colours: { wave: string; pale: string; line: string }): void {
  const context = canvas.getContext('2d')
  if (context === null) return
  const scale = window.devicePixelRatio
  const [width, height] = [canvas.clientWidth, canvas.clientHeight]
  if (canvas.width !== Math.round(width * scale)) canvas.width = Math.round(width * scale)
  if (canvas.height !== Math.round(height * scale)) canvas.height = Math.round(height * scale)
  context.setTransform(scale, 0, 0, scale, 0, 0)
  context.clearRect(0, 0, width, height)
  const middle = height / 2
  context.fillStyle = colours.line
  context.fillRect(0, Math.round(middle), width, 1)
  const { peaks, placed } = side
  if (peaks === null) return
  const perPoint = side.lengthSamples / peaks.points
  for (let x = 0; x < width; x++) {
    const local = view.from + x * view.samplesPerPx - side.at
    const item = placed.from + local
    if (item + view.samplesPerPx < 0 || item >= side.lengthSamples) continue
    const [low, high] = extremes(peaks, item / perPoint, (item + view.samplesPerPx) / perPoint)
    const sounds = local >= 0 && local < placed.length
    const gain = sounds ? gainAt(placed, local) : 1
    const top = middle - high * gain * middle
    context.fillStyle = sounds ? colours.wave : colours.pale
    context.fillRect(x, top, 1, Math.max(1, middle - low * gain * middle - top))
  }
}

function gainAt({ length, fadeIn, fadeOut }: DrawnSide['placed'], local: number): number {
  const coming = local < fadeIn.length ? fadeGain(fadeIn.shape, local, fadeIn.length) : 1
  const left = length - local
  return coming * (left < fadeOut.length ? fadeGain(fadeOut.shape, left, fadeOut.length) : 1)
}

function extremes({ outlines: [high, low] }: PreviewPeaks, from: number, until: number): [number, number] {
  let [least, most] = [0, 0]
  for (let point = Math.max(0, Math.floor(from)); point < Math.max(Math.floor(from) + 1, until) && point < high.length; point++) {
    least = Math.min(least, low[point] ?? 0)
    most = Math.max(most, high[point] ?? 0)
  }
  return [least, most]
}
