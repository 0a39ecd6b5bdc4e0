import { useState, type FormEvent } from 'react'
import { Button, Group, Modal, Select, Stack, TextInput } from '@mantine/core'
import type { Bulletin } from '#contract/programme.ts'
import { isCalendarDate } from '#common/timing/zone.ts'
import { useT } from '../../i18n/index.ts'
import { broadcastDateOf, lengthText } from '../../i18n/formats.ts'
import { showError } from '../../app/errors/index.ts'
import { call, useStationQuery } from '../../app/station-client/index.ts'
import { took } from './changes.ts'
import { showProgramme, useProgramme } from './programme-store.ts'
import { clockOf, readClock, readLength } from './times.ts'

/** A new bulletin, or name, day and slot of the open one. */
export function BulletinForm(props: { bulletin?: Bulletin }) {
  const t = useT()
  const dialog = useProgramme((view) => view.dialog)
  const opened = dialog === (props.bulletin === undefined ? 'new' : 'facts')
  const close = (): void => showProgramme({ dialog: 'none' })
  return (
    <Modal opened={opened} onClose={close} title={t(props.bulletin === undefined ? 'programme.list.create' : 'programme.facts.title')} closeButtonProps={{ 'aria-label': t('app.close') }}>
      {opened && <Form bulletin={props.bulletin ?? null} onClose={close} />}
    </Modal>
  )
}

function Form(props: { bulletin: Bulletin | null; onClose: () => void }) {
  const t = useT()
  const { bulletin } = props
  const templates = useStationQuery('programme.templates', {}, { events: ['programme.templatesChanged'] })
  const [title, setTitle] = useState(bulletin?.title ?? '')
  const [date, setDate] = useState(bulletin === null ? broadcastDateOf(Date.now()) : (bulletin.broadcastDate ?? ''))
  const [start, setStart] = useState(bulletin?.slot.startsAtSec == null ? (bulletin === null ? '17:00' : '') : clockOf(bulletin.slot.startsAtSec).replace(/:00$/, ''))
  const [length, setLength] = useState(bulletin?.slot.lengthSamples == null ? (bulletin === null ? '15:00' : '') : lengthText(bulletin.slot.lengthSamples))
  const [templateId, setTemplateId] = useState<string>('ban-tin')
  const startsAtSec = start.trim() === '' ? null : readClock(start)
  const lengthSamples = length.trim() === '' ? null : readLength(length)
  const wrongStart = start.trim() !== '' && startsAtSec === null
  const wrongLength = length.trim() !== '' && lengthSamples === null
  const wrongDate = date !== '' && !isCalendarDate(date)
  const good = title.trim() !== '' && !wrongStart && !wrongLength && !wrongDate
  const save = async (event: FormEvent): Promise<void> => {
    event.preventDefault()
    if (!good) return
    const facts = { title, broadcastDate: date === '' ? null : date, slot: { startsAtSec, lengthSamples } }
    try {
      const saved = took(bulletin === null ? await call('programme.create', { ...facts, templateId }) : await call('programme.update', { bulletinId: bulletin.id, rev: bulletin.rev, ...facts }))
      props.onClose()
      if (bulletin === null) showProgramme({ bulletinId: saved.id, storyId: null })
    } catch (error) {
      showError(error)
    }
  }
  return (
    <form onSubmit={(event) => void save(event)}>
      <Stack gap="sm">
        <TextInput label={t('programme.facts.name')} value={title} maxLength={200} required data-autofocus onChange={(event) => setTitle(event.currentTarget.value)} data-testid="bulletin-title" />
        <Group grow align="flex-start">
          <TextInput type="date" label={t('programme.facts.date')} value={date} onChange={(event) => setDate(event.currentTarget.value)} error={wrongDate ? t('programme.facts.wrongDate') : null} data-testid="bulletin-date" />
          <TextInput label={t('programme.facts.start')} placeholder="17:00" value={start} onChange={(event) => setStart(event.currentTarget.value)} error={wrongStart ? t('programme.facts.wrongStart') : null} data-testid="bulletin-start" />
          <TextInput label={t('programme.facts.length')} placeholder="15:00" value={length} onChange={(event) => setLength(event.currentTarget.value)} error={wrongLength ? t('programme.facts.wrongLength') : null} data-testid="bulletin-length" />
        </Group>
        {bulletin === null && <Select label={t('programme.facts.template')} value={templateId} onChange={(value) => value !== null && setTemplateId(value)} allowDeselect={false} data-testid="bulletin-template"
          data={(templates.data?.templates ?? []).map((one) => ({ value: one.id, label: one.title }))} />}
        <Group justify="flex-end"><Button type="submit" disabled={!good} data-testid="bulletin-save">{t(bulletin === null ? 'programme.list.create' : 'app.save')}</Button></Group>
      </Stack>
    </form>
  )
}
