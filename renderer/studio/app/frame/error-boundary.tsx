import { Component, type ReactNode } from 'react'
import { Alert, Button, Stack } from '@mantine/core'
import { translate } from '../../i18n/index.ts'
import { errorTextOf } from '../errors/index.ts'

/** A page that fails must not take the desk with it; air and recording live in the station and in their own owners. */
export class ErrorBoundary extends Component<{ children: ReactNode }, { error: unknown }> {
  override state: { error: unknown } = { error: null }
  static getDerivedStateFromError(error: unknown): { error: unknown } {
    return { error }
  }
  override componentDidCatch(error: unknown): void {
    console.error(error)
  }
  override render(): ReactNode {
    if (this.state.error === null) return this.props.children
    const text = errorTextOf(this.state.error)
    return (
      <Stack p="lg" role="alert">
        <Alert color="red" title={text.happened}>{text.safe} {text.todo}</Alert>
        <Button onClick={() => this.setState({ error: null })} w={180}>{translate('app.tryAgain')}</Button>
      </Stack>
    )
  }
}
