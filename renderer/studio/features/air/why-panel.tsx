import { ActionIcon } from '@mantine/core'
import { IconX } from '@tabler/icons-react'
import type { AsRunRow, LineDecision } from '#contract/air.ts'
import { useT } from '../../i18n/index.ts'
import { clockText, lengthText } from '../../i18n/formats.ts'
import { EmptyNote, Panel, StateBadge } from '../../ui/index.ts'
import { useStationQuery } from '../../app/station-client/index.ts'
import { showDesk } from './desk-store.ts'

/** Why a line plays when it does, or why it does not: what was decided about it, newest first, and what was heard of it. */
export function WhyPanel(props: { lineId: string; title: string }) {
  const t = useT()
  const query = useStationQuery('air.why', { lineId: props.lineId }, { events: ['air.asRun', 'log.changed'], refetchMs: 2_000 })
  const { decisions = [], rows = [] } = query.data ?? {}
  return (
    <Panel title={t('air.desk.why.title', { title: props.title })} scrolls flush className="grow" data-testid="air-why"
      aside={<ActionIcon variant="subtle" size="sm" aria-label={t('air.desk.why.close')} onClick={() => showDesk({ whyId: null })}><IconX size={15} aria-hidden /></ActionIcon>}>
      {decisions.length + rows.length === 0 ? <EmptyNote>{t('air.desk.why.none')}</EmptyNote> : (
        <ul className="air-why-list">
          {rows.toReversed().map((row) => <Heard key={row.id} row={row} />)}
          {decisions.toReversed().map((decision) => <Decided key={`${decision.bus} ${decision.at} ${decision.reason}`} decision={decision} />)}
        </ul>
      )}
    </Panel>
  )
}

function Decided(props: { decision: LineDecision }) {
  const t = useT()
  const { at, sounds, reason, because, startAt, editCode, status } = props.decision
  return (
    <li data-testid="air-why-decision">
      <time>{clockText(at)}</time>
      <StateBadge tone={sounds ? 'info' : 'warn'}>{t(`air.lineStatus.${status}`)}</StateBadge>
      <span>
        {t(`air.reasons.${reason}`)}
        {because !== null && ` ${t('air.desk.why.because', { what: because })}`}
        {startAt !== null && ` · ${t('air.desk.why.start', { time: clockText(startAt) })}`}
        {editCode !== 'none' && <span className="dim"> · {t(`air.edits.${editCode}`)}</span>}
      </span>
    </li>
  )
}

function Heard(props: { row: AsRunRow }) {
  const t = useT()
  const { actualAt, onAir, startSource, stopReason, editCode, playedSamples, integratedLufs, startedBy, endedBy } = props.row
  return (
    <li className="heard" data-testid="air-why-row">
      <time>{clockText(actualAt)}</time>
      <StateBadge tone={onAir ? 'ok' : 'warn'}>{onAir ? t('air.desk.why.heard') : t(`air.edits.${editCode}`)}</StateBadge>
      <span>
        {t(`air.starts.${startSource}`)}{startedBy !== null && ` (${startedBy})`}
        {stopReason !== null && ` → ${t(`air.stops.${stopReason}`)}`}{endedBy !== null && ` (${endedBy})`}
        {onAir && stopReason !== null && ` · ${lengthText(playedSamples)}`}
        {integratedLufs !== null && ` · ${t('air.desk.lufs', { lufs: integratedLufs })}`}
      </span>
    </li>
  )
}
