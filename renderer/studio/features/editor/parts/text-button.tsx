import { Button } from '@mantine/core'

export function TextButton(props: { children: string; onClick: () => void; disabled?: boolean; label?: string; testId?: string }) {
  return <Button size="compact-xs" variant="default" disabled={props.disabled ?? false} onClick={props.onClick} {...(props.label === undefined ? {} : { 'aria-label': props.label })} {...(props.testId === undefined ? {} : { 'data-testid': props.testId })}>{props.children}</Button>
}
