import { unlink } from 'node:fs/promises'
import { MOST_CUES } from '#common/cues/index.ts'
import { AppError, type ErrorReply } from '#contract/errors.ts'
import type { Item } from '#contract/library.ts'
import type { Scope, StationContext } from '../context.ts'
import type { LibraryRoom } from '../faces.ts'
import type { Shelf } from './shelf.ts'
import type { TakeSidecar } from './sidecar.ts'

export interface IntoLibrary {
  /** The take's file becomes a library item; a refusal is kept with the take and never loses the file. */
  give(sidecar: TakeSidecar): Promise<void>
  isUnderWay(takeId: string): boolean
}

export function intoLibrary(ctx: StationContext, options: { library: Pick<LibraryRoom, 'importFile' | 'get'>; shelf: Shelf; scope: Scope; show: (sidecar: TakeSidecar) => void }): IntoLibrary {
  const { library, shelf, scope, show } = options
  const importing = new Set<string>()

  async function give(sidecar: TakeSidecar): Promise<void> {
    const { take } = sidecar
    if (importing.has(take.id)) return
    importing.add(take.id)
    try {
      const { item } = library.importFile(shelf.wavOf(take.id), { who: sidecar.by, title: take.title, kind: 'recording', moveSource: true, cues: cuesOf(take) })
      take.itemId = (await item).id
      take.importError = null
    } catch (error) {
      if (scope.disposed) return
      const twin = error instanceof AppError && error.code === 'duplicate' ? error.data['itemId'] : undefined
      if (typeof twin === 'string' && library.get(twin) !== null) {
        take.itemId = twin
        take.importError = null
        await unlink(shelf.wavOf(take.id)).catch(() => undefined)
      } else {
        take.importError = replyOf(error)
        ctx.logger.warn('the library did not take a recording', { takeId: take.id, error })
        ctx.notices.raise('warning', error instanceof AppError ? error : new AppError('internal', { cause: error }), take.title)
      }
    } finally {
      importing.delete(take.id)
    }
    await shelf.put(sidecar)
    show(sidecar)
  }
  return { give, isUnderWay: (takeId) => importing.has(takeId) }
}

/** What was marked while recording stands in the item: named places to jump to, and markers of its projects. */
function cuesOf({ marks, durableFrames }: TakeSidecar['take']): NonNullable<Item['cues']> {
  const inside = marks.filter((mark) => mark.atFrame <= durableFrames && mark.label.trim() !== '').slice(0, MOST_CUES)
  return { in: null, out: null, points: inside.map((mark) => ({ at: mark.atFrame, label: mark.label.trim().slice(0, 80) })) }
}

function replyOf(error: unknown): ErrorReply {
  return error instanceof AppError ? { code: error.code, data: error.data } : { code: 'internal' }
}
