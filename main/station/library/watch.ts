import { stat } from 'node:fs/promises'
import { basename, isAbsolute, relative } from 'node:path'
import { watch } from 'chokidar'
import { z } from 'zod'
import { AppError } from '#contract/errors.ts'
import type { StationContext } from '../context.ts'
import type { Wish } from './rows.ts'

const Seen = z.object({ size_bytes: z.number(), modified_ms: z.number() })

const MAX_DEPTH = 4
/** Files of download managers, office programs and copy tools on their way. */
const unfinished = /^[.~]|\.(part|partial|tmp|crdownload|download|filepart|lnk|ini|db)$/i

const isInside = (folder: string, path: string): boolean => {
  const way = relative(folder, path)
  return !way.startsWith('..') && !isAbsolute(way)
}

/**
 * The watch folder: what appears there and stays still is imported, once per content. Nothing in it is ever moved, changed or deleted;
 * what was refused is in the quarantine and is tried again only when the file changes.
 */
export async function watchFolder(
  ctx: Pick<StationContext, 'db' | 'clock' | 'notices' | 'logger' | 'folders'>, folder: string,
  options: { stableMs: number; begin: (path: string, wish: Wish) => { item: Promise<unknown> } },
): Promise<() => Promise<void>> {
  const seen = ctx.db.prepare('SELECT size_bytes, modified_ms FROM library_watched WHERE path = ?')
  const remember = ctx.db.prepare('INSERT INTO library_watched (path, size_bytes, modified_ms, at) VALUES (?, ?, ?, ?) ON CONFLICT (path) DO UPDATE SET size_bytes = excluded.size_bytes, modified_ms = excluded.modified_ms, at = excluded.at')
  const busy = new Set<string>()

  async function look(path: string): Promise<void> {
    if (busy.has(path)) return
    busy.add(path)
    try {
      const facts = await stat(path)
      if (!facts.isFile()) return
      const modified = Math.floor(facts.mtimeMs)
      const known = Seen.safeParse(seen.get(path)).data
      if (known !== undefined && known.size_bytes === facts.size && known.modified_ms === modified) return
      const outcome = await options.begin(path, { who: { personId: null, name: 'watch-folder' }, watched: true }).item.then(() => 'done', (error: unknown) => (error instanceof AppError ? error.code : 'internal'))
      // A cancelled import and one stopped with the station are looked at again; the rest has its answer.
      if (outcome !== 'cancelled') remember.run(path, facts.size, modified, Math.floor(ctx.clock.now()))
    } catch (error) {
      ctx.logger.info('a file left the watch folder before it was read', { error })
    } finally {
      busy.delete(path)
    }
  }

  // Our own data would come in again and again.
  if (isInside(ctx.folders.root, folder)) {
    ctx.notices.raise('warning', new AppError('invalid-input', { data: { field: 'watchFolder' } }), 'watch-folder')
    return async () => undefined
  }
  if (!(await stat(folder).then((facts) => facts.isDirectory(), () => false))) {
    ctx.notices.raise('warning', new AppError('file-missing', { data: { fileName: basename(folder) } }), 'watch-folder')
    return async () => undefined
  }
  const watcher = watch(folder, {
    depth: MAX_DEPTH, followSymlinks: false, ignoreInitial: false, ignorePermissionErrors: true,
    ignored: (path) => path !== folder && (unfinished.test(basename(path)) || isInside(ctx.folders.root, path)),
    awaitWriteFinish: { stabilityThreshold: options.stableMs, pollInterval: Math.min(200, options.stableMs / 2) },
  })
  watcher.on('add', (path) => void look(path))
  watcher.on('change', (path) => void look(path))
  watcher.on('error', (error) => ctx.logger.warn('the watch folder cannot be watched', { error }))
  return () => watcher.close()
}
