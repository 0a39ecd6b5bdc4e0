import WaveSurfer from 'wavesurfer.js'
import RegionsPlugin from 'wavesurfer.js/plugins/regions'
import { RATE_HZ } from '#common/units/samples.ts'
import { fileUrl } from '../../app/station-client/index.ts'
import type { PreviewPeaks } from './load-peaks.ts'
import { openPreviewSound } from './preview-sound.ts'

export interface ItemWaveOptions {
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
}
export interface ItemWave {
  readonly points: number
  toggle(): void
  playPart(startSeconds: number, endSeconds: number): void
  seek(seconds: number): void
  seconds(): number
  zoom(pxPerSec: number): void
  setGain(decibels: number): void
  recolour(): void
  destroy(): void
}
/** What marks are drawn with. */
export interface WaveMarks {
  readonly regions: ReturnType<typeof RegionsPlugin.create>
  /** A colour of the desk as it is now, light or dark. */
  colour(name: `--desk-${string}`): string
}

/** `light-dark()` is resolved by the style engine only: ask it through a property that takes a colour. */
function resolved(element: HTMLElement, name: string): string {
  element.style.color = `var(${name})`
  const value = getComputedStyle(element).color
  element.style.color = ''
  return value
}
const waveColours = (element: HTMLElement) => ({ waveColor: resolved(element, '--desk-wave'), progressColor: resolved(element, '--desk-wave-body'), cursorColor: resolved(element, '--desk-air') })

/** One item by wavesurfer, on supplied peaks and a supplied length, as loud as the air plays it: nothing is decoded, and `destroy` leaves nothing behind. */
export function openItemWave(options: ItemWaveOptions): ItemWave & WaveMarks {
  const { element } = options
  const duration = options.lengthSamples / RATE_HZ
  const sound = openPreviewSound(options.gainDb)
  const regions = RegionsPlugin.create()
  const surfer = WaveSurfer.create({
    container: element, height: options.height, media: sound.media, url: fileUrl('pcm', options.itemId), peaks: options.peaks.outlines, duration, minPxPerSec: 0, dragToSeek: true, autoScroll: true,
    cursorWidth: 2, plugins: [regions], ...waveColours(element),
  })
  surfer.once('ready', options.onReady)
  surfer.on('play', () => options.onPlaying(true))
  surfer.on('pause', () => options.onPlaying(false))
  surfer.on('finish', () => options.onPlaying(false))
  surfer.on('timeupdate', options.onTime)
  surfer.on('error', options.onError)
  return {
    regions,
    colour: (name) => resolved(element, name),
    points: options.peaks.points,
    toggle: () => void surfer.playPause().catch(() => undefined),
    playPart: (start, end) => void surfer.play(start, end).catch(() => undefined),
    seek: (seconds) => surfer.setTime(Math.max(0, Math.min(duration, seconds))),
    seconds: () => surfer.getCurrentTime(),
    zoom: (pxPerSec) => surfer.zoom(pxPerSec),
    setGain: sound.setGain,
    recolour: () => surfer.setOptions(waveColours(element)),
    destroy() {
      surfer.destroy()
      sound.close()
    },
  }
}
