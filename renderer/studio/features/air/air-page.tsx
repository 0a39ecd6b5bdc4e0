import { useEffect, useRef } from 'react'
import { Button } from '@mantine/core'
import { IconHeadphones, IconHeadphonesOff, IconPlayerSkipForward } from '@tabler/icons-react'
import type { AirStatus } from '#contract/log.ts'
import { useT } from '../../i18n/index.ts'
import { clockText, dayText, secondsText } from '../../i18n/formats.ts'
import { Kbd, LevelMeter, PageHeader, Panel, StateBadge } from '../../ui/index.ts'
import { registerActions } from '../../app/actions/index.ts'
import { showError } from '../../app/errors/index.ts'
import { useMay, useMeters } from '../../app/station-client/index.ts'
import { airActions, onAir, skipLine } from './actions.ts'
import { AsRunPanel } from './as-run-panel.tsx'
import { toggleMonitor, useMonitor } from './monitor/monitor.ts'
import { UpcomingPanel } from './upcoming-panel.tsx'
import { programme, useAirStatus, useStationNow } from './use-air.ts'
import './air.css'

/** The on-air desk: what sounds, what comes, what was heard. */
export function AirPage() {
  const t = useT()
  const status = useAirStatus()
  const now = useStationNow(status)
  useEffect(() => registerActions(airActions), [])
  const playing = programme(status)?.playing ?? null
  onAir.lineId = playing?.source === 'log' ? playing.lineId : null
  return (
    <div className="page" data-testid="air-page">
      <PageHeader title={t('air.title')} aside={<Monitor />}>
        <AirBadges status={status} />
      </PageHeader>
      <div className="air-top">
        <NowPanel status={status} now={now} />
        <NextPanel status={status} now={now} />
        <ClockPanel now={now} />
      </div>
      <div className="air-bottom">
        <UpcomingPanel now={now} />
        <AsRunPanel />
      </div>
    </div>
  )
}

function AirBadges(props: { status: AirStatus | null }) {
  const t = useT()
  const { status } = props
  if (status === null) return <StateBadge tone="wait" data-testid="air-running">{t('air.state.unknown')}</StateBadge>
  const underruns = programme(status)?.underruns ?? 0
  return (
    <>
      <StateBadge tone={status.state === 'running' ? 'ok' : status.state === 'stopped' ? 'bad' : 'warn'} data-testid="air-running">{t(`air.state.${status.state}`)}</StateBadge>
      {!status.clock.trusted && <StateBadge tone="bad">{t('air.clockSuspect', { seconds: secondsText((status.clock.offsetMs ?? 0) / 1000) })}</StateBadge>}
      {underruns > 0 && <StateBadge tone="idle" title={t('air.underrunsHint')}>{t('air.underruns', { count: underruns })}</StateBadge>}
    </>
  )
}

function NowPanel(props: { status: AirStatus | null; now: number }) {
  const t = useT()
  const maySkip = useMay('announcer')
  const playing = programme(props.status)?.playing ?? null
  const length = playing === null || playing.endsAt === null ? null : Math.max(1, playing.endsAt - playing.startedAt)
  const elapsed = playing === null ? 0 : Math.max(0, Math.min(props.now - playing.startedAt, length ?? Number.POSITIVE_INFINITY))
  return (
    <Panel title={t('air.now')} className={playing === null ? '' : 'air-now'} data-testid="air-now" aside={playing === null ? <StateBadge tone="idle">{t('air.silent')}</StateBadge> : <StateBadge tone="air">{t(`air.source.${playing.source}`)}</StateBadge>}>
      <div className="air-title" data-testid="air-title" title={playing?.title}>{playing?.title ?? t('air.nothing')}</div>
      <div className="air-times">
        <span>{playing === null ? '–' : secondsText(elapsed / 1000)}</span>
        <progress max={length ?? 1} value={length === null ? 0 : elapsed} aria-label={t('air.progress')} />
        <span className="air-left" data-testid="air-left">{length === null ? '–' : `−${secondsText((length - elapsed) / 1000)}`}</span>
      </div>
      {maySkip && (
        <Button variant="default" leftSection={<IconPlayerSkipForward size={15} aria-hidden />} disabled={playing?.source !== 'log'} onClick={() => void skipLine().catch(showError)} rightSection={<Kbd>Ctrl Shift K</Kbd>} data-testid="air-skip">{t('air.skip')}</Button>
      )}
    </Panel>
  )
}

function NextPanel(props: { status: AirStatus | null; now: number }) {
  const t = useT()
  const next = programme(props.status)?.next ?? null
  return (
    <Panel title={t('air.next')} data-testid="air-next" aside={next !== null && <StateBadge tone={next.armed ? 'ok' : 'wait'}>{t(next.armed ? 'air.armed' : 'air.waiting')}</StateBadge>}>
      <div className="air-title small" title={next?.title}>{next?.title ?? t('air.nothingNext')}</div>
      {next !== null && <div className="air-countdown"><time>{clockText(next.at)}</time><strong data-testid="air-countdown">{t('air.in', { time: secondsText(Math.max(0, next.at - props.now) / 1000) })}</strong></div>}
    </Panel>
  )
}

function ClockPanel(props: { now: number }) {
  const t = useT()
  const meters = useMeters()
  const silent = useRef({ peakDbfs: [-120, -120], rmsDbfs: [-120, -120], holdDbfs: [-120, -120] })
  return (
    <Panel title={t('air.clock')} aside={dayText(props.now)}>
      <time className="air-clock" data-testid="air-clock">{clockText(props.now)}</time>
      <LevelMeter width={300} height={58} scale label={t('app.programMeter')} read={() => (performance.now() - meters.current.at < 500 ? meters.current : silent.current)} />
    </Panel>
  )
}

function Monitor() {
  const t = useT()
  const { on } = useMonitor()
  return (
    <Button variant={on ? 'filled' : 'default'} aria-pressed={on} leftSection={on ? <IconHeadphones size={16} aria-hidden /> : <IconHeadphonesOff size={16} aria-hidden />} rightSection={<Kbd>M</Kbd>} onClick={() => void toggleMonitor().catch(showError)} data-testid="air-monitor">
      {t(on ? 'air.monitorOn' : 'air.monitorOff')}
    </Button>
  )
}
