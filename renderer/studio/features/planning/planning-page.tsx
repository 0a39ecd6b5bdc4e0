import { useEffect } from 'react'
import { ActionIcon, Button, Tabs } from '@mantine/core'
import { IconArrowBackUp, IconCalendarPlus, IconChevronLeft, IconChevronRight, IconCopy } from '@tabler/icons-react'
import { addDays } from '#common/timing/zone.ts'
import { mondayOf } from '#common/planning/index.ts'
import { useT } from '../../i18n/index.ts'
import { broadcastDateOf, broadcastDateText } from '../../i18n/formats.ts'
import { EmptyNote, PageHeader, Panel, StateBadge } from '../../ui/index.ts'
import { registerActions } from '../../app/actions/index.ts'
import { errorTextOf, showError } from '../../app/errors/index.ts'
import { useMay, useStationQuery } from '../../app/station-client/index.ts'
import { planningActions } from './actions.ts'
import { undoStep } from './changes.ts'
import { ClocksView } from './parts/clocks-view.tsx'
import { ColumnsView } from './parts/columns-view.tsx'
import { ExceptionsView } from './parts/exceptions-view.tsx'
import { RulesView } from './parts/rules-view.tsx'
import { GenerateDialog } from './generator/generate-dialog.tsx'
import { planDesk, planViews, showPlanning, usePlanning } from './planning-store.ts'
import { PlanContext } from './plan-context.ts'
import { WeekView } from './week/week-view.tsx'
import './planning.css'

/** The plan behind the log: what is laid where in a week, and what days come of it. */
export function PlanningPage() {
  const t = useT()
  const view = usePlanning((state) => state.view)
  const monday = usePlanning((state) => state.monday)
  const said = usePlanning((state) => state.said)
  const steps = usePlanning((state) => state.steps)
  const mayWrite = useMay('scheduler')
  const mayRule = useMay('approver')
  const parts = useStationQuery('planning.parts', {}, { events: ['planning.changed'] })
  const week = useStationQuery('planning.week', { monday }, { events: ['planning.changed', 'log.changed', 'library.changed', 'planning.drafted', 'air.asRun', 'settings.changed'] })
  const fleet = useStationQuery('devices.fleet', {}, { events: ['devices.unitsChanged'] })
  planDesk.parts = parts.data?.parts ?? planDesk.parts
  useEffect(() => registerActions(planningActions), [])
  const failure = parts.error ?? week.error
  const missing = (week.data?.columns ?? []).filter((column) => column.missing > 0).length
  return (
    <div className="page" data-testid="planning-page">
      <PageHeader title={t('planning.title')} aside={<>
        {week.data !== undefined && <StateBadge tone={missing === 0 ? 'ok' : 'warn'} data-testid="planning-missing-badge">{missing === 0 ? t('planning.missing.complete') : t('planning.missing.count', { count: missing })}</StateBadge>}
        {mayWrite && <Button variant="default" leftSection={<IconArrowBackUp size={15} aria-hidden />} disabled={steps.length === 0} onClick={() => void undoStep().catch(showError)} data-testid="planning-undo">{t('planning.undo')}</Button>}
        {mayWrite && <Button variant="default" leftSection={<IconCopy size={15} aria-hidden />} onClick={() => showPlanning({ dialog: 'copy' })} data-testid="planning-copy">{t('planning.copy')}</Button>}
        {mayWrite && <Button leftSection={<IconCalendarPlus size={15} aria-hidden />} onClick={() => showPlanning({ dialog: 'generate', generateDate: null })} data-testid="planning-generate">{t('planning.generate')}</Button>}
      </>}>
        <WeekPicker monday={monday} />
      </PageHeader>
      <Tabs value={view} onChange={(value) => showPlanning({ view: planViews.find((one) => one === value) ?? 'week' })} keepMounted={false} className="planning-tabs">
        <Tabs.List aria-label={t('planning.viewsLabel')}>
          {planViews.map((one) => <Tabs.Tab key={one} value={one} data-testid={`planning-view-${one}`}>{t(`planning.views.${one}`)}</Tabs.Tab>)}
        </Tabs.List>
        {failure !== null ? <Panel className="grow"><EmptyNote>{errorTextOf(failure).happened} {errorTextOf(failure).todo}</EmptyNote></Panel>
          : parts.data === undefined || week.data === undefined ? <Panel className="grow"><EmptyNote>{t('app.loading')}</EmptyNote></Panel> : (
            <PlanContext.Provider value={{ parts: parts.data.parts, week: week.data, units: fleet.data?.units ?? [], mayWrite, mayRule }}>
              {planViews.map((one) => (
                <Tabs.Panel key={one} value={one} className="planning-view">
                  {one === 'week' ? <WeekView /> : one === 'clocks' ? <ClocksView /> : one === 'columns' ? <ColumnsView /> : one === 'exceptions' ? <ExceptionsView /> : <RulesView />}
                </Tabs.Panel>
              ))}
              <GenerateDialog />
            </PlanContext.Provider>
          )}
      </Tabs>
      <div className="visually-hidden" role="status" aria-live="polite" data-testid="planning-said">{said}</div>
    </div>
  )
}

function WeekPicker(props: { monday: string }) {
  const t = useT()
  const now = mondayOf(broadcastDateOf(Date.now()))
  return (
    <>
      <ActionIcon variant="default" aria-label={t('planning.actions.previousWeek')} onClick={() => showPlanning({ monday: addDays(props.monday, -7) })} data-testid="planning-previous"><IconChevronLeft size={16} /></ActionIcon>
      <span className="planning-week" data-testid="planning-week">{t('planning.weekOf', { from: broadcastDateText(props.monday), to: broadcastDateText(addDays(props.monday, 6)) })}</span>
      <ActionIcon variant="default" aria-label={t('planning.actions.nextWeek')} onClick={() => showPlanning({ monday: addDays(props.monday, 7) })} data-testid="planning-next"><IconChevronRight size={16} /></ActionIcon>
      <Button variant="default" disabled={props.monday === now} onClick={() => showPlanning({ monday: now })}>{t('planning.actions.thisWeek')}</Button>
    </>
  )
}
