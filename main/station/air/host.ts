import { mkdirSync, readFileSync, readdirSync, rmSync, statSync } from 'node:fs'
import { createHash } from 'node:crypto'
import { tmpdir, uptime } from 'node:os'
import { join } from 'node:path'
import { Worker } from 'node:worker_threads'
import { z } from 'zod'
import type { Clock, DataFolders, Logger, Scope } from '../context.ts'
import type { CompiledPlan, PlannedPlay } from '../faces.ts'
import { ClockWatch } from './clock-watch.ts'
import type { ClockVerdict } from './clock-watch.ts'
import { parseJournal } from './journal.ts'
import type { AirStart, AsRunEntry, EngineState, FromAir, ToAir } from './messages.ts'
import { monotonicMs } from './pace.ts'
import { planPath, readPlan, writePlan } from './plan-file.ts'

/** The one place that names the thread's file. */
const THREAD = new URL('./worker.ts', import.meta.url)
const KEPT_JOURNALS_MS = 3 * 86_400_000
/** The thread reports each second; silent for this long it hangs. */
const HANG_MS = 4_000
const RESTARTS_MS = [0, 100, 300, 600] as const
const CALM_MS = 30_000
/** sun_path holds 108 bytes, 104 on macOS. */
const MAX_SOCKET_PATH = 100
const notAgain = new Set(['natural', 'cutByHardStart', 'operatorSkip', 'withdrawn', 'decodeError'])

const Position = z.object({ at: z.number().int(), playing: z.object({ rowId: z.string(), playedSamples: z.number().int().nonnegative() }).nullable() })
export type Position = z.infer<typeof Position>

export type Heard = Extract<FromAir, { kind: 'heard' }>
export interface HostListener {
  asRun(entry: AsRunEntry): void
  heard(heard: Heard): void
  changed(): void
  liveEnded(sid: string): void
  /** The thread is gone; `position` is the last it told. Rows it left open are to be closed. */
  lost(position: Position | null): void
}

export interface AirHost {
  readonly tapPath: string
  readonly state: EngineState | null
  readonly phase: 'starting' | 'running' | 'catchingUp' | 'stopped'
  readonly clock: ClockVerdict
  readonly plays: readonly PlannedPlay[]
  /** What earlier starts left: entries of their journals and the last position. */
  readonly left: { readonly entries: readonly AsRunEntry[]; readonly position: Position | null }
  usePlan(plan: CompiledPlan): void
  /** Lines the database knows to be over. */
  markDone(lineIds: readonly string[]): void
  send(message: ToAir, transfer?: ArrayBuffer[]): void
}

/**
 * Keeps the audio thread running. Promises: it starts from air/plan.json alone, within the time of starting a thread; a thread that dies or
 * hangs is replaced at once and joins where the clock says. Needs no database.
 */
