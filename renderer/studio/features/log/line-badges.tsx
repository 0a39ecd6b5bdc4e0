import type { LineReason, LineState, LineStatus, LogLine } from '#contract/log.ts'
import { translateCode, useT } from '../../i18n/index.ts'
import { StateBadge, type Tone } from '../../ui/index.ts'

const statusTone: Readonly<Record<LineStatus, Tone>> = { scheduled: 'wait', armed: 'info', playing: 'air', finishing: 'air', paused: 'warn', finished: 'ok', skipped: 'warn', failed: 'bad' }
const stateTone: Readonly<Record<Exclude<LineState, 'ok'>, Tone>> = { noItem: 'bad', noTake: 'bad', expired: 'bad', notApproved: 'bad', notReady: 'bad', ruleBlocked: 'warn' }

/** Words for why; the code itself when the words are not there yet. */
export function reasonText(reason: LineReason): string {
  return translateCode(`log.reasons.${reason.code}`, reason.data) ?? reason.code
}

const shortNote = (code: string): 'noAnchor' | 'jumpedByHardStart' | 'other' => (code === 'noAnchor' || code === 'jumpedByHardStart' ? code : 'other')

export function LineStatusBadge(props: { status: LineStatus }) {
  const t = useT()
  return <StateBadge tone={statusTone[props.status]}>{t(`log.status.${props.status}`)}</StateBadge>
}

/** What keeps a line from sounding, with the reason; nothing for one that stands well. */
export function LineCheckBadge(props: { line: Pick<LogLine, 'lineState' | 'reason' | 'timingNote'> }) {
  const t = useT()
  const { lineState, reason, timingNote } = props.line
  if (lineState !== 'ok') return <StateBadge tone={stateTone[lineState]} {...(reason === null ? {} : { title: reasonText(reason) })}>{t(`log.lineState.${lineState}`)}</StateBadge>
  if (timingNote === null) return null
  return <StateBadge tone="warn" title={reasonText(timingNote)}>{t(`log.timingNote.${shortNote(timingNote.code)}`)}</StateBadge>
}
