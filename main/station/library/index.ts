import { basename, isAbsolute } from 'node:path'
import { playGainDb } from '#common/levels/index.ts'
import { AppError } from '#contract/errors.ts'
import type { Item } from '#contract/library.ts'
import type { StationContext } from '../context.ts'
import type { LibraryRoom, MediaRoom } from '../faces.ts'
import { openBatchStore } from './batch-store.ts'
import { openApprovedBytes } from './approved-bytes.ts'
import { createBatches } from './batches.ts'
import type { Drive } from './drives.ts'
import { createCopyIn } from './copy-in.ts'
import { createHolds } from './holds.ts'
import { createImporter } from './importer.ts'
import { openItems } from './items.ts'
import type { Stored } from './rows.ts'
import { createLookout } from './lookout.ts'
import { createPipeline } from './pipeline.ts'
import { createPlaces } from './places.ts'
import { createPurge } from './purge.ts'
import { openQuarantine } from './quarantine.ts'
import { createRelink } from './relink.ts'
import { serveFiles } from './serve.ts'
import { openShelf } from './shelf.ts'
import { createSounds, purgeUnused } from './sounds.ts'
import { createStay } from './stay.ts'
import { createSteps } from './steps.ts'
import { createTrim } from './trim.ts'
import { watchFolder } from './watch.ts'

export interface LibraryDeps {
  readonly media: MediaRoom
  /** On what kind of disk a path lies; for tests. */
  readonly driveOf?: (path: string) => Promise<Drive>
  /** How often the files are looked at without being asked for; for tests. */
  readonly lookEveryMs?: number
  /** How long a file in the watch folder must stay still. */
  readonly watchStableMs?: number
}

/** Originals of removed items are kept this long. */
const KEEP_REMOVED_MS = 30 * 86_400_000

