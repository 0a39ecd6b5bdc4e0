import { Button, Group } from '@mantine/core'

/** What was taken away, and the button that brings it back: the inside of a notice. */
export function UndoLine(props: { text: string; label: string; testId: string; onUndo: () => void }) {
  return (
    <Group justify="space-between" wrap="nowrap">
      <span>{props.text}</span>
      <Button variant="default" size="compact-sm" onClick={props.onUndo} data-testid={props.testId}>{props.label}</Button>
    </Group>
  )
}
