import type { Action } from '../../app/actions/index.ts'
import { hasProject } from './commands/at-hand.ts'
import { clipToLane, cut, deleteRanges, duplicate, nudgeClip, selectClip, split, trimEdgeHere, trimToRange } from './commands/editing.ts'
import { copy, keepInBin, paste } from './commands/keeping.ts'
import { addLane, chooseLane, toggleLane } from './commands/lanes.ts'
import { levelAtHand, levelProject } from './commands/levelling.ts'
import { clearSelection, goEdge, goTo, goToEdge, nudge, selectAll, setIn, setOut, showSide, toggleAdding, toggleContrast, toggleEditMode, toggleLoudnessCurve, toggleRuler, toggleSide, toggleSnap, zoom, zoomToSelection, zoomWhole } from './commands/looking.ts'
import { addMarker, goMarker } from './commands/marking.ts'
import { addEnvelopePoint, changeGain, crossfadeHere, fadeToPlayhead, focusGain } from './commands/shaping.ts'
import { editorNow, showEditor } from './editor-store.ts'
import type { Dialog } from './editor-store.ts'
import { keyTable, type EditorActionId } from './key-table.ts'
import { isLeased } from './lease.tsx'
import { redo, undo } from './session.ts'
import { openLevelling, toggleHorn } from './sound/index.ts'
import { fitLanes } from './timeline/timeline-store.ts'
import { trimEnds } from './tools/trim-ends.ts'
import { playAround, shuttle, stopPlaying, togglePlay } from './transport.ts'

const open = (dialog: Dialog) => (): void => showEditor({ dialog })

/** What each row of the table of keys does; the compiler finds a row without a deed. */
const deeds: Readonly<Record<EditorActionId, () => unknown>> = {
  play: togglePlay, playBack: () => shuttle(-1), playStop: stopPlaying, playForward: () => shuttle(1), playAround, punch: open('punch'),
  in: setIn, out: setOut, goIn: () => goToEdge('start'), goOut: () => goToEdge('end'), addRange: toggleAdding, selectClip, selectAll, clear: clearSelection,
  left: () => nudge(-1, 'fine'), right: () => nudge(1, 'fine'), sampleLeft: () => nudge(-1, 'sample'), sampleRight: () => nudge(1, 'sample'), secondLeft: () => nudge(-1, 'second'), secondRight: () => nudge(1, 'second'),
  edgeLeft: () => goEdge(-1), edgeRight: () => goEdge(1), home: () => goTo('start'), end: () => goTo('end'),
  split, deleteRipple: () => deleteRanges(true), deleteGap: () => deleteRanges(false), trim: trimToRange, trimEnds, trimStartHere: () => trimEdgeHere('start'), trimEndHere: () => trimEdgeHere('end'), copy, cut, paste: () => paste('insert'), pasteOver: () => paste('overwrite'), duplicate,
  nudgeLeft: () => nudgeClip(-1, 'fine'), nudgeRight: () => nudgeClip(1, 'fine'), nudgeSampleLeft: () => nudgeClip(-1, 'sample'), nudgeSampleRight: () => nudgeClip(1, 'sample'), clipLaneUp: () => clipToLane(-1), clipLaneDown: () => clipToLane(1), editMode: toggleEditMode, undo, redo,
  level: levelAtHand, levelProject, levelTo: openLevelling, gain: focusGain, gainUp: () => changeGain(1), gainDown: () => changeGain(-1), fadeIn: () => fadeToPlayhead('in'), fadeOut: () => fadeToPlayhead('out'), crossfade: crossfadeHere,
  envelopePoint: addEnvelopePoint, cleanUp: open('cleanUp'), duck: open('duck'), hornEar: toggleHorn,
  marker: addMarker, markerBefore: () => goMarker(-1), markerAfter: () => goMarker(1),
  laneUp: () => chooseLane(-1), laneDown: () => chooseLane(1), muteLane: () => toggleLane('mute'), soloLane: () => toggleLane('solo'), addLane, lane: open('lane'),
  binKeep: keepInBin, addItem: open('addItem'), silence: open('silence'), fit: open('fit'), slot: open('slot'), render: open('render'),
  zoomSelection: zoomToSelection, zoomAll: zoomWhole, zoomIn: () => zoom(1 / 2), zoomOut: () => zoom(2), snap: toggleSnap, rulerMode: toggleRuler, fitLanes, loudnessCurve: toggleLoudnessCurve, contrast: toggleContrast,
  sidePanel: toggleSide, sideClip: () => showSide('clip'), sideHistory: () => showSide('history'), sideMarkers: () => showSide('markers'), sideBins: () => showSide('bins'), sideSound: () => showSide('sound'), sideComments: () => showSide('comments'),
}
const enabled: Partial<Readonly<Record<EditorActionId, () => boolean>>> = {
  // Escape closes an open menu first.
  clear: () => !editorNow().menuOpen,
  undo: () => (editorNow().project?.undo.length ?? 0) > 0,
  redo: () => (editorNow().project?.redo.length ?? 0) > 0,
}

export const editorActions: readonly Action[] = keyTable.map((row): Action => ({
  id: `editor.${row.id}`, labelKey: `editor.actions.${row.id}`, shortcut: row.shortcut, alsoKeys: row.alsoKeys, subject: row.subject, role: row.kind === 'look' ? 'viewer' : 'editor', page: 'editor',
  enabled: () => hasProject() && (row.kind === 'look' || !isLeased()) && (enabled[row.id]?.() ?? true),
  run: async () => {
    await deeds[row.id]()
  },
}))
