import type { Action } from '../../app/actions/index.ts'
import { addMarker, chooseLane, clearSelection, copy, cut, deleteRange, fadeToPlayhead, focusGain, goEdge, goTo, hasProject, nudge, paste, selectAll, setIn, setOut, split, trimToRange, zoom, zoomToSelection, zoomWhole } from './commands.ts'
import { editorNow, showEditor } from './editor-store.ts'
import { redo, togglePlay, undo } from './session.ts'

type Row = Omit<Action, 'page' | 'enabled'> & Partial<Pick<Action, 'enabled'>>
/** In a text field the usual keys mean the text: copy, paste, undo, select all. */
const isForText = (row: Row): boolean => row.shortcut?.startsWith('Ctrl+') === true && document.activeElement instanceof HTMLInputElement
const onDesk = (row: Row): Action => ({ ...row, page: 'editor', enabled: () => hasProject() && !isForText(row) && (row.enabled?.() ?? true) })
const look = (id: Row['id'], labelKey: Row['labelKey'], shortcut: string, run: () => void): Row => ({ id: `editor.${id}`, labelKey, shortcut, role: 'viewer', run })
const change = (id: Row['id'], labelKey: Row['labelKey'], shortcut: string, run: () => unknown): Row => ({
  id: `editor.${id}`, labelKey, shortcut, role: 'editor',
  run: async () => {
    await run()
  },
})

const rows: readonly Row[] = [
  { id: 'editor.play', labelKey: 'editor.actions.play', shortcut: 'Space', role: 'viewer', run: togglePlay },
  look('in', 'editor.actions.in', 'KeyI', setIn),
  look('out', 'editor.actions.out', 'KeyO', setOut),
  look('selectAll', 'editor.actions.selectAll', 'Ctrl+KeyA', selectAll),
  { ...look('clear', 'editor.actions.clear', 'Escape', clearSelection), enabled: () => !editorNow().menuOpen },
  change('split', 'editor.actions.split', 'KeyB', split),
  change('deleteRipple', 'editor.actions.deleteRipple', 'Delete', () => deleteRange(true)),
  change('deleteGap', 'editor.actions.deleteGap', 'Shift+Delete', () => deleteRange(false)),
  change('trim', 'editor.actions.trim', 'KeyT', trimToRange),
  change('fadeIn', 'editor.actions.fadeIn', 'KeyF', () => fadeToPlayhead('in')),
  change('fadeOut', 'editor.actions.fadeOut', 'Shift+KeyF', () => fadeToPlayhead('out')),
  change('gain', 'editor.actions.gain', 'KeyG', focusGain),
  { ...change('undo', 'editor.actions.undo', 'Ctrl+KeyZ', undo), enabled: () => (editorNow().project?.undo.length ?? 0) > 0 },
  { ...change('redo', 'editor.actions.redo', 'Ctrl+Shift+KeyZ', redo), enabled: () => (editorNow().project?.redo.length ?? 0) > 0 },
  look('copy', 'editor.actions.copy', 'Ctrl+KeyC', copy),
  change('cut', 'editor.actions.cut', 'Ctrl+KeyX', cut),
  change('paste', 'editor.actions.paste', 'Ctrl+KeyV', () => paste('insert')),
  change('pasteOver', 'editor.actions.pasteOver', 'Ctrl+Shift+KeyV', () => paste('overwrite')),
  change('marker', 'editor.actions.marker', 'KeyM', addMarker),
  look('zoomSelection', 'editor.actions.zoomSelection', 'KeyZ', zoomToSelection),
  look('zoomAll', 'editor.actions.zoomAll', 'Shift+KeyZ', zoomWhole),
  look('zoomIn', 'editor.actions.zoomIn', 'Equal', () => zoom(1 / 2)),
  look('zoomInPad', 'editor.actions.zoomIn', 'NumpadAdd', () => zoom(1 / 2)),
  look('zoomOut', 'editor.actions.zoomOut', 'Minus', () => zoom(2)),
  look('zoomOutPad', 'editor.actions.zoomOut', 'NumpadSubtract', () => zoom(2)),
  look('snap', 'editor.actions.snap', 'KeyS', () => showEditor({ snapping: !editorNow().snapping })),
  look('left', 'editor.actions.left', 'ArrowLeft', () => nudge(-1, 'fine')),
  look('right', 'editor.actions.right', 'ArrowRight', () => nudge(1, 'fine')),
  look('sampleLeft', 'editor.actions.sampleLeft', 'Alt+ArrowLeft', () => nudge(-1, 'sample')),
  look('sampleRight', 'editor.actions.sampleRight', 'Alt+ArrowRight', () => nudge(1, 'sample')),
  look('secondLeft', 'editor.actions.secondLeft', 'Shift+ArrowLeft', () => nudge(-1, 'second')),
  look('secondRight', 'editor.actions.secondRight', 'Shift+ArrowRight', () => nudge(1, 'second')),
  look('edgeLeft', 'editor.actions.edgeLeft', 'Ctrl+ArrowLeft', () => goEdge(-1)),
  look('edgeRight', 'editor.actions.edgeRight', 'Ctrl+ArrowRight', () => goEdge(1)),
  look('laneUp', 'editor.actions.laneUp', 'ArrowUp', () => chooseLane(-1)),
  look('laneDown', 'editor.actions.laneDown', 'ArrowDown', () => chooseLane(1)),
  look('home', 'editor.actions.home', 'Home', () => goTo('start')),
  look('end', 'editor.actions.end', 'End', () => goTo('end')),
  change('addItem', 'editor.actions.addItem', 'Ctrl+KeyI', () => showEditor({ dialog: 'addItem' })),
  change('render', 'editor.actions.render', 'Ctrl+KeyE', () => showEditor({ dialog: 'render' })),
]
export const editorActions: readonly Action[] = rows.map(onDesk)

export const editorAction = (id: string): Action | undefined => editorActions.find((action) => action.id === `editor.${id}`)
