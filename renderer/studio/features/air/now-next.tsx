import { IconArrowForwardUp, IconPlayerPlay, IconPlayerSkipForward, IconPlayerStop, IconPlayerTrackNext } from '@tabler/icons-react'
import type { BusState } from '#contract/air.ts'
import { RATE_HZ } from '#common/units/samples.ts'
import { useT } from '../../i18n/index.ts'
import { clockText, secondsText } from '../../i18n/formats.ts'
import { Panel, StateBadge } from '../../ui/index.ts'
import { goToNow, nextNow, skipLine, startNext, stopAndWait } from './actions.ts'
import { DeskButton } from './desk-button.tsx'

interface Props { readonly bus: BusState | null; readonly now: number; readonly mayAct: boolean }

/** What sounds, how long it still does, and the keys that end it. */
export function NowPanel({ bus, now, mayAct }: Props) {
  const t = useT()
  const playing = bus?.playing ?? null
  const length = playing === null || playing.endsAt === null ? null : Math.max(1, playing.endsAt - playing.startedAt)
  const elapsed = playing === null ? 0 : Math.max(0, Math.min(now - playing.startedAt, length ?? Number.POSITIVE_INFINITY))
  const isLog = playing?.source === 'log'
  return (
    <Panel title={t('air.now')} className={playing === null ? '' : 'air-now'} data-testid="air-now" aside={playing === null ? <StateBadge tone="idle">{t('air.silent')}</StateBadge> : <StateBadge tone="air">{t(`air.source.${playing.source}`)}</StateBadge>}>
      <div className="air-title" data-testid="air-title" title={playing?.title}>{playing?.title ?? t('air.nothing')}</div>
      <div className="air-times">
        <span>{playing === null ? '–' : secondsText(elapsed / 1000)}</span>
        <progress max={length ?? 1} value={length === null ? 0 : elapsed} aria-label={t('air.progress')} />
        <span className="air-left" data-testid="air-left">{length === null ? '–' : `−${secondsText((length - elapsed) / 1000)}`}</span>
      </div>
      <div className="air-tail dim" data-testid="air-finishing">{bus?.finishing == null ? '' : t('air.desk.finishing', { title: bus.finishing.title })}</div>
      {mayAct && (
        <div className="air-keys">
          <DeskButton icon={<IconPlayerSkipForward size={15} aria-hidden />} keys="Ctrl Shift K" disabled={!isLog} run={skipLine} data-testid="air-skip">{t('air.skip')}</DeskButton>
          <DeskButton icon={<IconPlayerStop size={15} aria-hidden />} keys="Ctrl Shift S" disabled={!isLog} run={stopAndWait} data-testid="air-stop">{t('air.desk.keys.stop')}</DeskButton>
        </div>
      )}
    </Panel>
  )
}

/** What comes, when or on which key. */
export function NextPanel({ bus, now, mayAct }: Props) {
  const t = useT()
  const waiting = bus?.waiting ?? null
  const next = waiting ?? bus?.next ?? null
  const at = waiting === null ? (bus?.next?.at ?? null) : null
  return (
    <Panel title={t('air.next')} className={waiting === null ? '' : 'air-waiting'} data-testid="air-next" aside={next !== null && <StateBadge tone={next.armed ? 'ok' : 'wait'}>{t(next.armed ? 'air.armed' : 'air.waiting')}</StateBadge>}>
      <div className="air-title small" title={next?.title}>{next?.title ?? t('air.nothingNext')}</div>
      {next !== null && (
        <div className="air-countdown">
          {waiting !== null ? <strong data-testid="air-waits">{t('air.desk.waits')}</strong> : at === null ? <span className="dim">{t(`air.reasons.${next.reason}`)}</span> : <><time>{clockText(at)}</time><strong data-testid="air-countdown">{t('air.in', { time: secondsText(Math.max(0, at - now) / 1000) })}</strong></>}
        </div>
      )}
      {mayAct && (
        <div className="air-keys">
          {bus !== null && (bus.mode !== 'auto' || waiting !== null) && <DeskButton filled icon={<IconPlayerPlay size={15} aria-hidden />} keys="␣" disabled={next === null} run={startNext} data-testid="air-go">{t('air.desk.keys.go')}</DeskButton>}
          <DeskButton icon={<IconPlayerTrackNext size={15} aria-hidden />} keys="N" disabled={next === null} run={nextNow} data-testid="air-next-now">{t('air.desk.keys.nextNow')}</DeskButton>
          <DeskButton icon={<IconArrowForwardUp size={15} aria-hidden />} keys="G" run={goToNow} data-testid="air-go-to-now">{t('air.desk.keys.goToNow')}</DeskButton>
        </div>
      )}
    </Panel>
  )
}

/** Over or under to the next fixed point; on time within a second. */
export function OverUnder(props: { value: BusState['overUnder'] }) {
  const t = useT()
  if (props.value === null) return null
  const seconds = props.value.samples / RATE_HZ
  const isOnTime = Math.abs(seconds) <= 1
  const words = isOnTime ? t('air.desk.onTime') : t(seconds > 0 ? 'air.desk.over' : 'air.desk.under', { time: secondsText(Math.abs(seconds)) })
  return <StateBadge tone={isOnTime ? 'ok' : seconds > 0 ? 'bad' : 'warn'} data-testid="air-over-under">{words} {t('air.desk.overUnderAt', { time: clockText(props.value.at) })}</StateBadge>
}
