import type { ErrorData } from '#contract/errors.ts'
import { AppError } from '#contract/errors.ts'
import { showError } from '../../app/errors/index.ts'
import { notifications } from '@mantine/notifications'
import { translate, translateCode } from '../../i18n/index.ts'

/** Name of a step of the history in the reader's language. */
export const editText = (name: string): string => translateCode(`editor.edits.${name}`) ?? name

function refusalText(data: ErrorData): string | null {
  const reason = data['reason']
  return typeof reason === 'string' ? translateCode(`editor.refusals.${reason}`) : null
}

/** A refused edit is a small thing: one line with its reason, no red alarm. */
export function showEditError(error: unknown): void {
  const refusal = error instanceof AppError && error.code === 'edit-refused' ? refusalText(error.data) : null
  if (refusal === null) return showError(error)
  notifications.show({ id: 'edit-refused', color: 'yellow', message: refusal, autoClose: 4_000, withBorder: true, closeButtonProps: { 'aria-label': translate('app.close') } })
}
