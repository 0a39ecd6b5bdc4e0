/**
 * Sets of keys for hands that learned another program. Only what differs from the house stands here; null takes a key away.
 * The names of actions are those of the action table.
 */
export const presetIds = ['vangxa', 'audition', 'audacity'] as const
export type PresetId = (typeof presetIds)[number]
export type KeyChoices = Readonly<Record<string, string | null>>

const audition: KeyChoices = {
  'app.palette': 'Ctrl+Shift+KeyP',
  'editor.split': 'Ctrl+KeyK',
  'editor.trim': 'Ctrl+KeyT',
  'editor.deleteRipple': 'Shift+Backspace',
  'editor.deleteGap': 'Delete',
  'editor.punch': 'Shift+Space',
  'editor.playAround': 'Ctrl+Space',
  'editor.zoomAll': 'Backslash',
  'editor.sidePanel': 'Alt+Digit0',
  'editor.markerBefore': 'Ctrl+Alt+ArrowLeft',
  'editor.markerAfter': 'Ctrl+Alt+ArrowRight',
  'editor.render': 'Ctrl+Shift+KeyE',
}

const audacity: KeyChoices = {
  'app.palette': 'Ctrl+Shift+KeyP',
  'editor.split': 'Ctrl+KeyI',
  'editor.addItem': 'Ctrl+Shift+KeyI',
  'editor.trim': 'Ctrl+KeyT',
  'editor.deleteRipple': 'Ctrl+KeyK',
  'editor.deleteGap': 'Ctrl+KeyL',
  'editor.marker': 'Ctrl+KeyM',
  'editor.in': 'BracketLeft',
  'editor.out': 'BracketRight',
  'editor.trimStartHere': 'Alt+BracketLeft',
  'editor.trimEndHere': 'Alt+BracketRight',
  'editor.goIn': 'KeyJ',
  'editor.goOut': 'KeyK',
  'editor.playBack': 'KeyU',
  'editor.playStop': 'KeyI',
  'editor.playForward': 'KeyO',
  'editor.muteLane': 'Shift+KeyU',
  'editor.soloLane': 'Shift+KeyS',
  'editor.secondLeft': 'ArrowLeft',
  'editor.secondRight': 'ArrowRight',
  'editor.left': 'Comma',
  'editor.right': 'Period',
  'editor.nudgeLeft': 'Shift+Comma',
  'editor.nudgeRight': 'Shift+Period',
  'editor.zoomSelection': 'Ctrl+KeyE',
  'editor.zoomAll': 'Ctrl+KeyF',
  'editor.zoomIn': 'Ctrl+Digit1',
  'editor.zoomOut': 'Ctrl+Digit3',
  'editor.render': 'Ctrl+Shift+KeyE',
}

export const presets: Readonly<Record<PresetId, KeyChoices>> = { vangxa: {}, audition, audacity }
