import { createElement } from 'react'
import { notifications } from '@mantine/notifications'
import { AppError } from '#contract/errors.ts'
import { translate } from '../../i18n/index.ts'
import { UndoLine } from '../../ui/index.ts'
import { showDone, showError } from '../../app/errors/index.ts'

/** What was done to several items, newest last: taken back by the button of its notice or by the key. */
const done: { readonly id: string; readonly run: () => Promise<void> }[] = []
const MOST = 20
let made = 0

export const canUndo = (): boolean => done.length > 0

export function offerUndo(text: string, run: () => Promise<void>): void {
  const id = `library-undo-${++made}`
  done.push({ id, run })
  if (done.length > MOST) done.shift()
  notifications.show({
    id, autoClose: 12_000, withBorder: true, closeButtonProps: { 'aria-label': translate('app.close') },
    message: createElement(UndoLine, { text, label: translate('holdings.many.undo'), testId: 'library-undo', onUndo: () => void undo(id).catch(showError) }),
  })
}

/** @throws AppError nothing-to-undo, or why it cannot be taken back */
export async function undo(id?: string): Promise<void> {
  const at = id === undefined ? done.length - 1 : done.findIndex((one) => one.id === id)
  const [one] = at < 0 ? [] : done.splice(at, 1)
  if (one === undefined) throw new AppError('nothing-to-undo')
  notifications.hide(one.id)
  await one.run()
  showDone(translate('holdings.many.undone'))
}
