import { Select } from '@mantine/core'
import { clipEnd } from '#common/edl/index.ts'
import type { Clip, Edl, Fade, FadeShape } from '#common/edl/index.ts'
import { RATE_HZ } from '#common/units/samples.ts'
import { decibelText, preciseText } from '../../../i18n/formats.ts'
import { useT } from '../../../i18n/index.ts'
import { useMayEdit } from '../lease.tsx'
import { clipsAtHand } from '../commands/at-hand.ts'
import { useEditor } from '../editor-store.ts'
import { NumberField } from '../parts/number-field.tsx'
import { ActionButton } from '../parts/action-button.tsx'
import { apply } from '../session.ts'
import { ClipVersions } from './clip-versions.tsx'
import { EnvelopeList } from './envelope-list.tsx'

const shapes: readonly FadeShape[] = ['linear', 'equalPower', 'sCurve', 'log']
const isShape = (value: string | null): value is FadeShape => shapes.some((shape) => shape === value)

/** The chosen clip in numbers: the same edits as its handles, for keys and for exact values. */
export function ClipTab() {
  const t = useT()
  const edl = useEditor((state) => state.project?.edl)
  const clipId = useEditor((state) => state.clipId)
  const rangeCount = useEditor((state) => state.ranges.length)
  const clip = edl === undefined ? undefined : findClip(edl, clipId)
  if (edl === undefined) return null
  if (clip === undefined) return rangeCount > 0 ? <Many /> : <p className="editor-side-note">{t('editor.noClip')}</p>
  return <One key={clip.id} clip={clip} title={edl.sources.find((source) => source.id === clip.sourceId)?.title ?? ''} />
}

function findClip(edl: Edl, clipId: string | null): Clip | undefined {
  for (const lane of edl.lanes) {
    const clip = lane.clips.find((one) => one.id === clipId)
    if (clip !== undefined) return clip
  }
  return undefined
}

/** Several clips at once: what makes sense for all of them. */
function Many() {
  const t = useT()
  useEditor((state) => state.project?.rev)
  useEditor((state) => state.laneIds)
  const count = clipsAtHand().length
  return (
    <div className="editor-side-block" data-testid="clip-many">
      <p className="editor-side-note">{t('editor.clip.many', { count })}</p>
      <div className="editor-side-buttons">{['level', 'gainDown', 'gainUp', 'binKeep'].map((id) => <ActionButton key={id} id={id} disabled={count === 0 && id !== 'binKeep'} />)}</div>
    </div>
  )
}

function One(props: { clip: Clip; title: string }) {
  const t = useT()
  const { clip } = props
  const mayEdit = useMayEdit()
  return (
    <div role="group" aria-label={t('editor.clip.region')} data-testid="clip-panel">
      <div className="editor-side-block">
        <strong className="editor-clip-title" title={props.title}>{props.title}</strong>
        <span className="dim">{preciseText(clip.start)} – {preciseText(clipEnd(clip))}</span>
        <span className="dim">{t('editor.clip.length', { length: preciseText(clip.length) })}</span>
      </div>
      <div className="editor-side-block">
        <NumberField label={t('editor.clip.gain')} value={clip.gainDb} min={-60} max={24} step={0.5} suffix=" dB" disabled={!mayEdit} testId="clip-gain" onCommit={(gainDb) => void apply({ op: 'setGain', clipId: clip.id, gainDb })} />
        <FadeFields edge="in" clip={clip} fade={clip.fadeIn} disabled={!mayEdit} />
        <FadeFields edge="out" clip={clip} fade={clip.fadeOut} disabled={!mayEdit} />
      </div>
      <ClipLoudness clip={clip} />
      <EnvelopeList clip={clip} disabled={!mayEdit} />
      <ClipVersions clip={clip} disabled={!mayEdit} />
    </div>
  )
}

function ClipLoudness(props: { clip: Clip }) {
  const t = useT()
  const { loudness, gainDb } = props.clip
  return (
    <section className="editor-side-block" aria-label={t('editor.clip.loudness')}>
      <h3>{t('editor.clip.loudness')}</h3>
      {loudness === null ? <span className="dim">{t('editor.clip.notMeasured')}</span> : (
        <span data-testid="clip-loudness">{t('editor.clip.measured', { lufs: decibelText(loudness.integratedLufs + gainDb), range: decibelText(loudness.rangeLu), peak: decibelText(loudness.truePeakDbtp + gainDb) })}</span>
      )}
      <div className="editor-side-buttons"><ActionButton id="level" /><ActionButton id="cleanUp" /></div>
    </section>
  )
}

function FadeFields(props: { edge: 'in' | 'out'; clip: Clip; fade: Fade; disabled: boolean }) {
  const t = useT()
  const { edge, clip, fade } = props
  const other = edge === 'in' ? clip.fadeOut : clip.fadeIn
  const set = (change: { length?: number; shape?: FadeShape }): void => void apply({ op: 'setFade', clipId: clip.id, edge, fade: { length: change.length ?? fade.length, shape: change.shape ?? fade.shape } })
  const most = (clip.length - other.length) / RATE_HZ
  return (
    <div className="editor-field">
      <span>{t(edge === 'in' ? 'editor.clip.fadeIn' : 'editor.clip.fadeOut')}</span>
      <NumberField isBare width={72} label={t(edge === 'in' ? 'editor.clip.fadeIn' : 'editor.clip.fadeOut')} value={fade.length / RATE_HZ} min={0} max={most} step={0.1} suffix=" s" disabled={props.disabled} testId={`clip-fade-${edge}`} onCommit={(seconds) => set({ length: Math.min(clip.length - other.length, Math.round(seconds * RATE_HZ)) })} />
      <Select w={124} aria-label={t(edge === 'in' ? 'editor.clip.fadeInShape' : 'editor.clip.fadeOutShape')} allowDeselect={false} disabled={props.disabled || fade.length === 0} data={shapes.map((value) => ({ value, label: t(`editor.shapes.${value}`) }))} value={fade.shape} onChange={(value) => {
        if (isShape(value)) set({ shape: value })
      }} />
    </div>
  )
}
