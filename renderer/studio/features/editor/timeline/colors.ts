import { packColor } from './draw/pixels.ts'
import type { Packed } from './draw/pixels.ts'

/** Colours of the canvases come from the style sheet, so that light, dark and high contrast are decided in one place. */
const names = [
  'back', 'lane', 'laneActive', 'clip', 'clipSelected', 'title', 'titleSelected', 'titleDim', 'titleText', 'wave', 'body', 'ghost', 'dim', 'dimBody', 'over', 'line', 'text', 'selection', 'selectionEdge', 'proposed', 'curve', 'handle',
  'envelope', 'duck', 'marker', 'chapter', 'slide', 'comment', 'slot', 'beyond', 'grid', 'snap', 'punch', 'loudness', 'label',
] as const
export type ColorName = (typeof names)[number]
export interface Colors {
  readonly css: Readonly<Record<ColorName, string>>
  readonly pixel: Readonly<Record<ColorName, Packed>>
}

let known: { key: string; colors: Colors } | null = null

/** `light-dark()` is resolved by the style engine only: it is asked through a property that takes a colour. */
export function readColors(element: HTMLElement): Colors {
  const key = `${document.documentElement.dataset['mantineColorScheme'] ?? ''} ${document.body.dataset['timelineContrast'] ?? ''}`
  if (known?.key === key) return known.colors
  const css: Record<string, string> = {}
  const pixel: Record<string, Packed> = {}
  const before = element.style.color
  for (const name of names) {
    element.style.color = `var(--tl-${name.replaceAll(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)})`
    css[name] = getComputedStyle(element).color
    pixel[name] = packColor(css[name] ?? '')
  }
  element.style.color = before
  const colors = { css, pixel } as Colors
  known = { key, colors }
  return colors
}
