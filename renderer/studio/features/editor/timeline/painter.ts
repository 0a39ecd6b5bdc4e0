import { edlLength } from '#common/edl/index.ts'
import type { Edl } from '#common/edl/index.ts'
import { editorNow, showEditor, useEditor } from '../editor-store.ts'
import type { EditorView } from '../editor-store.ts'
import { playhead } from '../session.ts'
import { readColors } from './colors.ts'
import { Courses } from './courses.ts'
import { drawOverview } from './draw/overview.ts'
import { drawPicture } from './draw/picture.ts'
import { Pixels } from './draw/pixels.ts'
import type { SceneWords } from './draw/scene.ts'
import { laneBoxes, OVERVIEW_PX } from './layout.ts'
import { SlidePictures } from './slides.ts'
import { timelineNow, useTimeline } from './timeline-store.ts'
import { maxSamplesPerPx, pxOf, scrollTo } from './view.ts'
import type { View } from './view.ts'
import { WaveData } from './wave/wave-data.ts'

export interface Surfaces {
  readonly picture: HTMLCanvasElement
  readonly overview: HTMLCanvasElement
  /** Elements that are only moved: the compositor does it without painting anything. */
  readonly playhead: HTMLElement
  readonly window: HTMLElement
}
interface Layer {
  readonly context: CanvasRenderingContext2D
  readonly pixels: Pixels
}

/** Paints at most once per frame and only what changed. While the playhead runs, the picture rests. */
export class Painter {
  private readonly surfaces: Surfaces
  private readonly words: SceneWords
  readonly data = new WaveData(() => this.paintAll())
  private readonly slides = new SlidePictures(() => this.paintAll())
  private readonly courses = new Courses(() => this.paintAll())
  private readonly ends: (() => void)[] = []
  private picture: Layer | null = null
  private overview: Layer | null = null
  private frame = 0
  private pictureKey: readonly unknown[] = []
  private overviewKey: readonly unknown[] = []
  private width = 1
  private height = 1
  private lastView: View | null = null
  private isFollowing = true
  private marked = ''

  constructor(surfaces: Surfaces, words: SceneWords) {
    this.surfaces = surfaces
    this.words = words
    const { project } = editorNow()
    // The sound is asked for before the first layout.
    if (project !== null) this.data.useSources(project.edl.sources)
    this.ends.push(useEditor.subscribe(() => this.request()), useTimeline.subscribe(() => this.request()))
    const schemes = new MutationObserver(() => this.paintAll())
    for (const element of [document.documentElement, document.body]) schemes.observe(element, { attributes: true, attributeFilter: ['data-mantine-color-scheme', 'data-timeline-contrast'] })
    this.ends.push(() => schemes.disconnect(), () => this.data.close())
    this.request()
  }

  /** Paints at once: between a new size and the next frame the canvas would be empty. */
  resize(width: number, height: number): void {
    this.width = Math.max(1, width)
    this.height = Math.max(1, height)
    this.picture = layerOf(this.surfaces.picture, this.width, this.height)
    this.overview = layerOf(this.surfaces.overview, this.width, OVERVIEW_PX)
    this.pictureKey = []
    this.overviewKey = []
    cancelAnimationFrame(this.frame)
    this.paint()
  }

  close(): void {
    cancelAnimationFrame(this.frame)
    for (const end of this.ends) end()
  }

  private paintAll(): void {
    this.pictureKey = []
    this.overviewKey = []
    this.request()
  }

  private request(): void {
    if (this.frame === 0) this.frame = requestAnimationFrame(() => this.paint())
  }

  private paint(): void {
    this.frame = 0
    if (editorNow().playing) this.follow()
    const now = editorNow()
    if (now.project !== null) {
      const edl = now.preview ?? now.project.edl
      this.paintPicture(edl, now)
      this.paintOverview(edl, now)
      this.mark(now.project.id, edl)
    }
    if (now.playing) this.request()
  }

  private paintPicture(edl: Edl, now: EditorView): void {
    const { view, ranges, proposed, landings, laneIds, clipId, markerId, rulerMode } = now
    const x = pxOf(view, playhead())
    this.surfaces.playhead.style.transform = `translateX(${Math.max(-20, Math.min(this.width + 20, x))}px)`
    const timeline = timelineNow()
    const key = [edl, view, ranges, proposed, landings, laneIds, clipId, markerId, rulerMode, timeline, this.width, this.height]
    if (this.picture === null || key.every((part, n) => part === this.pictureKey[n])) return
    this.pictureKey = key
    this.data.useSources(edl.sources)
    const boxes = laneBoxes(edl, this.height, { heights: timeline.laneHeights, scrollTop: timeline.scrollTop })
    drawPicture(this.picture.context, this.picture.pixels, {
      edl, view: { ...view, width: this.width }, height: this.height, boxes, ranges, proposed, landings, laneIds, clipId, markerId, hotPoint: timeline.hotPoint, isClock: rulerMode === 'clock' && edl.slot.startsAtSec !== null,
      comments: timeline.comments, loudness: timeline.loudness, courses: this.courses.of, punchAt: timeline.punchAt, hint: timeline.hint, data: this.data, slides: this.slides.of, colors: readColors(this.surfaces.picture), dpr: devicePixelRatio, words: this.words,
    })
  }

  private paintOverview(edl: Edl, { view }: EditorView): void {
    const length = edlLength(edl)
    const whole = maxSamplesPerPx(length, this.width)
    const { style } = this.surfaces.window
    style.transform = `translateX(${view.start / whole}px)`
    style.width = `${Math.max(8, (this.width * view.samplesPerPx) / whole)}px`
    const key = [edl, this.width]
    if (this.overview === null || key.every((part, n) => part === this.overviewKey[n])) return
    this.overviewKey = key
    drawOverview(this.overview.context, this.overview.pixels, { edl, length, width: this.width, data: this.data, colors: readColors(this.surfaces.picture), dpr: devicePixelRatio })
  }

  /** When a wave of every sound of a project stood in the picture for the first time: what opening took can be read from the performance timeline. */
  private mark(projectId: string, edl: Edl): void {
    if (this.marked === projectId || edl.sources.some((source) => this.data.state(source) === 'loading')) return
    this.marked = projectId
    performance.mark('timeline-drawn', { detail: projectId })
  }

  /** A page further when the playhead leaves the picture by itself; who scrolls away is left in peace until it is seen again. */
  private follow(): void {
    const { view, project } = editorNow()
    const x = pxOf(view, playhead())
    const isSeen = x >= 0 && x <= view.width
    if (isSeen) this.isFollowing = true
    else if (this.lastView !== view) this.isFollowing = false
    this.lastView = view
    if (isSeen || !this.isFollowing || project === null) return
    this.lastView = scrollTo(view, playhead() - view.width * view.samplesPerPx * 0.05, edlLength(project.edl))
    showEditor({ view: this.lastView })
  }
}

function layerOf(canvas: HTMLCanvasElement, width: number, height: number): Layer | null {
  canvas.width = Math.max(1, Math.round(width * devicePixelRatio))
  canvas.height = Math.max(1, Math.round(height * devicePixelRatio))
  canvas.style.width = `${width}px`
  canvas.style.height = `${height}px`
  const context = canvas.getContext('2d', { alpha: false })
  return context === null ? null : { context, pixels: new Pixels(canvas.width, canvas.height, context.createImageData(canvas.width, canvas.height)) }
}
