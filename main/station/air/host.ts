import { mkdirSync, readFileSync } from 'node:fs'
import { createHash } from 'node:crypto'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Worker } from 'node:worker_threads'
import { AppError } from '#contract/errors.ts'
import type { Happened, OrderAnswer, PlayoutMode, PlayoutOrder } from '#common/playout/index.ts'
import { wallSamples } from '#common/playout/wall.ts'
import type { Clock, DataFolders, Logger, Scope } from '../context.ts'
import type { OpenRelayFeed } from '../faces.ts'
import type { ClockVerdict } from './clock/clock-watch.ts'
import { openStationClock } from './clock/station-clock.ts'
import type { StationClock } from './clock/station-clock.ts'
import { ProgrammeFeed } from './feed.ts'
import { History } from './history.ts'
import { loadAirThread } from './load-thread.ts'
import type { FallbackEvent } from './fallback/events.ts'
import { readJournals, writeJournal } from './journal.ts'
import { Machine } from './machine.ts'
import type { AirStart, AsRunEntry, BusNow, BusSetup, FromAir, ToAir } from './messages.ts'
import { monotonicMs } from './pace.ts'
import { planPath, readPlan, writePlan } from './plan-file.ts'
import type { AirSetup } from './plan-file.ts'
import type { AirProgramme } from './programme.ts'
import { RelayFeeds } from './relay/feeds.ts'
import { Requests } from './requests.ts'
import { MAIN_BUS } from './bus/routes.ts'

const KEPT_JOURNALS_MS = 3 * 86_400_000
/** The thread reports each second; silent for this long it hangs. */
const HANG_MS = 4_000
/** The looks come each second: when one comes so late, it was this thread that stood still. */
const HELD_UP_MS = 2_000
const RESTARTS_MS = [0, 100, 300, 600] as const
const CALM_MS = 30_000
/** sun_path holds 108 bytes, 104 on macOS. */
const MAX_SOCKET_PATH = 100

export type Heard = Extract<FromAir, { kind: 'heard' }>
export interface HostListener {
  asRun(entry: AsRunEntry): void
  heard(heard: Heard): void
  changed(): void
  liveEnded(sid: string): void
  /** The thread is gone; a new one is on its way. */
  lost(): void
  stretchWanted(wanted: Extract<FromAir, { kind: 'stretchWanted' }>): void
  fallback(bus: string, event: FallbackEvent): void
}

export interface AirHost {
  tapPathOf(bus: string): string
  /** Empty while the thread starts. */
  readonly buses: readonly BusNow[]
  readonly phase: 'starting' | 'running' | 'catchingUp' | 'stopped'
  readonly clock: StationClock
  /** What earlier starts left: entries of their journals, what they left open closed, and where the air stood. */
  readonly left: { readonly entries: readonly AsRunEntry[]; readonly machine: Machine | null }
  use(programme: AirProgramme): void
  useSetup(setup: AirSetup): void
  /** What the database knows of lines and the journals do not. */
  learn(bus: string, happened: readonly Happened[]): void
  setMode(bus: string, mode: PlayoutMode): void
  /** @throws AppError busy when the thread does not answer */
  order(bus: string, order: PlayoutOrder & { readonly operator: string }): Promise<OrderAnswer>
  ask<K extends 'why' | 'accepted'>(kind: K, message: (requestId: string) => ToAir): Promise<Extract<FromAir, { kind: K }>>
  send(message: ToAir, transfer?: ArrayBuffer[]): void
  /** From here on somebody listens to other stations for the thread; what it wanted until then comes first. */
  relayWith(open: OpenRelayFeed): void
  /** Resolves when the first block is out, and after `limitMs` at the latest. */
  sounding(limitMs: number): Promise<void>
  /** Ends the thread when it has told and written all it had to; the end of the scope does the same. */
  close(): Promise<void>
}

export interface HostOptions {
  /** A thread that is loading already; taken over, and the first to start. */
  readonly loaded?: Worker | undefined
  /** Another program of the thread. */
  readonly thread?: URL | undefined
}

/**
 * Keeps the audio thread running. Promises: it starts from air/plan.json alone, within the time of starting a thread; a thread that dies or
 * hangs is replaced at once and joins where the clock says; what a stop left open is closed where it was last heard. Needs no database.
 */
