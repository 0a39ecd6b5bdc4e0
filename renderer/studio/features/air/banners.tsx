import { IconAlarm, IconClockPause, IconHourglassHigh } from '@tabler/icons-react'
import type { AirBanner, BusState } from '#contract/air.ts'
import { useT } from '../../i18n/index.ts'
import { clockText, secondsText } from '../../i18n/formats.ts'
import { RATE_HZ } from '#common/units/samples.ts'
import { acceptProposal } from './actions.ts'
import { DeskButton } from './desk-button.tsx'
import { order } from './desk-store.ts'

/** What counts down: timed lines that wait for a person, graces, windows. */
export function Banners(props: { bus: BusState; now: number; mayAct: boolean }) {
  const { banners, solver, mode } = props.bus
  const proposal = mode === 'auto' ? null : (solver[0] ?? null)
  if (banners.length === 0 && proposal === null) return null
  return (
    <div className="air-banners" data-testid="air-banners">
      {banners.map((banner) => <Banner key={banner.id + banner.kind} banner={banner} now={props.now} mayAct={props.mayAct} />)}
      {proposal !== null && <Proposal proposal={proposal} mayAct={props.mayAct} />}
    </div>
  )
}

function Banner(props: { banner: AirBanner; now: number; mayAct: boolean }) {
  const t = useT()
  const { banner, now } = props
  const { kind, phase, at, until, held } = banner
  const Icon = kind === 'grace' ? IconHourglassHigh : kind === 'timedLineDue' || kind === 'ruleEnd' ? IconAlarm : IconClockPause
  const left = (ms: number): string => secondsText(Math.max(0, ms) / 1000)
  const share = until === null || until <= at ? null : Math.min(1, Math.max(0, (now - at) / (until - at)))
  return (
    <div className={`air-banner ${phase} ${kind}`} role="status" data-testid="air-banner" data-kind={kind}>
      <Icon size={18} aria-hidden />
      <strong>{t(`air.desk.banner.${kind}`)}</strong>
      <span className="air-banner-title">{banner.title}</span>
      <time>{clockText(at)}</time>
      <span className="air-banner-left">{now < at ? t('air.desk.banner.coming', { time: left(at - now) }) : until !== null && now < until ? t('air.desk.banner.until', { time: left(until - now) }) : t('air.desk.banner.over', { time: left(now - (until ?? at)) })}</span>
      {share !== null && <progress max={1} value={share} aria-label={t(`air.desk.banner.${kind}`)} />}
      {kind === 'grace' && props.mayAct && <DeskButton keys="H" run={() => order({ kind: 'holdGrace', bannerId: banner.id, held: !held })} data-testid="air-hold">{t(held ? 'air.desk.keys.unhold' : 'air.desk.keys.hold')}</DeskButton>}
    </div>
  )
}

function Proposal(props: { proposal: BusState['solver'][number]; mayAct: boolean }) {
  const t = useT()
  const { target, changes, restSamples, why } = props.proposal
  return (
    <div className="air-banner proposal" data-testid="air-proposal">
      <strong>{t('air.desk.solver.title', { time: clockText(target.at) })}</strong>
      <span className="air-banner-title">
        {changes.map(({ what, title, deltaSamples }) => `${t(`air.desk.solver.${what}`)} ${title} (${deltaSamples > 0 ? '+' : ''}${secondsText(deltaSamples / RATE_HZ)})`).join(' · ')}
        {why !== null && ` · ${t('air.desk.solver.rest', { time: secondsText(restSamples / RATE_HZ) })}: ${t(`air.desk.solver.${why}`)}`}
      </span>
      {props.mayAct && <DeskButton keys="A" run={acceptProposal} data-testid="air-accept">{t('air.desk.keys.accept')}</DeskButton>}
    </div>
  )
}
