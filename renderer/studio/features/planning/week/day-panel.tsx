import { useEffect, useRef } from 'react'
import { Button, Group, Select } from '@mantine/core'
import { useT } from '../../../i18n/index.ts'
import { broadcastDateText, lengthText, secondsText } from '../../../i18n/formats.ts'
import { Panel, StateBadge } from '../../../ui/index.ts'
import { showError } from '../../../app/errors/index.ts'
import { useNavigate } from '../../../app/navigation/index.ts'
import { setTemplate } from '../changes.ts'
import { useParts, usePlan } from '../plan-context.ts'
import { cellsBetween, planDesk, showPlanning, usePlanning } from '../planning-store.ts'
import { clockOfDay, weekdayNames } from '../texts.ts'

/** A day of the week: its template for every such weekday, and what this date has. */
export function DayPanel(props: { weekday: number }) {
  const t = useT()
  const go = useNavigate()
  const { week, mayWrite } = usePlan()
  const gridUnitId = usePlanning((state) => state.gridUnitId)
  const anchor = usePlanning((state) => state.anchor)
  const focus = usePlanning((state) => state.focus)
  const templates = useParts('template')
  const grid = useParts('grid').find(({ content }) => content.unitId === gridUnitId)?.content
  const select = useRef<HTMLInputElement>(null)
  useEffect(() => {
    planDesk.focusChoices = () => select.current?.focus()
    return () => {
      planDesk.focusChoices = null
    }
  }, [])
  const day = week.days[props.weekday - 1]
  if (day === undefined) return null
  const weekdays = [...new Set(cellsBetween(anchor, focus).map(({ weekday }) => weekday))]
  const names = weekdays.map((weekday) => weekdayNames(t)[weekday - 1] ?? '').join(', ')
  const isOver = day.date < week.today
  return (
    <Panel title={`${weekdayNames(t)[props.weekday - 1]} ${broadcastDateText(day.date)}`} data-testid="plan-day-panel">
      <div className="plan-facts">
        <Select ref={select} label={t('planning.day.template', { weekday: names })} disabled={!mayWrite} allowDeselect={false} value={grid?.days[props.weekday - 1] ?? 'none'} data-testid="plan-day-template"
          data={[{ value: 'none', label: t('planning.day.noTemplate') }, ...templates.map(({ id, content }) => ({ value: id, label: content.title }))]} onChange={(value) => void setTemplate(weekdays, value === null || value === 'none' ? null : value).catch(showError)} />
        {day.exceptions.map(({ id, title, kind }) => <StateBadge key={id} tone={kind === 'mourning' || kind === 'storm' ? 'warn' : 'info'}>{t(`planning.exceptions.kinds.${kind}`)}: {title}</StateBadge>)}
        <span className="dim">{t('planning.day.sum', { generated: day.generated, manual: day.manual })}</span>
        {day.silent > 0 && <StateBadge tone="bad">{t('planning.day.silent', { count: day.silent })}</StateBadge>}
        {day.sessions.length === 0 ? <span className="dim">{t('planning.day.noSessions')}</span> : (
          <ul className="plan-sessions" aria-label={t('planning.day.sessions')}>
            {day.sessions.map((session) => (
              <li key={session.key}><strong>{clockOfDay(session.startsAtSec)}</strong> {session.title} <span className="dim">{session.clockTitle} · {secondsText((session.endAt - session.startAt) / 1000)} · {t('planning.cell.lines', { count: session.lines, length: lengthText(session.coveredSamples) })}</span></li>
            ))}
          </ul>
        )}
        <Group gap={6}>
          {mayWrite && <Button disabled={isOver} onClick={() => showPlanning({ dialog: 'generate', generateDate: day.date })} title={isOver ? t('planning.day.past') : undefined} data-testid="plan-day-generate">{t('planning.day.generate')}</Button>}
          <Button variant="default" onClick={() => go('log', { date: day.date })} data-testid="plan-day-log">{t('planning.day.openLog')}</Button>
        </Group>
      </div>
    </Panel>
  )
}
