import { performance } from 'node:perf_hooks'
import { edit, emptyEdl } from '#common/edl/index.ts'
import type { Command, Edl, EditContext, Patch } from '#common/edl/index.ts'
import { emptyHistory, record } from '#common/history/index.ts'
import { samples } from '#common/units/samples.ts'
import type { Print } from './print.ts'

/** Facts of one stereo recording, and ids in order. */
export function oneRecording(length: number): EditContext {
  let n = 0
  return { newId: () => `id${++n}`, item: (itemId) => ({ itemId, title: 'Dài', sha256: 'a'.repeat(64), channels: 2, length: samples(length) }) }
}

export function made(edl: Edl, command: Command, ids: EditContext): { edl: Edl; name: string; patches: readonly Patch[] } {
  const result = edit(edl, command, ids)
  if ('refused' in result) throw new Error(`${command.op}: ${result.refused}`)
  return result
}

const quantile = (sorted: readonly number[], share: number): number => sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? 0

/** A ripple delete among 5 000 clips with its undo step. Opponent: keeping a whole copy of the list for undo. */
export function measureEdits(print: Print): void {
  const ids = oneRecording(60_000_000)
  let edl = made(emptyEdl, { op: 'addLane', name: 'Lời' }, ids).edl
  const laneIds = [edl.lanes[0]?.id ?? '']
  edl = made(edl, { op: 'insertItem', itemId: 'x', laneId: laneIds[0] ?? '', at: samples(0), mode: 'insert' }, ids).edl
  for (let n = 1; n < 5_000; n++) edl = made(edl, { op: 'split', at: samples(n * 12_000), laneIds }, ids).edl
  let history = emptyHistory<Patch>()
  const own: number[] = []
  const copies: number[] = []
  for (let n = 0; n < 500; n++) {
    const at = ((n * 7_919) % 4_900) * 12_000
    const begin = performance.now()
    const step = made(edl, { op: 'deleteRange', range: { start: samples(at + 3_000), end: samples(at + 4_000) }, ripple: true, laneIds }, ids)
    history = record(history, { name: step.name, patches: step.patches })
    own.push(performance.now() - begin)
    edl = step.edl
    const copy = performance.now()
    JSON.stringify(edl)
    copies.push(performance.now() - copy)
  }
  for (const list of [own, copies]) list.sort((a, b) => a - b)
  print('edit_op_ms_5000_clips', quantile(own, 0.5), 'ms', quantile(copies, 0.5))
  print('edit_op_p95_ms_5000_clips', quantile(own, 0.95), 'ms', quantile(copies, 0.95))
  print('undo_kb_500_steps', JSON.stringify(history).length / 1024, 'kB', (JSON.stringify(edl).length * 500) / 1024)
}
