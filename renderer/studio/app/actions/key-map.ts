import { create } from 'zustand'
import { z } from 'zod'
import { sharePlace, useActionTable, type Action } from './action-table.ts'
import { presetIds, presets, type KeyChoices, type PresetId } from './presets.ts'

/** Which keys this window listens to: a set of keys, and what its person changed in that set. Kept in the window, like the colours. */
interface KeyMap {
  readonly preset: PresetId
  readonly changed: Readonly<Partial<Record<PresetId, KeyChoices>>>
}
const Choices = z.record(z.string(), z.string().nullable())
const Kept = z.object({ preset: z.enum(presetIds), changed: z.object({ vangxa: Choices, audition: Choices, audacity: Choices }).partial() })
const STORE = 'keys'

function readKept(): KeyMap {
  try {
    const { preset, changed } = Kept.parse(JSON.parse(localStorage.getItem(STORE) ?? ''))
    return { preset, changed: { ...(changed.vangxa && { vangxa: changed.vangxa }), ...(changed.audition && { audition: changed.audition }), ...(changed.audacity && { audacity: changed.audacity }) } }
  } catch {
    // Nothing kept yet, or written by another version: the keys of the house.
    return { preset: 'vangxa', changed: {} }
  }
}
export const useKeyMap = create<KeyMap>(readKept)

function keep(next: KeyMap): void {
  useKeyMap.setState(next)
  try {
    localStorage.setItem(STORE, JSON.stringify({ preset: next.preset, changed: next.changed }))
  } catch {
    // No room: the choice holds until the window closes.
  }
}

export function keyIn(map: KeyMap, action: Pick<Action, 'id' | 'shortcut' | 'isKeyFixed'>): string | null {
  if (action.isKeyFixed === true) return action.shortcut ?? null
  const mine = map.changed[map.preset]?.[action.id]
  if (mine !== undefined) return mine
  const preset = presets[map.preset][action.id]
  return preset === undefined ? action.shortcut ?? null : preset
}
export const keyOf = (action: Pick<Action, 'id' | 'shortcut' | 'isKeyFixed'>): string | null => keyIn(useKeyMap.getState(), action)

export const choosePreset = (preset: PresetId): void => keep({ ...useKeyMap.getState(), preset })

/** What this key already means where the action would work. */
export function meaningOf(combo: string, action: Action): Action | null {
  for (const other of useActionTable.getState().actions.values()) {
    if (other.id !== action.id && sharePlace(other, action) && keyOf(other) === combo) return other
  }
  return null
}

/** Gives the action a key, or none; who had it loses it. A fixed key is not given away. */
export function chooseKey(action: Action, combo: string | null): boolean {
  if (action.isKeyFixed === true) return false
  const loser = combo === null ? null : meaningOf(combo, action)
  if (loser?.isKeyFixed === true) return false
  const { preset, changed } = useKeyMap.getState()
  keep({ preset, changed: { ...changed, [preset]: { ...changed[preset], ...(loser === null ? {} : { [loser.id]: null }), [action.id]: combo } } })
  return true
}

/** Back to the set as it was made. */
export function forgetChanges(): void {
  const { preset, changed } = useKeyMap.getState()
  const rest = { ...changed }
  delete rest[preset]
  keep({ preset, changed: rest })
}
