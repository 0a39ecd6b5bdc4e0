import { airtimeOf, isDomestic, isRelay, mainSamples, measure } from './quota.ts'
import type { AirSpan, MeasureId, Origin, QuotaRule } from './quota.ts'

/** Something approved that could go on air instead. */
export interface Offer {
  readonly itemId: string
  readonly title: string
  readonly lengthSamples: number
  readonly essential: boolean
  readonly origin: Origin
  readonly firstRun: boolean
}

/**
 * What a person can do about a quota. `newForRepeat`: replace so much of a repeat by something new of our own; `newForOther`: the same with another line;
 * `essentialForOther`, `domesticForForeign`: replace so much of the line; `add…`: what is planned is not enough, so much more must come.
 */
export const adviceActions = ['newForRepeat', 'newForOther', 'essentialForOther', 'domesticForForeign', 'addNew', 'addEssential', 'addDomestic'] as const
export type AdviceAction = (typeof adviceActions)[number]
export interface Advice {
  readonly measure: MeasureId
  readonly action: AdviceAction
  readonly samples: number
  readonly span: { readonly id: string; readonly title: string; readonly start: number } | null
  readonly offer: { readonly itemId: string; readonly title: string; readonly lengthSamples: number } | null
}

/**
 * Steps that bring every failing quota to its limit, each measure by itself, smallest changes first. Only what is still planned is touched, and never a relay.
 * @param offers approved items that could be put in; the best is named with each step
 */
export function advise(spans: readonly AirSpan[], rule: QuotaRule, offers: readonly Offer[]): Advice[] {
  const airtime = airtimeOf(spans, rule)
  const main = mainSamples(spans)
  const open = spans.filter((span) => span.planned && span.counted && !isRelay(span.origin) && (main.get(span.id) ?? 0) > 0)
  const lengthOf = (span: AirSpan): number => main.get(span.id) ?? 0
  const longestFirst = (list: readonly AirSpan[]): AirSpan[] => list.toSorted((a, b) => lengthOf(b) - lengthOf(a) || a.start - b.start)
  const offerFor = (samples: number, fits: (offer: Offer) => boolean): Advice['offer'] => {
    const good = offers.filter(fits).toSorted((a, b) => a.lengthSamples - b.lengthSamples)
    const best = good.find((offer) => offer.lengthSamples >= samples) ?? good.at(-1)
    return best === undefined ? null : { itemId: best.itemId, title: best.title, lengthSamples: best.lengthSamples }
  }
  const isNew = (offer: Offer): boolean => offer.origin === 'tu-san-xuat' && offer.firstRun
  const step = (id: MeasureId, action: AdviceAction, samples: number, span: AirSpan | null, fits: (offer: Offer) => boolean): Advice =>
    ({ measure: id, action, samples, span: span === null ? null : { id: span.id, title: span.title, start: span.start }, offer: offerFor(samples, fits) })
  /** How much more airtime makes up for what is left; none does when the limit leaves no room. */
  const more = (rest: number, sharePct: number): number => (sharePct <= 0 ? 0 : Math.ceil((rest * 100) / sharePct))
  const steps: Advice[] = []

  for (const { id, state, missing, limitPct } of measure(airtime, rule)) {
    if (state !== 'fail') continue
    let rest = missing
    if (id === 'firstRun') {
      const isRepeat = (span: AirSpan): boolean => span.origin === 'tu-san-xuat' && !span.firstRun
      const same = [...longestFirst(open.filter(isRepeat)), ...longestFirst(open.filter((span) => span.origin === 'trong-nuoc-khac' && !span.essential))]
      for (const span of same) {
        if (rest === 0) break
        const take = Math.min(rest, lengthOf(span))
        steps.push(step(id, isRepeat(span) ? 'newForRepeat' : 'newForOther', take, span, (offer) => isNew(offer) && (offer.essential || !span.essential)))
        rest -= take
      }
      // New sound in place of what is not domestic makes the whole larger too: (N + y) ≥ p (D + y).
      for (const span of longestFirst(open.filter((other) => !isDomestic(other.origin, rule.relayInDomestic)))) {
        const wanted = more(rest, 100 - limitPct)
        if (wanted === 0) break
        const take = Math.min(wanted, lengthOf(span))
        steps.push(step(id, 'newForOther', take, span, isNew))
        rest = take === wanted ? 0 : rest - Math.floor((take * (100 - limitPct)) / 100)
      }
      if (more(rest, 100 - limitPct) > 0) steps.push(step(id, 'addNew', more(rest, 100 - limitPct), null, isNew))
    } else if (id === 'essential') {
      for (const span of longestFirst(open.filter((other) => !other.essential)).toSorted((a, b) => Number(b.origin === 'nuoc-ngoai') - Number(a.origin === 'nuoc-ngoai'))) {
        if (rest === 0) break
        const take = Math.min(rest, lengthOf(span))
        steps.push(step(id, 'essentialForOther', take, span, (offer) => offer.essential))
        rest -= take
      }
      if (more(rest, 100 - limitPct) > 0) steps.push(step(id, 'addEssential', more(rest, 100 - limitPct), null, (offer) => offer.essential))
    } else {
      for (const span of longestFirst(open.filter((other) => other.origin === 'nuoc-ngoai'))) {
        if (rest === 0) break
        const take = Math.min(rest, lengthOf(span))
        steps.push(step(id, 'domesticForForeign', take, span, (offer) => offer.origin !== 'nuoc-ngoai'))
        rest -= take
      }
      // More domestic airtime thins it out: F ≤ p (T + y).
      if (more(rest, limitPct) > 0) steps.push(step(id, 'addDomestic', more(rest, limitPct), null, (offer) => offer.origin !== 'nuoc-ngoai'))
    }
  }
  return steps
}
