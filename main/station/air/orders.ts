import type { AirOrder } from '#contract/air.ts'
import type { PlayoutOrder } from '#common/playout/index.ts'

/** An order of a person as the sequencer reads it. The audio thread writes down when it took effect. */
export function playoutOrder(order: Exclude<AirOrder, { kind: 'holdGrace' }>, id: string): PlayoutOrder {
  const base = { id, at: 0 }
  switch (order.kind) {
    case 'stop':
    case 'goToNow':
      return { ...base, kind: order.kind }
    case 'go':
    case 'nextNow':
      return { ...base, kind: order.kind, lineId: order.lineId, rev: order.rev }
    case 'makeNext':
    case 'skip':
      return { ...base, kind: order.kind, lineId: order.lineId, rev: order.rev }
  }
}
