import { edlLength } from '#common/edl/index.ts'
import { endsOf, floorOf, quietSpans } from '#common/quiet/index.ts'
import { RATE_HZ } from '#common/units/samples.ts'
import { translate } from '../../../i18n/index.ts'
import { editorNow, showEditor } from '../editor-store.ts'
import { applyAll } from '../session.ts'
import { fetchLevels } from './levels.ts'
import { itemsOf, voiceLanes } from './voice-lanes.ts'

const BREATH = RATE_HZ / 10

/** By one key: the quiet before the first word and after the last one goes, a tenth of a second stays. */
export async function trimEnds(): Promise<void> {
  const { project } = editorNow()
  if (project === null) return
  const { edl } = project
  const lanes = voiceLanes(edl)
  const laneIds = lanes.map((lane) => lane.id)
  const known = await fetchLevels(itemsOf(edl, lanes))
  const levelsOf = (itemId: string) => known.get(itemId) ?? null
  const within = { start: 0, end: edlLength(edl) }
  const { head, tail } = endsOf(quietSpans(edl, laneIds, within, levelsOf, { thresholdDbfs: floorOf(edl, laneIds, levelsOf), minLength: Math.round(0.15 * RATE_HZ) }), within, BREATH)
  const spans = [tail, head].filter((span) => span !== null)
  if (spans.length === 0) return showEditor({ said: translate('editor.tools.silence.none') })
  await applyAll(spans.map((range) => ({ op: 'deleteRange', range, ripple: true, laneIds })), 'trimEnds')
}
