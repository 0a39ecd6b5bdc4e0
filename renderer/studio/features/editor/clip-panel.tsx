import { useEffect, useRef, useState } from 'react'
import { NumberInput, Select } from '@mantine/core'
import { clipEnd } from '#common/edl/index.ts'
import type { Clip, Fade, FadeShape } from '#common/edl/index.ts'
import { RATE_HZ } from '#common/units/samples.ts'
import { useT } from '../../i18n/index.ts'
import { preciseText } from '../../i18n/formats.ts'
import { useMay } from '../../app/station-client/index.ts'
import { showEditor, useEditor } from './editor-store.ts'
import { apply, seek } from './session.ts'

const shapes: readonly FadeShape[] = ['linear', 'equalPower', 'sCurve', 'log']
const isShape = (value: string | null): value is FadeShape => shapes.some((shape) => shape === value)

/** The chosen clip in numbers: the same edits as its handles, for keys and for exact values. */
export function ClipPanel() {
  const t = useT()
  const project = useEditor((state) => state.project)
  const clipId = useEditor((state) => state.clipId)
  const mayEdit = useMay('editor')
  const clip = project?.edl.lanes.flatMap((lane) => lane.clips).find((one) => one.id === clipId)
  if (project === null || clip === undefined) return <div className="editor-clip"><span className="dim">{t('editor.noClip')}</span><Markers /></div>
  const source = project.edl.sources.find((one) => one.id === clip.sourceId)
  return (
    <div className="editor-clip" role="group" aria-label={t('editor.clip.region')} data-testid="clip-panel">
      <strong className="editor-clip-title">{source?.title}</strong>
      <span className="dim">{preciseText(clip.start)} – {preciseText(clipEnd(clip))} ({preciseText(clip.length)})</span>
      <NumberField label={t('editor.clip.gain')} value={clip.gainDb} min={-60} max={24} step={0.5} suffix=" dB" disabled={!mayEdit} testId="clip-gain" onCommit={(gainDb) => void apply({ op: 'setGain', clipId: clip.id, gainDb })} />
      <FadeFields edge="in" clip={clip} fade={clip.fadeIn} disabled={!mayEdit} />
      <FadeFields edge="out" clip={clip} fade={clip.fadeOut} disabled={!mayEdit} />
      <Markers />
    </div>
  )
}

function FadeFields(props: { edge: 'in' | 'out'; clip: Clip; fade: Fade; disabled: boolean }) {
  const t = useT()
  const { edge, clip, fade } = props
  const other = edge === 'in' ? clip.fadeOut : clip.fadeIn
  const set = (change: { length?: number; shape?: FadeShape }): void => void apply({ op: 'setFade', clipId: clip.id, edge, fade: { length: change.length ?? fade.length, shape: change.shape ?? fade.shape } })
  const most = (clip.length - other.length) / RATE_HZ
  return (
    <div className="editor-fade">
      <NumberField label={t(edge === 'in' ? 'editor.clip.fadeIn' : 'editor.clip.fadeOut')} value={fade.length / RATE_HZ} min={0} max={most} step={0.1} suffix=" s" disabled={props.disabled} testId={`clip-fade-${edge}`} onCommit={(seconds) => set({ length: Math.min(clip.length - other.length, Math.round(seconds * RATE_HZ)) })} />
      <Select w={132} aria-label={t(edge === 'in' ? 'editor.clip.fadeInShape' : 'editor.clip.fadeOutShape')} allowDeselect={false} disabled={props.disabled || fade.length === 0} data={shapes.map((value) => ({ value, label: t(`editor.shapes.${value}`) }))} value={fade.shape} onChange={(value) => {
        if (isShape(value)) set({ shape: value })
      }} />
    </div>
  )
}

/** A number that is sent when it is finished, not at each key: one edit, one step to undo. */
function NumberField(props: { label: string; value: number; min: number; max: number; step: number; suffix: string; disabled: boolean; testId: string; onCommit: (value: number) => void }) {
  const [text, setText] = useState<number | string>(props.value)
  const isGivenUp = useRef(false)
  useEffect(() => setText(props.value), [props.value])
  const commit = (): void => {
    if (isGivenUp.current) {
      isGivenUp.current = false
      return setText(props.value)
    }
    const value = typeof text === 'number' ? text : Number.parseFloat(text.replace(',', '.'))
    if (!Number.isFinite(value)) return setText(props.value)
    const kept = Math.max(props.min, Math.min(props.max, value))
    setText(kept)
    if (kept !== props.value) props.onCommit(kept)
  }
  return (
    <label className="editor-field">
      <span>{props.label}</span>
      <NumberInput w={96} aria-label={props.label} value={text} min={props.min} max={props.max} step={props.step} decimalScale={3} decimalSeparator="," suffix={props.suffix} disabled={props.disabled} data-testid={props.testId}
        onChange={setText} onBlur={commit} onKeyDown={(event) => {
          if (event.code === 'Enter') event.currentTarget.blur()
          else if (event.code === 'Escape') {
            isGivenUp.current = true
            event.currentTarget.blur()
          }
        }} />
    </label>
  )
}

function Markers() {
  const t = useT()
  const markers = useEditor((state) => state.project?.edl.markers) ?? []
  const mayEdit = useMay('editor')
  if (markers.length === 0) return null
  return (
    <div className="editor-markers" role="list" aria-label={t('editor.markers')}>
      {markers.slice(0, 50).map((marker) => (
        <span role="listitem" key={marker.id} className="editor-marker">
          <button type="button" onClick={() => {
            seek(marker.at)
            if (marker.length > 0) showEditor({ selection: { start: marker.at, end: marker.at + marker.length } })
          }}>{marker.label} {preciseText(marker.at)}</button>
          {mayEdit && <button type="button" aria-label={t('editor.removeMarker', { label: marker.label })} onClick={() => void apply({ op: 'removeMarker', markerId: marker.id })}>×</button>}
        </span>
      ))}
    </div>
  )
}
