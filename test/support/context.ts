import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { procedures } from '#contract/index.ts'
import type { ProcedureInput, ProcedureName, ProcedureOutput, Procedures } from '#contract/index.ts'
import { AppError } from '#contract/errors.ts'
import { parseBy } from '#contract/parsing.ts'
import type { Role } from '#contract/roles.ts'
import { createCaptures } from '../../main/station/api/captures.ts'
import { createConnections } from '../../main/station/api/connections.ts'
import { createRoutes } from '../../main/station/api/routes.ts'
import { createStreams } from '../../main/station/api/streams.ts'
import { openAuditChain } from '../../main/station/audit/chain.ts'
import type { Caller, Clock, Logger, Room, StationContext } from '../../main/station/context.ts'
import { systemClock } from '../../main/station/foundation/clock.ts'
import { createEvents } from '../../main/station/foundation/events.ts'
import { prepareFolders } from '../../main/station/foundation/folders.ts'
import { idMaker } from '../../main/station/foundation/ids.ts'
import { createJobs } from '../../main/station/foundation/jobs.ts'
import { createNotices } from '../../main/station/foundation/notices.ts'
import { createScope } from '../../main/station/foundation/scope.ts'
import { openSettings } from '../../main/station/foundation/settings.ts'
import { openStore } from '../../main/station/store/open.ts'

/** A clock that stands still until `advance`. Timers of a Scope stay real. */
export function manualClock(startAt = Date.UTC(2025, 10, 21, 1, 0, 0)): Clock & { advance(ms: number): void } {
  let now = startAt
  let monotonic = 0
  return {
    now: () => now,
    monotonicMs: () => monotonic,
    advance(ms) {
      now += ms
      monotonic += ms
    },
  }
}

/** Keeps what was logged, so that a test can ask for it; prints errors when VANGXA_TEST_LOG is set. */
export function memoryLogger(lines: { level: string; message: string; data?: Record<string, unknown> | undefined }[] = []): Logger & { readonly lines: typeof lines } {
  const write = (level: string) => (message: string, data?: Record<string, unknown>) => {
    lines.push({ level, message, data })
    if (process.env['VANGXA_TEST_LOG'] !== undefined) console.error(level, message, data ?? '')
  }
  const logger = { lines, debug: write('debug'), info: write('info'), warn: write('warn'), error: write('error'), child: () => logger }
  return logger
}

export async function temporaryFolder(): Promise<{ path: string; remove(): Promise<void> }> {
  const path = await mkdtemp(join(tmpdir(), 'vangxa-test-'))
  return { path, remove: () => rm(path, { recursive: true, force: true }) }
}

/** A signed-in person of a test; no roles given = administrator. */
export function callerWith(...roles: Role[]): Caller {
  const held: readonly Role[] = roles.length === 0 ? ['administrator'] : roles
  return {
    connectionId: 'test-connection', personId: '01ARZ3NDEKTSV4RRFFQ69G5FAV', name: 'Người thử',
    may: permission => permission === 'open' || permission === 'viewer' || held.includes('administrator') || held.includes(permission),
  }
}

/**
 * Calls a handler of a room as the station would: input and output checked by the contract, role checked.
 * @throws AppError as a window would get it
 */
export async function callRoom<N extends ProcedureName>(room: Room, name: N, input: ProcedureInput<N>, caller: Caller = callerWith()): Promise<ProcedureOutput<N>> {
  const handler = room.handlers[name]
  if (handler === undefined) throw new AppError('unknown-procedure', { data: { procedure: name } })
  if (!caller.may(procedures[name].role)) throw new AppError('forbidden')
  const output = await handler(parseBy<Procedures[N]['input']>(procedures[name].input, input), caller)
  return parseBy<Procedures[N]['output']>(procedures[name].output, output)
}

export type TestContext = StationContext & AsyncDisposable & {
  readonly logger: ReturnType<typeof memoryLogger>
  /** Everything the station has beyond the context. */
  readonly inside: { readonly jobs: ReturnType<typeof createJobs>; readonly notices: ReturnType<typeof createNotices>; readonly events: ReturnType<typeof createEvents>; readonly captures: ReturnType<typeof createCaptures>; readonly connections: ReturnType<typeof createConnections>; readonly routes: ReturnType<typeof createRoutes> }
  /** Disposes the scope, closes the database and, when the folder was made here, removes it. */
  dispose(): Promise<void>
}

/** A real StationContext on a temporary folder with a real database brought up to date. An event that breaks the contract throws. */
export async function openTestContext(options: { folder?: string; clock?: Clock } = {}): Promise<TestContext> {
  const own = options.folder === undefined ? await temporaryFolder() : null
  const folders = prepareFolders(options.folder ?? own?.path ?? '')
  const clock = options.clock ?? systemClock()
  const logger = memoryLogger()
  const store = await openStore({ folders, clock, logger })
  if (store.mode === 'safe') throw store.reason
  const { db } = store
  const newId = idMaker(clock)
  const scope = createScope('test', (name, error) => logger.error('a timer or an end failed', { name, error }))
  const events = createEvents({ logger, strict: true })
  const notices = createNotices({ clock, events, logger, newId })
  const jobs = createJobs({ clock, scope, events, logger, newId })
  const captures = createCaptures({ logger })
  const connections = createConnections({ logger })
  const routes = createRoutes()
  const dispose = async () => {
    await scope.dispose()
    if (db.open) db.close()
    await own?.remove()
  }
  return {
    folders, db, clock, logger, scope, events, jobs, notices, captures, connections, newId, dispose,
    audit: openAuditChain(db, clock), settings: openSettings({ db, clock, events, notices }), http: routes, streams: createStreams(), boot: newId(), studioUrl: 'http://127.0.0.1:0',
    inside: { jobs, notices, events, captures, connections, routes },
    [Symbol.asyncDispose]: dispose,
  }
}
