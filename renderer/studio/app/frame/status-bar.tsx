import { useEffect, useRef, useState } from 'react'
import { ActionIcon, Menu, useMantineColorScheme } from '@mantine/core'
import { IconUserCircle } from '@tabler/icons-react'
import type { AirStatus } from '#contract/air.ts'
import { useT } from '../../i18n/index.ts'
import { clockText, dayText } from '../../i18n/formats.ts'
import { LevelMeter, StateBadge } from '../../ui/index.ts'
import { runAction, useActionTable } from '../actions/index.ts'
import { useMeters, useStation, useStationEvent, useStationQuery } from '../station-client/index.ts'
import { useWantedScheme } from './color-scheme.ts'
import { JobsTray } from './jobs-tray.tsx'
import { NoticeTray } from './notice-tray.tsx'
import { go } from '../navigation/index.ts'
import { RecordingBadge } from '../../features/recorder/index.ts'
import { useLiveDesk } from '../../features/emergency/index.ts'

export function StatusBar() {
  const t = useT()
  return (
    <footer className="desk-status" aria-label={t('app.statusBar')}>
      <Clock />
      <LinkState />
      <AirState />
      <ProgramMeter />
      <RecordingBadge />
      <LiveBadge />
      <span style={{ marginInlineStart: 'auto' }} />
      <NoticeTray />
      <JobsTray />
      <PersonMenu />
      <ColorSchemeOwner />
    </footer>
  )
}

/** Looked at four times as often as it changes: the same second draws nothing. */
const wholeSecond = (): number => Math.floor(Date.now() / 1_000) * 1_000

function Clock() {
  const t = useT()
  const [now, setNow] = useState(wholeSecond)
  useEffect(() => {
    const timer = setInterval(() => setNow(wholeSecond()), 250)
    return () => clearInterval(timer)
  }, [])
  return <><time className="desk-clock" aria-label={t('app.clock')} data-testid="clock">{clockText(now)}</time><span className="dim">{dayText(now)}</span></>
}

function LinkState() {
  const t = useT()
  const phase = useStation((state) => state.phase)
  if (phase === 'open') return <StateBadge tone="ok" data-testid="link-state">{t('app.link.open')}</StateBadge>
  return <StateBadge tone="bad" data-testid="link-state">{t('app.link.gone')}</StateBadge>
}

/** Air and clock in words. Pushed by the station each second; a stale picture is shown as unknown, never as green. */
function AirState() {
  const t = useT()
  const [status, setStatus] = useState<AirStatus | null>(null)
  const first = useStationQuery('air.status', {})
  const open = useStation((state) => state.phase === 'open')
  useStationEvent('air.status', setStatus)
  const air = status ?? first.data ?? null
  if (air === null || !open) return <StateBadge tone="wait" data-testid="air-state">{t('app.air.unknown')}</StateBadge>
  const playing = air.buses.find((bus) => bus.playing !== null)?.playing ?? null
  return (
    <>
      {playing === null
        ? <StateBadge tone={air.state === 'running' ? 'idle' : 'warn'} data-testid="air-state">{t(air.state === 'running' ? 'app.air.idle' : 'app.air.notRunning')}</StateBadge>
        : <StateBadge tone="air" data-testid="air-state" title={playing.title}>{t('app.air.onAir', { title: playing.title.length > 40 ? `${playing.title.slice(0, 39)}…` : playing.title })}</StateBadge>}
      <StateBadge tone={air.clock.trusted ? 'ok' : 'bad'}>{t(air.clock.trusted ? 'app.clockState.trusted' : 'app.clockState.suspect')}</StateBadge>
    </>
  )
}

function ProgramMeter() {
  const t = useT()
  const meters = useMeters()
  const silent = useRef({ peakDbfs: [-120, -120], rmsDbfs: [-120, -120], holdDbfs: [-120, -120] })
  return <LevelMeter width={170} height={16} label={t('app.programMeter')} read={() => (performance.now() - meters.current.at < 500 ? meters.current : silent.current)} />
}

/** An open microphone is told on every page. */
function LiveBadge() {
  const t = useT()
  const step = useLiveDesk((state) => state.step)
  if (step !== 'speaking') return null
  return <button type="button" className="plain-button" onClick={() => go('emergency')} data-testid="live-badge"><StateBadge tone="air">{t('emergency.live.speaking')}</StateBadge></button>
}

function PersonMenu() {
  const t = useT()
  const session = useStation((state) => state.session)
  const actions = useActionTable((state) => state.actions)
  const items = ['app.palette', 'app.help', 'app.keys', 'app.colors', 'app.language', 'app.signOut', 'app.quitAndStop'].flatMap((id) => actions.get(id) ?? [])
  return (
    <Menu position="top-end" withInitialFocusPlaceholder={false}>
      <Menu.Target><ActionIcon variant="subtle" aria-label={t('app.personMenu', { name: session?.person.fullName ?? '' })} data-testid="person-menu"><IconUserCircle size={20} /></ActionIcon></Menu.Target>
      <Menu.Dropdown>
        <Menu.Label>{session?.person.fullName}</Menu.Label>
        {items.map((action) => <Menu.Item key={action.id} onClick={() => void runAction(action)}>{t(action.labelKey)}</Menu.Item>)}
      </Menu.Dropdown>
    </Menu>
  )
}

function ColorSchemeOwner() {
  const { setColorScheme } = useMantineColorScheme()
  const wanted = useWantedScheme((state) => state.wanted)
  useEffect(() => {
    if (wanted !== null) setColorScheme(wanted)
  }, [wanted, setColorScheme])
  return null
}
