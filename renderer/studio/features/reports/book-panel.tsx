import { Fragment } from 'react'
import { Table } from '@mantine/core'
import type { ReportView } from '#contract/reports.ts'
import { useT } from '../../i18n/index.ts'
import { EmptyNote, Panel, StateBadge } from '../../ui/index.ts'

/** Where the state of a row is told in words: the badge goes there. */
const tellingColumns = ['stop', 'outcome', 'verdict']

/** A book as its file will be: the same columns, the same words. On paper it stands alone. */
export function BookPanel(props: { view: ReportView; isOneDay: boolean }) {
  const t = useT()
  const { view } = props
  // The day of a single day stands above the table.
  const shown = view.columns.flatMap(({ key }, at) => (key === 'date' && props.isOneDay ? [] : [at]))
  const telling = view.columns.findIndex(({ key }) => tellingColumns.includes(key))
  return (
    <Panel title={t('reports.rows', { title: view.title, count: view.rows.length + view.left })} aside={<span className="dim">{view.period}</span>} flush scrolls className="grow report-book" label={view.title} data-testid="report">
      <div className="report-paper-head" aria-hidden data-testid="report-paper-head"><strong>{view.title}</strong><span>{view.period}</span></div>
      {view.rows.length === 0 ? <EmptyNote>{t('reports.none')}</EmptyNote> : (
        <Table stickyHeader horizontalSpacing={6} className="report-table" aria-label={view.title}>
          <Table.Thead><Table.Tr>{shown.map((at) => <Table.Th key={at} className={view.columns[at]?.isNumber === true ? 'number' : undefined}>{view.columns[at]?.heading}</Table.Th>)}</Table.Tr></Table.Thead>
          <Table.Tbody>
            {view.rows.map((row, index) => (
              <Table.Tr key={index} data-testid="report-row" data-tone={row.tone}>
                {shown.map((at) => (
                  <Table.Td key={at} className={`${view.columns[at]?.isNumber === true ? 'number' : ''} ${view.columns[at]?.key === 'title' ? 'report-title' : ''}`}>{at === telling && row.tone !== null ? <StateBadge tone={row.tone}>{row.cells[at]}</StateBadge> : row.cells[at]}</Table.Td>
                ))}
              </Table.Tr>
            ))}
          </Table.Tbody>
        </Table>
      )}
      {view.left > 0 && <p className="report-note">{t('reports.left', { count: view.left })}</p>}
      <p className="report-note" data-testid="report-sums">{view.sums.map((sum, index) => <Fragment key={sum}>{index > 0 && <br />}{sum}</Fragment>)}</p>
      <div className="report-signs" aria-hidden><span>{t('reports.sign.maker')}</span><span>{t('reports.sign.leader')}</span></div>
    </Panel>
  )
}
