import { useState } from 'react'
import { Button, Group, Modal, Stack, Text, Textarea } from '@mantine/core'
import { allowedSteps } from '#common/approval/index.ts'
import type { Item } from '#contract/library.ts'
import { useT } from '../../i18n/index.ts'
import { call, useMay } from '../../app/station-client/index.ts'
import { showError } from '../../app/errors/index.ts'
import { useNavigate } from '../../app/navigation/index.ts'
import { showLibrary } from './library-store.ts'

/** What may be done next with this item, by its state and by who is signed in. */
export function ItemSteps(props: { item: Item }) {
  const t = useT()
  const go = useNavigate()
  const { item } = props
  const [dialog, setDialog] = useState<'return' | 'remove' | null>(null)
  const [note, setNote] = useState('')
  const allowed = new Set(allowedSteps(item.state))
  const [mayRecord, mayApprove, mayEdit, maySchedule] = [useMay('recorder'), useMay('approver'), useMay('editor'), useMay('scheduler')]
  const ref = { itemId: item.id, rev: item.rev }
  const run = (work: Promise<unknown>): void => void work.then(() => setDialog(null), showError)
  const remove = async (): Promise<void> => {
    await call('library.remove', ref)
    showLibrary({ selectedId: null })
  }
  return (
    <Group gap={6}>
      {mayRecord && allowed.has('submit') && <Button size="xs" variant="light" onClick={() => run(call('library.submit', ref))} data-testid="step-submit">{t('library.steps.submit')}</Button>}
      {mayApprove && allowed.has('approve') && <Button size="xs" color="#17622b" disabled={item.fileMissing === true} onClick={() => run(call('library.approve', ref))} data-testid="step-approve">{t(item.sensitive === true && (item.approvals?.length ?? 0) === 1 ? 'library.steps.approveSecond' : 'library.steps.approve')}</Button>}
      {mayApprove && allowed.has('return') && <Button size="xs" variant="default" onClick={() => setDialog('return')} data-testid="step-return">{t('library.steps.return')}</Button>}
      {mayApprove && allowed.has('withdraw') && <Button size="xs" variant="default" onClick={() => run(call('library.withdraw', ref))} data-testid="step-withdraw">{t('library.steps.withdraw')}</Button>}
      <Button size="xs" variant="default" disabled={item.fileMissing === true} onClick={() => go('programme', { reviewItemId: item.id })} data-testid="open-review">{t('library.steps.review')}</Button>
      {mayEdit && <Button size="xs" variant="default" disabled={item.fileMissing === true} onClick={() => go('editor', { itemId: item.id })} data-testid="open-in-editor">{t('library.steps.openInEditor')}</Button>}
      {maySchedule && item.state === 'approved' && <Button size="xs" variant="default" onClick={() => go('log', { itemId: item.id })} data-testid="put-in-log">{t('library.steps.schedule')}</Button>}
      {mayEdit && allowed.has('remove') && <Button size="xs" variant="default" onClick={() => setDialog('remove')} data-testid="step-remove">{t('library.steps.remove')}</Button>}
      <Modal opened={dialog === 'return'} onClose={() => setDialog(null)} title={t('library.returnDialog.title', { title: item.title })} closeButtonProps={{ 'aria-label': t('app.close') }}>
        <Stack gap="sm">
          <Textarea label={t('library.returnDialog.note')} value={note} maxLength={1000} autosize minRows={3} data-autofocus onChange={(event) => setNote(event.currentTarget.value)} data-testid="return-note" />
          <Button disabled={note.trim() === ''} onClick={() => run(call('library.return', { ...ref, note }))} data-testid="return-confirm">{t('library.returnDialog.confirm')}</Button>
        </Stack>
      </Modal>
      <Modal opened={dialog === 'remove'} onClose={() => setDialog(null)} title={t('library.removeDialog.title', { title: item.title })} closeButtonProps={{ 'aria-label': t('app.close') }}>
        <Stack gap="sm">
          <Text size="sm">{t('library.removeDialog.text')}</Text>
          <Button color="#a61d1d" onClick={() => run(remove())} data-testid="remove-confirm">{t('library.removeDialog.confirm')}</Button>
        </Stack>
      </Modal>
    </Group>
  )
}
