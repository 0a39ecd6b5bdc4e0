import type { LineCheck, LineStatus } from '#contract/log.ts'
import { useT } from '../../i18n/index.ts'
import { StateBadge, type Tone } from '../../ui/index.ts'

const statusTone: Readonly<Record<LineStatus, Tone>> = { scheduled: 'wait', armed: 'info', playing: 'air', finished: 'ok', skipped: 'warn', failed: 'bad' }
const checkTone: Readonly<Record<Exclude<LineCheck, 'ok'>, Tone>> = { noItem: 'bad', notApproved: 'bad', notReady: 'bad', noStart: 'warn', noRoom: 'warn' }

export function LineStatusBadge(props: { status: LineStatus }) {
  const t = useT()
  return <StateBadge tone={statusTone[props.status]}>{t(`log.status.${props.status}`)}</StateBadge>
}

/** Nothing for a line that may sound. */
export function LineCheckBadge(props: { check: LineCheck }) {
  const t = useT()
  return props.check === 'ok' ? null : <StateBadge tone={checkTone[props.check]} title={t(`log.checkHint.${props.check}`)}>{t(`log.check.${props.check}`)}</StateBadge>
}
