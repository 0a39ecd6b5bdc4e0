import { translate } from '../../../i18n/index.ts'
import { editorNow, showEditor } from '../editor-store.ts'
import { apply, applyAll } from '../session.ts'
import type { SingleCommand } from '../session.ts'
import { playhead } from '../transport.ts'
import { go } from './looking.ts'

/** A marker at the playhead, also while it plays; what is selected becomes regions with a name. */
export async function addMarker(): Promise<void> {
  const { ranges, project } = editorNow()
  const count = (project?.edl.markers.length ?? 0) + 1
  const places = ranges.length === 0 ? [{ start: playhead(), end: playhead() }] : ranges
  await applyAll(places.map((place, n): SingleCommand => ({
    op: 'addMarker', at: place.start, length: place.end - place.start, label: translate(place.end > place.start ? 'editor.regionLabel' : 'editor.markerLabel', { count: count + n }), kind: 'marker', slideId: null,
  })), 'addMarker')
}

export function goMarker(direction: 1 | -1): void {
  const markers = editorNow().project?.edl.markers ?? []
  const at = playhead()
  const sorted = markers.toSorted((a, b) => a.at - b.at)
  const marker = direction === 1 ? sorted.find((one) => one.at > at) : sorted.findLast((one) => one.at < at)
  if (marker === undefined) return
  go(marker.at)
  showEditor({ markerId: marker.id, said: marker.label })
}

export async function removeMarker(markerId: string): Promise<void> {
  if (await apply({ op: 'removeMarker', markerId })) showEditor({ markerId: null })
}
