import type { Lane } from '#common/edl/index.ts'
import { translate } from '../../../i18n/index.ts'
import { editorNow, showEditor } from '../editor-store.ts'
import { apply } from '../session.ts'

export const laneAtHand = (): Lane | null => {
  const { project, laneIds } = editorNow()
  return project?.edl.lanes.find((lane) => laneIds.includes(lane.id)) ?? project?.edl.lanes[0] ?? null
}

export function chooseLane(direction: 1 | -1): void {
  const { project, laneIds } = editorNow()
  const lanes = project?.edl.lanes ?? []
  const now = lanes.findIndex((lane) => laneIds.includes(lane.id))
  const lane = lanes[Math.max(0, Math.min(lanes.length - 1, now + direction))]
  if (lane !== undefined) showEditor({ laneIds: [lane.id], said: translate('editor.said.lane', { name: lane.name }) })
}

export async function setLane(lane: Lane, change: Partial<Pick<Lane, 'gainDb' | 'mute' | 'solo'>>): Promise<void> {
  await apply({ op: 'setLane', laneId: lane.id, gainDb: lane.gainDb, mute: lane.mute, solo: lane.solo, ...change })
}
export async function toggleLane(what: 'mute' | 'solo'): Promise<void> {
  const lane = laneAtHand()
  if (lane !== null) await setLane(lane, { [what]: !lane[what] })
}
export async function addLane(): Promise<void> {
  const count = (editorNow().project?.edl.lanes.length ?? 0) + 1
  if (!(await apply({ op: 'addLane', name: translate('editor.laneName', { number: count }) }))) return
  const added = editorNow().project?.edl.lanes.at(-1)
  if (added !== undefined) showEditor({ laneIds: [added.id] })
}