export function openHost(ctx: { folders: DataFolders; clock: Clock; logger: Logger; scope: Scope; boot: string }, listener: HostListener, thread: URL = THREAD): AirHost {
  const { folders, clock, logger, scope } = ctx
  const journals = join(folders.air, 'journal')
  mkdirSync(journals, { recursive: true, mode: 0o700 })
  const planFile = planPath(folders.air)
  const positionPath = join(folders.air, 'position.json')
  const tapPath = tapPathOf(folders.air)
  const watch = new ClockWatch(reading(clock))
  const stored = readPlan(folders.root, planFile)
  if (stored === 'damaged') logger.error('air/plan.json is damaged; the air waits for the log', {})
  const left = { entries: readJournals(journals, clock, logger), position: readPosition(positionPath) }
  const done = new Set(left.entries.flatMap((entry) => (entry.entry === 'ended' && notAgain.has(entry.row.stopReason) ? lineOf(left.entries, entry.row.id) : [])))
  const lineByRow = new Map<string, string>()

  let plays: readonly PlannedPlay[] = stored === null || stored === 'damaged' ? [] : stored.plays
  let worker: Worker | null = null
  let state: EngineState | null = null
  let phase: AirHost['phase'] = 'starting'
  let verdict: ClockVerdict = { offsetMs: watch.offsetMs, trusted: true, differenceMs: 0, slept: false }
  let heardFromMs = monotonicMs()
  let starts = 0
  let failures = 0

  const receive = (message: FromAir): void => {
    heardFromMs = monotonicMs()
    switch (message.kind) {
      case 'ready':
        return
      case 'state': {
        const before = phase
        state = message.state
        phase = 'running'
        if (before !== phase) logger.info('the air runs', { tapPath })
        return listener.changed()
      }
      case 'asRun': {
        const { entry } = message
        if (entry.entry === 'started' && entry.row.lineId !== null) lineByRow.set(entry.row.id, entry.row.lineId)
        if (entry.entry === 'ended') {
          const lineId = lineByRow.get(entry.row.id)
          if (lineId !== undefined && notAgain.has(entry.row.stopReason)) done.add(lineId)
          lineByRow.delete(entry.row.id)
        }
        return listener.asRun(entry)
      }
      case 'heard':
        return listener.heard(message)
      case 'liveEnded':
        return listener.liveEnded(message.sid)
      case 'trouble':
        return logger.warn(message.message, message.detail)
    }
  }

  const begin = (): void => {
    if (scope.disposed) return
    const data: AirStart = {
      tapPath, positionPath, journalPath: join(journals, `${ctx.boot}-${starts++}.jsonl`), offsetMs: watch.offsetMs, plays, doneLineIds: [...done],
    }
    const started = new Worker(thread, { workerData: data, name: 'air', stdin: false })
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
      if (scope.disposed || phase === 'stopped') return
      failures = monotonicMs() - startedMs > CALM_MS ? 0 : failures + 1
      logger.error('the air thread ended; it is started again', { code, failures })
      lose()
      scope.after(RESTARTS_MS[Math.min(failures, RESTARTS_MS.length - 1)] ?? 600, begin)
    })
  }
  const lose = (): void => {
    const playing = state?.playing ?? null
    phase = 'catchingUp'
    state = null
    lineByRow.clear()
    listener.lost({ at: Math.round(monotonicMs() + watch.offsetMs), playing: playing === null ? null : { rowId: playing.rowId, playedSamples: playing.playedSamples } })
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
  const send = (message: ToAir, transfer: ArrayBuffer[] = []): void => worker?.postMessage(message, transfer)

  begin()
  scope.every(1_000, () => {
    const before = watch.offsetMs
    const trusted = verdict.trusted
    verdict = watch.look(reading(clock))
    if (trusted !== verdict.trusted) logger.warn(verdict.trusted ? 'the clock is trusted again' : 'the clock of the machine jumped; the air stays on its own', { differenceMs: Math.round(verdict.differenceMs) })
    if (verdict.slept) replace('the machine slept')
    else if (watch.offsetMs !== before) send({ kind: 'clock', offsetMs: watch.offsetMs })
    if (worker !== null && monotonicMs() - heardFromMs > HANG_MS) replace('it hangs')
  })
  scope.add(async () => {
    phase = 'stopped'
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
  })

  return {
    tapPath, left, send,
    get state() { return state },
    get phase() { return phase },
    get clock() { return verdict },
    get plays() { return plays },
    usePlan(plan) {
      plays = plan.plays
      send({ kind: 'plan', plays })
      try {
        writePlan(folders.root, planFile, plan)
      } catch (error) {
        // The air itself has the plan; only a start without the database would miss this change.
        logger.error('air/plan.json cannot be written', { error })
      }
    },
    markDone(lineIds) {
      for (const id of lineIds) done.add(id)
    },
  }
}

function reading(clock: Clock): { wallMs: number; monotonicMs: number; uptimeMs: number | null } {
  const monotonic = monotonicMs()
  // Only Linux counts sleep in the time since boot and leaves it out of the monotonic clock.
  return { wallMs: clock.now(), monotonicMs: monotonic, uptimeMs: process.platform === 'linux' ? uptime() * 1000 : null }
}

function lineOf(entries: readonly AsRunEntry[], rowId: string): string[] {
  return entries.flatMap((entry) => (entry.entry === 'started' && entry.row.id === rowId && entry.row.lineId !== null ? [entry.row.lineId] : []))
}

function readJournals(folder: string, clock: Clock, logger: Logger): AsRunEntry[] {
  const entries: AsRunEntry[] = []
  for (const name of readdirSync(folder).sort()) {
    const path = join(folder, name)
    try {
      if (statSync(path).mtimeMs < clock.now() - KEPT_JOURNALS_MS) {
        rmSync(path)
        continue
      }
      const { entries: found, damaged } = parseJournal(readFileSync(path, 'utf8'))
      if (damaged > 0) logger.warn('an as-run journal has damaged lines', { name, damaged })
      entries.push(...found)
    } catch (error) {
      logger.warn('an as-run journal cannot be read', { name, error })
    }
  }
  return entries
}

function readPosition(path: string): Position | null {
  try {
    return Position.parse(JSON.parse(readFileSync(path, 'utf8')))
  } catch {
    // None yet, or torn by a dying disk: the row is then closed where it started.
    return null
  }
}

/** In the data folder where its name fits into a socket address. */
export function tapPathOf(airFolder: string): string {
  const mark = createHash('sha256').update(airFolder).digest('hex').slice(0, 20)
  if (process.platform === 'win32') return `\\\\.\\pipe\\vangxa-tap-${mark}`
  const path = join(airFolder, 'tap.sock')
  return Buffer.byteLength(path) <= MAX_SOCKET_PATH ? path : join(tmpdir(), `vangxa-tap-${mark}.sock`)
}
