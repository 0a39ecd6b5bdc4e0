import { describe, expect, test } from 'vitest'
import { actionFor, belongsToText, comboOf, isComposing, isModifier, isTextPlace, shortcutText } from '../../../renderer/studio/app/actions/key-rules.ts'
import { presetIds, presets } from '../../../renderer/studio/app/actions/presets.ts'
import { keyTable } from '../../../renderer/studio/features/editor/key-table.ts'

const press = (code: string, held: Partial<Record<'ctrlKey' | 'altKey' | 'shiftKey' | 'metaKey', boolean>> = {}) => ({ code, ctrlKey: false, altKey: false, shiftKey: false, metaKey: false, ...held })

describe('a key press', () => {
  test('is named by the physical key, so that Telex and AZERTY change nothing', () => {
    expect(comboOf(press('KeyZ', { ctrlKey: true, shiftKey: true }))).toBe('Ctrl+Shift+KeyZ')
    expect(comboOf(press('KeyZ', { metaKey: true }))).toBe('Ctrl+KeyZ')
    expect(comboOf(press('ArrowLeft', { altKey: true }))).toBe('Alt+ArrowLeft')
    expect([isModifier('ShiftLeft'), isModifier('ControlRight'), isModifier('KeyS')]).toEqual([true, true, false])
    expect(shortcutText('Ctrl+Shift+KeyZ')).toBe('Ctrl Shift Z')
  })

  test('is inert while an input method composes, however that tells it', () => {
    expect([isComposing({ isComposing: true, keyCode: 65 }), isComposing({ isComposing: false, keyCode: 229 }), isComposing({ isComposing: false, keyCode: 65 })]).toEqual([true, true, false])
  })

  test('is inert where text is written, except what carries Ctrl or Alt and means nothing to the text', () => {
    const places = [{ tagName: 'INPUT', type: 'text', isContentEditable: false }, { tagName: 'INPUT', type: 'number', isContentEditable: false }, { tagName: 'TEXTAREA', isContentEditable: false }, { tagName: 'SELECT', isContentEditable: false }, { tagName: 'DIV', isContentEditable: true }]
    expect(places.map(isTextPlace)).toEqual(places.map(() => true))
    expect(['checkbox', 'radio', 'range', 'button'].map((type) => isTextPlace({ tagName: 'INPUT', type, isContentEditable: false }))).toEqual([false, false, false, false])
    expect(isTextPlace({ tagName: 'BUTTON', isContentEditable: false })).toBe(false)
    for (const kept of ['KeyM', 'Space', 'Delete', 'Shift+KeyF', 'ArrowLeft', 'Ctrl+KeyZ', 'Ctrl+Shift+KeyZ', 'Ctrl+KeyV', 'Ctrl+ArrowLeft', 'Escape', 'Digit1']) expect([kept, belongsToText(kept)]).toEqual([kept, true])
    for (const passed of ['F8', 'Shift+F1', 'Ctrl+KeyE', 'Alt+Digit2', 'Ctrl+Shift+KeyL', 'Ctrl+KeyK']) expect([passed, belongsToText(passed)]).toEqual([passed, false])
  })

  test('means what it was given as the main key before what it is besides', () => {
    const actions = [{ id: 'a', key: 'KeyA', alsoKeys: ['KeyB'] }, { id: 'b', key: 'KeyB' }, { id: 'off', key: 'KeyC' }, { id: 'c', key: 'KeyC' }]
    const find = (combo: string) => actionFor(combo, actions, (one) => one.key, (one) => one.id !== 'off')?.id
    expect([find('KeyA'), find('KeyB'), find('KeyC'), find('KeyD')]).toEqual(['a', 'b', 'c', undefined])
    expect(actionFor('KeyB', actions.slice(0, 1), (one) => one.key, () => true)?.id).toBe('a')
  })
})

/** What works everywhere and must not be shadowed. */
const everywhere = [
  ...Array.from({ length: 10 }, (_, n) => ({ id: `go.${n + 1}`, shortcut: `F${n + 1}` })),
  { id: 'app.palette', shortcut: 'Ctrl+KeyK' }, { id: 'app.keys', shortcut: 'Shift+Slash' }, { id: 'app.help', shortcut: 'Shift+F1' }, { id: 'app.colors', shortcut: 'Ctrl+Alt+KeyD' },
]

describe('a set of keys', () => {
  test.each(presetIds)('%s has one meaning for a key, and a key for every action of the editor', (preset) => {
    const choices = presets[preset]
    const rows = [...everywhere, ...keyTable.map((row) => ({ id: `editor.${row.id}`, shortcut: row.shortcut }))]
    const keys = rows.map((row) => ({ id: row.id, key: choices[row.id] === undefined ? row.shortcut : choices[row.id] }))
    const meanings = new Map<string, string[]>()
    for (const { id, key } of keys) {
      expect([id, key]).not.toEqual([id, null])
      if (typeof key === 'string') meanings.set(key, [...(meanings.get(key) ?? []), id])
    }
    expect([...meanings].filter(([, ids]) => ids.length > 1)).toEqual([])
    expect(Object.keys(choices).filter((id) => !rows.some((row) => row.id === id))).toEqual([])
  })

  test('never takes the keys by which forms and dialogs are walked', () => {
    const taken = presetIds.flatMap((preset) => [...keyTable.map((row) => row.shortcut), ...Object.values(presets[preset])])
    expect(taken.filter((key) => key === 'Tab' || key === 'Shift+Tab' || key === 'Enter')).toEqual([])
  })
})
