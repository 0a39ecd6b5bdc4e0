import { useEffect, useRef } from 'react'
import { Button, Select } from '@mantine/core'
import { IconHeadphones, IconHeadphonesOff } from '@tabler/icons-react'
import type { AirStatus } from '#contract/air.ts'
import { useT } from '../../i18n/index.ts'
import { clockText, dayText } from '../../i18n/formats.ts'
import { Kbd, LevelMeter, PageHeader, Panel, StateBadge } from '../../ui/index.ts'
import { registerActions } from '../../app/actions/index.ts'
import { showError } from '../../app/errors/index.ts'
import { useMay, useMeters } from '../../app/station-client/index.ts'
import { airActions } from './actions.ts'
import { AsRunPanel } from './as-run-panel.tsx'
import { BackupBanner } from './backup-banner.tsx'
import { Banners } from './banners.tsx'
import { ClockTrust } from './clock-trust.tsx'
import { showDesk, useDesk } from './desk-store.ts'
import { ModeSwitch } from './mode-switch.tsx'
import { toggleMonitor, useMonitor } from './monitor/monitor.ts'
import { RelayBanner } from './relay-panel.tsx'
import { NextPanel, NowPanel, OverUnder } from './now-next.tsx'
import { UpcomingPanel, useUpcoming } from './upcoming-panel.tsx'
import { busOf, useAirStatus, useStationNow } from './use-air.ts'
import { WhyPanel } from './why-panel.tsx'
import './air.css'

/** The on-air desk: what sounds, what comes, who drives, what was heard. */
export function AirPage() {
  const status = useAirStatus()
  const now = useStationNow(status)
  const busId = useDesk((desk) => desk.bus)
  const mayAct = useMay('announcer')
  useEffect(() => registerActions(airActions), [])
  const bus = busOf(status, busId)
  useEffect(() => showDesk({ state: bus }), [bus])
  const upcoming = useUpcoming(now)
  return (
    <div className="page" data-testid="air-page">
      <AirHeader status={status} />
      {bus !== null && <BackupBanner bus={bus} mayAct={mayAct} />}
      {bus !== null && <RelayBanner bus={bus} />}
      {bus !== null && <Banners bus={bus} now={now} mayAct={mayAct} />}
      <div className="air-top">
        <NowPanel bus={bus} now={now} mayAct={mayAct} />
        <NextPanel bus={bus} now={now} mayAct={mayAct} />
        <ClockPanel now={now} number={bus?.number ?? 1} />
      </div>
      <div className="air-bottom">
        <UpcomingPanel now={now} lines={upcoming} />
        <RightPanel lines={upcoming} playing={bus?.playing ?? null} />
      </div>
    </div>
  )
}

function RightPanel(props: { lines: readonly { id: string; title: string }[]; playing: { lineId: string | null; title: string } | null }) {
  const whyId = useDesk((desk) => desk.whyId)
  if (whyId === null) return <AsRunPanel />
  const title = props.lines.find(({ id }) => id === whyId)?.title ?? (props.playing?.lineId === whyId ? props.playing.title : '')
  return <WhyPanel lineId={whyId} title={title} />
}

function AirHeader(props: { status: AirStatus | null }) {
  const t = useT()
  const { status } = props
  const busId = useDesk((desk) => desk.bus)
  const bus = busOf(status, busId)
  const underruns = bus?.underruns ?? 0
  return (
    <PageHeader title={t('air.title')} aside={<><ModeSwitch mode={bus?.mode ?? null} /><Monitor /></>}>
      {status !== null && status.buses.length > 1 && (
        <Select w={170} aria-label={t('air.desk.bus')} allowDeselect={false} value={busId} data={status.buses.map(({ bus: value, name }) => ({ value, label: name }))} onChange={(value) => showDesk({ bus: value ?? 'main', selectedId: null, whyId: null })} data-testid="air-bus" />
      )}
      {status === null ? <StateBadge tone="wait" data-testid="air-running">{t('air.state.unknown')}</StateBadge> : (
        <>
          <StateBadge tone={status.state === 'running' ? 'ok' : status.state === 'stopped' ? 'bad' : 'warn'} data-testid="air-running">{t(`air.state.${status.state}`)}</StateBadge>
          <ClockTrust clock={status.clock} />
          <OverUnder value={bus?.overUnder ?? null} />
          {underruns > 0 && <StateBadge tone="idle" title={t('air.underrunsHint')}>{t('air.underruns', { count: underruns })}</StateBadge>}
        </>
      )}
    </PageHeader>
  )
}

function ClockPanel(props: { now: number; number: number }) {
  const t = useT()
  const meters = useMeters(props.number)
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
    <Button variant={on ? 'filled' : 'default'} aria-pressed={on} leftSection={on ? <IconHeadphones size={16} aria-hidden /> : <IconHeadphonesOff size={16} aria-hidden />} rightSection={<Kbd>M</Kbd>} onMouseDown={(event) => event.preventDefault()}
      onClick={() => void toggleMonitor().catch(showError)} data-testid="air-monitor">
      {t(on ? 'air.monitorOn' : 'air.monitorOff')}
    </Button>
  )
}
