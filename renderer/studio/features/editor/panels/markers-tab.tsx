import { useEffect, useState } from 'react'
import { ActionIcon, Select, TextInput } from '@mantine/core'
import { IconTrash } from '@tabler/icons-react'
import type { Marker } from '#common/edl/index.ts'
import { preciseText } from '../../../i18n/formats.ts'
import { useT } from '../../../i18n/index.ts'
import { go } from '../commands/looking.ts'
import { removeMarker } from '../commands/marking.ts'
import { showEditor, useEditor } from '../editor-store.ts'
import { useMayEdit } from '../lease.tsx'
import { ActionButton } from '../parts/action-button.tsx'
import { apply } from '../session.ts'

const SHOWN = 200
/** Slides are made where the pictures are, in the programme; here they keep their place. */
const kinds = ['marker', 'chapter'] as const

/** Markers and regions in the order of time: jump, rename, say what they are, take away. */
export function MarkersTab() {
  const t = useT()
  const markers = useEditor((state) => state.project?.edl.markers) ?? []
  const chosen = useEditor((state) => state.markerId)
  const mayEdit = useMayEdit()
  const sorted = markers.toSorted((a, b) => a.at - b.at)
  return (
    <div data-testid="markers-tab">
      <div className="editor-side-block"><div className="editor-side-buttons"><ActionButton id="marker" /><ActionButton id="markerBefore" /><ActionButton id="markerAfter" /></div></div>
      {sorted.length === 0 && <p className="editor-side-note">{t('editor.marks.none')}</p>}
      <ul className="editor-marks" aria-label={t('editor.markers')}>
        {sorted.slice(0, SHOWN).map((marker) => <Row key={marker.id} marker={marker} isChosen={marker.id === chosen} mayEdit={mayEdit} />)}
      </ul>
      {sorted.length > SHOWN && <p className="editor-side-note">{t('editor.marks.more', { count: sorted.length - SHOWN })}</p>}
    </div>
  )
}

function Row(props: { marker: Marker; isChosen: boolean; mayEdit: boolean }) {
  const t = useT()
  const { marker, mayEdit } = props
  const [label, setLabel] = useState(marker.label)
  useEffect(() => setLabel(marker.label), [marker.label])
  const jump = (): void => {
    go(marker.at)
    showEditor({ markerId: marker.id, ...(marker.length > 0 ? { ranges: [{ start: marker.at, end: marker.at + marker.length }] } : {}) })
  }
  const rename = (): void => {
    const wanted = label.trim()
    if (wanted === '') setLabel(marker.label)
    else if (wanted !== marker.label) void apply({ op: 'setMarker', markerId: marker.id, at: marker.at, length: marker.length, label: wanted })
  }
  return (
    <li data-chosen={props.isChosen} data-testid="marker-row">
      <button type="button" className="link-button" onClick={jump} aria-label={t('editor.marks.go', { label: marker.label })}>{preciseText(marker.at)}</button>
      {marker.length > 0 ? <span className="dim">{t('editor.marks.region', { length: preciseText(marker.length) })}</span> : <span className="dim">{t(`editor.marks.kinds.${marker.kind}`)}</span>}
      <ActionIcon size="sm" variant="subtle" color="gray" disabled={!mayEdit} aria-label={t('editor.removeMarker', { label: marker.label })} onClick={() => void removeMarker(marker.id)}><IconTrash size={13} /></ActionIcon>
      <TextInput aria-label={t('editor.marks.name', { label: marker.label })} value={label} maxLength={200} disabled={!mayEdit} data-testid="marker-name" onChange={(event) => setLabel(event.currentTarget.value)} onBlur={rename} onKeyDown={(event) => {
        if (event.code === 'Enter') event.currentTarget.blur()
      }} />
      {marker.kind !== 'slide' && <KindSelect marker={marker} disabled={!mayEdit} />}
    </li>
  )
}

/** Another kind is another marker at the same place: one step. */
function KindSelect(props: { marker: Marker; disabled: boolean }) {
  const t = useT()
  const { marker } = props
  return (
    <Select w={104} aria-label={t('editor.marks.kind', { label: marker.label })} allowDeselect={false} disabled={props.disabled} value={marker.kind} data={kinds.map((value) => ({ value, label: t(`editor.marks.kinds.${value}`) }))} onChange={(value) => {
      const kind = kinds.find((one) => one === value)
      if (kind === undefined || kind === marker.kind) return
      void apply({ op: 'batch', name: 'setMarker', commands: [{ op: 'removeMarker', markerId: marker.id }, { op: 'addMarker', at: marker.at, length: marker.length, label: marker.label, kind, slideId: null }] })
    }} />
  )
}
