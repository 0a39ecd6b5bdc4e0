import { useState } from 'react'
import { Button, Checkbox, Group, NativeSelect, NumberInput, Stack, Text, TextInput } from '@mantine/core'
import { IconPlus } from '@tabler/icons-react'
import { RelayScheduleFields } from '#contract/relay.ts'
import type { RelayRecording, RelaySchedule } from '#contract/relay.ts'
import { useT } from '../../i18n/index.ts'
import { clockText, dayText, lengthText } from '../../i18n/formats.ts'
import { StateBadge } from '../../ui/index.ts'
import { call, useMay, useStationQuery } from '../../app/station-client/index.ts'
import { showDone, showError } from '../../app/errors/index.ts'

const weekdays = [1, 2, 3, 4, 5, 6, 7] as const
const minuteText = (fromMin: number): string => `${String(Math.floor(fromMin / 60)).padStart(2, '0')}:${String(fromMin % 60).padStart(2, '0')}`
/** Minute of the day; null = no time. */
function minuteOf(text: string): number | null {
  const [, hours, minutes] = /^(\d{1,2}):(\d{2})$/.exec(text.trim()) ?? []
  const fromMin = Number(hours) * 60 + Number(minutes)
  return Number.isInteger(fromMin) && Number(hours) < 24 && Number(minutes) < 60 ? fromMin : null
}

/** What is recorded of sources week by week, and what became of it. */
export function RelaySchedules() {
  const t = useT()
  const list = useStationQuery('relay.schedules', {}, { events: ['relay.changed'] })
  const mayEdit = useMay('scheduler')
  const { schedules = [], recordings = [] } = list.data ?? {}
  return (
    <Stack gap="xs" maw={860} mt="md" data-testid="relay-schedules">
      <Text size="sm" fw={600}>{t('settings.recordings.title')}</Text>
      <Text size="sm" className="dim">{t('settings.recordings.intro')}</Text>
      {schedules.map((schedule) => <ScheduleRow key={schedule.id} schedule={schedule} mayEdit={mayEdit} />)}
      {mayEdit && <NewSchedule />}
      {list.data !== undefined && schedules.length > 0 && recordings.length === 0 && <Text size="sm" className="dim">{t('settings.recordings.none')}</Text>}
      {recordings.map((recording) => <RecordingRow key={`${recording.scheduleId} ${recording.broadcastDate}`} recording={recording} />)}
    </Stack>
  )
}

function ScheduleRow(props: { schedule: RelaySchedule; mayEdit: boolean }) {
  const t = useT()
  const { id, rev, title, weekdays: days, fromMin, lengthMin } = props.schedule
  const remove = (): void => void call('relay.removeSchedule', { id, rev }).then(() => showDone(t('settings.recordings.removed', { title })), showError)
  return (
    <Group wrap="nowrap" gap="sm" data-testid="relay-schedule">
      <Text size="sm" flex={1} truncate>{title}</Text>
      <Text size="sm" className="dim">{t('settings.recordings.span', { days: days.map((day) => t(`settings.recordings.days.${weekdays.find((one) => one === day) ?? 1}`)).join(' '), from: minuteText(fromMin), minutes: lengthMin })}</Text>
      {props.mayEdit && <Button size="xs" variant="default" onClick={remove}>{t('settings.recordings.remove')}</Button>}
    </Group>
  )
}

/** A day's recording: its state by colour, shape and word, and what was measured. */
function RecordingRow(props: { recording: RelayRecording }) {
  const t = useT()
  const { title, fromAt, state, code, lengthMs, silentShare, levelDbfs } = props.recording
  return (
    <Group wrap="nowrap" gap="sm" data-testid="relay-recording" data-code={code ?? state}>
      <Text size="sm" w={150}>{dayText(fromAt)} {clockText(fromAt)}</Text>
      <Text size="sm" flex={1} truncate>{title}</Text>
      {lengthMs !== null && silentShare !== null && <Text size="xs" className="dim">{t('settings.recordings.measured', { length: lengthText(lengthMs * 48), silent: Math.round(silentShare * 100) })}{levelDbfs !== null && ` · ${t('settings.recordings.level', { level: Math.round(levelDbfs) })}`}</Text>}
      {state === 'recording' || code === null ? <StateBadge tone="info">{t('settings.recordings.recording')}</StateBadge> : <StateBadge tone={code === 'ok' ? 'ok' : 'bad'}>{t(`settings.recordings.code.${code}`)}</StateBadge>}
    </Group>
  )
}

function NewSchedule() {
  const t = useT()
  const sources = useStationQuery('relay.list', {}, { events: ['relay.changed'] }).data?.sources ?? []
  const empty = { title: '', sourceId: '', weekdays: [...weekdays] as number[], from: '', lengthMin: 30 }
  const [draft, setDraft] = useState(empty)
  const read = RelayScheduleFields.safeParse({ title: draft.title, sourceId: draft.sourceId, weekdays: draft.weekdays, fromMin: minuteOf(draft.from), lengthMin: draft.lengthMin })
  const save = (): void => {
    if (!read.success) return
    void call('relay.addSchedule', read.data).then(() => setDraft(empty), showError)
  }
  return (
    <form onSubmit={(event) => { event.preventDefault(); save() }}>
      <Group align="flex-end" gap="xs">
        <TextInput w={200} label={t('settings.recordings.name')} value={draft.title} maxLength={200} onChange={(event) => setDraft({ ...draft, title: event.currentTarget.value })} data-testid="schedule-title" />
        <NativeSelect w={160} label={t('settings.recordings.source')} value={draft.sourceId} data={[{ value: '', label: '–' }, ...sources.map(({ id, title }) => ({ value: id, label: title }))]} onChange={(event) => setDraft({ ...draft, sourceId: event.currentTarget.value })} data-testid="schedule-source" />
        <TextInput w={80} label={t('settings.recordings.from')} placeholder="05:00" value={draft.from} onChange={(event) => setDraft({ ...draft, from: event.currentTarget.value })} data-testid="schedule-from" />
        <NumberInput w={90} label={t('settings.recordings.minutes')} min={1} max={240} value={draft.lengthMin} onChange={(typed) => typeof typed === 'number' && setDraft({ ...draft, lengthMin: typed })} />
        <Group gap={8} role="group" aria-label={t('settings.recordings.weekdays')}>
          {weekdays.map((day) => <Checkbox key={day} size="xs" label={t(`settings.recordings.days.${day}`)} checked={draft.weekdays.includes(day)} onChange={(event) => setDraft({ ...draft, weekdays: weekdays.filter((one) => (one === day ? event.currentTarget.checked : draft.weekdays.includes(one))) })} />)}
        </Group>
        <Button type="submit" variant="default" leftSection={<IconPlus size={15} aria-hidden />} disabled={!read.success} data-testid="schedule-add">{t('settings.recordings.new')}</Button>
      </Group>
    </form>
  )
}
