import { acceptLetter } from './accept.ts'
import type { AcceptOptions, Verdict } from './accept.ts'
import type { LetterState, Moment } from './device-state.ts'
import type { Primitives } from './primitives.ts'

export interface InboxParts {
  readonly primitives: Primitives
  readonly moment: () => Moment
  /** Called with a changed state before the verdict is given out; reject to refuse acting on it. */
  readonly store: (state: LetterState) => void | Promise<void>
  readonly options?: AcceptOptions
}

/**
 * Letters of one device, judged strictly one after the other: two copies of a letter that arrive together must not both see the state from before.
 * A device makes one inbox and feeds it every payload, whatever topic it came from.
 */
export class LetterInbox {
  #state: LetterState
  readonly #parts: InboxParts
  #last: Promise<unknown> = Promise.resolve()

  constructor(state: LetterState, parts: InboxParts) {
    this.#state = state
    this.#parts = parts
  }

  get state(): LetterState {
    return this.#state
  }

  feed(body: Uint8Array): Promise<Verdict> {
    return this.#inTurn(async () => {
      const { primitives, moment, store, options } = this.#parts
      const verdict = await acceptLetter(body, this.#state, moment(), primitives, options)
      if (verdict.state !== this.#state) {
        await store(verdict.state)
        this.#state = verdict.state
      }
      return verdict
    })
  }

  /** Changes that come from the device itself: a challenge was sent, the clock became trustworthy by NTP, groups were reset. */
  change(update: (state: LetterState) => LetterState): Promise<void> {
    return this.#inTurn(async () => {
      const next = update(this.#state)
      await this.#parts.store(next)
      this.#state = next
    })
  }

  #inTurn<T>(work: () => Promise<T>): Promise<T> {
    const turn = this.#last.then(work)
    this.#last = turn.catch(() => undefined)
    return turn
  }
}

/** `sec.reject` at most once a minute per code, with the count since the last one. */
export class RejectCounter {
  readonly #codes = new Map<string, { count: number; toldAt: number }>()

  /** The count to report now, or null when it is not time yet. */
  add(code: string, monotonicMs: number): number | null {
    const entry = this.#codes.get(code) ?? { count: 0, toldAt: Number.NEGATIVE_INFINITY }
    entry.count += 1
    this.#codes.set(code, entry)
    if (monotonicMs - entry.toldAt < 60_000) return null
    const { count } = entry
    this.#codes.set(code, { count: 0, toldAt: monotonicMs })
    return count
  }
}