export async function openLibrary(station: StationContext, deps: LibraryDeps): Promise<LibraryRoom> {
  const ctx: StationContext = { ...station, scope: station.scope.child('library'), logger: station.logger.child('library') }
  const { media } = deps
  const items = openItems(ctx)
  const shelf = openShelf(ctx.folders)
  const quarantine = openQuarantine(ctx)
  const places = createPlaces(ctx, items)
  const stay = createStay(ctx, deps.driveOf)
  const approved = openApprovedBytes(ctx)
  const sounds = createSounds(ctx, { media, items, shelf, places, approved })
  const steps = createSteps(ctx, { items, isMissing: sounds.isMissing })
  const relink = createRelink(ctx, { shelf, sounds, places, stay })
  const pipeline = createPipeline(ctx, { media, items, shelf, relink, stay })
  const importer = createImporter(ctx, { pipeline, quarantine })
  const batches = createBatches(ctx, { store: openBatchStore(ctx), importOne: importer.importOne })
  const trim = createTrim(ctx, { sounds, pipeline })
  const copyIn = createCopyIn(ctx, { shelf, places, sounds })
  const holds = createHolds()
  const lookout = createLookout(ctx, { items, shelf, sounds, planned: () => holds.of('planned'), ...(deps.lookEveryMs === undefined ? {} : { everyMs: deps.lookEveryMs }) })
  const purge = createPurge(ctx, { items, sounds, holds })
  const view = ({ item, sound }: Stored): Item => ({
    ...item, ...(sounds.isMissing(item.id) ? { fileMissing: true } : {}), ...(sound.place === null ? {} : { place: { path: sound.place.path, state: places.stateOf(item.id) } }),
  })
  const storedOf = (itemId: string): Stored => {
    const stored = items.get(itemId)
    if (stored === null) throw new AppError('not-found')
    return stored
  }
  const wanted = (itemId: string): Item => view(storedOf(itemId))
  /** From now on these bytes and no others are this item, for the air. */
  const lockBytes = (item: Item): Item => {
    if (item.state !== 'approved') return item
    void sounds.pcmOf(item.id).then((pcm) => (pcm === null ? undefined : approved.remember(storedOf(item.id), pcm))).catch((error: unknown) => ctx.logger.warn('the approved bytes were not remembered', { itemId: item.id, error }))
    return item
  }

  serveFiles(ctx, { items, sounds, shelf, places })
  await shelf.sweep()
  await importer.resume()
  batches.resume()
  const stopped = new AbortController()
  ctx.scope.add(() => stopped.abort())
  // Slow disks must not hold up the start.
  void relink.healShelf(stopped.signal).then(() => sounds.checkAll()).catch((error: unknown) => ctx.logger.error('the check of the files failed', { error }))
  void purgeUnused(items, shelf, ctx.clock.now() - KEEP_REMOVED_MS).catch((error: unknown) => ctx.logger.error('the purge of old files failed', { error }))

  let watched: { folder: string | null; stop: Promise<() => Promise<void>> } = { folder: null, stop: Promise.resolve(async () => undefined) }
  const follow = (folder: string | null) => {
    if (folder === watched.folder) return
    const before = watched.stop
    watched = {
      folder,
      stop: before.then(async (stop) => {
        await stop()
        if (folder === null || folder === '' || ctx.scope.disposed) return async () => undefined
        return watchFolder(ctx, folder, { stableMs: deps.watchStableMs ?? 2_000, begin: importer.start })
      }),
    }
    watched.stop.catch((error: unknown) => ctx.logger.error('the watch folder failed', { error }))
  }
  let { targetLufs, ceilingDbtp } = ctx.settings.get()
  const stopListening = ctx.events.on('settings.changed', (settings) => {
    follow(settings.watchFolder)
    if (settings.targetLufs === targetLufs && settings.ceilingDbtp === ceilingDbtp) return
    targetLufs = settings.targetLufs
    ceilingDbtp = settings.ceilingDbtp
    ctx.db.transaction(() => {
      for (const { item } of items.all()) if (item.loudness !== null) items.setGain(item.id, playGainDb(item.loudness, targetLufs, ceilingDbtp))
    })()
  })
  ctx.scope.add(async () => {
    stopListening()
    await (await watched.stop)()
  })
  follow(ctx.settings.get().watchFolder)

  return {
    get: (itemId) => {
      const stored = items.get(itemId)
      return stored === null ? null : view(stored)
    },
    list: () => items.all().map(view),
    pcmOf: sounds.pcmOf,
    approvedPcmOf: async (itemId) => {
      const pcm = await sounds.pcmOf(itemId)
      return pcm === null ? null : approved.verified(storedOf(itemId), pcm)
    },
    originalOf: async (itemId) => {
      const stored = items.get(itemId)
      if (stored === null) return null
      return (await sounds.hasOriginal(stored)) ? shelf.original(storedOf(itemId).sound) : null
    },
    prepare: sounds.prepare,
    hold: holds.add,
    importFile(path, { who, title, kind, moveSource, keep, cues }) {
      return importer.start(path, { who: { personId: who.personId, name: who.name }, ...(title === undefined ? {} : { title }), ...(kind === undefined ? {} : { kind }), ...(moveSource === undefined ? {} : { moveSource }), ...(keep === undefined ? {} : { keep }), ...(cues === undefined ? {} : { cues }) })
    },
    approve: (itemId, who) => lockBytes(steps.take('approve', itemId, null, who)),
    withdraw: (itemId, rev, who) => steps.take('withdraw', itemId, rev, who),

    handlers: {
      'library.list': ({ query, kinds, states, limit, offset }) => {
        const { found, total } = items.find({ query, kinds, states, limit, offset })
        lookout.opened(found)
        return { items: found.map(view), total }
      },
      'library.get': ({ itemId }) => {
        const stored = storedOf(itemId)
        lookout.opened([stored])
        return view(stored)
      },
      'library.importPlan': ({ paths }) => {
        absolute(paths)
        return stay.plan(paths, stopped.signal)
      },
      'library.import': ({ paths, keep }, caller) => {
        absolute(paths)
        return { jobIds: paths.map((path) => importer.start(path, { who: { personId: caller.personId, name: caller.name }, keep }).jobId) }
      },
      'library.importBatch': ({ paths, kind, keep }, caller) => {
        absolute(paths)
        return { batchId: batches.start(paths, { who: { personId: caller.personId, name: caller.name }, keep, ...(kind === undefined ? {} : { kind }) }) }
      },
      'library.batches': () => ({ batches: batches.list() }),
      'library.batchFiles': ({ batchId, limit, offset }) => batches.files(batchId, limit, offset),
      'library.dismissBatch': ({ batchId }) => {
        batches.dismiss(batchId)
        return { ok: true }
      },
      'library.trim': ({ itemId, rev, title }, caller) => {
        const item = wanted(itemId)
        if (item.rev !== rev) throw new AppError('stale')
        return trim(item, title ?? item.title, caller)
      },
      'library.relink': async ({ path, itemId }) => {
        absolute([path])
        const lost = await sounds.lost()
        const looked = itemId === undefined ? lost : lost.filter(({ item }) => item.id === itemId)
        return { jobId: ctx.jobs.start('import', basename(path), async (job) => {
          const { found, missing } = await relink.search(path, looked, job)
          return { found: String(found), missing: String(missing) }
        }).jobId }
      },
      'library.copyIn': ({ itemId }, caller) => copyIn(storedOf(itemId), caller),
      'library.caches': () => purge.facts(),
      'library.purgeCaches': (_input, caller) => {
        const who = { personId: caller.personId, name: caller.name }
        return { jobId: ctx.jobs.start('purge', '', async (job) => {
          const { freedBytes, files } = await purge.run(who, job)
          return { freedBytes: String(freedBytes), files: String(files) }
        }).jobId }
      },
      'library.update': (input, caller) => steps.update(input, caller),
      'library.items': ({ itemIds }) => {
        const found = itemIds.flatMap((itemId) => items.get(itemId) ?? [])
        lookout.opened(found)
        return { items: found.map(view) }
      },
      'library.retag': ({ changes }, caller) => ({ items: steps.retag(changes, caller) }),
      'library.submitMany': (input, caller) => steps.takeMany('submit', input.items, caller),
      'library.approveMany': (input, caller) => {
        const taken = steps.takeMany('approve', input.items, caller)
        taken.done.forEach(lockBytes)
        return taken
      },
      'library.submit': ({ itemId, rev }, caller) => steps.take('submit', itemId, rev, caller),
      'library.approve': ({ itemId, rev }, caller) => lockBytes(steps.take('approve', itemId, rev, caller)),
      'library.protect': (input, caller) => steps.protect(input, caller, caller.may('approver')),
      'library.return': ({ itemId, rev, note }, caller) => steps.take('return', itemId, rev, caller, note),
      'library.withdraw': ({ itemId, rev }, caller) => steps.take('withdraw', itemId, rev, caller),
      'library.remove': ({ itemId, rev }, caller) => {
        steps.remove(itemId, rev, caller)
        return { ok: true }
      },
      'library.quarantine': () => ({ files: quarantine.list() }),
      'library.retryQuarantined': ({ quarantinedId }) => {
        const { path, wish } = quarantine.get(quarantinedId)
        return { jobId: importer.start(path, wish).jobId }
      },
      'library.dismissQuarantined': ({ quarantinedId }) => {
        quarantine.dismiss(quarantinedId)
        return { ok: true }
      },
    },
  }
}

function absolute(paths: readonly string[]): void {
  if (paths.some((path) => !isAbsolute(path) || path.includes('\0'))) throw new AppError('invalid-input', { data: { field: 'paths' } })
}
