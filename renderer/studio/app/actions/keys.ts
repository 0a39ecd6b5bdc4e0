import { canRun, runAction, useActionTable } from './action-table.ts'
import { keyOf } from './key-map.ts'
import { actionFor, belongsToText, comboOf, isComposing, isModifier, isTextPlace } from './key-rules.ts'

const pressed = 'button, a, [role="button"], [role="option"], [role="menuitem"], [role="tab"], input, summary'
const walked = '[role="tab"], [role="menuitem"], [role="option"], [role="listbox"], [role="slider"], [role="grid"], [role="tree"], [role="separator"], input[type="radio"], input[type="range"]'
/** Space and Enter belong to the focused control, arrows to what is walked by arrows: a key must not do a second thing. With Alt an arrow moves things, nobody walks by it. */
function belongsToControl(target: HTMLElement, combo: string, code: string): boolean {
  if (code === 'Space' || code === 'Enter') return target.closest(pressed) !== null
  return !combo.startsWith('Alt+') && /^(Arrow\w+|Home|End|PageUp|PageDown)$/.test(code) && target.closest(walked) !== null
}
function belongsElsewhere(target: EventTarget | null, combo: string, code: string): boolean {
  if (!(target instanceof HTMLElement)) return false
  const place = { tagName: target.tagName, isContentEditable: target.isContentEditable, ...(target instanceof HTMLInputElement ? { type: target.type } : {}) }
  return (isTextPlace(place) && belongsToText(combo)) || belongsToControl(target, combo, code)
}

/** Keys without Ctrl or Alt never act while somebody types, and none acts while an input method composes or a dialog is open. */
export function listenForKeys(): () => void {
  const onKey = (event: KeyboardEvent): void => {
    if (event.defaultPrevented || isComposing(event) || isModifier(event.code) || document.querySelector('[role="dialog"]') !== null) return
    const combo = comboOf(event)
    if (belongsElsewhere(event.target, combo, event.code)) return
    const action = actionFor(combo, useActionTable.getState().actions.values(), keyOf, canRun)
    if (action === null) return
    event.preventDefault()
    void runAction(action)
  }
  window.addEventListener('keydown', onKey)
  return () => window.removeEventListener('keydown', onKey)
}
