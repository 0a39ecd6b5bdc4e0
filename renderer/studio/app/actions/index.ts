import { create } from 'zustand'
import type { Permission } from '#contract/roles.ts'
import type { MessageKey } from '../../i18n/index.ts'
import { may, useStation } from '../station-client/index.ts'
import { useNavigation, type PageId } from '../navigation/index.ts'
import { showError } from '../errors/index.ts'

/**
 * One row of the action table: menus, buttons, keys and the command palette read it, so a thing has one name and one key everywhere.
 * `shortcut` is by physical key: modifiers in the order Ctrl+Alt+Shift, then `KeyboardEvent.code` (`Ctrl+Shift+KeyZ`, `Space`).
 * With `page`, the key works only while that page is shown.
 */
export interface Action {
  readonly id: string
  readonly labelKey: MessageKey
  readonly shortcut?: string
  readonly role: Permission
  readonly page?: PageId
  readonly enabled?: () => boolean
  readonly run: () => void | Promise<void>
}

interface ActionTable {
  readonly actions: ReadonlyMap<string, Action>
}
export const useActionTable = create<ActionTable>(() => ({ actions: new Map() }))

/** @throws Error on a double id or a double key on the same page: two meanings for one key is a bug, found at start. */
export function registerActions(added: readonly Action[]): () => void {
  const next = new Map(useActionTable.getState().actions)
  for (const action of added) {
    if (next.has(action.id)) throw new Error(`action ${action.id} is registered twice`)
    for (const other of next.values()) {
      const samePlace = other.page === undefined || action.page === undefined || other.page === action.page
      if (action.shortcut !== undefined && other.shortcut === action.shortcut && samePlace) throw new Error(`${action.shortcut} means ${other.id} and ${action.id}`)
    }
    next.set(action.id, action)
  }
  useActionTable.setState({ actions: next })
  return () => {
    const rest = new Map(useActionTable.getState().actions)
    for (const action of added) rest.delete(action.id)
    useActionTable.setState({ actions: rest })
  }
}

export function canRun(action: Action): boolean {
  const onPage = action.page === undefined || useNavigation.getState().page === action.page
  return onPage && may(useStation.getState().session, action.role) && (action.enabled?.() ?? true)
}
export async function runAction(action: Action): Promise<void> {
  if (!canRun(action)) return
  try {
    await action.run()
  } catch (error) {
    showError(error)
  }
}

export function comboOf(event: KeyboardEvent): string {
  return `${event.ctrlKey || event.metaKey ? 'Ctrl+' : ''}${event.altKey ? 'Alt+' : ''}${event.shiftKey ? 'Shift+' : ''}${event.code}`
}
/** Typing never triggers a key without Ctrl/Alt, also not while an input method composes (Telex, VNI). */
function isTyping(event: KeyboardEvent): boolean {
  if (event.isComposing) return true
  const target = event.target
  if (!(target instanceof HTMLElement)) return false
  if (target.isContentEditable || target instanceof HTMLTextAreaElement || target instanceof HTMLSelectElement) return true
  return target instanceof HTMLInputElement && !['checkbox', 'radio', 'range', 'button', 'submit'].includes(target.type)
}
/** Space and Enter belong to the focused control: a key action must not press a second thing. */
function belongsToControl(event: KeyboardEvent): boolean {
  if (event.code !== 'Space' && event.code !== 'Enter') return false
  return event.target instanceof HTMLElement && event.target.closest('button, a, [role="button"], [role="option"], [role="menuitem"], [role="tab"], input, summary') !== null
}

export function listenForKeys(): () => void {
  const onKey = (event: KeyboardEvent): void => {
    if (document.querySelector('[role="dialog"]') !== null) return
    const typing = isTyping(event)
    if (typing && !event.ctrlKey && !event.altKey && !/^F\d+$/.test(event.code)) return
    if (belongsToControl(event)) return
    const combo = comboOf(event)
    for (const action of useActionTable.getState().actions.values()) {
      if (action.shortcut !== combo || !canRun(action)) continue
      event.preventDefault()
      void runAction(action)
      return
    }
  }
  window.addEventListener('keydown', onKey)
  return () => window.removeEventListener('keydown', onKey)
}

const names: Readonly<Record<string, string>> = { Space: 'Cách', Slash: '/', Comma: ',', Period: '.', Minus: '−', Equal: '+', ArrowUp: '↑', ArrowDown: '↓', ArrowLeft: '←', ArrowRight: '→', Delete: 'Del', Escape: 'Esc', Backquote: '`', BracketLeft: '[', BracketRight: ']' }
/** `Ctrl+Shift+KeyZ` → `Ctrl Shift Z` */
export function shortcutText(shortcut: string): string {
  return shortcut.split('+').map((part) => names[part] ?? part.replace(/^(Key|Digit)/, '')).join(' ')
}
