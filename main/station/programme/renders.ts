import { chaptersOf, placedOf, slidesOf } from '#common/programme/index.ts'
import { AppError } from '#contract/errors.ts'
import type { Slide } from '#contract/programme.ts'
import { Sha256 } from '#contract/shapes.ts'
import type { StationContext } from '../context.ts'
import type { LibraryRoom, Rendered } from '../faces.ts'
import { rowReader } from '../store/rows.ts'
import { keyOf, RenderRow } from './rows.ts'
import type { RenderRecord } from './rows.ts'

/** What travels with a rendered item: pictures by time, texts by time, and what of which source stands where. */
export interface Renders {
  of(itemId: string): RenderRecord | null
  /** Newest first. */
  ofProject(projectId: string): RenderRecord[]
  slidesOf(itemId: string): readonly Slide[]
  keep(rendered: Rendered): void
}

export function openRenders(ctx: Pick<StationContext, 'db' | 'clock' | 'notices'>, deps: { library: Pick<LibraryRoom, 'get'>; scriptOf: (storyId: string) => string }): Renders {
  const { db } = ctx
  const reader = rowReader(ctx, 'programme_renders')
  const one = db.prepare('SELECT * FROM programme_renders WHERE item_id = ?')
  const byProject = db.prepare('SELECT * FROM programme_renders WHERE project_id = ? ORDER BY at DESC')
  const put = db.prepare(`INSERT INTO programme_renders (item_id, project_id, slides, chapters, placed, at) VALUES (@itemId, @projectId, @slides, @chapters, @placed, @at)
    ON CONFLICT (item_id) DO UPDATE SET project_id = excluded.project_id, slides = excluded.slides, chapters = excluded.chapters, placed = excluded.placed, at = excluded.at`)
  // The pictures of the plan are asked for every two seconds.
  const shown = new Map<string, readonly Slide[]>()

  const of = (itemId: string): RenderRecord | null => reader.one(RenderRow.nullable(), one.get(itemId) ?? null, itemId)
  return {
    of,
    ofProject: (projectId) => reader.all(RenderRow, byProject.all(projectId), keyOf),
    slidesOf(itemId) {
      const known = shown.get(itemId)
      if (known !== undefined) return known
      const slides = of(itemId)?.slides ?? []
      shown.set(itemId, slides)
      return slides
    },
    keep({ itemId, projectId, edl }) {
      const slides = slidesOf(edl).map(({ at, image, title }) => ({ at, image: Sha256.safeParse(image).data ?? null, title }))
      const before = of(itemId)
      const state = deps.library.get(itemId)?.state
      // The same sound rendered again is the same item. Once it is with the approver, what was handed in stays: pictures, too, were approved.
      if (before !== null && (state === 'submitted' || state === 'approved')) {
        if (JSON.stringify(before.slides) !== JSON.stringify(slides)) ctx.notices.raise('warning', new AppError('item-locked'), `slides/${itemId}`)
        return
      }
      const chapters = chaptersOf(edl).map(({ id, at, title }) => ({ at, title, script: deps.scriptOf(id) }))
      put.run({ itemId, projectId, slides: JSON.stringify(slides), chapters: JSON.stringify(chapters), placed: JSON.stringify(placedOf(edl)), at: Math.floor(ctx.clock.now()) })
      shown.delete(itemId)
    },
  }
}
