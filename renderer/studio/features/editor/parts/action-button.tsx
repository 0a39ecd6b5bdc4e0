import { Button, Tooltip } from '@mantine/core'
import { useT } from '../../../i18n/index.ts'
import { keyIn, runAction, shortcutText, useActionTable, useKeyMap } from '../../../app/actions/index.ts'
import { may, useStation } from '../../../app/station-client/index.ts'
import { keepFocus } from './keep-focus.ts'

/** A row of the action table as a button with words; its key is in the hint. */
export function ActionButton(props: { id: string; disabled?: boolean; variant?: 'default' | 'filled'; size?: 'xs' | 'compact-xs' }) {
  const t = useT()
  const action = useActionTable((state) => state.actions.get(`editor.${props.id}`))
  const map = useKeyMap()
  const session = useStation((state) => state.session)
  if (action === undefined || !may(session, action.role)) return null
  const key = keyIn(map, action)
  return (
    <Tooltip label={key === null ? t(action.labelKey) : `${t(action.labelKey)} (${shortcutText(key)})`} openDelay={500}>
      <Button size={props.size ?? 'compact-xs'} variant={props.variant ?? 'default'} disabled={props.disabled ?? false} onMouseDown={keepFocus} onClick={() => void runAction(action)} data-testid={`do-${props.id}`}>{t(action.labelKey)}</Button>
    </Tooltip>
  )
}
