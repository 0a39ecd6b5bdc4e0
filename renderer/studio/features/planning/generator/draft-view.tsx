import { useState } from 'react'
import { Button, Group, Table } from '@mantine/core'
import { countBySeverity } from '#common/planning/index.ts'
import type { DraftDay, PlanDraft } from '#contract/planning.ts'
import { translateCode, useT } from '../../../i18n/index.ts'
import { broadcastDateText, clockText, lengthText } from '../../../i18n/formats.ts'
import { Panel, StateBadge, type Tone } from '../../../ui/index.ts'
import { showDone, showError } from '../../../app/errors/index.ts'
import { call } from '../../../app/station-client/index.ts'
import { useUnitName, usePlan } from '../plan-context.ts'
import { showPlanning } from '../planning-store.ts'
import { QuotaMeter } from '../quota-meter.tsx'
import { useFindingText } from '../texts.ts'

const tones = { bad: 'bad', warn: 'warn', info: 'info' } as const satisfies Record<string, Tone>

/** Days as they would be: the exception report first, then the lines; applied as a whole, taken back as a whole. */
export function DraftView(props: { draft: PlanDraft; onChange: (draft: PlanDraft) => void }) {
  const t = useT()
  const { mayWrite } = usePlan()
  const { draft } = props
  const [date, setDate] = useState(draft.days[0]?.date ?? '')
  const [busy, setBusy] = useState(false)
  const day = draft.days.find((one) => one.date === date) ?? draft.days[0]
  const change = async (run: () => Promise<PlanDraft>, done: (draft: PlanDraft) => string): Promise<void> => {
    setBusy(true)
    try {
      const next = await run()
      props.onChange(next)
      showDone(done(next))
      showPlanning({ said: done(next) })
    } catch (error) {
      showError(error)
    } finally {
      setBusy(false)
    }
  }
  const applied = ({ days }: PlanDraft): string => t('planning.generator.applied', { added: sumOf(days, 'added'), changed: sumOf(days, 'changed'), removed: sumOf(days, 'removed') })
  if (day === undefined) return null
  const kept = sumOf(draft.days, 'kept')
  const refused = draft.days.flatMap(({ outcome }) => outcome?.refused ?? [])
  return (
    <div className="draft" data-testid="draft" data-state={draft.state}>
      <div className="draft-body">
        <nav className="draft-days" aria-label={t('planning.generator.days')}>
          {draft.days.map((one) => <DayButton key={one.date} day={one} isChosen={one.date === day.date} onChoose={() => setDate(one.date)} />)}
        </nav>
        <Report key={day.date} day={day} />
        <Panel scrolls label={t('planning.quota.title')}><QuotaMeter meter={day.meter} /></Panel>
      </div>
      <Group justify="space-between" mt={8}>
        <span className="dim" data-testid="draft-outcome">
          {draft.state === 'applied' ? [applied(draft), ...(kept > 0 ? [t('planning.generator.keptLines', { count: kept })] : []), ...(refused.length > 0 ? [t('planning.generator.refused', { titles: refused.slice(0, 5).map(({ title, code }) => `${title} (${translateCode(`errors.${code}.happened`) ?? code})`).join('; ') })] : [])].join(' ')
            : t('planning.generator.before', { kept: day.before.kept, generated: day.before.generated })}
        </span>
        {mayWrite && (draft.state === 'applied'
          ? <Button variant="default" loading={busy} onClick={() => void change(() => call('planning.undo', { draftId: draft.id }), () => t('planning.generator.undone'))} data-testid="draft-undo">{t('planning.generator.undo')}</Button>
          : <Button loading={busy} onClick={() => void change(() => call('planning.apply', { draftId: draft.id }), applied)} data-testid="draft-apply">{t('planning.generator.apply')}</Button>)}
      </Group>
    </div>
  )
}

const sumOf = (days: readonly DraftDay[], what: 'added' | 'changed' | 'removed' | 'kept'): number => days.reduce((total, { outcome }) => total + (outcome?.[what] ?? 0), 0)

function DayButton(props: { day: DraftDay; isChosen: boolean; onChoose: () => void }) {
  const t = useT()
  const { day } = props
  const counts = countBySeverity(day.findings)
  const worst = counts.bad > 0 ? 'bad' : counts.warn > 0 ? 'warn' : 'ok'
  return (
    <button type="button" className="draft-day" aria-current={props.isChosen} onClick={props.onChoose} data-testid="draft-day"
      aria-label={t('planning.generator.dayLabel', { date: broadcastDateText(day.date), lines: day.lines.length, counts: t('planning.generator.counts', counts) })}>
      <span>{broadcastDateText(day.date)}</span>
      <StateBadge tone={worst}>{counts.bad + counts.warn === 0 ? String(day.lines.length) : String(counts.bad + counts.warn)}</StateBadge>
    </button>
  )
}

function Report(props: { day: DraftDay }) {
  const t = useT()
  const textOf = useFindingText(useUnitName())
  const { findings, lines } = props.day
  return (
    <Panel scrolls flush className="draft-report" label={t('planning.generator.report')}>
      <h3>{t('planning.generator.report')} <span className="dim" data-testid="draft-counts">{t('planning.generator.counts', countBySeverity(findings))}</span></h3>
      {findings.length === 0 ? <StateBadge tone="ok">{t('planning.generator.noFindings')}</StateBadge> : (
        <Table aria-label={t('planning.generator.report')} data-testid="draft-findings">
          <Table.Thead><Table.Tr>{(['severity', 'time', 'session', 'what'] as const).map((column) => <Table.Th key={column}>{t(`planning.generator.columns.${column}`)}</Table.Th>)}</Table.Tr></Table.Thead>
          <Table.Tbody>
            {findings.map((finding, index) => (
              <Table.Tr key={index} data-testid="finding" data-kind={finding.kind} data-severity={finding.severity}>
                <Table.Td><StateBadge tone={tones[finding.severity]}>{t(`planning.generator.severity.${finding.severity}`)}</StateBadge></Table.Td>
                <Table.Td>{finding.at === null ? '' : clockText(finding.at)}</Table.Td><Table.Td>{finding.session}</Table.Td><Table.Td>{textOf(finding)}</Table.Td>
              </Table.Tr>
            ))}
          </Table.Tbody>
        </Table>
      )}
      <h3>{t('planning.generator.lines')}</h3>
      {lines.length === 0 ? <span className="dim">{t('planning.generator.noLines')}</span> : (
        <Table aria-label={t('planning.generator.lines')} data-testid="draft-lines">
          <Table.Thead><Table.Tr>{(['time', 'title', 'length', 'from'] as const).map((column) => <Table.Th key={column}>{t(`planning.generator.columns.${column}`)}</Table.Th>)}</Table.Tr></Table.Thead>
          <Table.Tbody>
            {lines.map((line) => (
              <Table.Tr key={line.key} data-testid="draft-line">
                <Table.Td>{clockText(line.startAt)}</Table.Td><Table.Td>{line.title}</Table.Td><Table.Td>{lengthText(line.lengthSamples)}</Table.Td><Table.Td className="dim">{t(`planning.generator.froms.${line.from}`)}{line.timed ? `, ${t('planning.generator.timed')}` : ''}</Table.Td>
              </Table.Tr>
            ))}
          </Table.Tbody>
        </Table>
      )}
    </Panel>
  )
}
