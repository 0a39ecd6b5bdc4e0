import { Button, Menu } from '@mantine/core'
import { IconChevronDown } from '@tabler/icons-react'
import { useT } from '../../i18n/index.ts'
import { canRun, keyIn, runAction, shortcutText, useActionTable, useKeyMap } from '../../app/actions/index.ts'
import { Kbd } from '../../ui/index.ts'
import { showEditor } from './editor-store.ts'
import { menuSubjects } from './key-table.ts'
import { keepFocus } from './parts/keep-focus.ts'

/** Every tool of the desk with its key, subject by subject: also what has no button of its own, or lost it on a narrow screen. */
export function ToolMenu() {
  const t = useT()
  const actions = useActionTable((state) => state.actions)
  const map = useKeyMap()
  // The key that closed it is still on its way to the action table, where Escape would clear the selection.
  const closed = (): void => void setTimeout(() => showEditor({ menuOpen: false }))
  return (
    <Menu position="bottom-end" shadow="md" onOpen={() => showEditor({ menuOpen: true })} onClose={closed} returnFocus={false} menuItemTabIndex={0} withInitialFocusPlaceholder={false}>
      <Menu.Target><Button variant="default" rightSection={<IconChevronDown size={13} aria-hidden />} onMouseDown={keepFocus} data-testid="tool-menu">{t('editor.toolMenu')}</Button></Menu.Target>
      <Menu.Dropdown className="editor-menu">
        <div className="editor-menu-columns" role="none">
          {menuSubjects.map(({ subject, ids }) => (
            <div key={subject} role="group" aria-label={t(`app.keySubjects.${subject}`)}>
              <div className="editor-menu-subject" aria-hidden>{t(`app.keySubjects.${subject}`)}</div>
              {ids.map((id) => {
                const action = actions.get(`editor.${id}`)
                if (action === undefined) return null
                const key = keyIn(map, action)
                return <Menu.Item key={id} disabled={!canRun(action)} rightSection={key === null ? undefined : <Kbd>{shortcutText(key)}</Kbd>} onClick={() => void runAction(action)} data-testid={`menu-${id}`}>{t(action.labelKey)}</Menu.Item>
              })}
            </div>
          ))}
        </div>
      </Menu.Dropdown>
    </Menu>
  )
}
