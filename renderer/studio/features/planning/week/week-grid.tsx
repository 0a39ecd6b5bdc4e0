import { useEffect, useRef, type KeyboardEvent, type PointerEvent } from 'react'
import { IconAlertTriangle, IconCircleCheck, IconCircleDashed, IconDiamond, IconFlag, IconX } from '@tabler/icons-react'
import type { WeekDay, WeekSession } from '#contract/planning.ts'
import { useT } from '../../../i18n/index.ts'
import { usePlan, useParts } from '../plan-context.ts'
import { cellsBetween, planDesk, showPlanning, usePlanning } from '../planning-store.ts'
import type { Cell } from '../planning-store.ts'
import { clockOfDay, weekdayNames, weekdayShorts } from '../texts.ts'

const HOURS = Array.from({ length: 24 }, (_, hour) => hour)
const idOf = ({ weekday, hour }: Cell): string => `plan-${weekday}-${hour}`

/** 168 hours: arrows walk, Shift chooses several, the mouse drags over them; the row of days is above the hours. */
export function WeekGrid() {
  const t = useT()
  const { week } = usePlan()
  const gridUnitId = usePlanning((state) => state.gridUnitId)
  const anchor = usePlanning((state) => state.anchor)
  const focus = usePlanning((state) => state.focus)
  const grids = useParts('grid')
  const templates = useParts('template')
  const clocks = useParts('clock')
  const root = useRef<HTMLDivElement>(null)
  const grid = grids.find(({ content }) => content.unitId === gridUnitId)?.content
  const chosen = new Set(cellsBetween(anchor, focus).map(idOf))
  useEffect(() => {
    planDesk.focusGrid = () => root.current?.focus()
    return () => {
      planDesk.focusGrid = null
    }
  }, [])
  useEffect(() => {
    root.current?.querySelector(`#${idOf(focus)}`)?.scrollIntoView({ block: 'nearest' })
  }, [focus])
  const walk = (event: KeyboardEvent): void => {
    if (event.ctrlKey || event.altKey || event.metaKey) return
    const steps: Readonly<Record<string, Cell>> = {
      ArrowUp: { weekday: focus.weekday, hour: focus.hour - 1 }, ArrowDown: { weekday: focus.weekday, hour: focus.hour + 1 }, ArrowLeft: { weekday: focus.weekday - 1, hour: focus.hour }, ArrowRight: { weekday: focus.weekday + 1, hour: focus.hour },
      Home: { weekday: focus.weekday, hour: -1 }, End: { weekday: focus.weekday, hour: 23 }, PageUp: { weekday: focus.weekday, hour: focus.hour - 6 }, PageDown: { weekday: focus.weekday, hour: focus.hour + 6 },
    }
    const wanted = steps[event.code]
    if (wanted === undefined) return
    event.preventDefault()
    const next = { weekday: Math.min(7, Math.max(1, wanted.weekday)), hour: Math.min(23, Math.max(-1, wanted.hour)) }
    showPlanning(event.shiftKey ? { focus: next } : { anchor: next, focus: next })
  }
  const choose = (event: PointerEvent, cell: Cell): void => showPlanning(event.shiftKey ? { focus: cell } : { anchor: cell, focus: cell })
  const drag = (event: PointerEvent, cell: Cell): void => {
    if ((event.buttons & 1) === 1) showPlanning({ focus: cell })
  }
  return (
    <div ref={root} className="plan-grid" role="grid" aria-label={t('planning.grid.label')} aria-multiselectable aria-rowcount={25} aria-colcount={8} tabIndex={0} aria-activedescendant={idOf(focus)} onKeyDown={walk} data-testid="plan-grid">
      <div role="row" className="plan-row plan-head">
        <div role="columnheader" className="plan-hour">{t('planning.grid.hour')}</div>
        {week.days.map((day, index) => {
          const cell = { weekday: index + 1, hour: -1 }
          const template = templates.find(({ id }) => id === grid?.days[index])?.content.title ?? t('planning.grid.noTemplate')
          const lines = day.generated + day.manual
          return (
            <div key={day.date} id={idOf(cell)} role="columnheader" className="plan-day" aria-selected={chosen.has(idOf(cell))} data-focus={focus.hour === -1 && focus.weekday === cell.weekday} data-today={day.date === week.today} data-testid={`plan-day-${index + 1}`}
              aria-label={t('planning.grid.head', { day: weekdayNames(t)[index] ?? '', date: dayMonth(day.date), template, lines })} onPointerDown={(event) => choose(event, cell)} onPointerEnter={(event) => drag(event, cell)}>
              <strong>{weekdayShorts(t)[index]} {dayMonth(day.date)}</strong>
              <span className="plan-template">{template}</span>
              <span className="plan-lines">{day.exceptions.length > 0 && <span title={day.exceptions.map(({ title }) => title).join(', ')}><IconFlag size={12} aria-hidden /> {day.exceptions[0]?.title}</span>}{day.exceptions.length === 0 && <><MeterShape day={day} /> {t('planning.grid.lines', { count: lines })}</>}</span>
            </div>
          )
        })}
      </div>
      {HOURS.map((hour) => (
        <div key={hour} role="row" className="plan-row">
          <div role="rowheader" className="plan-hour">{String(hour).padStart(2, '0')}</div>
          {week.days.map((day, index) => {
            const cell = { weekday: index + 1, hour }
            const own = grid?.cells.find((one) => one.weekday === cell.weekday && one.hour === hour)
            const sessions = day.sessions.filter((session) => session.unitId === gridUnitId)
            const here = sessions.filter(({ startsAtSec }) => Math.floor(startsAtSec / 3600) === hour)
            const running = here.length === 0 && sessions.some(({ startsAtSec, startAt, endAt }) => startsAtSec < hour * 3600 && startsAtSec + (endAt - startAt) / 1000 > hour * 3600)
            const clock = own?.clockId == null ? null : (clocks.find(({ id }) => id === own.clockId)?.content.title ?? '')
            const what = own !== undefined && own.clockId === null ? t('planning.grid.closed') : here.length === 0 ? t('planning.grid.empty') : here.map((session) => `${clockOfDay(session.startsAtSec)} ${session.title}, ${t(`planning.grid.states.${stateOf(session)}`)}`).join('; ')
            return (
              <div key={day.date} id={idOf(cell)} role="gridcell" className="plan-cell" aria-selected={chosen.has(idOf(cell))} data-focus={focus.hour === hour && focus.weekday === cell.weekday} data-kind={own === undefined ? (running ? 'running' : here.length > 0 ? 'session' : 'empty') : own.clockId === null ? 'closed' : 'own'} data-testid={`plan-cell-${cell.weekday}-${hour}`}
                aria-label={t('planning.grid.cell', { day: weekdayNames(t)[index] ?? '', hour, what: clock === null ? what : `${what}, ${t('planning.grid.override', { clock })}` })} onPointerDown={(event) => choose(event, cell)} onPointerEnter={(event) => drag(event, cell)}>
                {own !== undefined && own.clockId === null ? <span className="plan-closed"><IconX size={12} aria-hidden /> {t('planning.grid.closed')}</span> : <Sessions sessions={here} clock={clock} />}
              </div>
            )
          })}
        </div>
      ))}
    </div>
  )
}

