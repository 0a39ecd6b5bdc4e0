import type { Region } from 'wavesurfer.js/plugins/regions'
import { cueRange, hasRange, type Cues } from '#common/cues/index.ts'
import { RATE_HZ } from '#common/units/samples.ts'
import { openItemWave, type ItemWave, type ItemWaveOptions } from './item-wave.ts'

export interface WaveOptions extends ItemWaveOptions {
  /** A border or a named cue was dragged. */
  readonly onCues: (cues: Cues) => void
}
export interface PreviewWave extends ItemWave {
  showCues(cues: Cues, editable: boolean): void
}

const RANGE = 'range'
const toSamples = (seconds: number, length: number): number => Math.max(0, Math.min(length, Math.round(seconds * RATE_HZ)))

/** The wave of an item with its cues, which can be dragged. */
export function openPreviewWave(options: WaveOptions): PreviewWave {
  const { lengthSamples } = options
  const { regions, colour, ...wave } = openItemWave(options)
  let cues: Cues = { in: null, out: null, points: [] }
  let drawing = false
  regions.on('region-updated', (region) => {
    if (!drawing) options.onCues(moved(cues, region, lengthSamples))
  })
  return {
    ...wave,
    showCues(next, editable) {
      cues = next
      drawing = true
      regions.clearRegions()
      if (hasRange(next)) {
        const { start, end } = cueRange(next, lengthSamples)
        regions.addRegion({ id: RANGE, start: start / RATE_HZ, end: end / RATE_HZ, drag: false, resize: editable, color: colour('--desk-ok').replace(/^rgb\((.*)\)$/, 'rgba($1, 0.22)') })
      }
      next.points.forEach((point, index) => regions.addRegion({ id: `point-${index}`, start: point.at / RATE_HZ, content: labelOf(point.label), drag: editable, resize: false, color: colour('--desk-warn') }))
      drawing = false
    },
  }
}

/** One short line, whatever was written. */
function labelOf(text: string): HTMLElement {
  const label = document.createElement('span')
  label.textContent = text.length > 18 ? `${text.slice(0, 17)}…` : text
  label.style.cssText = 'font-size: 11px; line-height: 14px; padding: 0 3px; white-space: nowrap; pointer-events: none'
  return label
}

function moved(cues: Cues, region: Region, length: number): Cues {
  const start = toSamples(region.start, length)
  if (region.id === RANGE) {
    const end = toSamples(region.end, length)
    return { ...cues, in: start === 0 ? null : start, out: end >= length ? null : end }
  }
  const index = Number(region.id.slice('point-'.length))
  return { ...cues, points: cues.points.map((point, at) => (at === index ? { ...point, at: start } : point)) }
}
