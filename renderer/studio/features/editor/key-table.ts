import type { KeySubject } from '../../app/actions/action-table.ts'

/**
 * Everything that can be done at the editor's desk, with the keys of the house. What each does stands in actions.ts, its name in the locales
 * under `editor.actions.<id>`. `look` changes nothing that is kept, so that whoever may only listen has it too.
 */
export interface KeyRow {
  readonly id: string
  readonly shortcut: string
  readonly alsoKeys?: readonly string[]
  readonly subject: KeySubject
  readonly kind: 'look' | 'change'
}
const look = <I extends string>(id: I, shortcut: string, subject: KeySubject, alsoKeys: readonly string[] = []) => ({ id, shortcut, subject, alsoKeys, kind: 'look' as const })
const change = <I extends string>(id: I, shortcut: string, subject: KeySubject, alsoKeys: readonly string[] = []) => ({ id, shortcut, subject, alsoKeys, kind: 'change' as const })

export const keyTable = [
  look('play', 'Space', 'transport'),
  look('playBack', 'KeyJ', 'transport'),
  look('playStop', 'KeyK', 'transport'),
  look('playForward', 'KeyL', 'transport'),
  look('playAround', 'Shift+Space', 'transport'),
  change('punch', 'KeyR', 'transport'),

  look('in', 'KeyI', 'select'),
  look('out', 'KeyO', 'select'),
  look('goIn', 'Shift+KeyI', 'select'),
  look('goOut', 'Shift+KeyO', 'select'),
  look('addRange', 'KeyA', 'select'),
  look('selectClip', 'KeyD', 'select'),
  look('selectAll', 'Ctrl+KeyA', 'select'),
  look('clear', 'Escape', 'select'),
  look('left', 'ArrowLeft', 'select'),
  look('right', 'ArrowRight', 'select'),
  look('sampleLeft', 'Alt+ArrowLeft', 'select'),
  look('sampleRight', 'Alt+ArrowRight', 'select'),
  look('secondLeft', 'Shift+ArrowLeft', 'select'),
  look('secondRight', 'Shift+ArrowRight', 'select'),
  look('edgeLeft', 'Ctrl+ArrowLeft', 'select'),
  look('edgeRight', 'Ctrl+ArrowRight', 'select'),
  look('home', 'Home', 'select'),
  look('end', 'End', 'select'),

  change('split', 'KeyB', 'edit'),
  change('deleteRipple', 'Delete', 'edit'),
  change('deleteGap', 'Shift+Delete', 'edit'),
  change('trim', 'KeyT', 'edit'),
  change('trimEnds', 'Shift+KeyT', 'edit'),
  change('trimStartHere', 'BracketLeft', 'edit'),
  change('trimEndHere', 'BracketRight', 'edit'),
  look('copy', 'Ctrl+KeyC', 'edit'),
  change('cut', 'Ctrl+KeyX', 'edit'),
  change('paste', 'Ctrl+KeyV', 'edit'),
  change('pasteOver', 'Ctrl+Shift+KeyV', 'edit'),
  change('duplicate', 'Ctrl+KeyD', 'edit'),
  change('nudgeLeft', 'Comma', 'edit'),
  change('nudgeRight', 'Period', 'edit'),
  change('nudgeSampleLeft', 'Alt+Comma', 'edit'),
  change('nudgeSampleRight', 'Alt+Period', 'edit'),
  change('clipLaneUp', 'Alt+ArrowUp', 'edit'),
  change('clipLaneDown', 'Alt+ArrowDown', 'edit'),
  look('editMode', 'KeyW', 'edit'),
  change('undo', 'Ctrl+KeyZ', 'edit'),
  change('redo', 'Ctrl+Shift+KeyZ', 'edit', ['Ctrl+KeyY']),

  change('level', 'KeyN', 'sound'),
  change('levelProject', 'Shift+KeyN', 'sound'),
  change('levelTo', 'Ctrl+Alt+KeyN', 'sound'),
  change('gain', 'KeyG', 'sound'),
  change('gainUp', 'Ctrl+ArrowUp', 'sound'),
  change('gainDown', 'Ctrl+ArrowDown', 'sound'),
  change('fadeIn', 'KeyF', 'sound'),
  change('fadeOut', 'Shift+KeyF', 'sound'),
  change('crossfade', 'KeyX', 'sound'),
  change('envelopePoint', 'KeyE', 'sound'),
  change('cleanUp', 'Ctrl+Shift+KeyC', 'sound'),
  change('duck', 'Ctrl+Shift+KeyD', 'sound'),
  look('hornEar', 'Shift+KeyP', 'sound'),

  change('marker', 'KeyM', 'marks'),
  look('markerBefore', 'PageUp', 'marks'),
  look('markerAfter', 'PageDown', 'marks'),

  look('laneUp', 'ArrowUp', 'lanes'),
  look('laneDown', 'ArrowDown', 'lanes'),
  change('muteLane', 'KeyU', 'lanes'),
  change('soloLane', 'Shift+KeyU', 'lanes'),
  change('addLane', 'Ctrl+Shift+KeyN', 'lanes'),
  change('lane', 'Ctrl+Shift+KeyR', 'lanes'),

  look('binKeep', 'Ctrl+KeyB', 'bins'),
  change('addItem', 'Ctrl+KeyI', 'tools'),
  change('silence', 'Ctrl+Shift+KeyL', 'tools'),
  change('fit', 'Ctrl+Shift+KeyF', 'tools'),
  change('slot', 'Ctrl+Shift+KeyT', 'tools'),
  change('render', 'Ctrl+KeyE', 'tools'),

  look('zoomSelection', 'KeyZ', 'view'),
  look('zoomAll', 'Shift+KeyZ', 'view'),
  look('zoomIn', 'Equal', 'view', ['NumpadAdd']),
  look('zoomOut', 'Minus', 'view', ['NumpadSubtract']),
  look('snap', 'KeyS', 'view'),
  look('rulerMode', 'KeyY', 'view'),
  look('fitLanes', 'Shift+KeyH', 'view'),
  look('loudnessCurve', 'Shift+KeyL', 'view'),
  look('contrast', 'Shift+KeyC', 'view'),
  look('sidePanel', 'Backslash', 'view'),
  look('sideClip', 'Alt+Digit1', 'view'),
  look('sideHistory', 'Alt+Digit2', 'view'),
  look('sideMarkers', 'Alt+Digit3', 'view'),
  look('sideBins', 'Alt+Digit4', 'view'),
  look('sideSound', 'Alt+Digit5', 'view'),
  look('sideComments', 'Alt+Digit6', 'view'),
] as const satisfies readonly KeyRow[]

export type EditorActionId = (typeof keyTable)[number]['id']

/** Where the hands go by keys alone, or by the pointer: no menu says them. */
const moves: ReadonlySet<EditorActionId> = new Set([
  'playBack', 'playStop', 'playForward', 'in', 'out', 'goIn', 'goOut', 'clear', 'left', 'right', 'sampleLeft', 'sampleRight', 'secondLeft', 'secondRight', 'edgeLeft', 'edgeRight', 'home', 'end', 'laneUp', 'laneDown',
  'sideClip', 'sideHistory', 'sideMarkers', 'sideBins', 'sideSound', 'sideComments',
])

/** The menu of tools, subject by subject: everything of the table but the moves, so that a narrow desk has all that a wide one has. */
export const menuSubjects = (['edit', 'sound', 'lanes', 'tools', 'marks', 'bins', 'select', 'transport', 'view'] as const satisfies readonly KeySubject[]).map((subject) => ({
  subject, ids: keyTable.filter((row) => row.subject === subject && !moves.has(row.id)).map((row) => row.id),
}))
