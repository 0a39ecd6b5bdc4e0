import WaveSurfer from 'wavesurfer.js'
import RegionsPlugin, { type Region } from 'wavesurfer.js/plugins/regions'
import { cueRange, hasRange, type Cues } from '#common/cues/index.ts'
import { RATE_HZ } from '#common/units/samples.ts'
import { fileUrl } from '../../app/station-client/index.ts'
import type { PreviewPeaks } from './load-peaks.ts'
import { openPreviewSound } from './preview-sound.ts'

export interface WaveOptions {
  readonly element: HTMLElement
  readonly itemId: string
  readonly lengthSamples: number
  readonly gainDb: number
  readonly peaks: PreviewPeaks
  readonly height: number
  /** The sound can be sought: not before its head was read. */
  readonly onReady: () => void
  readonly onPlaying: (playing: boolean) => void
  readonly onTime: (seconds: number) => void
  readonly onError: () => void
  /** A border or a named cue was dragged. */
  readonly onCues: (cues: Cues) => void
}
export interface PreviewWave {
  readonly points: number
  toggle(): void
  playPart(startSeconds: number, endSeconds: number): void
  seek(seconds: number): void
  seconds(): number
  zoom(pxPerSec: number): void
  showCues(cues: Cues, editable: boolean): void
  setGain(decibels: number): void
  recolour(): void
  destroy(): void
}

const RANGE = 'range'
const toSamples = (seconds: number, length: number): number => Math.max(0, Math.min(length, Math.round(seconds * RATE_HZ)))

/** `light-dark()` is resolved by the style engine only: ask it through a property that takes a colour. */
function resolved(element: HTMLElement, name: string): string {
  element.style.color = `var(${name})`
  const value = getComputedStyle(element).color
  element.style.color = ''
  return value
}
const waveColours = (element: HTMLElement) => ({ waveColor: resolved(element, '--desk-wave'), progressColor: resolved(element, '--desk-wave-body'), cursorColor: resolved(element, '--desk-air') })

/** wavesurfer on supplied peaks and a supplied length: nothing is decoded, and `destroy` leaves nothing behind. */
export function openPreviewWave(options: WaveOptions): PreviewWave {
  const { element, lengthSamples } = options
  const duration = lengthSamples / RATE_HZ
  const sound = openPreviewSound(options.gainDb)
  const regions = RegionsPlugin.create()
  const surfer = WaveSurfer.create({
    container: element, height: options.height, media: sound.media, url: fileUrl('pcm', options.itemId), peaks: options.peaks.outlines, duration, minPxPerSec: 0, dragToSeek: true, autoScroll: true,
    cursorWidth: 2, plugins: [regions], ...waveColours(element),
  })
  let cues: Cues = { in: null, out: null, points: [] }
  let drawing = false
  surfer.once('ready', options.onReady)
  surfer.on('play', () => options.onPlaying(true))
  surfer.on('pause', () => options.onPlaying(false))
  surfer.on('finish', () => options.onPlaying(false))
  surfer.on('timeupdate', options.onTime)
  surfer.on('error', options.onError)
  regions.on('region-updated', (region) => {
    if (!drawing) options.onCues(moved(cues, region, lengthSamples))
  })

  return {
    points: options.peaks.points,
    toggle: () => void surfer.playPause().catch(() => undefined),
    playPart: (start, end) => void surfer.play(start, end).catch(() => undefined),
    seek: (seconds) => surfer.setTime(Math.max(0, Math.min(duration, seconds))),
    seconds: () => surfer.getCurrentTime(),
    zoom: (pxPerSec) => surfer.zoom(pxPerSec),
    showCues(next, editable) {
      cues = next
      drawing = true
      regions.clearRegions()
      if (hasRange(next)) {
        const { start, end } = cueRange(next, lengthSamples)
        regions.addRegion({ id: RANGE, start: start / RATE_HZ, end: end / RATE_HZ, drag: false, resize: editable, color: tint(element) })
      }
      next.points.forEach((point, index) => regions.addRegion({ id: `point-${index}`, start: point.at / RATE_HZ, content: labelOf(point.label), drag: editable, resize: false, color: resolved(element, '--desk-warn') }))
      drawing = false
    },
    setGain: sound.setGain,
    recolour: () => surfer.setOptions(waveColours(element)),
    destroy() {
      surfer.destroy()
      sound.close()
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

function tint(element: HTMLElement): string {
  return resolved(element, '--desk-ok').replace(/^rgb\((.*)\)$/, 'rgba($1, 0.22)')
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
