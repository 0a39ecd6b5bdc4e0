import { edit, edlLength, type Edl } from '#common/edl/index.ts'
import { samples } from '#common/units/samples.ts'

/** The project as it is heard while its lane is spoken anew: from the punch point on the old take of that lane is silent, the other lanes go on. */
export function withoutOldTake(edl: Edl, laneId: string, at: number): Edl {
  const end = edlLength(edl)
  if (at >= end) return edl
  let ids = 0
  const cut = edit(edl, { op: 'deleteRange', range: { start: samples(at), end: samples(end) }, ripple: false, laneIds: [laneId] }, { newId: () => `heard-${ids++}`, item: () => null })
  // Nothing was there to be silenced.
  return 'refused' in cut ? edl : cut.edl
}
