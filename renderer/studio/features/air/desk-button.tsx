import type { ReactNode } from 'react'
import { Button } from '@mantine/core'
import { Kbd } from '../../ui/index.ts'
import { showError } from '../../app/errors/index.ts'

/** A button of the desk. A click leaves the focus where it was: else the next Space would press it again instead of starting a line. */
export function DeskButton(props: { children: ReactNode; icon?: ReactNode; keys?: string; disabled?: boolean; filled?: boolean; color?: string; run: () => void | Promise<void>; 'data-testid'?: string }) {
  return (
    <Button variant={props.filled === true ? 'filled' : 'default'} {...(props.color === undefined ? {} : { color: props.color })} disabled={props.disabled ?? false} leftSection={props.icon} rightSection={props.keys === undefined ? undefined : <Kbd>{props.keys}</Kbd>}
      onMouseDown={(event) => event.preventDefault()} onClick={() => void Promise.resolve(props.run()).catch(showError)} data-testid={props['data-testid']}>
      {props.children}
    </Button>
  )
}
