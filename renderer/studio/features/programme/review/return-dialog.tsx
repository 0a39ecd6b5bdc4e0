import { useState } from 'react'
import { Button, Group, Modal, Stack, Textarea } from '@mantine/core'
import type { Item } from '#contract/library.ts'
import type { Comment } from '#contract/programme.ts'
import { useT } from '../../../i18n/index.ts'
import { preciseText } from '../../../i18n/formats.ts'
import { showDone, showError } from '../../../app/errors/index.ts'
import { call } from '../../../app/station-client/index.ts'

const MAX_NOTE = 1000

/** Back to the editor with what is to be mended: the remarks with their times are the note, more words may stand before them. */
export function ReturnDialog(props: { item: Item; open: readonly Comment[]; onClose: () => void }) {
  const t = useT()
  const { item, open } = props
  const [note, setNote] = useState(() => open.length === 0 ? '' : [t('programme.review.noteHead', { count: open.length }), ...open.map(({ at, text }) => `${preciseText(at)} ${text}`)].join('\n').slice(0, MAX_NOTE))
  const send = async (): Promise<void> => {
    await call('library.return', { itemId: item.id, rev: item.rev, note: note.trim() })
    showDone(t('programme.review.returned', { title: item.title }))
    props.onClose()
  }
  return (
    <Modal opened onClose={props.onClose} title={t('programme.review.returnTitle')} closeButtonProps={{ 'aria-label': t('app.close') }}>
      <form onSubmit={(event) => {
        event.preventDefault()
        if (note.trim() !== '') void send().catch(showError)
      }}>
        <Stack gap="sm">
          <Textarea label={t('programme.review.note')} value={note} maxLength={MAX_NOTE} autosize minRows={4} maxRows={12} data-autofocus onChange={(event) => setNote(event.currentTarget.value)} data-testid="return-note" />
          <Group justify="flex-end"><Button variant="default" onClick={props.onClose}>{t('app.cancel')}</Button><Button type="submit" disabled={note.trim() === ''} data-testid="return-send">{t('programme.review.send')}</Button></Group>
        </Stack>
      </form>
    </Modal>
  )
}
