import { Table } from '@mantine/core'
import { runTone } from '#common/reports/index.ts'
import { useT } from '../../i18n/index.ts'
import { broadcastDateOf, clockText, decibelText, lengthText } from '../../i18n/formats.ts'
import { EmptyNote, Panel, StateBadge } from '../../ui/index.ts'
import { useStationQuery } from '../../app/station-client/index.ts'

/** What was heard today, newest first. */
export function AsRunPanel() {
  const t = useT()
  const query = useStationQuery('log.asRun', { broadcastDate: broadcastDateOf(Date.now()) }, { events: ['air.asRun'] })
  const rows = (query.data?.rows ?? []).toReversed().slice(0, 100)
  return (
    <Panel title={t('air.asRun')} scrolls flush className="grow" data-testid="air-as-run">
      {rows.length === 0 ? <EmptyNote>{t('air.noAsRun')}</EmptyNote> : (
        <Table stickyHeader>
          <Table.Thead><Table.Tr><Table.Th>{t('air.columns.start')}</Table.Th><Table.Th>{t('air.columns.title')}</Table.Th><Table.Th>{t('air.columns.error')}</Table.Th><Table.Th>{t('air.columns.played')}</Table.Th><Table.Th>LUFS</Table.Th><Table.Th>{t('air.columns.end')}</Table.Th></Table.Tr></Table.Thead>
          <Table.Tbody>
            {rows.map((row) => (
              <Table.Tr key={row.id} data-testid="air-as-run-row">
                <Table.Td>{clockText(row.actualAt)}</Table.Td>
                <Table.Td>{row.title}</Table.Td>
                <Table.Td>{row.startErrorUs === null ? '—' : t('air.errorMs', { ms: row.startErrorUs / 1000 })}</Table.Td>
                <Table.Td>{row.stopReason === null ? '' : lengthText(row.playedSamples)}</Table.Td>
                <Table.Td>{row.integratedLufs === null ? '' : decibelText(row.integratedLufs)}</Table.Td>
                <Table.Td>{row.stopReason === null ? <StateBadge tone="air">{t('air.lineStatus.playing')}</StateBadge> : <StateBadge tone={runTone(row)}>{row.onAir ? t(`air.stops.${row.stopReason}`) : t(`air.edits.${row.editCode}`)}</StateBadge>}</Table.Td>
              </Table.Tr>
            ))}
          </Table.Tbody>
        </Table>
      )}
    </Panel>
  )
}
