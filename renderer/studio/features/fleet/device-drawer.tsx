import { useState } from 'react'
import { Button, Drawer, Group, Select, Slider, Stack, Table, Text, TextInput } from '@mantine/core'
import { modals } from '@mantine/modals'
import type { Device, Unit } from '#contract/devices.ts'
import { useT } from '../../i18n/index.ts'
import { dayTimeText } from '../../i18n/formats.ts'
import { call, useMay, useStationQuery } from '../../app/station-client/index.ts'
import { showDone, showError } from '../../app/errors/index.ts'
import { DeviceStateBadge } from './device-state.tsx'

export function DeviceDrawer(props: { device: Device; units: readonly Unit[]; onClose: () => void }) {
  const t = useT()
  const { device } = props
  const technician = useMay('technician')
  return (
    <Drawer opened onClose={props.onClose} position="right" size={460} title={`${device.name} · ${device.id}`} closeButtonProps={{ 'aria-label': t('app.close') }}>
      <Stack gap="sm">
        <Group><DeviceStateBadge device={device} /><Text size="sm" className="dim">{device.hw} · {device.fw}</Text></Group>
        {technician && <DeviceForm key={`${device.id}-${device.rev}`} device={device} units={props.units} onRevoked={props.onClose} />}
        <History deviceId={device.id} />
      </Stack>
    </Drawer>
  )
}

function DeviceForm(props: { device: Device; units: readonly Unit[]; onRevoked: () => void }) {
  const t = useT()
  const { device } = props
  const [name, setName] = useState(device.name)
  const [unitId, setUnitId] = useState(device.unitId)
  const [mode, setMode] = useState(device.mode)
  const [volumePct, setVolume] = useState(device.volumePct)
  const save = async (): Promise<void> => {
    try {
      await call('devices.update', { id: device.id, rev: device.rev, name, unitId, mode, volumePct })
      showDone(t('fleet.saved'))
    } catch (error) {
      showError(error)
    }
  }
  const revoke = (): void => void modals.openConfirmModal({
    title: t('fleet.revoke.title'), children: t('fleet.revoke.text', { name: device.name }), labels: { confirm: t('fleet.revoke.do'), cancel: t('app.cancel') }, confirmProps: { color: 'red' }, closeButtonProps: { 'aria-label': t('app.close') },
    onConfirm: () => void call('devices.revoke', { id: device.id, rev: device.rev }).then(props.onRevoked, showError),
  })
  return (
    <form onSubmit={(event) => { event.preventDefault(); void save() }}>
      <Stack gap="xs">
        <TextInput label={t('fleet.columns.name')} value={name} onChange={(event) => setName(event.currentTarget.value)} />
        <Select label={t('fleet.columns.unit')} data={props.units.map((unit) => ({ value: unit.id, label: unit.name }))} value={unitId} onChange={(value) => value !== null && setUnitId(value)} searchable />
        <Select label={t('fleet.mode')} data={(['silent', 'active', 'disabled'] as const).map((value) => ({ value, label: t(`fleet.modes.${value}`) }))} value={mode} onChange={(value) => value !== null && setMode(value)} />
        {device.kind === 'radio' && <div><Text size="xs" fw={500}>{t('fleet.columns.volume')}: {volumePct} %</Text><Slider value={volumePct} onChange={setVolume} thumbLabel={t('fleet.columns.volume')} /></div>}
        <Group justify="space-between">
          <Button type="submit">{t('app.save')}</Button>
          <Button color="red" variant="light" onClick={revoke}>{t('fleet.revoke.do')}</Button>
        </Group>
      </Stack>
    </form>
  )
}

function History(props: { deviceId: string }) {
  const t = useT()
  const history = useStationQuery('devices.history', { id: props.deviceId, limit: 100 }, { events: ['devices.changed'] })
  return (
    <section aria-label={t('fleet.history')}>
      <Text fw={600} size="sm">{t('fleet.history')}</Text>
      <Table>
        <Table.Tbody>
          {(history.data?.reports ?? []).map((report, index) => <Table.Tr key={index}><Table.Td style={{ whiteSpace: 'nowrap' }}>{dayTimeText(report.at)}</Table.Td><Table.Td>{report.kind}</Table.Td><Table.Td>{report.summary}{report.code !== null && report.code !== 'ok' && ` (${report.code})`}</Table.Td></Table.Tr>)}
        </Table.Tbody>
      </Table>
    </section>
  )
}
