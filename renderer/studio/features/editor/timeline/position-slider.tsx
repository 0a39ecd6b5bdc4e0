import { useState, type KeyboardEvent } from 'react'
import { clipEnd, edlLength } from '#common/edl/index.ts'
import type { Edl } from '#common/edl/index.ts'
import { RATE_HZ } from '#common/units/samples.ts'
import { preciseText } from '../../../i18n/formats.ts'
import { useT } from '../../../i18n/index.ts'
import type { Translate } from '../../../i18n/index.ts'
import { chooseLane } from '../commands/lanes.ts'
import { go, goEdge, goTo, nudge } from '../commands/looking.ts'
import { useEditor } from '../editor-store.ts'
import { playhead } from '../transport.ts'

/**
 * The timeline for those who do not see it: one slider that takes the focus. Its value is told when it is asked for (focus, a key, a rest of the
 * playhead), never while it plays. The arrow keys of the desk move it.
 */
export function PositionSlider() {
  const t = useT()
  const edl = useEditor((state) => state.project?.edl)
  const laneIds = useEditor((state) => state.laneIds)
  const cursor = useEditor((state) => state.cursor)
  const playing = useEditor((state) => state.playing)
  const [asked, setAsked] = useState(0)
  if (edl === undefined) return null
  const at = playing ? asked : cursor
  const ask = (): void => setAsked(playhead())
  return (
    <div className="tl-position" role="slider" tabIndex={0} aria-orientation="horizontal" aria-label={t('timeline.position')} aria-valuemin={0} aria-valuemax={Math.round((edlLength(edl) * 1000) / RATE_HZ)}
      aria-valuenow={Math.round((at * 1000) / RATE_HZ)} aria-valuetext={placeText(edl, laneIds, at, t)} onFocus={ask} onKeyDown={(event) => {
        step(event)
        ask()
      }} data-testid="timeline-position" />
  )
}

const PAGE = 10 * RATE_HZ

function step(event: KeyboardEvent): void {
  // With Alt an arrow belongs to the desk wherever the focus is.
  if (event.altKey) return
  const far = event.ctrlKey || event.metaKey
  const size = event.shiftKey ? 'second' : 'fine'
  const moves: Readonly<Record<string, () => void>> = {
    ArrowLeft: () => (far ? goEdge(-1) : nudge(-1, size)), ArrowRight: () => (far ? goEdge(1) : nudge(1, size)), ArrowUp: () => chooseLane(-1), ArrowDown: () => chooseLane(1),
    Home: () => goTo('start'), End: () => goTo('end'), PageUp: () => go(playhead() + PAGE), PageDown: () => go(playhead() - PAGE),
  }
  const move = moves[event.code]
  if (move === undefined) return
  event.preventDefault()
  move()
}

/** Where it is, and what sounds there on the chosen lanes. */
function placeText(edl: Edl, laneIds: readonly string[], at: number, t: Translate): string {
  const parts = [preciseText(at)]
  for (const lane of edl.lanes) {
    if (!laneIds.includes(lane.id)) continue
    const index = lane.clips.findIndex((clip) => clip.start <= at && at < clipEnd(clip))
    const clip = lane.clips[index]
    const title = edl.sources.find((source) => source.id === clip?.sourceId)?.title ?? ''
    parts.push(clip === undefined ? t('timeline.nothingHere', { lane: lane.name }) : t('timeline.clipHere', { lane: lane.name, title, number: index + 1, count: lane.clips.length }))
  }
  const marker = edl.markers.find((one) => one.at <= at && at <= one.at + Math.max(one.length, 1))
  if (marker !== undefined) parts.push(t('timeline.markerHere', { label: marker.label }))
  return parts.join('; ')
}
