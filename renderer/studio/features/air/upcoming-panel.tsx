import { Table } from '@mantine/core'
import { addDays } from '#common/timing/zone.ts'
import { useT } from '../../i18n/index.ts'
import { broadcastDateOf, clockText, lengthText, secondsText } from '../../i18n/formats.ts'
import { EmptyNote, Panel } from '../../ui/index.ts'
import { useStationQuery } from '../../app/station-client/index.ts'
import { LineCheckBadge, LineStatusBadge } from '../log/index.ts'

const SHOWN = 40

/** What the plan holds from now on, of today and the beginning of tomorrow. */
export function UpcomingPanel(props: { now: number }) {
  const t = useT()
  const today = broadcastDateOf(props.now)
  const events = ['log.changed', 'air.asRun', 'library.changed'] as const
  const first = useStationQuery('log.day', { broadcastDate: today }, { events })
  const second = useStationQuery('log.day', { broadcastDate: addDays(today, 1) }, { events })
  const lines = [...(first.data?.lines ?? []), ...(second.data?.lines ?? [])]
    .filter((line) => ['scheduled', 'armed', 'playing'].includes(line.status) && (line.predictedEndAt ?? 0) > props.now)
    .toSorted((a, b) => (a.predictedAt ?? 0) - (b.predictedAt ?? 0)).slice(0, SHOWN)
  return (
    <Panel title={t('air.upcoming')} scrolls flush className="grow" data-testid="air-upcoming">
      {lines.length === 0 ? <EmptyNote>{t('air.noUpcoming')}</EmptyNote> : (
        <Table stickyHeader>
          <Table.Thead><Table.Tr><Table.Th>{t('log.columns.start')}</Table.Th><Table.Th>{t('air.inColumn')}</Table.Th><Table.Th>{t('log.columns.title')}</Table.Th><Table.Th>{t('log.columns.length')}</Table.Th><Table.Th>{t('log.columns.status')}</Table.Th></Table.Tr></Table.Thead>
          <Table.Tbody>
            {lines.map((line) => (
              <Table.Tr key={line.id} data-testid="air-upcoming-line" data-line-id={line.id}>
                <Table.Td style={{ fontWeight: line.timing.kind === 'hard' ? 700 : 400 }}>{line.predictedAt === null ? '—' : clockText(line.predictedAt)}</Table.Td>
                <Table.Td className="dim">{line.predictedAt === null || line.predictedAt <= props.now ? '' : secondsText((line.predictedAt - props.now) / 1000)}</Table.Td>
                <Table.Td>{line.title}</Table.Td>
                <Table.Td>{lengthText(line.lengthSamples)}</Table.Td>
                <Table.Td><LineStatusBadge status={line.status} /> <LineCheckBadge line={line} /></Table.Td>
              </Table.Tr>
            ))}
          </Table.Tbody>
        </Table>
      )}
    </Panel>
  )
}
