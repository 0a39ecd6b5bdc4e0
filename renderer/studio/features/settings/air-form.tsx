import { useEffect, useState } from 'react'
import { ActionIcon, Button, Group, MultiSelect, Select, Stack, Text, Textarea, TextInput } from '@mantine/core'
import { IconPlus, IconTrash } from '@tabler/icons-react'
import type { AirSettings } from '#contract/air.ts'
import { resumeModes } from '#common/playout/words.ts'
import { useT } from '../../i18n/index.ts'
import { call, useStationQuery } from '../../app/station-client/index.ts'
import { showDone, showError } from '../../app/errors/index.ts'

const MOST_BUSES = 8

/** What the air does after a power cut, whom it asks for the time, and which areas hear a programme of their own. */
export function AirForm() {
  const t = useT()
  const stored = useStationQuery('settings.get', {}, { events: ['settings.changed'] })
  const fleet = useStationQuery('devices.fleet', {}, { events: ['devices.unitsChanged'] })
  const [draft, setDraft] = useState<AirSettings | null>(null)
  useEffect(() => {
    if (stored.data !== undefined) setDraft(stored.data.air)
  }, [stored.data])
  if (draft === null) return null
  const units = (fleet.data?.units ?? []).map(({ id, name }) => ({ value: id, label: name }))
  const change = (part: Partial<AirSettings>): void => setDraft({ ...draft, ...part })
  const changeBus = (index: number, part: Partial<AirSettings['buses'][number]>): void => change({ buses: draft.buses.map((bus, n) => (n === index ? { ...bus, ...part } : bus)) })
  const addBus = (): void => {
    const free = Array.from({ length: MOST_BUSES }, (_, n) => `kenh-${n + 2}`).find((id) => !draft.buses.some((bus) => bus.id === id))
    if (free !== undefined) change({ buses: [...draft.buses, { id: free, name: `${t('air.desk.bus')} ${draft.buses.length + 1}`, unitIds: [] }] })
  }
  const save = (): Promise<void> => call('settings.update', { air: { ...draft, timeServers: draft.timeServers.map((server) => server.trim()).filter((server) => server !== '') } }).then(() => showDone(t('air.settings.saved')))
  return (
    <form onSubmit={(event) => { event.preventDefault(); void save().catch(showError) }}>
      <Stack gap="xs" w={640}>
        <Select label={t('air.settings.resume')} allowDeselect={false} value={draft.resume} data={resumeModes.map((value) => ({ value, label: t(`air.settings.resumeModes.${value}`) }))}
          onChange={(value) => change({ resume: resumeModes.find((mode) => mode === value) ?? draft.resume })} data-testid="air-resume" />
        <Textarea label={t('air.settings.timeServers')} description={t('air.settings.timeServersHint')} rows={3} value={draft.timeServers.join('\n')} onChange={(event) => change({ timeServers: event.currentTarget.value.split('\n').slice(0, 4) })} data-testid="air-time-servers" />
        <Text size="sm" fw={600}>{t('air.settings.buses')}</Text>
        {draft.buses.map((bus, index) => (
          <Group key={bus.id} wrap="nowrap" align="flex-end" data-testid="air-bus-row">
            <TextInput w={200} label={t('air.settings.busName')} value={bus.name} onChange={(event) => changeBus(index, { name: event.currentTarget.value })} />
            <MultiSelect flex={1} label={t('air.settings.busUnits')} data={units} value={bus.unitIds} onChange={(unitIds) => changeBus(index, { unitIds })} searchable />
            <ActionIcon variant="default" size={30} disabled={index === 0} aria-label={t('air.settings.removeBus', { name: bus.name })} onClick={() => change({ buses: draft.buses.filter((_, n) => n !== index) })}><IconTrash size={15} aria-hidden /></ActionIcon>
          </Group>
        ))}
        <Group>
          <Button variant="default" leftSection={<IconPlus size={15} aria-hidden />} disabled={draft.buses.length >= MOST_BUSES} onClick={addBus} data-testid="air-add-bus">{t('air.settings.addBus')}</Button>
          <Button type="submit" w={160} data-testid="save-air">{t('air.settings.save')}</Button>
        </Group>
      </Stack>
    </form>
  )
}
