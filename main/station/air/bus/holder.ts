import type { StartedRow } from '../messages.ts'
import { HOLDS_LOG } from './layer.ts'
import type { BusLayer } from './layer.ts'
import type { BusRows, NewRow } from './rows.ts'

/** What is written of a layer; another object = another row. */
export type LayerRow = Pick<NewRow, 'title' | 'startSource' | 'playSource'> & Partial<Pick<NewRow, 'itemId' | 'sha256' | 'editCode'>>

interface Entry {
  readonly layer: BusLayer
  readonly spec: () => LayerRow
  written: LayerRow | null
  row: StartedRow | null
}

/** The layers over the log of one bus: mixes them in order of priority and keeps the row of the one that has the bus. */
export class Holder {
  private entries: Entry[] = []
  private readonly rows: BusRows
  isHeld = false

  constructor(rows: BusRows) {
    this.rows = rows
  }

  /** The audible one of the highest priority. */
  get top(): BusLayer | null {
    return this.entries.findLast(({ layer }) => layer.audible)?.layer ?? null
  }

  /** What is written of the one that has the bus. */
  get row(): StartedRow | null {
    return this.entries.findLast(({ layer }) => layer.audible)?.row ?? null
  }

  add(layer: BusLayer, spec: LayerRow | (() => LayerRow)): void {
    this.entries.push({ layer, spec: typeof spec === 'function' ? spec : () => spec, written: null, row: null })
    // Sorting is stable: of equals, the newer lies above.
    this.entries.sort((a, b) => a.layer.priority - b.layer.priority)
  }

  /** Tells when the log loses the bus and when it has it back, both at `position`. */
  mix(frames: number, out: readonly Float64Array[], at: number, position: number): 'taken' | 'givenBack' | null {
    if (this.entries.length === 0) return null
    for (const { layer } of this.entries) layer.mix(frames, out, at, position)
    const top = this.entries.findLast(({ layer }) => layer.audible) ?? null
    for (const entry of this.entries) if (entry.row !== null && (entry !== top || entry.written !== entry.spec())) this.close(entry, position, entry === top ? 'ended' : 'left')
    if (top !== null && top.row === null) {
      top.written = top.spec()
      top.row = this.rows.began({
        itemId: null, sha256: null, editCode: 'none', ...top.written, lineId: null, rev: null, broadcastDate: null, importedAt: null, initialAt: null, plannedAt: null, predictedAt: null, reason: null, priority: top.layer.priority, onAir: true,
        ratio: 1, joinedAtSample: 0, operator: null, placementId: null, fill: null,
      }, position, null)
    }
    if (this.entries.some(({ layer }) => layer.over)) this.entries = this.entries.filter(({ layer }) => !layer.over)
    const isHeld = top !== null && top.layer.priority >= HOLDS_LOG
    if (isHeld === this.isHeld) return null
    this.isHeld = isHeld
    return isHeld ? 'taken' : 'givenBack'
  }

  stop(position: number): void {
    for (const entry of this.entries) if (entry.row !== null) this.close(entry, position, 'stopped')
  }

  /** `ended`: its own next sound comes; `left`: it gives the bus back, or somebody else has it. */
  private close(entry: Entry, position: number, how: 'ended' | 'left' | 'stopped'): void {
    if (entry.row === null) return
    this.rows.ended(entry.row, position, how === 'stopped' ? 'engineStop' : how === 'left' && entry.layer.audible ? 'preempted' : 'natural', entry.row.editCode)
    entry.row = null
  }
}
