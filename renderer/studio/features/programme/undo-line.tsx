import { Button, Group } from '@mantine/core'
import { useT } from '../../i18n/index.ts'

export function UndoLine(props: { text: string; onUndo: () => void }) {
  const t = useT()
  return (
    <Group justify="space-between" wrap="nowrap">
      <span>{props.text}</span>
      <Button variant="default" size="compact-sm" onClick={props.onUndo} data-testid="programme-undo">{t('programme.undo')}</Button>
    </Group>
  )
}
