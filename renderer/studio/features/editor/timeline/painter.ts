import { edlLength } from '#common/edl/index.ts'
import type { Edl } from '#common/edl/index.ts'
import { editorNow, showEditor, useEditor } from '../editor-store.ts'
import { playhead } from '../session.ts'
import { readColors } from './colors.ts'
import { drawTimeline } from './draw-lanes.ts'
import { drawOverview } from './draw-overview.ts'
import { OVERVIEW_PX } from './layout.ts'
import { pxOf, scrollTo } from './view.ts'
import type { View } from './view.ts'
import { WaveData } from './wave-data.ts'

interface Canvases {
  readonly picture: HTMLCanvasElement
  readonly playhead: HTMLCanvasElement
  readonly overview: HTMLCanvasElement
}

/** Paints at most once per frame and only what changed. The playhead has its own canvas: while it runs, the picture rests. */
export class Painter {
  private readonly canvases: Canvases
  private readonly words: { missing: string; loading: string }
  private readonly data = new WaveData(() => this.paintAll())
  private readonly unsubscribe: () => void
  private readonly schemes: MutationObserver
  private frame = 0
  private isDirty = true
  private overviewKey: readonly unknown[] = []
  private width = 1
  private height = 1
  private shownAt = -1
  private lastView: View | null = null
  private isFollowing = true

  constructor(canvases: Canvases, words: { missing: string; loading: string }) {
    this.canvases = canvases
    this.words = words
    this.unsubscribe = useEditor.subscribe(() => this.request())
    this.schemes = new MutationObserver(() => this.paintAll())
    this.schemes.observe(document.documentElement, { attributes: true, attributeFilter: ['data-mantine-color-scheme'] })
    this.request()
  }

  resize(width: number, height: number): void {
    this.width = width
    this.height = height
    const { picture, playhead: line, overview } = this.canvases
    for (const canvas of [picture, line]) size(canvas, width, height)
    size(overview, width, OVERVIEW_PX)
    this.shownAt = -1
    this.paintAll()
  }

  close(): void {
    cancelAnimationFrame(this.frame)
    this.frame = 0
    this.unsubscribe()
    this.schemes.disconnect()
    this.data.close()
  }

  private paintAll(): void {
    this.shownAt = -1
    this.overviewKey = []
    this.request()
  }

  private request(): void {
    this.isDirty = true
    if (this.frame === 0) this.frame = requestAnimationFrame(() => this.paint())
  }

  private paint(): void {
    this.frame = 0
    const { playing } = editorNow()
    if (playing) this.follow()
    if (this.isDirty) {
      this.isDirty = false
      this.paintPicture()
    }
    this.paintPlayhead()
    // Following may have asked for a frame already.
    if (playing && this.frame === 0) this.frame = requestAnimationFrame(() => this.paint())
  }

  private paintPicture(): void {
    const { project, preview, view, selection, laneIds, clipId } = editorNow()
    const context = this.canvases.picture.getContext('2d', { alpha: false })
    if (context === null || project === null) return
    const edl = preview ?? project.edl
    this.data.useSources(edl.sources)
    const colors = readColors(this.canvases.picture)
    const px = 1 / devicePixelRatio
    context.setTransform(devicePixelRatio, 0, 0, devicePixelRatio, 0, 0)
    drawTimeline(context, { edl, view: { ...view, width: this.width }, height: this.height, selection, laneIds, clipId, data: this.data, colors, px, words: this.words })
    this.paintOverview(edl)
  }

  private paintOverview(edl: Edl): void {
    const { view } = editorNow()
    const key = [edl, view.start, view.samplesPerPx, this.width]
    if (key.every((part, n) => part === this.overviewKey[n])) return
    this.overviewKey = key
    const context = this.canvases.overview.getContext('2d', { alpha: false })
    if (context === null) return
    context.setTransform(devicePixelRatio, 0, 0, devicePixelRatio, 0, 0)
    drawOverview(context, { edl, length: edlLength(edl), view: { ...view, width: this.width }, height: OVERVIEW_PX, data: this.data, colors: readColors(this.canvases.picture), px: 1 / devicePixelRatio })
  }

  private paintPlayhead(): void {
    const canvas = this.canvases.playhead
    const context = canvas.getContext('2d')
    if (context === null) return
    const x = Math.round(pxOf(editorNow().view, playhead()))
    if (x === this.shownAt) return
    this.shownAt = x
    context.setTransform(devicePixelRatio, 0, 0, devicePixelRatio, 0, 0)
    context.clearRect(0, 0, this.width, this.height)
    context.fillStyle = readColors(this.canvases.picture).playhead
    context.fillRect(x - 0.5, 0, 1.5, this.height)
    context.beginPath()
    context.moveTo(x - 5, 0)
    context.lineTo(x + 6, 0)
    context.lineTo(x + 0.5, 8)
    context.fill()
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

function size(canvas: HTMLCanvasElement, width: number, height: number): void {
  canvas.width = Math.max(1, Math.round(width * devicePixelRatio))
  canvas.height = Math.max(1, Math.round(height * devicePixelRatio))
  canvas.style.width = `${width}px`
  canvas.style.height = `${height}px`
}
