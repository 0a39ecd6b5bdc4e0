import { useState } from 'react'
import { TextInput } from '@mantine/core'
import { useT } from '../../../i18n/index.ts'
import { showError } from '../../../app/errors/index.ts'
import { useEditor } from '../editor-store.ts'
import { apply } from '../session.ts'
import { TIMES_PX } from './layout.ts'
import { showTimeline, useTimeline } from './timeline-store.ts'
import { pxOf } from './view.ts'

/** The name of a marker, written where the marker stands. */
export function RenameField() {
  const id = useTimeline((state) => state.renamingId)
  const marker = useEditor((state) => state.project?.edl.markers.find((one) => one.id === id))
  return marker === undefined ? null : <Field key={marker.id} marker={marker} />
}

function Field({ marker }: { marker: { readonly id: string; readonly at: number; readonly length: number; readonly label: string } }) {
  const t = useT()
  const view = useEditor((state) => state.view)
  const [text, setText] = useState(marker.label)
  const close = (): void => showTimeline({ renamingId: null })
  const commit = (): void => {
    close()
    const label = text.trim()
    if (label !== marker.label) void apply({ op: 'setMarker', markerId: marker.id, at: marker.at, length: marker.length, label }).catch(showError)
  }
  return (
    <TextInput className="tl-rename" style={{ top: TIMES_PX - 4, insetInlineStart: Math.max(2, Math.min(view.width - 190, pxOf(view, marker.at))) }} aria-label={t('timeline.markerName')} value={text} maxLength={200} autoFocus data-testid="marker-name"
      onPointerDown={(event) => event.stopPropagation()} onFocus={(event) => event.currentTarget.select()} onChange={(event) => setText(event.currentTarget.value)} onBlur={commit}
      onKeyDown={(event) => {
        if (event.nativeEvent.isComposing) return
        if (event.code === 'Enter') commit()
        else if (event.code === 'Escape') {
          event.stopPropagation()
          close()
        }
      }} />
  )
}
