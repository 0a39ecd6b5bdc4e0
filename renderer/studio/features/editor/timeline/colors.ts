/** Colours of the canvases come from the style sheet, so that light, dark and high contrast are decided in one place. */
const names = ['back', 'lane', 'laneActive', 'clip', 'clipSelected', 'title', 'titleText', 'wave', 'waveDim', 'line', 'text', 'selection', 'selectionEdge', 'fade', 'handle', 'marker', 'playhead', 'grid'] as const
export type ColorName = (typeof names)[number]
export type Colors = Readonly<Record<ColorName, string>>

let known: { key: string; colors: Colors } | null = null

/** `light-dark()` is resolved by the style engine only: it is asked through a property that takes a colour. */
export function readColors(element: HTMLElement): Colors {
  const key = document.documentElement.dataset['mantineColorScheme'] ?? ''
  if (known?.key === key) return known.colors
  const colors: Partial<Record<ColorName, string>> = {}
  const before = element.style.color
  for (const name of names) {
    element.style.color = `var(--editor-${name.replaceAll(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)})`
    colors[name] = getComputedStyle(element).color
  }
  element.style.color = before
  const all = { ...fallback, ...colors }
  known = { key, colors: all }
  return all
}

const fallback: Colors = {
  back: '#fff', lane: '#eee', laneActive: '#e4eef0', clip: '#dbe9ec', clipSelected: '#c4e0e6', title: '#0c6e80', titleText: '#fff', wave: '#0c6e80', waveDim: '#9ab', line: '#89a', text: '#222',
  selection: 'rgb(0 95 204 / 20%)', selectionEdge: '#005fcc', fade: 'rgb(0 0 0 / 18%)', handle: '#000', marker: '#9a5b00', playhead: '#c4161c', grid: '#ccd',
}
