import { verdictOf } from '#common/programme/index.ts'
import { useT } from '../../i18n/index.ts'
import { lengthText } from '../../i18n/formats.ts'
import { StateBadge } from '../../ui/index.ts'

const tones = { fits: 'ok', under: 'warn', over: 'bad' } as const

/** Over, under or fitting: colour, shape and word. Without a slot there is nothing to judge. */
export function SumBadge(props: { lengthSamples: number; slotSamples: number | null; 'data-testid'?: string }) {
  const t = useT()
  const { verdict, differenceSamples } = verdictOf(props.lengthSamples, props.slotSamples)
  if (verdict === 'open') return null
  return <StateBadge tone={tones[verdict]} data-testid={props['data-testid'] ?? 'programme-verdict'}>{t(`programme.verdicts.${verdict}`, { length: lengthText(Math.abs(differenceSamples)) })}</StateBadge>
}
