import WaveSurfer from 'wavesurfer.js'
import RegionsPlugin from 'wavesurfer.js/plugins/regions'
import type { Comment } from '#contract/programme.ts'
import { RATE_HZ } from '#common/units/samples.ts'
import { fileUrl } from '../../../app/station-client/index.ts'
import { preciseText } from '../../../i18n/formats.ts'
import { loadPreviewPeaks } from '../../library/index.ts'

export interface ReviewWave {
  toggle(): void
  seek(sample: number): void
  position(): number
  /** Remarks as flags, beginnings of stories as thin lines. */
  mark(comments: readonly Pick<Comment, 'id' | 'at' | 'lengthSamples' | 'text' | 'resolvedAt'>[], chapters: readonly { readonly at: number }[]): void
  recolour(): void
  destroy(): void
}
export interface ReviewWaveOptions {
  readonly element: HTMLElement
  readonly itemId: string
  readonly lengthSamples: number
  readonly height: number
  readonly signal: AbortSignal
  readonly onPlaying: (playing: boolean) => void
  readonly onTime: (sample: number) => void
  readonly onError: () => void
  readonly onComment: (commentId: string) => void
}

/** `light-dark()` is resolved by the style engine only: ask it through a property that takes a colour. */
function resolved(element: HTMLElement, name: string): string {
  element.style.color = `var(${name})`
  const value = getComputedStyle(element).color
  element.style.color = ''
  return value
}
const colours = (element: HTMLElement) => ({ waveColor: resolved(element, '--desk-wave'), progressColor: resolved(element, '--desk-wave-body'), cursorColor: resolved(element, '--desk-air') })
const sampleOf = (seconds: number): number => Math.max(0, Math.round(seconds * RATE_HZ))

/** The whole item from its peaks and its 48 kHz PCM by Range: nothing is decoded, and places are samples of the item. Null when it was closed meanwhile. */
export async function openReviewWave(options: ReviewWaveOptions): Promise<ReviewWave | null> {
  const { element, lengthSamples } = options
  const duration = lengthSamples / RATE_HZ
  const peaks = await loadPreviewPeaks(options.itemId, options.signal)
  if (options.signal.aborted) return null
  const regions = RegionsPlugin.create()
  const surfer = WaveSurfer.create({
    container: element, height: options.height, url: fileUrl('pcm', options.itemId), peaks: peaks.outlines, duration, minPxPerSec: 0, dragToSeek: true, autoScroll: true, cursorWidth: 2, plugins: [regions], ...colours(element),
  })
  let shown: Parameters<ReviewWave['mark']> = [[], []]
  let ready = false
  surfer.on('ready', () => {
    ready = true
    draw()
  })
  surfer.on('play', () => options.onPlaying(true))
  surfer.on('pause', () => options.onPlaying(false))
  surfer.on('finish', () => options.onPlaying(false))
  surfer.on('timeupdate', (seconds) => options.onTime(Math.min(lengthSamples, sampleOf(seconds))))
  surfer.on('error', options.onError)
  regions.on('region-clicked', (region, event) => {
    if (!region.id.startsWith('remark-')) return
    event.stopPropagation()
    options.onComment(region.id.slice('remark-'.length))
  })
  function draw(): void {
    if (!ready) return
    regions.clearRegions()
    const [comments, chapters] = shown
    const [line, open, done] = [resolved(element, '--desk-dim'), resolved(element, '--desk-warn'), resolved(element, '--desk-ok')]
    for (const { at } of chapters) regions.addRegion({ id: `chapter-${at}`, start: at / RATE_HZ, drag: false, resize: false, color: line })
    for (const comment of comments) {
      const region = regions.addRegion({ id: `remark-${comment.id}`, start: comment.at / RATE_HZ, ...(comment.lengthSamples === 0 ? {} : { end: (comment.at + comment.lengthSamples) / RATE_HZ }), drag: false, resize: false, color: comment.resolvedAt === null ? open : done })
      // Colour alone says nothing: an open remark has a flag, a done one a tick.
      const flag = document.createElement('span')
      flag.textContent = comment.resolvedAt === null ? '⚑' : '✓'
      flag.title = `${preciseText(comment.at)} ${comment.text}`
      flag.style.cssText = `position:absolute;top:0;left:2px;font-size:15px;line-height:1;color:${comment.resolvedAt === null ? open : done};cursor:pointer`
      region.setContent(flag)
    }
  }
  return {
    toggle: () => void surfer.playPause(),
    seek: (sample) => surfer.setTime(Math.max(0, Math.min(duration, sample / RATE_HZ))),
    position: () => Math.min(lengthSamples, sampleOf(surfer.getCurrentTime())),
    mark(comments, chapters) {
      shown = [comments, chapters]
      draw()
    },
    recolour() {
      surfer.setOptions(colours(element))
      draw()
    },
    destroy: () => surfer.destroy(),
  }
}
