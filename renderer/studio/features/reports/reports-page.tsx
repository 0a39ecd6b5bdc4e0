import { useEffect } from 'react'
import { ActionIcon, Button, SegmentedControl, TextInput } from '@mantine/core'
import { IconChevronLeft, IconChevronRight, IconFileSpreadsheet, IconFileText, IconPrinter } from '@tabler/icons-react'
import { addDays, isCalendarDate } from '#common/timing/zone.ts'
import type { ReportKind } from '#contract/reports.ts'
import { currentLanguage, useT } from '../../i18n/index.ts'
import { broadcastDateOf } from '../../i18n/formats.ts'
import { EmptyNote, PageHeader, Panel } from '../../ui/index.ts'
import { registerActions } from '../../app/actions/index.ts'
import { errorTextOf, showError } from '../../app/errors/index.ts'
import { useMay, useStationQuery } from '../../app/station-client/index.ts'
import { reportsActions, turnDays } from './actions.ts'
import { AuditPanel } from './audit-panel.tsx'
import { BookPanel } from './book-panel.tsx'
import { kindOf, reportViews, showReports, useReports } from './reports-store.ts'
import { saveReport } from './save-report.ts'
import './reports.css'

const MOST_DAYS = 92

/** The books of the station: what was on air, how it kept to the plan, the quotas; and the audit chain behind all of it. */
export function ReportsPage() {
  const t = useT()
  const view = useReports((state) => state.view)
  const fromDate = useReports((state) => state.fromDate)
  const toDate = useReports((state) => state.toDate)
  const saving = useReports((state) => state.saving)
  const mayAudit = useMay('approver')
  useEffect(() => registerActions(reportsActions), [])
  const kind = kindOf(view)
  const isRange = fromDate <= toDate && toDate <= addDays(fromDate, MOST_DAYS - 1)
  const save = (format: 'xlsx' | 'csv'): void => void saveReport(format).catch(showError)
  return (
    <div className="page" data-testid="reports-page">
      <PageHeader title={t('reports.title')} aside={kind !== null && <>
        <Button leftSection={<IconFileSpreadsheet size={15} aria-hidden />} loading={saving} disabled={!isRange} onClick={() => save('xlsx')} data-testid="report-save-xlsx">{t('reports.saveXlsx')}</Button>
        <Button variant="default" leftSection={<IconFileText size={15} aria-hidden />} disabled={saving || !isRange} onClick={() => save('csv')} data-testid="report-save-csv">{t('reports.saveCsv')}</Button>
        <Button variant="default" leftSection={<IconPrinter size={15} aria-hidden />} disabled={!isRange} onClick={() => window.print()} data-testid="report-print">{t('reports.print')}</Button>
      </>}>
        <SegmentedControl size="xs" aria-label={t('reports.kindLabel')} value={view} onChange={(value) => showReports({ view: reportViews.find((one) => one === value) ?? 'asRun' })} data-testid="report-kinds"
          data={[...(['asRun', 'reconciliation', 'quota'] as const).map((value) => ({ value, label: t(`reports.kinds.${value}`) })), ...(mayAudit ? [{ value: 'audit', label: t('reports.audit.title') }] : [])]} />
      </PageHeader>
      {kind === null ? <AuditPanel /> : <>
        <Period fromDate={fromDate} toDate={toDate} />
        {isRange ? <Book kind={kind} fromDate={fromDate} toDate={toDate} /> : <Panel className="grow"><EmptyNote>{t('reports.wrongRange')}</EmptyNote></Panel>}
      </>}
    </div>
  )
}

function Book(props: { kind: ReportKind; fromDate: string; toDate: string }) {
  const t = useT()
  const { data, error } = useStationQuery('reports.preview', { ...props, language: currentLanguage() }, { events: ['air.asRun', 'log.changed', 'planning.changed'] })
  if (error !== null) return <Panel className="grow"><EmptyNote>{errorTextOf(error).happened} {errorTextOf(error).todo}</EmptyNote></Panel>
  return data === undefined ? <Panel className="grow"><EmptyNote>{t('app.loading')}</EmptyNote></Panel> : <BookPanel view={data} isOneDay={props.fromDate === props.toDate} />
}

function Period(props: { fromDate: string; toDate: string }) {
  const t = useT()
  const { fromDate, toDate } = props
  const today = broadcastDateOf(Date.now())
  return (
    <div className="report-period">
      <ActionIcon variant="default" aria-label={t('reports.actions.previousDay')} onClick={() => turnDays(-1)} data-testid="report-previous"><IconChevronLeft size={16} aria-hidden /></ActionIcon>
      <label>{t('reports.from')} <TextInput type="date" aria-label={t('reports.from')} value={fromDate} onChange={(event) => isCalendarDate(event.currentTarget.value) && showReports({ fromDate: event.currentTarget.value })} data-testid="report-from" /></label>
      <label>{t('reports.to')} <TextInput type="date" aria-label={t('reports.to')} value={toDate} onChange={(event) => isCalendarDate(event.currentTarget.value) && showReports({ toDate: event.currentTarget.value })} data-testid="report-to" /></label>
      <ActionIcon variant="default" aria-label={t('reports.actions.nextDay')} onClick={() => turnDays(1)} data-testid="report-next"><IconChevronRight size={16} aria-hidden /></ActionIcon>
      <Button variant="default" disabled={fromDate === today && toDate === today} onClick={() => showReports({ fromDate: today, toDate: today })}>{t('reports.today')}</Button>
      <Button variant="default" onClick={() => showReports({ fromDate: `${today.slice(0, 8)}01`, toDate: today })} data-testid="report-month">{t('reports.thisMonth')}</Button>
    </div>
  )
}
