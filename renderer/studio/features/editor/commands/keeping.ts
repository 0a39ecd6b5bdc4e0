import type { Bin } from '#contract/bins.ts'
import { call } from '../../../app/station-client/index.ts'
import { preciseText } from '../../../i18n/formats.ts'
import { translate } from '../../../i18n/index.ts'
import { editorNow, showEditor } from '../editor-store.ts'
import { pieceOf } from '../piece.ts'
import type { Piece } from '../piece.ts'
import { apply } from '../session.ts'
import { playhead, seek } from '../transport.ts'
import { nothingChosen, rangesAtHand } from './at-hand.ts'

/** Clipboard and bins: pieces of the project in hand, and pieces kept for any project. */
export function pieceAtHand(): Piece | null {
  const { project } = editorNow()
  const hand = rangesAtHand()
  return project === null || hand === null ? null : pieceOf(project.edl, hand.laneIds, hand.ranges)
}

export function copy(): boolean {
  const clipboard = pieceAtHand()
  if (clipboard === null) {
    nothingChosen()
    return false
  }
  showEditor({ clipboard, said: translate('editor.said.copied', { length: preciseText(clipboard.length) }) })
  return true
}

/** Puts a piece at the playhead; its first lane comes on the chosen one, what would fall below the last lane stays out. */
export async function put(piece: Omit<Piece, 'title'>, mode: 'insert' | 'overwrite', where?: { at: number; laneId: string }): Promise<boolean> {
  const { project, laneIds } = editorNow()
  const lanes = project?.edl.lanes ?? []
  const top = lanes.findIndex((lane) => (where === undefined ? laneIds.includes(lane.id) : lane.id === where.laneId))
  const at = where?.at ?? playhead()
  const placed = piece.lanes.flatMap((lane) => {
    const target = lanes[top + lane.offset]
    return top < 0 || target === undefined ? [] : [{ laneId: target.id, clips: lane.clips.map((clip) => ({ ...clip })) }]
  })
  if (placed.length === 0) return false
  if (!(await apply({ op: 'pasteLanes', lanes: placed, sources: piece.sources.map((source) => ({ ...source })), at, length: piece.length, mode }))) return false
  showEditor({ ranges: [] })
  seek(at + piece.length)
  return true
}
export async function paste(mode: 'insert' | 'overwrite'): Promise<void> {
  const { clipboard } = editorNow()
  if (clipboard !== null) await put(clipboard, mode)
}

/** What is selected goes into the bins under the name of its sound. */
export async function keepInBin(): Promise<void> {
  const piece = pieceAtHand()
  if (piece === null) return nothingChosen()
  const { title, ...kept } = piece
  await call('bins.keep', { title, piece: { ...kept, lanes: kept.lanes.map((lane) => ({ ...lane, clips: [...lane.clips] })), sources: [...kept.sources] } })
  showEditor({ sideOpen: true, sideTab: 'bins', said: translate('editor.said.kept', { title, length: preciseText(piece.length) }) })
}

export const putBin = (bin: Bin, mode: 'insert' | 'overwrite', where?: { at: number; laneId: string }): Promise<boolean> => put(bin.piece, mode, where)
