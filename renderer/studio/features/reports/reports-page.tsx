import { useState } from 'react'
import { Button, Table, TextInput } from '@mantine/core'
import type { AsRunRow } from '#contract/air.ts'
import { useT } from '../../i18n/index.ts'
import { broadcastDateOf, clockText, dayTimeText, lengthText } from '../../i18n/formats.ts'
import { EmptyNote, PageHeader, Panel, StateBadge } from '../../ui/index.ts'
import { call, useMay, useStationQuery } from '../../app/station-client/index.ts'
import { showDone, showError } from '../../app/errors/index.ts'
import { asRunTone } from '../air/index.ts'
import { asRunCsv } from './as-run-csv.ts'

/** As-run of a day and the state of the audit chain. */
export function ReportsPage() {
  const t = useT()
  const [date, setDate] = useState(() => broadcastDateOf(Date.now()))
  const rows = useStationQuery('log.asRun', { broadcastDate: date }, { events: ['air.asRun'] })
  const mayAudit = useMay('approver')
  const columns = ['actual', 'planned', 'ended', 'title', 'bus', 'error', 'played', 'source', 'stop', 'hash'] as const
  const save = async (): Promise<void> => {
    const saved = await window.vangxa.saveFile({ suggestedName: `nhat-ky-phat-${date}.csv`, text: asRunCsv(rows.data?.rows ?? [], columns.map((column) => t(`reports.columns.${column}`))) })
    if (saved !== null) showDone(t('reports.saved', { path: saved }))
  }
  const list = rows.data?.rows ?? []
  return (
    <div className="page">
      <PageHeader title={t('reports.title')} aside={<>
        <TextInput type="date" aria-label={t('reports.date')} value={date} onChange={(event) => event.currentTarget.value !== '' && setDate(event.currentTarget.value)} />
        <Button variant="default" disabled={list.length === 0} onClick={() => void save().catch(showError)} data-testid="save-csv">{t('reports.save')}</Button>
      </>} />
      <Panel title={t('reports.asRun', { count: list.length })} flush scrolls className="grow" data-testid="as-run">
        {list.length === 0 ? <EmptyNote>{t('reports.none')}</EmptyNote> : (
          <Table stickyHeader>
            <Table.Thead><Table.Tr>{(['actual', 'planned', 'title', 'error', 'played', 'source', 'stop'] as const).map((column) => <Table.Th key={column}>{t(`reports.columns.${column}`)}</Table.Th>)}</Table.Tr></Table.Thead>
            <Table.Tbody>{list.map((row) => <Row key={row.id} row={row} />)}</Table.Tbody>
          </Table>
        )}
      </Panel>
      {mayAudit && <AuditPanel />}
    </div>
  )
}

function Row(props: { row: AsRunRow }) {
  const t = useT()
  const { row } = props
  return (
    <Table.Tr>
      <Table.Td>{clockText(row.actualAt)}</Table.Td>
      <Table.Td>{row.plannedAt === null ? '—' : clockText(row.plannedAt)}</Table.Td>
      <Table.Td>{row.title}</Table.Td>
      <Table.Td>{row.startErrorUs === null ? '—' : `${(row.startErrorUs / 1000).toLocaleString('vi-VN', { maximumFractionDigits: 1 })} ms`}</Table.Td>
      <Table.Td>{lengthText(row.playedSamples)}</Table.Td>
      <Table.Td>{t(`air.starts.${row.startSource}`)}</Table.Td>
      <Table.Td>{row.stopReason === null ? <StateBadge tone="air">{t('reports.stops.playing')}</StateBadge> : <StateBadge tone={asRunTone(row)}>{row.onAir ? t(`air.stops.${row.stopReason}`) : t(`air.edits.${row.editCode}`)}</StateBadge>}</Table.Td>
    </Table.Tr>
  )
}

function AuditPanel() {
  const t = useT()
  const entries = useStationQuery('audit.list', { limit: 100 }, { refetchMs: 10_000 })
  const [verdict, setVerdict] = useState<{ intact: boolean; entries: number } | null>(null)
  const verify = (): void => void call('audit.verify', {}).then(setVerdict, showError)
  return (
    <Panel title={t('reports.audit.title')} flush scrolls className="grow" data-testid="audit" aside={<>
      {verdict !== null && <StateBadge tone={verdict.intact ? 'ok' : 'bad'}>{t(verdict.intact ? 'reports.audit.intact' : 'reports.audit.broken', { count: verdict.entries })}</StateBadge>}
      <Button variant="default" size="compact-xs" onClick={verify}>{t('reports.audit.verify')}</Button>
    </>}>
      <Table stickyHeader>
        <Table.Thead><Table.Tr><Table.Th>{t('reports.audit.when')}</Table.Th><Table.Th>{t('reports.audit.who')}</Table.Th><Table.Th>{t('reports.audit.action')}</Table.Th><Table.Th>{t('reports.audit.subject')}</Table.Th></Table.Tr></Table.Thead>
        <Table.Tbody>
          {(entries.data?.entries ?? []).map((entry) => <Table.Tr key={entry.seq}><Table.Td>{dayTimeText(entry.at)}</Table.Td><Table.Td>{entry.who}</Table.Td><Table.Td>{entry.action}</Table.Td><Table.Td>{entry.subject}</Table.Td></Table.Tr>)}
        </Table.Tbody>
      </Table>
    </Panel>
  )
}
