import { AppError } from '#contract/errors.ts'
import { frameFormats } from '#contract/frames.ts'
import type { AirStatus, AsRunRow, LineDecision } from '#contract/air.ts'
import { dateAt } from '#common/timing/zone.ts'
import { instantOf } from '#common/playout/index.ts'
import type { Caller, StationContext } from '../context.ts'
import type { AirRoom, CompiledPlan, LineOnAir, LiveOnAir, PcmFile } from '../faces.ts'
import { offsetOf } from '../foundation/zones.ts'
import { openAsRunStore } from './as-run-store.ts'
import type { FallbackEvent } from './fallback/events.ts'
import type { AirHost, Heard } from './host.ts'
import type { AsRunEntry, FromAir } from './messages.ts'
import { BUS_CHANNELS } from './messages.ts'
import { playoutOrder } from './orders.ts'
import type { AirSetup } from './plan-file.ts'
import type { AirProgramme } from './programme.ts'
import { MAIN_BUS } from './bus/routes.ts'
import { startAir } from './start.ts'
import { wholeBuffer } from './whole-buffer.ts'
import type { StartedAir } from './start.ts'
import { airStatus } from './status.ts'

const DONE_WINDOW_MS = 3 * 86_400_000
const LIVE_PRIORITY = 5
const SILENT_DBFS = -120
/** The air without a database: it plays air/plan.json; what it played waits in the journal for the next good start. */
export function openSafeAir({ listen }: StartedAir): void {
  const nothing = (): void => undefined
  listen({ asRun: nothing, heard: nothing, changed: nothing, liveEnded: nothing, lost: nothing, stretchWanted: nothing, fallback: nothing })
}

