import { useEffect } from 'react'
import { ActionIcon, Button, TextInput } from '@mantine/core'
import { IconChevronLeft, IconChevronRight } from '@tabler/icons-react'
import { addDays, isCalendarDate } from '#common/timing/zone.ts'
import { useT } from '../../i18n/index.ts'
import { broadcastDateOf, lengthText } from '../../i18n/formats.ts'
import { EmptyNote, PageHeader, Panel, StateBadge } from '../../ui/index.ts'
import { registerActions } from '../../app/actions/index.ts'
import { errorTextOf } from '../../app/errors/index.ts'
import { useNavigation } from '../../app/navigation/index.ts'
import { useMay, useStationQuery } from '../../app/station-client/index.ts'
import { QuotaChips } from '../planning/index.ts'
import { logActions } from './actions.ts'
import { AddDialogs } from './add-dialogs.tsx'
import { AddPanel } from './add-panel.tsx'
import { DayBar } from './day-bar.tsx'
import { readDay } from './read-day.ts'
import { factsOf } from './day-facts.ts'
import { LinePanel } from './line-panel.tsx'
import { LineTable } from './line-table.tsx'
import { ReplaceDialog } from './replace-dialog.tsx'
import { useWantedDate } from './wanted-date.ts'
import { showLog, useLogView } from './log-store.ts'
import './log.css'

/** A broadcast day: its lines with their planned times, and what becomes of them. */
export function LogPage() {
  const t = useT()
  const date = useLogView((view) => view.date)
  const mayWrite = useMay('scheduler')
  const wantedItem = useNavigation((navigation) => navigation.params['itemId'])
  useWantedDate()
  const query = useStationQuery('log.day', { broadcastDate: date }, { events: ['log.changed', 'air.asRun', 'library.changed'], read: () => readDay(date) })
  const day = query.data ?? null
  useEffect(() => registerActions(logActions), [])
  useEffect(() => {
    showLog({ day })
  }, [day])
  const failure = query.error === null ? null : errorTextOf(query.error)
  return (
    <div className="page" data-testid="log-page">
      <PageHeader title={t('log.title')} aside={<><QuotaChips date={date} />{day !== null && <DaySummary />}</>}>
        <DayPicker date={date} />
      </PageHeader>
      {day !== null && <DayBar day={day} mayWrite={mayWrite} />}
      <div className="log-body">
        <Panel flush label={t('log.lines')}>
          {failure !== null ? <EmptyNote>{failure.happened} {failure.todo}</EmptyNote>
            : day === null ? <EmptyNote>{t('app.loading')}</EmptyNote>
              : day.lines.length === 0 && day.slots.length === 0 ? <EmptyNote>{t(mayWrite ? 'log.emptyWriter' : 'log.empty')}</EmptyNote>
                : <LineTable day={day} mayWrite={mayWrite} />}
        </Panel>
        <div className="log-side">
          <LinePanel day={day} mayWrite={mayWrite} />
          {mayWrite && <AddPanel day={day} wantedItem={wantedItem ?? null} />}
        </div>
      </div>
      {day !== null && mayWrite && <AddDialogs day={day} />}
      {mayWrite && <ReplaceDialog />}
    </div>
  )
}

function DayPicker(props: { date: string }) {
  const t = useT()
  const turn = (days: number): void => showLog({ date: addDays(props.date, days), selectedId: null })
  const today = broadcastDateOf(Date.now())
  return (
    <>
      <ActionIcon variant="default" aria-label={t('log.actions.previousDay')} onClick={() => turn(-1)} data-testid="log-previous"><IconChevronLeft size={16} /></ActionIcon>
      <TextInput type="date" aria-label={t('log.date')} value={props.date} data-testid="log-date" onChange={(event) => isCalendarDate(event.currentTarget.value) && showLog({ date: event.currentTarget.value, selectedId: null })} />
      <ActionIcon variant="default" aria-label={t('log.actions.nextDay')} onClick={() => turn(1)} data-testid="log-next"><IconChevronRight size={16} /></ActionIcon>
      <Button variant="default" disabled={props.date === today} onClick={() => showLog({ date: today, selectedId: null })}>{t('log.actions.today')}</Button>
    </>
  )
}

function DaySummary() {
  const t = useT()
  const day = useLogView((view) => view.day)
  if (day === null) return null
  const { lines, lengthSamples, problems } = factsOf(day)
  return (
    <>
      <span className="dim" data-testid="log-summary">{t('log.summary', { lines, length: lengthText(lengthSamples) })}</span>
      {lines > 0 && <StateBadge tone={problems === 0 ? 'ok' : 'warn'} data-testid="log-problems">{problems === 0 ? t('log.noProblems') : t('log.problems', { count: problems })}</StateBadge>}
    </>
  )
}
