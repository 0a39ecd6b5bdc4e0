import type { Comment } from '#contract/programme.ts'
import { RATE_HZ } from '#common/units/samples.ts'
import { preciseText } from '../../../i18n/formats.ts'
import { loadPreviewPeaks, openItemWave } from '../../library/index.ts'

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
  /** What the air would apply: the approver hears what the villages will. */
  readonly gainDb: number
  readonly height: number
  readonly signal: AbortSignal
  readonly onPlaying: (playing: boolean) => void
  readonly onTime: (sample: number) => void
  readonly onError: () => void
  readonly onComment: (commentId: string) => void
}

const sampleOf = (seconds: number): number => Math.max(0, Math.round(seconds * RATE_HZ))

/** The wave of a programme with its remarks; places are samples of the item. Null when it was closed meanwhile. */
export async function openReviewWave(options: ReviewWaveOptions): Promise<ReviewWave | null> {
  const { lengthSamples } = options
  const peaks = await loadPreviewPeaks(options.itemId, options.signal)
  if (options.signal.aborted) return null
  let shown: Parameters<ReviewWave['mark']> = [[], []]
  let ready = false
  const { regions, colour, ...wave } = openItemWave({
    ...options, peaks,
    onReady: () => {
      ready = true
      draw()
    },
    onTime: (seconds) => options.onTime(Math.min(lengthSamples, sampleOf(seconds))),
  })
  regions.on('region-clicked', (region, event) => {
    if (!region.id.startsWith('remark-')) return
    event.stopPropagation()
    options.onComment(region.id.slice('remark-'.length))
  })
  function draw(): void {
    if (!ready) return
    regions.clearRegions()
    const [comments, chapters] = shown
    const [line, open, done] = [colour('--desk-dim'), colour('--desk-warn'), colour('--desk-ok')]
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
    toggle: wave.toggle,
    seek: (sample) => wave.seek(sample / RATE_HZ),
    position: () => Math.min(lengthSamples, sampleOf(wave.seconds())),
    mark(comments, chapters) {
      shown = [comments, chapters]
      draw()
    },
    recolour() {
      wave.recolour()
      draw()
    },
    destroy: wave.destroy,
  }
}
