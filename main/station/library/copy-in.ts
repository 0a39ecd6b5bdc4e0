import { rename, rm } from 'node:fs/promises'
import { dirname } from 'node:path'
import { AppError } from '#contract/errors.ts'
import type { StationContext, Who } from '../context.ts'
import { partOf } from '../media/index.ts'
import { syncFolder } from '../store/files.ts'
import type { Places } from './places.ts'
import type { Stored } from './rows.ts'
import type { Shelf } from './shelf.ts'
import type { Sounds } from './sounds.ts'
import { takeIn } from './take-in.ts'

/** "Chép vào kho": an item used in place gets a copy of its own. The owner's file stays as it is, and is no longer needed. */
export function createCopyIn(ctx: Pick<StationContext, 'jobs' | 'events' | 'audit' | 'newId' | 'db'>, deps: { shelf: Shelf; places: Places; sounds: Sounds }) {
  const { shelf, places, sounds } = deps
  return ({ item, sound }: Stored, who: Who): { jobId: string } => {
    const { place } = sound
    if (place === null) throw new AppError('invalid-input', { data: { field: 'itemId' } })
    const { jobId } = ctx.jobs.start('import', item.title, async (job) => {
      const target = shelf.kept(sound)
      const part = partOf(shelf.kept({ sha256: ctx.newId(), ending: 'import' }))
      try {
        const taken = await takeIn(place.path, part, { signal: job.signal, progress: job.progress })
        if (taken.sha256 !== sound.sha256) throw new AppError('file-changed', { data: { fileName: item.title } })
        await rename(part, target)
        syncFolder(dirname(target))
      } finally {
        await rm(part, { force: true }).catch(() => undefined)
      }
      ctx.db.transaction(() => {
        places.set(item.id, null)
        ctx.audit.append(who, 'library.copyIn', item.id, { number: item.number, title: item.title, sha256: item.sha256 })
      })()
      await sounds.returned(item.id)
      // Who reads the sound has to read it from its new place.
      ctx.events.emit('library.changed', { itemId: item.id, removed: false })
      return { itemId: item.id }
    })
    return { jobId }
  }
}
