import { Popover, UnstyledButton } from '@mantine/core'
import { useT } from '../../i18n/index.ts'
import { StateBadge } from '../../ui/index.ts'
import { useStationQuery } from '../../app/station-client/index.ts'
import { QuotaMeter } from './quota-meter.tsx'
import './planning.css'

/** The live quota meter of a day or its week, small: one word beside a log, the whole meter behind it. */
export function QuotaChip(props: { date: string; span: 'day' | 'week' }) {
  const t = useT()
  const { data } = useStationQuery('planning.meter', { broadcastDate: props.date, span: props.span }, { events: ['log.changed', 'air.asRun', 'planning.changed', 'library.changed'] })
  if (data === undefined) return null
  const failed = data.measures.filter(({ state }) => state === 'fail').length
  const isEmpty = data.measures.every(({ state }) => state === 'noData')
  const span = t(props.span === 'day' ? 'planning.quota.day' : 'planning.quota.week')
  return (
    <Popover width={380} position="bottom-end" withArrow trapFocus withinPortal>
      <Popover.Target>
        <UnstyledButton data-testid={`quota-chip-${props.span}`} aria-label={`${t('planning.quota.title')}, ${span}`}>
          <StateBadge tone={isEmpty ? 'idle' : failed === 0 ? 'ok' : 'warn'}>{span}: {isEmpty ? t('planning.quota.chipNone') : failed === 0 ? t('planning.quota.chipGood') : t('planning.quota.chip', { count: failed })}</StateBadge>
        </UnstyledButton>
      </Popover.Target>
      <Popover.Dropdown aria-label={t('planning.quota.title')} tabIndex={0}><QuotaMeter meter={data} /></Popover.Dropdown>
    </Popover>
  )
}
