import type { QuotaMeter as Meter } from '#contract/planning.ts'
import { useT } from '../../i18n/index.ts'
import { lengthText, minuteText } from '../../i18n/formats.ts'
import { StateBadge, type Tone } from '../../ui/index.ts'
import { percentText } from './texts.ts'

export const measureTones = { pass: 'ok', fail: 'warn', noData: 'idle', notApplicable: 'idle' } as const satisfies Record<string, Tone>

/** Three quotas against their limits, where the airtime comes from, and what a person can change. */
export function QuotaMeter(props: { meter: Meter }) {
  const t = useT()
  const { meter } = props
  const total = meter.airedSamples + meter.plannedSamples
  return (
    <div className="quota" data-testid="quota-meter">
      <p className="quota-sum dim">{total === 0 ? t('planning.quota.none') : t('planning.quota.sum', { aired: lengthText(meter.airedSamples), planned: lengthText(meter.plannedSamples) })}</p>
      {meter.measures.map((measure) => (
        <div key={measure.id} className="quota-row" data-testid={`quota-${measure.id}`} data-state={measure.state}>
          <div className="quota-words">
            <span className="quota-name">{t(`planning.quota.measures.${measure.id}`)}</span>
            <strong>{measure.tenths === null ? '—' : t('planning.quota.percent', { value: percentText(measure.tenths) })}</strong>
            <span className="dim">{t(measure.id === 'foreign' ? 'planning.quota.atMost' : 'planning.quota.atLeast', { limit: measure.limitPct })}</span>
            <StateBadge tone={measureTones[measure.state]}>{measure.state === 'fail' ? t(measure.id === 'foreign' ? 'planning.quota.over' : 'planning.quota.short', { length: lengthText(Math.ceil(measure.missing / 48_000) * 48_000) }) : t(`planning.quota.states.${measure.state}`)}</StateBadge>
          </div>
          <div className={`quota-bar ${measure.state}`} aria-hidden>
            <span className="fill" style={{ inlineSize: `${Math.min(100, (measure.tenths ?? 0) / 10)}%` }} />
            <span className="limit" style={{ insetInlineStart: `${measure.limitPct}%` }} />
          </div>
        </div>
      ))}
      {total > 0 && <Balance meter={meter} />}
      {meter.advice.length > 0 && (
        <div className="quota-advice" data-testid="quota-advice">
          <h3>{t('planning.quota.advice')}</h3>
          <ul>
            {meter.advice.map((advice) => (
              <li key={`${advice.measure} ${advice.action} ${advice.span?.id ?? ''}`}>
                {t(`planning.quota.actions.${advice.action}`, { length: lengthText(Math.ceil(advice.samples / 48_000) * 48_000), title: advice.span?.title ?? '', time: advice.span === null ? '' : minuteText(advice.span.at) })}
                {advice.offer !== null && <span className="dim"> {t('planning.quota.offer', { title: advice.offer.title, length: lengthText(advice.offer.lengthSamples) })}</span>}
              </li>
            ))}
          </ul>
        </div>
      )}
      <p className="quota-sum dim">{t('planning.quota.year', { year: String(meter.year) })}</p>
    </div>
  )
}

/** Own, relayed, foreign: each part with its word, not by colour alone. */
function Balance(props: { meter: Meter }) {
  const t = useT()
  const parts = props.meter.byOrigin.filter(({ samples }) => samples > 0)
  const total = parts.reduce((sum, { samples }) => sum + samples, 0)
  return (
    <div className="quota-balance">
      <h3>{t('planning.quota.balance')}</h3>
      <div className="quota-stack" aria-hidden>{parts.map(({ origin, samples }) => <span key={origin} className={`origin-${origin}`} style={{ flexGrow: samples }} />)}</div>
      <ul>{parts.map(({ origin, samples }) => <li key={origin}><span className={`swatch origin-${origin}`} aria-hidden />{t(`planning.quota.origins.${origin}`)} {lengthText(samples)} ({t('planning.quota.percent', { value: percentText(Math.floor((samples * 1000) / total)) })})</li>)}</ul>
    </div>
  )
}
