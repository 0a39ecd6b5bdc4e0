import { useEffect, useMemo, useRef } from 'react'
import { Table } from '@mantine/core'
import { IconHelpCircle, IconPlayerTrackNext } from '@tabler/icons-react'
import { addDays } from '#common/timing/zone.ts'
import type { LogLine } from '#contract/log.ts'
import { useT } from '../../i18n/index.ts'
import { broadcastDateOf, clockText, lengthText, secondsText } from '../../i18n/formats.ts'
import { EmptyNote, Panel } from '../../ui/index.ts'
import { useMay, useStationQuery } from '../../app/station-client/index.ts'
import { LineCheckBadge, LineStatusBadge } from '../log/index.ts'
import { askWhy, makeNext } from './actions.ts'
import { DeskButton } from './desk-button.tsx'
import { showDesk, useDesk } from './desk-store.ts'

const SHOWN = 40

/** What the plan holds from now on, of today and the beginning of tomorrow. */
export function useUpcoming(now: number): LogLine[] {
  const today = broadcastDateOf(now)
  const events = ['log.changed', 'air.asRun', 'library.changed'] as const
  const first = useStationQuery('log.day', { broadcastDate: today }, { events })
  const second = useStationQuery('log.day', { broadcastDate: addDays(today, 1) }, { events })
  const wholeSecond = Math.floor(now / 1000)
  return useMemo(() => [...(first.data?.lines ?? []), ...(second.data?.lines ?? [])]
    .filter((line) => ['scheduled', 'armed', 'playing'].includes(line.status) && (line.predictedEndAt ?? 0) > wholeSecond * 1000)
    .toSorted((a, b) => (a.predictedAt ?? 0) - (b.predictedAt ?? 0)).slice(0, SHOWN), [first.data, second.data, wholeSecond])
}

/** Arrows choose a line; the keys beside the list act on it. */
export function UpcomingPanel(props: { now: number; lines: readonly LogLine[] }) {
  const t = useT()
  const { lines, now } = props
  const selectedId = useDesk((desk) => desk.selectedId)
  const mayAct = useMay('announcer')
  const ids = lines.map(({ id }) => id).join(' ')
  const body = useRef<HTMLTableSectionElement>(null)
  useEffect(() => showDesk({ lineIds: ids === '' ? [] : ids.split(' ') }), [ids])
  useEffect(() => body.current?.querySelector('[aria-current="true"]')?.scrollIntoView({ block: 'nearest' }), [selectedId])
  return (
    <Panel title={t('air.upcoming')} scrolls flush className="grow" data-testid="air-upcoming"
      aside={<>{mayAct && <DeskButton icon={<IconPlayerTrackNext size={14} aria-hidden />} keys="K" disabled={selectedId === null} run={makeNext} data-testid="air-make-next">{t('air.desk.keys.makeNext')}</DeskButton>}<DeskButton icon={<IconHelpCircle size={14} aria-hidden />} keys="W" run={askWhy} data-testid="air-ask-why">{t('air.desk.keys.why')}</DeskButton></>}>
      {lines.length === 0 ? <EmptyNote>{t('air.noUpcoming')}</EmptyNote> : (
        <Table stickyHeader>
          <Table.Thead><Table.Tr><Table.Th>{t('log.columns.start')}</Table.Th><Table.Th>{t('air.inColumn')}</Table.Th><Table.Th>{t('log.columns.title')}</Table.Th><Table.Th>{t('log.columns.length')}</Table.Th><Table.Th>{t('log.columns.status')}</Table.Th></Table.Tr></Table.Thead>
          <Table.Tbody ref={body}>
            {lines.map((line) => (
              <Table.Tr key={line.id} className="air-line" aria-current={line.id === selectedId ? 'true' : undefined} onMouseDown={(event) => event.preventDefault()} onClick={() => showDesk({ selectedId: line.id })} data-testid="air-upcoming-line" data-line-id={line.id}>
                <Table.Td style={{ fontWeight: line.timing.kind === 'hard' ? 700 : 400 }}>{line.predictedAt === null ? '—' : clockText(line.predictedAt)}</Table.Td>
                <Table.Td className="dim">{line.predictedAt === null || line.predictedAt <= now ? '' : secondsText((line.predictedAt - now) / 1000)}</Table.Td>
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
