import type { StationStatus } from '#contract/station.ts'
import { openAuditChain } from './audit/chain.ts'
import { openAudit } from './audit/index.ts'
import { createCaptures } from './api/captures.ts'
import { createConnections } from './api/connections.ts'
import { createDispatch } from './api/dispatch.ts'
import { nobody } from './api/identities.ts'
import type { Identities } from './api/identities.ts'
import { createRoutes } from './api/routes.ts'
import { openApi } from './api/server.ts'
import type { Listener } from './api/listener.ts'
import { createStreams } from './api/streams.ts'
import type { Clock, Logger, Room, Scope, StationContext } from './context.ts'
import { createEvents } from './foundation/events.ts'
import type { prepareFolders } from './foundation/folders.ts'
import { keepDailyBackups, openFoundationRoom, openStationRoom, watchDisk } from './foundation/index.ts'
import type { StationControl } from './foundation/index.ts'
import { createJobs } from './foundation/jobs.ts'
import { createNotices } from './foundation/notices.ts'
import { openSettings } from './foundation/settings.ts'
import { openStore } from './store/open.ts'

/** What the composition (index.ts) makes of a context. */
export interface OpenedRooms {
  readonly rooms: readonly Room[]
  readonly identities: Identities
  ffmpeg(): Promise<StationStatus['ffmpeg']>
  devicesUrl(): string | null
  brokerUrl(): string | null
}
export interface Composition {
  open(ctx: StationContext): Promise<OpenedRooms>
  /** The air goes on from its own files although the database is damaged. */
  openSafe(): void
}

export interface House {
  readonly boot: string
  readonly startedAt: number
  readonly mode: 'normal' | 'safe'
  /** Rooms in reverse order, then the database. Waits for all. */
  close(): Promise<void>
}

/** One opening of everything between the port and the disk. `scope` is ended by its owner when this fails, by `close` otherwise. */
export async function openHouse(options: {
  composition: Composition; folders: ReturnType<typeof prepareFolders>; clock: Clock; logger: Logger; scope: Scope; boot: string; newId: () => string; listener: Listener; token: string; version: string; control: StationControl
}): Promise<House> {
  const { folders, clock, logger, scope, boot, newId, listener, token, version, control, composition } = options
  const startedAt = Math.floor(clock.now())
  const events = createEvents({ logger })
  const notices = createNotices({ clock, events, logger, newId })
  watchDisk({ folders, scope, notices })
  const captures = createCaptures({ logger: logger.child('captures') })
  const connections = createConnections({ logger: logger.child('connections') })
  const routes = createRoutes()
  const streams = createStreams()
  const store = await openStore({ folders, clock, logger: logger.child('store') })
  const facts = { version, boot, startedAt, dataFolder: folders.root, studioUrl: `http://127.0.0.1:${listener.port}` }
  const shared = { boot, version, token, clock, events, captures, connections, streams, routes, newId, mode: store.mode, logger: logger.child('api') }
  const station = { facts, control, backups: store.backups, databaseFolder: folders.database, notices, clock, logger }

  if (store.mode === 'safe') {
    notices.raise('alarm', store.reason)
    composition.openSafe()
    const room = openStationRoom({ ...station, ctx: null, links: { ffmpeg: () => Promise.resolve(null), devicesUrl: () => null, brokerUrl: () => null } })
    const code = store.reason.code === 'disk-full' || store.reason.code === 'database-newer' ? store.reason.code : 'database-corrupt'
    openApi(listener, { ...shared, scope: scope.child('api'), identities: nobody, dispatch: createDispatch([room], { logger, missing: code }) })
    return { boot, startedAt, mode: 'safe', close: () => scope.dispose() }
  }

  const { db, backups } = store
  scope.add(() => void db.close())
  const jobs = createJobs({ clock, scope, events, logger: logger.child('jobs'), newId })
  const audit = openAuditChain(db, clock)
  const settings = openSettings({ db, clock, events, notices })
  const ctx: StationContext = { folders, db, clock, logger, scope, events, jobs, audit, settings, notices, http: routes, captures, connections, streams, boot, studioUrl: facts.studioUrl, newId }
  const opened = await composition.open(ctx)
  const rooms = [openStationRoom({ ...station, ctx, links: opened }), openFoundationRoom(ctx, { jobs, backups }), openAudit(audit), ...opened.rooms]
  keepDailyBackups(ctx, backups)
  // The last to open and so the first to close: no window calls into rooms that are going away.
  openApi(listener, { ...shared, scope: scope.child('api'), identities: opened.identities, dispatch: createDispatch(rooms, { logger: logger.child('api'), missing: 'fail' }) })
  return { boot, startedAt, mode: 'normal', close: () => scope.dispose() }
}