function Sessions(props: { sessions: readonly WeekSession[]; clock: string | null }) {
  const t = useT()
  const [first, ...more] = props.sessions
  if (first === undefined) return null
  const state = stateOf(first)
  const Shape = { none: IconCircleDashed, part: IconAlertTriangle, full: IconCircleCheck }[state]
  return (
    <span className={`plan-session ${state}`} title={`${clockOfDay(first.startsAtSec)} ${first.title} · ${first.clockTitle} · ${t(`planning.grid.states.${state}`)}`}>
      {props.clock !== null && <IconDiamond size={11} aria-hidden />}
      <span className="plan-time">{clockOfDay(first.startsAtSec)}</span>
      <span className="plan-name">{props.clock ?? first.title}</span>
      {more.length > 0 && <span>{t('planning.grid.more', { count: more.length })}</span>}
      <Shape size={12} aria-hidden />
    </span>
  )
}

function MeterShape(props: { day: WeekDay }) {
  const t = useT()
  const failed = props.day.meter.measures.filter(({ state }) => state === 'fail').length
  if (props.day.meter.measures.every(({ state }) => state === 'noData')) return null
  return failed === 0 ? <IconCircleCheck size={12} className="ok" aria-label={`${t('planning.quota.title')}: ${t('planning.quota.chipGood')}`} /> : <IconAlertTriangle size={12} className="warn" aria-label={`${t('planning.quota.title')}: ${t('planning.quota.chip', { count: failed })}`} />
}

/** None, part or all of a session is covered by lines that may sound; a second of tolerance. */
function stateOf({ lines, coveredSamples, startAt, endAt, mayClose }: WeekSession): 'none' | 'part' | 'full' {
  if (lines === 0) return 'none'
  return coveredSamples > 0 && (mayClose || coveredSamples / 48 >= endAt - startAt - 1000) ? 'full' : 'part'
}
/** 16/11 */
const dayMonth = (date: string): string => date.slice(5).split('-').reverse().join('/')
