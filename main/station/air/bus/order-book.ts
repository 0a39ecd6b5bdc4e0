import { WALL_SAMPLES_PER_MS } from '#common/playout/index.ts'
import type { OrderAnswer, Placement, PlayoutOrder, StopReason } from '#common/playout/index.ts'

export type BusOrder = PlayoutOrder & { readonly operator: string }

/** 10 s: more than the sequencer takes two presses for one. */
const SECOND_PRESS = 480_000
const FORGOTTEN = 86_400_000 * WALL_SAMPLES_PER_MS
const byHand: ReadonlySet<StopReason> = new Set(['operatorStop', 'operatorSkip'])

/** The keys pressed on a bus: each counts until it is spent, and what becomes of it is told once. */
export class OrderBook {
  private all: BusOrder[] = []
  private latestStart = Number.NEGATIVE_INFINITY
  private readonly answered = new Map<string, string>()
  private answers: OrderAnswer[] = []

  get orders(): readonly BusOrder[] {
    return this.all
  }
  add(order: BusOrder): void {
    this.all.push(order)
  }
  /** Something has begun at wall sample `start`. */
  began(start: number): void {
    this.latestStart = start
  }
  moved(shift: number): void {
    this.all = this.all.map((order) => ({ ...order, at: order.at + shift }))
    this.latestStart += shift
  }

  /** Who pressed the key that a placement came from, or that took its turn. */
  operatorOf({ because, lineId, editCode, startSource }: Placement): string | null {
    const order = this.all.find(({ id }) => id === because) ?? (editCode === 'skippedByOperator' ? this.all.find((one) => one.kind === 'skip' && one.lineId === lineId) : undefined)
    return (order ?? (startSource === 'manual' ? this.all.at(-1) : undefined))?.operator ?? null
  }
  /** Who ended what a person has ended. */
  stopperOf(reason: StopReason): string | null {
    return byHand.has(reason) ? (this.all.at(-1)?.operator ?? null) : null
  }

  /** Lets go of spent orders. `hasHadItsTurn` = the line is over. */
  spend(now: number, hasHadItsTurn: (lineId: string) => boolean): void {
    if (this.all.length === 0) return
    this.all = this.all.filter((order) => {
      const isSpent = this.isSpent(order, now, hasHadItsTurn)
      if (isSpent) this.answered.delete(order.id)
      return !isSpent
    })
  }

  note(answers: readonly OrderAnswer[]): void {
    for (const answer of answers) {
      if (this.answered.get(answer.orderId) === answer.outcome) continue
      this.answered.set(answer.orderId, answer.outcome)
      this.answers.push(answer)
    }
  }
  /** What became of orders since the last call. */
  takeAnswers(): OrderAnswer[] {
    const taken = this.answers
    if (taken.length > 0) this.answers = []
    return taken
  }

  /** A skip counts until its line has had its turn, any other key until something has begun after it; a refused one so long that a second press is known as such. */
  private isSpent(order: BusOrder, now: number, hasHadItsTurn: (lineId: string) => boolean): boolean {
    if (order.kind === 'skip') return hasHadItsTurn(order.lineId) || now - order.at > FORGOTTEN
    const isOver = this.answered.get(order.id) === 'refused' || this.latestStart >= order.at
    return isOver && now - order.at > SECOND_PRESS
  }
}
