import { Button, Group } from '@mantine/core'
import { useT } from '../../i18n/index.ts'
import { StateBadge } from '../../ui/index.ts'
import { showDone, showError } from '../../app/errors/index.ts'
import { call, useMay, useStationQuery } from '../../app/station-client/index.ts'

/** What the rules of the hour say of one line, and the way past them for a priority item: an approver answers for it. */
export function RuleConfirm(props: { broadcastDate: string; lineId: string }) {
  const t = useT()
  const mayConfirm = useMay('approver')
  const { data } = useStationQuery('planning.verdicts', { broadcastDate: props.broadcastDate }, { events: ['log.changed', 'planning.rulesChanged', 'planning.changed'] })
  const fleet = useStationQuery('devices.fleet', {}, { events: ['devices.unitsChanged'] })
  const verdict = data?.verdicts.find(({ lineId }) => lineId === props.lineId)
  if (verdict === undefined) return null
  const confirm = (confirmed: boolean): void => void call('planning.confirmLine', { broadcastDate: props.broadcastDate, lineId: props.lineId, confirmed }).then(() => confirmed && showDone(t('planning.confirm.done')), showError)
  const unitName = (unitId: string): string => fleet.data?.units.find(({ id }) => id === unitId)?.name ?? unitId
  const words = verdict.breaches.map(({ rule, unitId }) => (unitId === null ? t(`planning.breaches.${rule}`) : t('planning.breaches.at', { rule: t(`planning.breaches.${rule}`), unit: unitName(unitId) })))
  return (
    <Group gap={6} data-testid="rule-confirm" data-effect={verdict.effect}>
      {(words.length > 0 ? words : verdict.hardEnd === null ? [] : [t('planning.breaches.runsOver')]).map((word) => <StateBadge key={word} tone={verdict.mayPlay ? 'warn' : 'bad'}>{word}</StateBadge>)}
      {verdict.confirmedBy !== null && <StateBadge tone="info">{t('planning.confirm.by', { name: verdict.confirmedBy })}{verdict.urgent ? `, ${t('planning.confirm.urgent')}` : ''}</StateBadge>}
      {mayConfirm && verdict.confirmedBy === null && !verdict.mayPlay && <Button size="compact-xs" variant="default" onClick={() => confirm(true)} data-testid="rule-confirm-button">{t('planning.confirm.button')}</Button>}
      {mayConfirm && verdict.confirmedBy !== null && <Button size="compact-xs" variant="default" onClick={() => confirm(false)}>{t('planning.confirm.undo')}</Button>}
    </Group>
  )
}
