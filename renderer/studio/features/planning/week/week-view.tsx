import { useState } from 'react'
import { SegmentedControl, Select } from '@mantine/core'
import { addDays } from '#common/timing/zone.ts'
import { useT } from '../../../i18n/index.ts'
import { Panel } from '../../../ui/index.ts'
import { useStationQuery } from '../../../app/station-client/index.ts'
import { usePlan, useParts } from '../plan-context.ts'
import { showPlanning, usePlanning } from '../planning-store.ts'
import { QuotaMeter } from '../quota-meter.tsx'
import { CellPanel } from './cell-panel.tsx'
import { DayPanel } from './day-panel.tsx'
import { MissingPanel } from './missing-panel.tsx'
import { WeekGrid } from './week-grid.tsx'

export function WeekView() {
  const focus = usePlanning((state) => state.focus)
  return (
    <div className="planning-body">
      <Panel flush title={<GridPicker />} className="grow"><WeekGrid /></Panel>
      <div className="planning-side">
        {focus.hour < 0 ? <DayPanel weekday={focus.weekday} /> : <CellPanel />}
        <MeterPanel />
        <MissingPanel />
      </div>
    </div>
  )
}

/** The station's grid, or that of a unit that has its own. */
function GridPicker() {
  const t = useT()
  const { units } = usePlan()
  const gridUnitId = usePlanning((state) => state.gridUnitId)
  const grids = useParts('grid')
  const [all, setAll] = useState(false)
  const own = units.filter(({ id }) => all || id === gridUnitId || grids.some(({ content }) => content.unitId === id && (content.cells.length > 0 || content.days.some((day) => day !== null))))
  return (
    <span className="planning-grid-picker">
      <span>{t('planning.grid.of')}</span>
      <Select aria-label={t('planning.grid.of')} w={230} allowDeselect={false} searchable value={gridUnitId ?? 'station'} onDropdownOpen={() => setAll(true)} onChange={(value) => showPlanning({ gridUnitId: value === null || value === 'station' ? null : value })} data-testid="planning-grid-unit"
        data={[{ value: 'station', label: t('planning.grid.station') }, ...own.map(({ id, name }) => ({ value: id, label: name }))]} />
      <span className="dim planning-hint">{t('planning.grid.hint')}</span>
    </span>
  )
}

function MeterPanel() {
  const t = useT()
  const { week } = usePlan()
  const span = usePlanning((state) => state.span)
  const weekday = usePlanning((state) => state.focus.weekday)
  const date = addDays(week.monday, weekday - 1)
  const day = useStationQuery('planning.meter', { broadcastDate: date, span: 'day' }, { events: ['log.changed', 'air.asRun', 'planning.changed', 'library.changed'], enabled: span === 'day' })
  const meter = span === 'week' ? week.meter : day.data
  return (
    <Panel title={t('planning.quota.title')} data-testid="planning-quota" aside={
      <SegmentedControl size="xs" aria-label={t('planning.quota.span')} value={span} onChange={(value) => showPlanning({ span: value === 'week' ? 'week' : 'day' })} data={[{ value: 'day', label: t('planning.quota.day') }, { value: 'week', label: t('planning.quota.week') }]} data-testid="planning-quota-span" />
    }>
      {meter === undefined ? <span className="dim">{t('app.loading')}</span> : <QuotaMeter meter={meter} />}
    </Panel>
  )
}
