import { useEffect, useState } from 'react'
import { Button, Group, NumberInput, Select, Stack, Text, TextInput } from '@mantine/core'
import type { Settings } from '#contract/station.ts'
import { useT } from '../../i18n/index.ts'
import { call, useStationQuery } from '../../app/station-client/index.ts'
import { showDone, showError } from '../../app/errors/index.ts'

const zones = ['Asia/Ho_Chi_Minh', 'Asia/Bangkok', 'UTC']

export function StationForm() {
  const t = useT()
  const stored = useStationQuery('settings.get', {}, { events: ['settings.changed'] })
  const [draft, setDraft] = useState<Settings | null>(null)
  useEffect(() => {
    if (stored.data !== undefined) setDraft(stored.data)
  }, [stored.data])
  if (draft === null) return null
  const change = (part: Partial<Settings>): void => setDraft({ ...draft, ...part })
  const save = async (): Promise<void> => {
    try {
      await call('settings.update', draft)
      showDone(t('settings.saved'))
    } catch (error) {
      showError(error)
    }
  }
  const pickFolder = async (): Promise<void> => {
    const [folder] = await window.vangxa.pickFiles('folder')
    if (folder !== undefined) change({ watchFolder: folder })
  }
  const textOrNull = (value: string): string | null => (value.trim() === '' ? null : value)
  return (
    <form onSubmit={(event) => { event.preventDefault(); void save() }}>
      <Stack gap="xs" w={560}>
        <TextInput label={t('settings.station.name')} value={draft.stationName} onChange={(event) => change({ stationName: event.currentTarget.value })} />
        <Group grow>
          <Select label={t('settings.station.zone')} data={zones} value={draft.zone} onChange={(zone) => zone !== null && change({ zone })} />
          <NumberInput label={t('settings.station.targetLufs')} value={draft.targetLufs} min={-40} max={-8} step={1} onChange={(value) => typeof value === 'number' && change({ targetLufs: value })} />
          <NumberInput label={t('settings.station.ceilingDbtp')} value={draft.ceilingDbtp} min={-9} max={0} step={0.5} onChange={(value) => typeof value === 'number' && change({ ceilingDbtp: value })} />
        </Group>
        <Group align="flex-end" wrap="nowrap">
          <TextInput flex={1} label={t('settings.station.watchFolder')} description={t('settings.station.watchFolderWhy')} value={draft.watchFolder ?? ''} onChange={(event) => change({ watchFolder: textOrNull(event.currentTarget.value) })} data-testid="watch-folder" />
          <Button variant="default" onClick={() => void pickFolder().catch(showError)}>{t('settings.station.choose')}</Button>
        </Group>
        <TextInput label={t('settings.station.ffmpegPath')} description={t('settings.station.ffmpegWhy')} value={draft.ffmpegPath ?? ''} onChange={(event) => change({ ffmpegPath: textOrNull(event.currentTarget.value) })} />
        <Select label={t('settings.station.broker')} data={[{ value: 'embedded', label: t('settings.station.brokerEmbedded') }, { value: 'external', label: t('settings.station.brokerExternal') }]} value={draft.broker.kind}
          onChange={(kind) => change({ broker: kind === 'external' ? { kind: 'external', url: 'mqtts://127.0.0.1:8883', userName: '', passwordFile: null, caFile: null } : { kind: 'embedded' } })} />
        <ExternalBroker draft={draft} change={change} />
        <Group grow>
          <TextInput label={t('settings.station.bindAddress')} description={t('settings.station.bindWhy')} value={draft.bindAddress} onChange={(event) => change({ bindAddress: event.currentTarget.value })} />
          <TextInput label={t('settings.station.publicHost')} description={t('settings.station.publicHostWhy')} value={draft.publicHost ?? ''} onChange={(event) => change({ publicHost: textOrNull(event.currentTarget.value) })} />
        </Group>
        <Text size="xs" className="dim">{t('settings.station.restartNote')}</Text>
        <Button type="submit" w={160} data-testid="save-settings">{t('app.save')}</Button>
      </Stack>
    </form>
  )
}

function ExternalBroker(props: { draft: Settings; change: (part: Partial<Settings>) => void }) {
  const t = useT()
  const { broker } = props.draft
  if (broker.kind !== 'external') return null
  return (
    <Group grow align="flex-start">
      <TextInput label={t('settings.station.brokerUrl')} value={broker.url} onChange={(event) => props.change({ broker: { ...broker, url: event.currentTarget.value } })} />
      <TextInput label={t('settings.station.brokerUser')} value={broker.userName} onChange={(event) => props.change({ broker: { ...broker, userName: event.currentTarget.value } })} />
      <TextInput label={t('settings.station.brokerPasswordFile')} value={broker.passwordFile ?? ''} onChange={(event) => props.change({ broker: { ...broker, passwordFile: event.currentTarget.value || null } })} />
      <TextInput label={t('settings.station.brokerCaFile')} value={broker.caFile ?? ''} onChange={(event) => props.change({ broker: { ...broker, caFile: event.currentTarget.value || null } })} />
    </Group>
  )
}