export function openHost(ctx: { folders: DataFolders; clock: Clock; logger: Logger; scope: Scope; boot: string }, listener: HostListener, options: HostOptions = {}): AirHost {
  const { folders, logger, scope } = ctx
  const journals = join(folders.air, 'journal')
  mkdirSync(journals, { recursive: true, mode: 0o700 })
  const planFile = planPath(folders.air)
  const positionPath = join(folders.air, 'position.json')
  const stored = readPlan(folders.root, planFile)
  if (stored === 'damaged') logger.error('air/plan.json is damaged; the air waits for the log', {})
  const known = stored === null || stored === 'damaged' ? null : stored
  const machine = readMachine(positionPath)
  const clock = openStationClock({ ...ctx, lastAliveMs: machine?.at ?? null }, (verdict, before) => watchClock(verdict, before))

  const history = new History()
  const entries = readJournals(journals, { clock: ctx.clock, logger, keptMs: KEPT_JOURNALS_MS })
  for (const entry of entries) history.take(entry)
  entries.push(...closeOpen(new Map(machine?.buses.flatMap(({ rowId, playedSamples }) => (rowId === null ? [] : [[rowId, playedSamples] as const])) ?? [])))

  let setup: AirSetup = known?.setup ?? { buses: [{ id: MAIN_BUS, unitIds: [] }], resume: 'catchUp' }
  let programme: AirProgramme = known?.programme ?? { lines: [], slots: [], days: [], fill: [] }
  const modes = new Map<string, PlayoutMode>(machine?.buses.map(({ bus, mode }) => [bus, mode]))
  let lastAlive = { atMs: machine?.at ?? null, isFirst: true }
  let worker: Worker | null = null
  let loaded = options.loaded ?? null
  let buses: readonly BusNow[] = []
  let phase: AirHost['phase'] = 'starting'
  let heardFromMs = monotonicMs()
  let lookedMs = monotonicMs()
  let starts = 0
  let failures = 0
  let closed = false
  const waiting: (() => void)[] = []
  const send = (message: ToAir, transfer: ArrayBuffer[] = []): void => worker?.postMessage(message, transfer)
  const feed = new ProgrammeFeed(scope, send)
  const requests = new Requests(scope)
  const relays = new RelayFeeds(send)

  function closeOpen(played: ReadonlyMap<string, number>): AsRunEntry[] {
    const endings = history.endingsOf(played).map((row): AsRunEntry => ({ entry: 'ended', row }))
    for (const entry of endings) history.take(entry)
    if (endings.length === 0) return []
    try {
      writeJournal(join(journals, `${ctx.boot}-closed.jsonl`), endings)
    } catch (error) {
      // The database gets them all the same; only another start without it would not know.
      logger.error('an as-run journal cannot be written', { error })
    }
    return endings
  }

  const setupOf = (): BusSetup[] => {
    const now = wallSamples(clock.now())
    const first = programme.days[0]?.startsAt ?? now - 86_400_000 * 48
    const since = Math.min(now, lastAlive.atMs === null ? first : wallSamples(lastAlive.atMs))
    const resume = clock.verdict.state === 'none' ? 'lastPosition' : lastAlive.isFirst ? setup.resume : 'catchUp'
    return setup.buses.map(({ lastResort = 'reel', id, unitIds }, index) => ({ id, number: index + 1, unitIds, lastResort, tapPath: tapPathOf(folders.air, id), mode: modes.get(id) ?? 'auto', happened: history.of(id), returned: { since, why: 'down', resume } }))
  }

  const receive = (message: FromAir): void => {
    heardFromMs = monotonicMs()
    switch (message.kind) {
      case 'ready':
        return
      case 'state': {
        const before = phase
        buses = message.buses
        lastAlive = { atMs: clock.now(), isFirst: false }
        if (closed) return
        phase = 'running'
        for (const resolve of waiting.splice(0)) resolve()
        if (before !== phase) logger.info('the air runs', { buses: buses.map(({ bus }) => bus) })
        return listener.changed()
      }
      case 'asRun':
        history.take(message.entry)
        return listener.asRun(message.entry)
      case 'heard':
        return listener.heard(message)
      case 'answer':
        return requests.answer(`order ${message.answer.orderId}`, message)
      case 'accepted':
      case 'why':
        return requests.answer(message.requestId, message)
      case 'stretchWanted':
        return listener.stretchWanted(message)
      case 'fallback':
        return listener.fallback(message.bus, message.event)
      case 'liveEnded':
        return listener.liveEnded(message.sid)
      case 'relayWanted':
        return relays.want(message)
      case 'relayDone':
        return relays.done(message.feedId)
      case 'trouble':
        return logger.warn(message.message, message.detail)
    }
  }

  const begin = (): void => {
    if (scope.disposed || closed) return
    history.forget(wallSamples(clock.now() - KEPT_JOURNALS_MS))
    const data: AirStart = { buses: setupOf(), positionPath, journalPath: join(journals, `${ctx.boot}-${starts++}.jsonl`), offsetMs: clock.offsetMs, timedHeld: clock.verdict.state === 'none', programme }
    feed.begin(programme)
    const started = loaded ?? loadAirThread(options.thread)
    loaded = null
    worker = started
    const startedMs = monotonicMs()
    heardFromMs = startedMs + HANG_MS
    started.on('message', (message: FromAir) => {
      if (worker === started) receive(message)
    })
    started.on('error', (error) => logger.error('the air thread failed', { error }))
    started.on('exit', (code) => {
      if (worker !== started) return
      worker = null
      if (scope.disposed || closed) return
      failures = monotonicMs() - startedMs > CALM_MS ? 0 : failures + 1
      logger.error('the air thread ended; it is started again', { code, failures })
      lose()
      scope.after(RESTARTS_MS[Math.min(failures, RESTARTS_MS.length - 1)] ?? 600, begin)
    })
    started.postMessage(data)
  }
  const lose = (): void => {
    const played = new Map(buses.flatMap(({ playing }) => (playing === null ? [] : [[playing.rowId, playing.playedSamples] as const])))
    phase = 'catchingUp'
    buses = []
    for (const entry of closeOpen(played)) listener.asRun(entry)
    relays.closeAll()
    listener.lost()
    listener.changed()
  }
  const replace = (why: string): void => {
    const thread = worker
    if (thread === null) return
    logger.error('the air thread is replaced', { why })
    worker = null
    lose()
    void thread.terminate().then(begin, begin)
  }
  function watchClock(verdict: ClockVerdict, before: ClockVerdict): void {
    const now = monotonicMs()
    // What the audio thread said meanwhile has not been read yet: it is not the one that hangs.
    if (now - lookedMs > HELD_UP_MS) heardFromMs = now
    lookedMs = now
    if (verdict.slept) replace('the machine slept')
    else if (verdict.offsetMs !== before.offsetMs || verdict.state !== before.state) send({ kind: 'clock', offsetMs: verdict.offsetMs, atJunction: verdict.stepped, timedHeld: verdict.state === 'none' })
    if (verdict.trusted !== before.trusted) listener.changed()
    if (worker !== null && now - heardFromMs > HANG_MS) replace('it hangs')
  }
  const keepPlan = (): void => {
    try {
      writePlan(folders.root, planFile, setup, programme)
    } catch (error) {
      // The air itself has the plan; only a start without the database would miss this change.
      logger.error('air/plan.json cannot be written', { error })
    }
  }

  const close = async (): Promise<void> => {
    closed = true
    phase = 'stopped'
    relays.closeAll()
    const thread = worker
    if (thread === null) return
    await new Promise<void>((resolve) => {
      const limit = setTimeout(() => void thread.terminate().then(() => resolve()), 2_000)
      thread.once('exit', () => {
        clearTimeout(limit)
        resolve()
      })
      thread.postMessage({ kind: 'stop' } satisfies ToAir)
    })
  }

  begin()
  scope.add(close)

  return {
    tapPathOf: (bus) => tapPathOf(folders.air, bus),
    left: { entries, machine }, clock, send, close,
    relayWith: (open) => relays.use(open),
    sounding: (limitMs) => phase === 'running' ? Promise.resolve() : new Promise((resolve) => {
      waiting.push(resolve)
      scope.after(limitMs, resolve)
    }),
    get buses() { return buses },
    get phase() { return phase },
    use(fresh) {
      programme = fresh
      feed.push(fresh)
      keepPlan()
    },
    useSetup(fresh) {
      if (JSON.stringify(fresh) === JSON.stringify(setup)) return
      setup = fresh
      send({ kind: 'buses', buses: setupOf() })
      keepPlan()
    },
    learn(bus, happened) {
      send({ kind: 'happened', bus, happened })
    },
    setMode(bus, mode) {
      modes.set(bus, mode)
      send({ kind: 'mode', bus, mode })
    },
    async order(bus, order) {
      const message = await requests.ask(`order ${order.id}`, () => send({ kind: 'order', bus, order }))
      if (message.kind !== 'answer') throw new AppError('internal')
      return message.answer
    },
    async ask(kind, message) {
      const requestId = `${kind} ${starts} ${monotonicMs()}`
      const answer = await requests.ask(requestId, () => send(message(requestId)))
      if (!isKind(answer, kind)) throw new AppError('internal')
      return answer
    },
  }
}

function isKind<K extends FromAir['kind']>(message: FromAir, kind: K): message is Extract<FromAir, { kind: K }> {
  return message.kind === kind
}

function readMachine(path: string): Machine | null {
  try {
    return Machine.parse(JSON.parse(readFileSync(path, 'utf8')))
  } catch {
    // None yet, or torn by a dying disk: rows are then closed where they started.
    return null
  }
}

/** In the data folder where its name fits into a socket address. Each bus has its own. */
export function tapPathOf(airFolder: string, bus = MAIN_BUS): string {
  const mark = createHash('sha256').update(airFolder).digest('hex').slice(0, 20)
  const name = bus === MAIN_BUS ? 'tap' : `tap-${bus}`
  if (process.platform === 'win32') return `\\\\.\\pipe\\vangxa-${name}-${mark}`
  const path = join(airFolder, `${name}.sock`)
  return Buffer.byteLength(path) <= MAX_SOCKET_PATH ? path : join(tmpdir(), `vangxa-${name}-${mark}.sock`)
}
