import { create } from 'zustand'
import type { Permission } from '#contract/roles.ts'
import type { MessageKey } from '../../i18n/index.ts'
import { may, useStation } from '../station-client/index.ts'
import { useNavigation, type PageId } from '../navigation/index.ts'
import { showError } from '../errors/index.ts'

/** Subject under which a key stands in the sheet of keys. Without one an action stands under its page. */
export type KeySubject = 'go' | 'app' | 'transport' | 'select' | 'edit' | 'sound' | 'marks' | 'view' | 'lanes' | 'tools' | 'bins'

/**
 * One row of the action table: menus, buttons, keys and the command palette read it, so a thing has one name and one key everywhere.
 * `shortcut` is by physical key: modifiers in the order Ctrl+Alt+Shift, then `KeyboardEvent.code` (`Ctrl+Shift+KeyZ`, `Space`). It is the key
 * of the house; a person may choose another set of keys or another key (key-map.ts). With `page`, the key works only while that page is shown.
 */
export interface Action {
  readonly id: string
  readonly labelKey: MessageKey
  readonly shortcut?: string
  /** More keys for the same thing (the number pad); they give way to any key chosen for something else. */
  readonly alsoKeys?: readonly string[]
  /** The same in every set of keys: pages, and above all the emergency. */
  readonly isKeyFixed?: boolean
  readonly subject?: KeySubject
  readonly role: Permission
  readonly page?: PageId
  readonly enabled?: () => boolean
  readonly run: () => void | Promise<void>
}

interface ActionTable {
  readonly actions: ReadonlyMap<string, Action>
}
export const useActionTable = create<ActionTable>(() => ({ actions: new Map() }))

/** Can both be meant by one key press? */
export const sharePlace = (a: Pick<Action, 'page'>, b: Pick<Action, 'page'>): boolean => a.page === undefined || b.page === undefined || a.page === b.page

/** @throws Error on a double id or a double key on the same page: two meanings for one key is a bug, found at start. */
export function registerActions(added: readonly Action[]): () => void {
  const next = new Map(useActionTable.getState().actions)
  for (const action of added) {
    if (next.has(action.id)) throw new Error(`action ${action.id} is registered twice`)
    for (const other of next.values()) {
      if (action.shortcut !== undefined && other.shortcut === action.shortcut && sharePlace(action, other)) throw new Error(`${action.shortcut} means ${other.id} and ${action.id}`)
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
