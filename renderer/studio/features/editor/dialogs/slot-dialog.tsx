import { useState } from 'react'
import { Button, Group, Modal, Stack, TextInput } from '@mantine/core'
import { useT } from '../../../i18n/index.ts'
import { showEditor, useEditor } from '../editor-store.ts'
import { dayText, samplesOfText, secondsOfDay, shortText } from '../parts/time-text.ts'
import { apply } from '../session.ts'

/** When the programme begins and how long it may be: the ruler shows the time of day, the desk what is over or missing. */
export function SlotDialog() {
  const t = useT()
  const opened = useEditor((state) => state.dialog === 'slot')
  const close = (): void => showEditor({ dialog: 'none' })
  return (
    <Modal opened={opened} onClose={close} title={t('editor.slot.title')} closeButtonProps={{ 'aria-label': t('app.close') }}>
      {opened && <SlotForm onClose={close} />}
    </Modal>
  )
}

function SlotForm(props: { onClose: () => void }) {
  const t = useT()
  const slot = useEditor((state) => state.project?.edl.slot)
  const [start, setStart] = useState(() => (slot?.startsAtSec == null ? '' : dayText(slot.startsAtSec)))
  const [length, setLength] = useState(() => (slot?.length == null ? '' : shortText(slot.length)))
  const startsAtSec = start.trim() === '' ? null : secondsOfDay(start)
  const samples = length.trim() === '' ? null : samplesOfText(length)
  const badStart = start.trim() !== '' && startsAtSec === null
  const badLength = length.trim() !== '' && (samples === null || samples === 0)
  const save = async (): Promise<void> => {
    if (!badStart && !badLength && (await apply({ op: 'setSlot', startsAtSec, length: samples }))) props.onClose()
  }
  return (
    <form onSubmit={(event) => {
      event.preventDefault()
      void save()
    }}>
      <Stack gap="sm">
        <TextInput label={t('editor.slot.start')} description={t('editor.slot.startHint')} placeholder="17:00:00" value={start} error={badStart ? t('editor.slot.badStart') : null} data-autofocus onChange={(event) => setStart(event.currentTarget.value)} data-testid="slot-start" />
        <TextInput label={t('editor.slot.length')} description={t('editor.slot.lengthHint')} placeholder="5:00" value={length} error={badLength ? t('editor.tools.fit.badTime') : null} onChange={(event) => setLength(event.currentTarget.value)} data-testid="slot-length" />
        <Group justify="flex-end" gap="xs">
          <Button variant="default" onClick={props.onClose}>{t('app.cancel')}</Button>
          <Button type="submit" disabled={badStart || badLength} data-testid="slot-save">{t('app.save')}</Button>
        </Group>
      </Stack>
    </form>
  )
}
