import { useEffect, useMemo, useState } from 'react'
import { Button } from '@mantine/core'
import type { Device } from '#contract/devices.ts'
import { useT } from '../../i18n/index.ts'
import { EmptyNote, PageHeader, Panel, StateBadge } from '../../ui/index.ts'
import { registerActions } from '../../app/actions/index.ts'
import { useMay, useStationEvent, useStationQuery } from '../../app/station-client/index.ts'
import { DeviceDrawer } from './device-drawer.tsx'
import { DeviceTable } from './device-table.tsx'
import { PairingDialog } from './pairing-dialog.tsx'
import { UnitDialog, type UnitDraft } from './unit-dialog.tsx'
import { UnitList } from './unit-list.tsx'
import { devicesUnder, flatten, isOnline, unitTree } from './unit-tree.ts'

export function FleetPage() {
  const t = useT()
  const fleet = useStationQuery('devices.fleet', {}, { events: ['devices.unitsChanged'] })
  const [changed, setChanged] = useState<ReadonlyMap<string, Device>>(new Map())
  const [unitId, setUnitId] = useState<string | null>(null)
  const [deviceId, setDeviceId] = useState<string | null>(null)
  const [pairing, setPairing] = useState(false)
  const [unitDraft, setUnitDraft] = useState<UnitDraft | null>(null)
  const technician = useMay('technician')
  useStationEvent('devices.changed', (device) => setChanged((before) => new Map(before).set(device.id, device)))
  useEffect(() => setChanged(new Map()), [fleet.data])
  useEffect(() => registerActions([{ id: 'fleet.pair', labelKey: 'fleet.pair.open', shortcut: 'Ctrl+KeyP', role: 'technician', page: 'fleet', run: () => setPairing(true) }]), [])

  const units = useMemo(() => fleet.data?.units ?? [], [fleet.data])
  const devices = useMemo(() => {
    const known = new Map((fleet.data?.devices ?? []).map((device) => [device.id, device]))
    for (const device of changed.values()) known.set(device.id, device)
    return [...known.values()]
  }, [fleet.data, changed])
  const roots = useMemo(() => unitTree(units, devices), [units, devices])
  const selected = flatten(roots).find((node) => node.unit.id === unitId) ?? null
  const shown = selected === null ? devices : devicesUnder(selected)
  const open = devices.find((device) => device.id === deviceId) ?? null
  const faults = devices.filter((device) => device.badges.length > 0 || device.state === 'offline').length
  return (
    <div className="page">
      <PageHeader title={t('app.pages.fleet')} aside={technician && <>
        <Button variant="default" onClick={() => setUnitDraft({ unit: null, parentId: unitId })} data-testid="add-unit">{t('fleet.unit.add')}</Button>
        <Button onClick={() => setPairing(true)} data-testid="pair-device">{t('fleet.pair.open')}</Button>
      </>}>
        <StateBadge tone="info">{t('fleet.total', { count: devices.length })}</StateBadge>
        <StateBadge tone="ok">{t('fleet.online', { count: devices.filter(isOnline).length })}</StateBadge>
        {faults > 0 && <StateBadge tone="bad">{t('fleet.attention', { count: faults })}</StateBadge>}
      </PageHeader>
      <div className="row-grid" style={{ gridTemplateColumns: '300px 1fr' }}>
        <Panel title={t('fleet.units')} flush><UnitList roots={roots} selected={unitId} onSelect={setUnitId} onEdit={technician ? (unit) => setUnitDraft({ unit, parentId: unit.parentId }) : null} /></Panel>
        <Panel title={t('fleet.devices', { count: shown.length })} flush>
          {shown.length === 0 ? <EmptyNote>{t('fleet.none')}</EmptyNote> : <DeviceTable devices={shown} units={units} onOpen={setDeviceId} />}
        </Panel>
      </div>
      {pairing && <PairingDialog units={units} initialUnitId={unitId} onClose={() => setPairing(false)} />}
      {unitDraft !== null && <UnitDialog draft={unitDraft} units={units} onClose={() => setUnitDraft(null)} />}
      {open !== null && <DeviceDrawer device={open} units={units} onClose={() => setDeviceId(null)} />}
    </div>
  )
}
