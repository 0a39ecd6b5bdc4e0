import { Popover } from '@mantine/core'
import { IconWand } from '@tabler/icons-react'
import type { LogPost } from '#contract/log.ts'
import { useT } from '../../i18n/index.ts'
import { secondsText } from '../../i18n/formats.ts'
import { StateBadge } from '../../ui/index.ts'

const RATE_HZ = 48_000

/** Over or under at a fixed point; with the keys or the mouse, what the solver will do about it, why, and what is left. */
export function PostBadge(props: { post: LogPost }) {
  const t = useT()
  const { rawSamples, plan } = props.post
  const onTime = Math.abs(rawSamples) <= RATE_HZ
  const badge = (
    <StateBadge tone={onTime ? 'ok' : rawSamples > 0 ? 'bad' : 'warn'}>{onTime ? t('log.onTime') : t(rawSamples > 0 ? 'log.over' : 'log.under', { length: secondsText(Math.abs(rawSamples) / RATE_HZ) })}</StateBadge>
  )
  if (plan === null || (onTime && plan.changes.length === 0)) return badge
  return (
    <>
      {badge}
      <Popover width={420} position="bottom-start" withArrow withinPortal trapFocus>
        <Popover.Target>
          <button type="button" className="log-solver" data-testid="log-solver" data-post={props.post.id} onClick={(event) => event.stopPropagation()}><IconWand size={13} aria-hidden /> {t('log.solver.button', { count: plan.changes.length })}</button>
        </Popover.Target>
        <Popover.Dropdown aria-label={t('log.solver.title')}><SolverPlan post={props.post} /></Popover.Dropdown>
      </Popover>
    </>
  )
}

function SolverPlan(props: { post: LogPost }) {
  const t = useT()
  const { rawSamples, restSamples, plan } = props.post
  if (plan === null) return null
  const signed = (samples: number): string => `${samples > 0 ? '+' : ''}${secondsText(samples / RATE_HZ)}`
  return (
    <div className="log-plan" data-testid="log-solver-plan">
      <strong>{t('log.solver.title')}</strong>
      <p className="log-note dim">{t(rawSamples > 0 ? 'log.solver.tooLong' : 'log.solver.tooShort', { length: secondsText(Math.abs(rawSamples) / RATE_HZ) })}</p>
      {plan.changes.length > 0 && (
        <ul>{plan.changes.map((change) => (
          <li key={`${change.what} ${change.lineId}`}><span>{t(`log.solver.${change.what}`, { title: change.title })}</span><span className="dim">{signed(change.deltaSamples)}</span></li>
        ))}</ul>
      )}
      <p className="log-note">{plan.why === null ? t('log.solver.fits') : `${t('log.solver.rest', { length: signed(restSamples) })} ${t(`log.solver.${plan.why}`)}`}</p>
    </div>
  )
}
