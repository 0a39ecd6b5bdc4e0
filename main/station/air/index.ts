import { AppError } from '#contract/errors.ts'
import { frameFormats } from '#contract/frames.ts'
import type { AirStatus, AsRunRow } from '#contract/log.ts'
import { dateAt } from '#common/timing/zone.ts'
import type { StationContext } from '../context.ts'
import type { AirRoom, LineOnAir, LiveOnAir } from '../faces.ts'
import { offsetOf } from '../foundation/zones.ts'
import { openAsRunStore } from './as-run-store.ts'
import { openHost } from './host.ts'
import type { AirHost, Heard, Position } from './host.ts'
import type { AsRunEntry } from './messages.ts'
import { BUS_CHANNELS, BUS_NAME, BUS_NUMBER } from './messages.ts'

const DONE_WINDOW_MS = 3 * 86_400_000
/** Frames of a write are kept apart from the sender's buffer when they are only a part of it. */
const wholeBuffer = (pcm: Float32Array): Float32Array<ArrayBuffer> => (pcm.buffer instanceof ArrayBuffer && pcm.byteLength === pcm.buffer.byteLength ? new Float32Array(pcm.buffer) : new Float32Array(pcm))

/** What the air needs to sound at all. A damaged database takes nothing of it away. */
export type AirGround = Pick<StationContext, 'folders' | 'clock' | 'logger' | 'scope' | 'boot'>

/** The air without a database: plays air/plan.json; what it played waits in the journal for the next good start. */
export function openSafeAir(station: AirGround): { readonly tapPath: string } {
  const ctx = { ...station, scope: station.scope.child('air'), logger: station.logger.child('air') }
  return openHost(ctx, { asRun: () => undefined, heard: () => undefined, changed: () => undefined, liveEnded: () => undefined, lost: () => undefined })
}

/** Open it before the slow rooms: it is on air from air/plan.json at once. */
export function openAir(station: StationContext, options: { readonly thread?: URL } = {}): AirRoom {
  const ctx: StationContext = { ...station, scope: station.scope.child('air'), logger: station.logger.child('air') }
  const listeners = new Set<(row: AsRunRow) => void>()
  let peakDbfs = -120
  let meterSeq = 0
  let shownState = ''
  let live: { sid: string } | null = null

  const store = openAsRunStore({ ...ctx, dateAt: (instantMs) => dateAt(instantMs, offsetOf(ctx.settings.get().zone)) })
  const tell = (row: AsRunRow | null): void => {
    if (row === null) return
    ctx.events.emit('air.asRun', row)
    for (const run of listeners) run(row)
  }
  const keep = (entry: AsRunEntry): void => {
    try {
      tell(store.keep(entry))
    } catch (error) {
      // It stays in the journal and is written at the next start.
      ctx.logger.error('an as-run row cannot be written', { error })
      ctx.notices.raise('alarm', error instanceof AppError ? error : 'internal', 'as-run')
    }
  }
  const closeOpen = (position: Position | null, from: readonly AsRunRow[]): void => {
    for (const row of from) {
      const known = position?.playing?.rowId === row.id ? position.playing.playedSamples : 0
      keep({ entry: 'ended', row: { id: row.id, endedAt: Math.max(row.actualAt, Math.round(row.actualAt + known / 48)), playedSamples: known, stopReason: 'unclean', consumedSamples: null } })
    }
  }
  const hear = (heard: Heard): void => {
    peakDbfs = Math.max(heard.meters[0] ?? -120, heard.meters[3] ?? -120)
    meterSeq = (meterSeq + 1) >>> 0
    const shared = { channels: BUS_CHANNELS, session: BUS_NUMBER, seq: meterSeq, frames: heard.frames, firstFrame: heard.firstFrame }
    ctx.streams.send('meters', { ...shared, format: frameFormats.meters, payload: bytesOf(heard.meters) })
    ctx.streams.send('monitor', { ...shared, format: frameFormats.int16, payload: bytesOf(heard.pcm) })
  }
  const showChange = (): void => {
    const now = status()
    const bus = now.buses[0]
    const shown = JSON.stringify([now.state, now.clock.trusted, bus?.playing, bus?.next])
    if (shown === shownState) return
    shownState = shown
    ctx.events.emit('air.status', now)
  }

  const host: AirHost = openHost(ctx, {
    asRun: keep, heard: hear, changed: () => showChange(),
    liveEnded(sid) {
      if (live?.sid === sid) live = null
    },
    lost(position) {
      live = null
      closeOpen(position, store.openRows())
    },
  }, options.thread)
  const status = (): AirStatus => {
    const { state, clock } = host
    return {
      at: Math.round(ctx.clock.now()), state: host.phase,
      buses: [{
        bus: BUS_NAME, running: host.phase === 'running', underruns: state?.underruns ?? 0, peakDbfs, zeroAtUs: state?.zeroAtUs ?? null, next: state?.next ?? null,
        playing: state?.playing == null ? null : { lineId: state.playing.lineId, title: state.playing.title, startedAt: state.playing.startedAt, endsAt: state.playing.endsAt, source: state.playing.source },
      }],
      clock: { source: 'system', trusted: clock.trusted, offsetMs: clock.differenceMs },
    }
  }

  for (const entry of host.left.entries) keep(entry)
  // The thread has been running since a few lines ago: what it opens now is not left over. Its rows reach the store only after this turn.
  closeOpen(host.left.position, store.openRows())
  host.markDone(store.done(ctx.clock.now() - DONE_WINDOW_MS))
  ctx.scope.every(1_000, () => ctx.events.emit('air.status', status()))

  const linesOnAir = (): LineOnAir[] => {
    const { state } = host
    if (state === null) return []
    const playing = state.playing?.lineId ?? null
    return [...(playing === null ? [] : [{ lineId: playing, state: 'playing' as const }]), ...state.armedLineIds.map((lineId) => ({ lineId, state: 'armed' as const }))]
  }

  return {
    tapPath: host.tapPath,
    status, linesOnAir,
    onAsRun(run) {
      listeners.add(run)
      return () => void listeners.delete(run)
    },
    usePlan: (plan) => host.usePlan(plan),
    consumed: (fromAt, untilAt) => store.consumed(fromAt, untilAt),
    asRunBetween: (fromAt, untilAt) => store.between(fromAt, untilAt),
    asRunOf: (broadcastDate) => store.ofDate(broadcastDate),
    live(sid, { channels, title }): LiveOnAir {
      if (live !== null || host.state === null) throw new AppError('busy')
      const session = { sid }
      live = session
      host.send({ kind: 'liveOpen', sid, channels, title })
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
      'air.skip': ({ bus, lineId }, caller) => {
        const playing = host.state?.playing
        if (bus !== BUS_NAME || playing == null || playing.lineId !== lineId || playing.source !== 'log') throw new AppError('not-found')
        ctx.audit.append(caller, 'air.skip', lineId, { title: playing.title })
        host.send({ kind: 'skip', lineId })
        return { ok: true }
      },
    },
  }
}

function bytesOf(data: Float32Array | Int16Array): Uint8Array {
  return new Uint8Array(data.buffer, data.byteOffset, data.byteLength)
}

/** For rooms that listen to the program tap. */
export { TapStream } from './tap-stream.ts'