/** The room of an air that sounds already (`started`), or of one that it starts. */
export function openAir(station: StationContext, options: { readonly started?: StartedAir; readonly thread?: URL } = {}): AirRoom {
  const ctx: StationContext = { ...station, scope: station.scope.child('air'), logger: station.logger.child('air') }
  const listeners = new Set<(row: AsRunRow) => void>()
  const peaks = new Map<number, number>()
  let meterSeq = 0
  let shownState = ''
  let live: { sid: string } | null = null
  let programme: AirProgramme = { lines: [], slots: [], days: [], fill: [] }
  let titles = new Map<string, string>()
  let stretch: ((sha256: string, pcm: PcmFile, ratio: number) => Promise<PcmFile>) | null = null

  const store = openAsRunStore({ ...ctx, dateAt: (instantMs) => dateAt(instantMs, offsetOf(ctx.settings.get().zone)) })
  const keep = (entry: AsRunEntry): void => {
    try {
      const row = store.keep(entry)
      if (row === null) return
      ctx.events.emit('air.asRun', row)
      for (const run of listeners) run(row)
    } catch (error) {
      // It stays in the journal and is written at the next start.
      ctx.logger.error('an as-run row cannot be written', { error })
      ctx.notices.raise('alarm', error instanceof AppError ? error : 'internal', 'as-run')
    }
  }
  const hear = (heard: Heard): void => {
    peaks.set(heard.number, Math.max(heard.meters[0] ?? SILENT_DBFS, heard.meters[3] ?? SILENT_DBFS))
    meterSeq = (meterSeq + 1) >>> 0
    const shared = { channels: BUS_CHANNELS, session: heard.number, seq: meterSeq, frames: heard.frames, firstFrame: heard.firstFrame }
    ctx.streams.send('meters', { ...shared, format: frameFormats.meters, payload: bytesOf(heard.meters) })
    ctx.streams.send('monitor', { ...shared, format: frameFormats.int16, payload: bytesOf(heard.pcm) })
  }
  const showChange = (): void => {
    const now = status()
    const shown = JSON.stringify([now.state, now.clock.state, now.buses.map((bus) => [bus.mode, bus.playing, bus.finishing, bus.next, bus.waiting, bus.banners, bus.overUnder, bus.solver, bus.heldBy, bus.fallback, bus.relays, bus.output.level, bus.output.clips, bus.output.outOfPhase])])
    if (shown === shownState) return
    shownState = shown
    ctx.events.emit('air.status', now)
  }
  const makeStretched = ({ sha256, ratio, pcm }: Extract<FromAir, { kind: 'stretchWanted' }>): void => {
    if (stretch === null) return
    stretch(sha256, pcm, ratio).then(
      (made) => host.send({ kind: 'stretched', sha256, ratio, pcm: made }),
      // It plays at its own speed; the solver then finds another way or says why not.
      (error: unknown) => {
        ctx.logger.warn('an item cannot be made shorter or longer', { sha256, ratio, error })
        host.send({ kind: 'stretched', sha256, ratio, pcm: null })
      },
    )
  }
  /** Each step is said aloud, once: a notice for the same thing at the same minute is one. */
  const tellFallback = (bus: string, event: FallbackEvent): void => {
    const subject = `${bus} ${new Date(host.clock.now()).toISOString().slice(0, 16)}`
    if (event.kind === 'silence') ctx.notices.raise('alarm', new AppError('air-silent', { data: { bus, seconds: Math.round(event.silentFor / 48_000) } }), subject)
    if (event.kind === 'up' || event.kind === 'climbed') ctx.notices.raise('alarm', new AppError(event.up.needsPerson ? 'air-backup-stays' : 'air-backup', { data: { bus, rung: event.up.rung, cause: event.up.cause } }), subject)
    if (event.kind === 'up' || event.kind === 'climbed' || event.kind === 'down') ctx.audit.append({ personId: null, name: 'air' }, 'air.fallback', bus, event.kind === 'down' ? { step: 'down' } : { step: event.kind, rung: event.up.rung, cause: event.up.cause, needsPerson: event.up.needsPerson })
  }
  const setup = (): AirSetup => {
    const { buses, resume } = ctx.settings.get().air
    return { buses: buses.map(({ id, unitIds, lastResort }) => ({ id, unitIds: [...unitIds], ...(lastResort === undefined ? {} : { lastResort }) })), resume }
  }

  const { host, listen }: StartedAir = options.started ?? startAir(station, { thread: options.thread })
  // Its last rows are told to a database that is still open.
  ctx.scope.add(() => host.close())
  host.useSetup(setup())
  const status = (): AirStatus => airStatus({ host, buses: ctx.settings.get().air.buses, peakOf: (number) => peaks.get(number) ?? SILENT_DBFS, titleOf: (id) => titles.get(id) ?? '', now: () => ctx.clock.now() })

  for (const entry of host.left.entries) keep(entry)
  // The thread has been running for a while: what it has opened since is not left over, and reaches the store only now.
  store.closeLost()
  listen({
    asRun: keep, heard: hear, changed: () => showChange(), stretchWanted: makeStretched, fallback: tellFallback,
    liveEnded(sid) {
      if (live?.sid === sid) live = null
    },
    lost() {
      live = null
    },
  })
  for (const { id } of ctx.settings.get().air.buses) host.learn(id, store.happened(id, ctx.clock.now() - DONE_WINDOW_MS))
  tellOfStart(ctx, host)
  host.clock.useServers(ctx.settings.get().air.timeServers)
  ctx.scope.every(1_000, () => ctx.events.emit('air.status', status()))
  const ends = ctx.events.on('settings.changed', ({ air }) => {
    host.useSetup(setup())
    host.clock.useServers(air.timeServers)
  })
  ctx.scope.add(ends)

  const requireBus = (bus: string): void => {
    if (!ctx.settings.get().air.buses.some(({ id }) => id === bus)) throw new AppError('not-found')
  }
  const linesOnAir = (): LineOnAir[] => host.buses.flatMap(({ playing, finishing, armedLineIds }) => [
    ...[playing?.lineId ?? null, finishing?.lineId ?? null].flatMap((lineId) => (lineId === null ? [] : [{ lineId, state: 'playing' as const }])), ...armedLineIds.map((lineId) => ({ lineId, state: 'armed' as const })),
  ])
  const decisionsOf = async (lineId: string): Promise<LineDecision[]> => {
    const { decisions } = await host.ask('why', (requestId) => ({ kind: 'why', requestId, lineId }))
    return decisions.map(({ at, start, because, ...decision }) => ({ ...decision, at: Math.round(instantOf(at)), startAt: start === null ? null : Math.round(instantOf(start)), because: because === null ? null : (titles.get(because) ?? because) }))
  }
  const order = async (bus: string, name: string, subject: string, caller: Caller, run: () => Promise<{ outcome: string }>): Promise<void> => {
    requireBus(bus)
    const { outcome } = await run()
    ctx.audit.append(caller, name, subject, { bus, outcome })
  }

  return {
    tapPath: host.tapPathOf(MAIN_BUS),
    tapPathOf: (bus) => host.tapPathOf(bus),
    status, linesOnAir,
    modeOf: (bus) => host.buses.find((one) => one.bus === bus)?.mode ?? 'auto',
    onAsRun(run) {
      listeners.add(run)
      return () => void listeners.delete(run)
    },
    usePlan(plan: CompiledPlan) {
      programme = { lines: plan.lines, slots: plan.slots, days: plan.days, fill: plan.fill }
      titles = new Map([...programme.lines.map(({ line, title }) => [line.id, title] as const), ...programme.slots.map(({ slot, title }) => [slot.id, title] as const), ...programme.fill.map(({ item, sound }) => [item.id, sound.title] as const)])
      host.use(programme)
    },
    stretchWith(make) {
      stretch = make
    },
    relayWith: (open) => host.relayWith(open),
    asRunBetween: (fromAt, untilAt) => store.between(fromAt, untilAt),
    asRunOf: (broadcastDate) => store.ofDate(broadcastDate),
    happened: (bus, fromAt) => store.happened(bus, fromAt),
    live(sid, { channels, title, priority = LIVE_PRIORITY, bus = MAIN_BUS }): LiveOnAir {
      if (live !== null || host.buses.length === 0) throw new AppError('busy')
      const session = { sid }
      live = session
      host.send({ kind: 'liveOpen', bus, sid, channels, title, priority })
      return {
        write(pcm, firstFrame) {
          if (live !== session) return
          const own = wholeBuffer(pcm)
          host.send({ kind: 'livePcm', sid, pcm: own, firstFrame }, [own.buffer])
        },
        end() {
          if (live === session) host.send({ kind: 'liveEnd', sid })
        },
      }
    },
    handlers: {
      'air.status': () => status(),
      'air.mode': ({ bus, mode }, caller) => {
        requireBus(bus)
        ctx.audit.append(caller, 'air.mode', bus, { mode })
        host.setMode(bus, mode)
        return { ok: true }
      },
      'air.order': async ({ bus, order: wanted }, caller) => {
        requireBus(bus)
        if (wanted.kind === 'holdGrace') {
          if (!host.buses.some(({ banners }) => banners.some(({ id }) => id === wanted.bannerId))) throw new AppError('not-found')
          host.send({ kind: 'holdGrace', bus, bannerId: wanted.bannerId, held: wanted.held })
          ctx.audit.append(caller, 'air.order', wanted.bannerId, { bus, kind: wanted.kind, held: wanted.held })
          return { outcome: 'done', why: null, warning: null }
        }
        const answer = await host.order(bus, { ...playoutOrder(wanted, ctx.newId()), operator: caller.name })
        ctx.audit.append(caller, 'air.order', 'lineId' in wanted && wanted.lineId !== null ? wanted.lineId : bus, { bus, kind: wanted.kind, outcome: answer.outcome, why: answer.why, warning: answer.warning })
        return { outcome: answer.outcome, why: answer.why, warning: answer.warning }
      },
      'air.skip': async ({ bus, lineId }, caller) => {
        const playing = host.buses.find((one) => one.bus === bus)?.playing
        if (playing == null || playing.lineId !== lineId || playing.source !== 'log') throw new AppError('not-found')
        await order(bus, 'air.skip', lineId, caller, () => host.order(bus, { ...playoutOrder({ kind: 'skip', lineId, rev: null }, ctx.newId()), operator: caller.name }))
        return { ok: true }
      },
      'air.accept': async ({ bus, planId }, caller) => {
        requireBus(bus)
        const { ok } = await host.ask('accepted', (requestId) => ({ kind: 'accept', requestId, bus, planId }))
        if (!ok) throw new AppError('stale')
        ctx.audit.append(caller, 'air.accept', planId, { bus })
        return { ok: true }
      },
      'air.confirmReturn': ({ bus }, caller) => {
        requireBus(bus)
        ctx.audit.append(caller, 'air.confirmReturn', bus, {})
        host.send({ kind: 'confirmReturn', bus })
        return { ok: true }
      },
      'air.why': async ({ lineId }) => ({ decisions: await decisionsOf(lineId), rows: store.ofLine(lineId) }),
      'air.confirmClock': (_input, caller) => {
        ctx.audit.append(caller, 'air.confirmClock', 'clock', { pendingStepMs: host.clock.verdict.pendingStepMs })
        host.clock.confirm()
        return { ok: true }
      },
    },
  }
}

/** A stop nobody chose leaves a hole, and a bus that was in somebody's hands comes back so: both are said aloud. */
function tellOfStart(ctx: StationContext, host: AirHost): void {
  const { machine } = host.left
  if (machine === null) return
  for (const { bus, mode, running, logId, lineId, positionSamples } of machine.buses) {
    if (running) ctx.audit.append({ personId: null, name: 'air' }, 'air.hole', bus, { fromAt: machine.at, untilAt: Math.round(host.clock.now()), logId, lineId, positionSamples })
    if (mode !== 'auto') ctx.notices.raise('alarm', new AppError('air-by-hand', { data: { bus, mode } }), `air-mode-${bus}`)
  }
}

function bytesOf(data: Float32Array | Int16Array): Uint8Array {
  return new Uint8Array(data.buffer, data.byteOffset, data.byteLength)
}

export type { StartedAir } from './start.ts'
/** For rooms that listen to the program tap. */
export { TapStream } from './tap-stream.ts'
