/** What a key press is and whose it is, without a window: so that it can be tried by tests. */
export function comboOf(event: Pick<KeyboardEvent, 'ctrlKey' | 'metaKey' | 'altKey' | 'shiftKey' | 'code'>): string {
  return `${event.ctrlKey || event.metaKey ? 'Ctrl+' : ''}${event.altKey ? 'Alt+' : ''}${event.shiftKey ? 'Shift+' : ''}${event.code}`
}
/** A key that only changes others. */
export const isModifier = (code: string): boolean => /^(Control|Shift|Alt|Meta|OS)(Left|Right)?$/.test(code)

/** An input method (Telex, VNI) is at work: some tell so by `isComposing`, some by the old key code 229. */
export const isComposing = (event: Pick<KeyboardEvent, 'isComposing' | 'keyCode'>): boolean => event.isComposing || event.keyCode === 229

const pressable = new Set(['checkbox', 'radio', 'range', 'button', 'submit', 'reset', 'color', 'file'])
export interface KeyPlace {
  readonly tagName: string
  readonly type?: string
  readonly isContentEditable: boolean
}
/** Is this a place where text is written? */
export function isTextPlace(place: KeyPlace): boolean {
  if (place.isContentEditable || place.tagName === 'TEXTAREA' || place.tagName === 'SELECT') return true
  return place.tagName === 'INPUT' && !pressable.has(place.type ?? 'text')
}
const editsText = /^Ctrl\+(Shift\+)?(Key[ACVXYZ]|Arrow\w+|Home|End|Delete|Backspace)$/
/** What a text field keeps for itself: everything without Ctrl or Alt, and copy, paste, undo, word by word. Function keys pass. */
export function belongsToText(combo: string): boolean {
  if (/(^|\+)F\d+$/.test(combo)) return false
  return !/^(Ctrl|Alt)\+/.test(combo) || editsText.test(combo)
}

interface Keyed {
  readonly alsoKeys?: readonly string[]
}
/** The action a key press means now. A key given as the main one goes before a further key of another action. */
export function actionFor<A extends Keyed>(combo: string, actions: Iterable<A>, keyOf: (action: A) => string | null, canUse: (action: A) => boolean): A | null {
  let also: A | null = null
  for (const action of actions) {
    if (keyOf(action) === combo) {
      if (canUse(action)) return action
    } else if (also === null && action.alsoKeys?.includes(combo) === true && canUse(action)) also = action
  }
  return also
}

const names: Readonly<Record<string, string>> = {
  Space: 'Cách', Slash: '/', Comma: ',', Period: '.', Minus: '−', Equal: '+', ArrowUp: '↑', ArrowDown: '↓', ArrowLeft: '←', ArrowRight: '→', Delete: 'Del', Escape: 'Esc', Backquote: '`', BracketLeft: '[', BracketRight: ']',
  Backslash: '\\', Semicolon: ';', Quote: "'", Backspace: '⌫', PageUp: 'PgUp', PageDown: 'PgDn', NumpadAdd: 'Num +', NumpadSubtract: 'Num −',
}
/** `Ctrl+Shift+KeyZ` → `Ctrl Shift Z` */
export function shortcutText(shortcut: string): string {
  return shortcut.split('+').map((part) => names[part] ?? part.replace(/^(Key|Digit)/, '')).join(' ')
}
