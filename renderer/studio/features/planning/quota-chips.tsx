import { Popover, UnstyledButton } from '@mantine/core'
import type { QuotaMeter as Meter } from '#contract/planning.ts'
import { useT } from '../../i18n/index.ts'
import { StateBadge } from '../../ui/index.ts'
import { useStationQuery } from '../../app/station-client/index.ts'
import { measureTones, QuotaMeter } from './quota-meter.tsx'
import { percentText } from './texts.ts'
import './planning.css'

/** The live quotas beside a log: the three of its day, its week in one word; behind each the whole meter with what to change. */
export function QuotaChips(props: { date: string }) {
  return (
    <span className="quota-chips">
      <QuotaChip date={props.date} span="day" />
      <QuotaChip date={props.date} span="week" />
    </span>
  )
}

function QuotaChip(props: { date: string; span: 'day' | 'week' }) {
  const t = useT()
  const { data } = useStationQuery('planning.meter', { broadcastDate: props.date, span: props.span }, { events: ['log.changed', 'air.asRun', 'planning.changed', 'library.changed'] })
  if (data === undefined) return null
  const span = t(props.span === 'day' ? 'planning.quota.day' : 'planning.quota.week')
  const isEmpty = data.measures.every(({ state }) => state === 'noData')
  return (
    <Popover width={390} position="bottom-end" withArrow trapFocus withinPortal>
      <Popover.Target>
        <UnstyledButton className="quota-chip" data-testid={`quota-chip-${props.span}`} aria-label={`${t('planning.quota.title')}, ${span}: ${spokenOf(data, t)}`}>
          {props.span === 'week' || isEmpty ? <Sum meter={data} span={span} /> : data.measures.map((measure) => (
            <StateBadge key={measure.id} tone={measureTones[measure.state]} title={t(measure.id === 'foreign' ? 'planning.quota.atMost' : 'planning.quota.atLeast', { limit: measure.limitPct })} data-testid={`quota-chip-${measure.id}`}>
              {t(`planning.quota.shorts.${measure.id}`)} {measure.tenths === null ? '—' : t('planning.quota.percent', { value: percentText(measure.tenths) })}
            </StateBadge>
          ))}
        </UnstyledButton>
      </Popover.Target>
      <Popover.Dropdown className="quota-behind" aria-label={`${t('planning.quota.title')}, ${span}`} tabIndex={0}><QuotaMeter meter={data} /></Popover.Dropdown>
    </Popover>
  )
}

function Sum(props: { meter: Meter; span: string }) {
  const t = useT()
  const failed = props.meter.measures.filter(({ state }) => state === 'fail').length
  const isEmpty = props.meter.measures.every(({ state }) => state === 'noData')
  return <StateBadge tone={isEmpty ? 'idle' : failed === 0 ? 'ok' : 'warn'}>{props.span}: {isEmpty ? t('planning.quota.chipNone') : failed === 0 ? t('planning.quota.chipGood') : t('planning.quota.chip', { count: failed })}</StateBadge>
}

/** A label replaces what a screen reader would read inside, so it says all of it. */
function spokenOf(meter: Meter, t: ReturnType<typeof useT>): string {
  return meter.measures.map(({ id, tenths, state }) => `${t(`planning.quota.measures.${id}`)} ${tenths === null ? '' : t('planning.quota.percent', { value: percentText(tenths) })} ${t(`planning.quota.states.${state}`)}`).join(', ')
}
