import type { BusMachine, Machine } from '../machine.ts'
import { itemSampleAt } from './deck.ts'
import type { BusEngine } from './engine.ts'

export function machineOf(at: number, buses: readonly { readonly bus: string; readonly engine: BusEngine }[]): Machine {
  return { version: 1, at, buses: buses.map(({ bus, engine }) => busMachine(bus, engine)) }
}

function busMachine(bus: string, engine: BusEngine): BusMachine {
  const { log, position, holding } = engine
  const deck = engine.onAir.findLast(({ start, row }) => start <= position && row !== null) ?? null
  const row = holding?.row ?? deck?.row ?? null
  return {
    bus, mode: log.mode, logId: deck?.placement.logId ?? null, lineId: deck?.lineId ?? null, rowId: row?.id ?? null, positionSamples: deck === null ? 0 : itemSampleAt(deck, position),
    playedSamples: row === null ? 0 : Math.max(0, engine.zeroWall + position - row.wall), running: row !== null, anchorUtc: engine.instantOf(position), openSlotId: log.openSlotAt(engine.zeroWall + position), busPriority: row?.priority ?? 0,
  }
}
