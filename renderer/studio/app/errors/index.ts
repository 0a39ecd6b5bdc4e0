import { notifications } from '@mantine/notifications'
import { AppError, type ErrorData } from '#contract/errors.ts'
import { translate, translateCode } from '../../i18n/index.ts'

export interface ErrorText {
  readonly happened: string
  readonly safe: string
  readonly todo: string
}
/** The three parts a person reads: what happened, what is safe, what to do. */
export function errorText(code: string, data: ErrorData = {}): ErrorText {
  const values = Object.fromEntries(Object.entries(data).map(([name, value]) => [name, value ?? '']))
  const part = (name: keyof ErrorText): string => translateCode(`errors.${code}.${name}`, values) ?? translateCode(`errors.internal.${name}`, values) ?? ''
  return { happened: part('happened'), safe: part('safe'), todo: part('todo') }
}
export function errorTextOf(error: unknown): ErrorText {
  return error instanceof AppError ? errorText(error.code, error.data) : errorText('internal')
}

/** The one place that shows errors. A cancelled action is not an error. */
export function showError(error: unknown): void {
  if (error instanceof AppError && error.code === 'cancelled') return
  if (!(error instanceof AppError)) console.error(error)
  const text = errorTextOf(error)
  notifications.show({ color: 'red', title: text.happened, message: `${text.safe} ${text.todo}`.trim(), autoClose: 12_000, withBorder: true, closeButtonProps: { 'aria-label': translate('app.close') } })
}
export function showDone(message: string): void {
  notifications.show({ color: 'teal', message, autoClose: 3500, withBorder: true, closeButtonProps: { 'aria-label': translate('app.close') } })
}
