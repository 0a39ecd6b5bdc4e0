import { ActionIcon } from '@mantine/core'
import { IconTrash } from '@tabler/icons-react'
import type { Clip, EnvelopePoint } from '#common/edl/index.ts'
import { RATE_HZ, samples } from '#common/units/samples.ts'
import { useT } from '../../../i18n/index.ts'
import { setEnvelope } from '../commands/shaping.ts'
import { ActionButton } from '../parts/action-button.tsx'
import { NumberField } from '../parts/number-field.tsx'
import { TextButton } from '../parts/text-button.tsx'
import { seek } from '../transport.ts'

const SHOWN = 60

/** The gain envelope point by point: what the eye draws on the wave, the hands and the ear can set here. */
export function EnvelopeList(props: { clip: Clip; disabled: boolean }) {
  const t = useT()
  const { clip, disabled } = props
  const points = clip.envelope
  const change = (n: number, next: EnvelopePoint): void => {
    if (points.some((point, m) => m !== n && point.at === next.at)) return
    void setEnvelope(clip, points.with(n, next).sort((a, b) => a.at - b.at))
  }
  return (
    <section className="editor-side-block" aria-label={t('editor.envelope.title')} data-testid="envelope">
      <h3>{t('editor.envelope.title')}</h3>
      {points.length === 0 && <span className="dim">{t('editor.envelope.none')}</span>}
      <ol className="editor-points">
        {points.slice(0, SHOWN).map((point, n) => (
          <li key={point.at}>
            <button type="button" className="plain-button" onClick={() => seek(clip.start + point.at)} aria-label={t('editor.envelope.go', { number: n + 1 })}>{n + 1}</button>
            <NumberField isBare width={98} label={t('editor.envelope.at', { number: n + 1 })} value={point.at / RATE_HZ} min={0} max={clip.length / RATE_HZ} step={0.1} suffix=" s" disabled={disabled} onCommit={(seconds) => change(n, { ...point, at: samples(Math.min(clip.length, Math.round(seconds * RATE_HZ))) })} />
            <NumberField isBare width={88} decimals={1} label={t('editor.envelope.gain', { number: n + 1 })} value={point.gainDb} min={-60} max={24} step={0.5} suffix=" dB" disabled={disabled} testId={`envelope-gain-${n}`} onCommit={(gainDb) => change(n, { ...point, gainDb })} />
            <ActionIcon size="sm" variant="subtle" color="gray" disabled={disabled} aria-label={t('editor.envelope.remove', { number: n + 1 })} onClick={() => void setEnvelope(clip, points.filter((_, m) => m !== n))}><IconTrash size={13} /></ActionIcon>
          </li>
        ))}
      </ol>
      {points.length > SHOWN && <span className="dim">{t('editor.envelope.more', { count: points.length - SHOWN })}</span>}
      <div className="editor-side-buttons">
        <ActionButton id="envelopePoint" disabled={disabled} />
        {points.length > 0 && <TextButton disabled={disabled} onClick={() => void setEnvelope(clip, [])}>{t('editor.envelope.clear')}</TextButton>}
      </div>
    </section>
  )
}
