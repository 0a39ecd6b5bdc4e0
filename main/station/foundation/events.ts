import { EventEmitter } from 'node:events'
import { events as eventTable } from '#contract/index.ts'
import type { EventName, EventPayload } from '#contract/index.ts'
import type { EventBus, Logger } from '../context.ts'

export interface NumberedEvent {
  readonly seq: number
  readonly event: EventName
  readonly payload: unknown
}
export interface EventJournal extends EventBus {
  /** Number of the latest event of this boot; 0 before the first. */
  lastSeq(): number
  /** Events after `seq`, or null when some of them are no longer kept (or were never made). */
  since(seq: number): readonly NumberedEvent[] | null
  /** Every event in order, for the windows. */
  follow(run: (event: NumberedEvent) => void): () => void
}

/** How many events a window may miss and still resume. */
export const KEPT_EVENTS = 2000

/**
 * Events of one boot, numbered from 1, validated against the contract.
 * @param options.strict an event that breaks the contract throws (tests) instead of being logged and dropped (the air goes on)
 */
export function createEvents(options: { logger: Logger; strict?: boolean }): EventJournal {
  const ring: NumberedEvent[] = []
  let seq = 0
  const followers = new Set<(event: NumberedEvent) => void>()
  const listeners = new EventEmitter().setMaxListeners(0)

  const safely = (name: EventName, run: () => void) => {
    try {
      run()
    } catch (error) {
      options.logger.error('a listener failed', { event: name, error })
    }
  }

  return {
    emit<N extends EventName>(event: N, payload: EventPayload<N>) {
      const checked = eventTable[event].payload.safeParse(payload)
      if (!checked.success) {
        if (options.strict) throw checked.error
        options.logger.error('an event breaks the contract', { event, error: checked.error })
        return
      }
      const numbered: NumberedEvent = { seq: ++seq, event, payload: checked.data }
      ring.push(numbered)
      if (ring.length > KEPT_EVENTS) ring.shift()
      for (const run of listeners.listeners(event)) safely(event, () => run(payload))
      for (const run of followers) safely(event, () => run(numbered))
    },
    on<N extends EventName>(event: N, run: (payload: EventPayload<N>) => void) {
      listeners.on(event, run)
      return () => {
        listeners.off(event, run)
      }
    },
    lastSeq: () => seq,
    since(from) {
      if (!Number.isSafeInteger(from) || from < 0 || from > seq) return null
      if (from === seq) return []
      const first = ring[0]
      if (first === undefined || first.seq > from + 1) return null
      return ring.slice(from + 1 - first.seq)
    },
    follow(run) {
      followers.add(run)
      return () => {
        followers.delete(run)
      }
    },
  }
}
