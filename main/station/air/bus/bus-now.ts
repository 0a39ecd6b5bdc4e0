import type { Placement } from '#common/playout/index.ts'
import { instantOf } from '#common/playout/index.ts'
import type { FallbackController } from '../fallback/controller.ts'
import type { BusNow, PlayingNow } from '../messages.ts'
import type { BusEngine } from './engine.ts'

/** The bus as it is heard at this moment, for windows and for the file a start after a crash reads. */
export function busNow(bus: string, engine: BusEngine, liveSid: string | null, fallback: FallbackController): BusNow {
  const { log, position } = engine
  const { plan } = log
  const ms = (busSample: number): number => Math.round(engine.instantOf(busSample))
  const armed = new Set(engine.armed.map(({ lineId }) => lineId))
  const heard = engine.onAir.filter((deck) => deck.start <= position && (deck.row !== null || deck.covered))
  const deck = heard.at(-1) ?? null
  const tail = heard.length > 1 ? (heard[0] ?? null) : null
  const titleOf = (placement: Placement): string => log.soundOf(placement)?.title ?? log.lineOf(placement.lineId)?.title ?? ''
  const held = engine.holding
  const playing: PlayingNow | null = held !== null
    ? { rowId: held.row.id, lineId: null, placementId: null, title: held.row.title, startedAt: held.row.actualAt, endsAt: null, playedSamples: Math.max(0, engine.zeroWall + position - held.row.wall), priority: held.row.priority, source: held.row.playSource === 'alert' ? 'alert' : 'live' }
    : deck === null ? null
      : {
        rowId: deck.row?.id ?? '', lineId: deck.placement.fill === null ? deck.lineId : null, placementId: deck.lineId, title: deck.tape.title, startedAt: ms(deck.start - deck.offset), endsAt: deck.placement.openEnded ? null : ms(deck.end),
        playedSamples: Math.max(0, position - deck.start), priority: deck.row?.priority ?? log.lineOf(deck.lineId)?.line.priority ?? 1, source: 'log',
      }
  const { next, waiting } = plan
  const { up, reading } = fallback
  return {
    bus, mode: log.mode, zeroAtUs: Math.round(engine.instantOf(0) * 1000), position, playing,
    finishing: tail === null ? null : { lineId: tail.lineId, title: tail.tape.title, endsAt: ms(tail.end) },
    next: next === null ? null : { lineId: next.lineId, title: titleOf(next), at: next.start === null ? null : Math.round(instantOf(next.start)), armed: armed.has(next.lineId), reason: next.reason },
    waiting: waiting === null ? null : { lineId: waiting.lineId, rev: waiting.rev, title: titleOf(waiting), armed: armed.has(waiting.lineId), reason: waiting.reason },
    banners: log.bannersAt(engine.wall).map((banner) => ({ ...banner, title: log.lineOf(banner.lineId)?.title ?? '', at: Math.round(instantOf(banner.at)), until: banner.until === null ? null : Math.round(instantOf(banner.until)), held: log.isGraceHeld(banner.id) })),
    overUnder: plan.overUnder, solver: plan.solver, holdPriority: held?.priority ?? null, armedLineIds: [...armed], liveSid, relays: engine.relays.map(({ start, ...relay }) => ({ ...relay, startAt: ms(start) })), underruns: engine.underruns,
    fallback: up === null ? null : { rung: up.rung, cause: up.cause, since: ms(up.since), title: fallback.title, needsPerson: up.needsPerson },
    output: { silentMs: Math.round(reading.silentFor / 48), level: reading.level, clips: reading.clips, outOfPhase: reading.outOfPhase },
  }
}
