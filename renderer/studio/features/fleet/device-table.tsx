import { useEffect, useState } from 'react'
import { Table } from '@mantine/core'
import type { Device, Unit } from '#contract/devices.ts'
import { useT, type MessageKey } from '../../i18n/index.ts'
import { clockText, dayTimeText } from '../../i18n/formats.ts'
import { DeviceStateBadge } from './device-state.tsx'

const DAY_MS = 86_400_000
const proofKeys: readonly MessageKey[] = ['fleet.proof.l0', 'fleet.proof.l1', 'fleet.proof.l2', 'fleet.proof.l3']

export function DeviceTable(props: { devices: readonly Device[]; units: readonly Unit[]; onOpen: (deviceId: string) => void }) {
  const t = useT()
  const now = useMinute()
  const unitName = new Map(props.units.map((unit) => [unit.id, unit.name]))
  return (
    <Table stickyHeader highlightOnHover data-testid="device-table">
      <Table.Thead><Table.Tr>{(['name', 'unit', 'state', 'playing', 'lastSeen', 'content', 'proof', 'volume'] as const).map((column) => <Table.Th key={column}>{t(`fleet.columns.${column}`)}</Table.Th>)}</Table.Tr></Table.Thead>
      <Table.Tbody>
        {props.devices.map((device) => (
          <Table.Tr key={device.id} data-testid={`device-${device.id}`} data-state={device.state}>
            <Table.Td miw={170}><button type="button" className="link-button" onClick={() => props.onOpen(device.id)}>{device.name}</button><div className="dim" style={{ fontSize: 11 }}>{device.id}{device.simulated && ` · ${t('fleet.simulated')}`}</div></Table.Td>
            <Table.Td>{unitName.get(device.unitId) ?? '—'}</Table.Td>
            <Table.Td><DeviceStateBadge device={device} /></Table.Td>
            <Table.Td><span className="device-playing" title={device.playing ?? undefined}>{device.playing ?? '—'}</span></Table.Td>
            <Table.Td>{device.lastSeenAt === null ? '—' : now - device.lastSeenAt < DAY_MS ? clockText(device.lastSeenAt) : dayTimeText(device.lastSeenAt)}</Table.Td>
            <Table.Td>{device.content === null ? '—' : t('fleet.contentOf', { have: device.content.have, need: device.content.need })}</Table.Td>
            <Table.Td>{device.proofLevel === null ? '—' : t(proofKeys[device.proofLevel] ?? 'fleet.proof.l0')}</Table.Td>
            <Table.Td>{device.kind === 'radio' ? `${device.volumePct} %` : '—'}</Table.Td>
          </Table.Tr>
        ))}
      </Table.Tbody>
    </Table>
  )
}

function useMinute(): number {
  const [now, setNow] = useState(() => Date.now())
  useEffect(() => {
    const timer = setInterval(() => setNow(Date.now()), 60_000)
    return () => clearInterval(timer)
  }, [])
  return now
}
