import { Table } from '@mantine/core'
import type { Device, DeviceProgress, DeviceStep } from '#contract/devices.ts'
import { useT } from '../../i18n/index.ts'
import { clockText } from '../../i18n/formats.ts'
import { StateBadge, type Tone } from '../../ui/index.ts'

const tones: Record<DeviceStep, Tone> = { addressed: 'wait', received: 'wait', accepted: 'info', ready: 'info', started: 'info', sounding: 'ok', done: 'ok', failed: 'bad', rejected: 'bad', expired: 'bad', preempted: 'warn', resumed: 'ok' }
/** The unreached first: they are whom the operator must telephone. */
const order: readonly DeviceStep[] = ['failed', 'rejected', 'expired', 'addressed', 'received', 'preempted', 'accepted', 'ready', 'started', 'resumed', 'sounding', 'done']

export function HeardList(props: { progress: readonly DeviceProgress[]; devices: readonly Device[] }) {
  const t = useT()
  const names = new Map(props.devices.map((device) => [device.id, device.name]))
  const sorted = [...props.progress].sort((a, b) => order.indexOf(a.step) - order.indexOf(b.step))
  return (
    <Table aria-label={t('emergency.heard')} data-testid="heard-list">
      <Table.Tbody>
        {sorted.map((row) => (
          <Table.Tr key={row.id} data-testid={`heard-${row.id}`} data-step={row.step}>
            <Table.Td>{names.get(row.id) ?? row.id}</Table.Td>
            <Table.Td><StateBadge tone={tones[row.step]}>{t(`emergency.steps.${row.step}`)}</StateBadge>{row.code !== 'ok' && row.code !== '' && <span className="dim"> {row.code}</span>}</Table.Td>
            <Table.Td className="dim">{row.at === null ? '' : clockText(row.at)}</Table.Td>
          </Table.Tr>
        ))}
      </Table.Tbody>
    </Table>
  )
}
