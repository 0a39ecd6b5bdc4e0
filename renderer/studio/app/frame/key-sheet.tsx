import { useEffect, useState } from 'react'
import { ActionIcon, Button, Group, Modal, Select, Text } from '@mantine/core'
import { IconPencil } from '@tabler/icons-react'
import { useT, type MessageKey } from '../../i18n/index.ts'
import { chooseKey, choosePreset, comboOf, forgetChanges, isComposing, isModifier, keyIn, meaningOf, presetIds, shortcutText, useActionTable, useKeyMap, type Action } from '../actions/index.ts'
import { useNavigation } from '../navigation/index.ts'
import { Kbd } from '../../ui/index.ts'
import { useKeySheet } from './key-sheet-store.ts'

/** Keys by which dialogs and forms are walked; they cannot be given to anything else. */
const walking = new Set(['Tab', 'Shift+Tab', 'Enter', 'Escape'])
const subjects = ['transport', 'select', 'edit', 'sound', 'marks', 'lanes', 'bins', 'tools', 'view', 'go', 'app'] as const

interface Section {
  readonly titleKey: MessageKey
  readonly actions: readonly Action[]
}
/** What works on the page in view first, subject by subject, then what works everywhere. */
function sections(actions: readonly Action[], page: string): Section[] {
  const here = actions.filter((action) => action.page === undefined || action.page === page)
  const bySubject = subjects.map((subject) => ({ titleKey: `app.keySubjects.${subject}` as const, actions: here.filter((action) => subjectOf(action) === subject) }))
  const plain = here.filter((action) => subjectOf(action) === null)
  return [{ titleKey: 'app.keySubjects.page' as const, actions: plain }, ...bySubject].filter((section) => section.actions.length > 0)
}
const subjectOf = (action: Action): (typeof subjects)[number] | null => action.subject ?? (action.id.startsWith('go.') ? 'go' : action.page === undefined ? 'app' : null)

/** The keys as they are now, by subject; each can be given another key, and a whole set can be chosen. */
export function KeySheet() {
  const t = useT()
  const open = useKeySheet((state) => state.open)
  const close = (): void => useKeySheet.setState({ open: false })
  return (
    <Modal opened={open} onClose={close} title={t('app.actions.keys')} size={980} closeButtonProps={{ 'aria-label': t('app.close') }} closeOnEscape={false}>
      {open && <Sheet onClose={close} />}
    </Modal>
  )
}

function Sheet(props: { onClose: () => void }) {
  const t = useT()
  const map = useKeyMap()
  const page = useNavigation((state) => state.page)
  const actions = useActionTable((state) => state.actions)
  const [changing, setChanging] = useState<Action | null>(null)
  const [wanted, setWanted] = useState<string | null>(null)
  const { onClose } = props

  useEffect(() => {
    const onKey = (event: KeyboardEvent): void => {
      if (isComposing(event)) return
      if (changing === null) {
        if (event.code === 'Escape' && !event.defaultPrevented) onClose()
        return
      }
      if (isModifier(event.code)) return
      const combo = comboOf(event)
      // With a question open, Enter and Tab answer it.
      if (wanted !== null && combo !== 'Escape') return
      event.preventDefault()
      event.stopPropagation()
      if (combo === 'Escape') return stop()
      if (walking.has(combo)) return
      if (meaningOf(combo, changing) === null && chooseKey(changing, combo)) stop()
      else setWanted(combo)
    }
    const stop = (): void => {
      setChanging(null)
      setWanted(null)
    }
    window.addEventListener('keydown', onKey, true)
    return () => window.removeEventListener('keydown', onKey, true)
  }, [changing, wanted, onClose])

  const other = changing === null || wanted === null ? null : meaningOf(wanted, changing)
  const settle = (combo: string | null): void => {
    if (changing !== null) chooseKey(changing, combo)
    setChanging(null)
    setWanted(null)
  }
  const isChanged = Object.keys(map.changed[map.preset] ?? {}).length > 0
  return (
    <>
      <Group gap="xs" mb="sm" align="flex-end">
        <Select label={t('app.keySheet.preset')} data={presetIds.map((value) => ({ value, label: t(`app.keySheet.presets.${value}`) }))} value={map.preset} allowDeselect={false} w={260} data-testid="key-preset" onChange={(value) => {
          const preset = presetIds.find((id) => id === value)
          if (preset !== undefined) choosePreset(preset)
        }} />
        <Button variant="default" disabled={!isChanged} onClick={forgetChanges} data-testid="key-reset">{t('app.keySheet.reset')}</Button>
        <Text size="sm" className="dim" role="status" aria-live="polite" data-testid="key-told">
          {changing === null ? t('app.keySheet.hint') : wanted === null ? t('app.keySheet.press', { action: t(changing.labelKey) }) : ''}
        </Text>
      </Group>
      {changing !== null && wanted !== null && other !== null && (
        <div className="key-conflict" role="alert" data-testid="key-conflict">
          <span>{t(other.isKeyFixed === true ? 'app.keySheet.fixed' : 'app.keySheet.conflict', { key: shortcutText(wanted), other: t(other.labelKey) })}</span>
          {other.isKeyFixed !== true && <Button size="compact-xs" autoFocus onClick={() => settle(wanted)} data-testid="key-take">{t('app.keySheet.take', { action: t(changing.labelKey) })}</Button>}
          <Button size="compact-xs" variant="default" autoFocus={other.isKeyFixed === true} onClick={() => {
            setChanging(null)
            setWanted(null)
          }}>{t('app.keySheet.leave')}</Button>
        </div>
      )}
      <div className="key-columns">
        {sections([...actions.values()], page).map((section) => (
          <section key={section.titleKey} aria-label={t(section.titleKey)}>
            <h3>{t(section.titleKey)}</h3>
            <ul>{section.actions.map((action) => (
              <li key={action.id} data-testid={`key-row-${action.id}`} data-changing={changing?.id === action.id}>
                <span>{t(action.labelKey)}</span>
                {changing?.id === action.id ? <Button size="compact-xs" variant="default" onClick={() => settle(null)}>{t('app.keySheet.none')}</Button> : <KeyText combo={keyIn(map, action)} />}
                {action.isKeyFixed === true ? <span /> : (
                  <ActionIcon size="sm" variant="subtle" color="gray" aria-label={t('app.keySheet.change', { action: t(action.labelKey) })} data-testid={`key-change-${action.id}`} onClick={() => {
                    setWanted(null)
                    setChanging(action)
                  }}><IconPencil size={13} /></ActionIcon>
                )}
              </li>
            ))}</ul>
          </section>
        ))}
      </div>
    </>
  )
}

function KeyText(props: { combo: string | null }) {
  return props.combo === null ? <span className="dim">—</span> : <Kbd>{shortcutText(props.combo)}</Kbd>
}
