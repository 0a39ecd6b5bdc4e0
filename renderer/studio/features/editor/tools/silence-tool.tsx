import { useEffect, useMemo, useState } from 'react'
import { Button, Checkbox, Radio, Select } from '@mantine/core'
import { edlLength } from '#common/edl/index.ts'
import { endsOf, floorOf, quietSpans, tightened } from '#common/quiet/index.ts'
import type { Span } from '#common/quiet/index.ts'
import { RATE_HZ } from '#common/units/samples.ts'
import { useT } from '../../../i18n/index.ts'
import { translate } from '../../../i18n/index.ts'
import { showEditor, useEditor } from '../editor-store.ts'
import { NumberField } from '../parts/number-field.tsx'
import { shortText } from '../parts/time-text.ts'
import { applyAll } from '../session.ts'
import type { SingleCommand } from '../session.ts'
import { useLevels } from './levels.ts'
import { closeTool } from './close-tool.ts'
import { itemsOf, voiceLanes } from './voice-lanes.ts'

const deeds = ['tighten', 'remove', 'mark', 'ends'] as const
type Deed = (typeof deeds)[number]
/** One step takes that many commands. */
const stepNames = { tighten: 'tightenPauses', remove: 'deleteRipple', mark: 'addMarker', ends: 'trimEnds' } as const
const MOST = 2_000
const BREATH = RATE_HZ / 10

/** Finds pauses by level and length, shows them on the timeline with their number and sum, and only then shortens, removes or marks them. */
export function SilenceTool() {
  const t = useT()
  const edl = useEditor((state) => state.project?.edl)
  const selection = useEditor((state) => state.selection)
  const laneIds = useEditor((state) => state.laneIds)
  const [where, setWhere] = useState<'voice' | 'chosen'>('voice')
  const [deed, setDeed] = useState<Deed>('tighten')
  const [threshold, setThreshold] = useState<number | null>(null)
  const [least, setLeast] = useState(0.8)
  const [keep, setKeep] = useState(0.6)
  const [everyLane, setEveryLane] = useState(false)

  const lanes = useMemo(() => (edl === undefined ? [] : where === 'voice' ? voiceLanes(edl) : edl.lanes.filter((lane) => laneIds.includes(lane.id))), [edl, where, laneIds])
  const { levelsOf, isReady } = useLevels(edl === undefined ? [] : itemsOf(edl, lanes))
  const ids = useMemo(() => lanes.map((lane) => lane.id), [lanes])
  const found = useMemo(() => (edl === undefined || !isReady ? -40 : floorOf(edl, ids, levelsOf)), [edl, ids, levelsOf, isReady])
  const thresholdDbfs = threshold ?? found
  const spans = useMemo((): Span[] => {
    if (edl === undefined || !isReady) return []
    const within = selection ?? { start: 0, end: edlLength(edl) }
    const pauses = quietSpans(edl, ids, within, levelsOf, { thresholdDbfs, minLength: Math.round((deed === 'ends' ? 0.15 : least) * RATE_HZ) })
    if (deed === 'ends') {
      const { head, tail } = endsOf(pauses, within, BREATH)
      return [head, tail].filter((span) => span !== null)
    }
    return deed === 'tighten' ? tightened(pauses, Math.round(keep * RATE_HZ)) : pauses
  }, [edl, isReady, selection, ids, levelsOf, thresholdDbfs, least, keep, deed])
  useEffect(() => showEditor({ proposed: spans.map((span) => ({ ...span, laneIds: ids })) }), [spans, ids])

  const total = spans.reduce((sum, span) => sum + span.end - span.start, 0)
  const run = async (): Promise<void> => {
    if (edl === undefined || spans.length === 0) return
    if (await applyAll(commandsFor(deed, spans, everyLane ? edl.lanes.map((lane) => lane.id) : ids), stepNames[deed])) closeTool()
  }
  return (
    <form className="editor-tool-body" onSubmit={(event) => {
      event.preventDefault()
      void run()
    }}>
      <NumberField label={t('editor.tools.silence.threshold')} value={thresholdDbfs} min={-80} max={-6} step={1} decimals={0} suffix=" dBFS" testId="silence-threshold" onCommit={setThreshold} />
      {deed !== 'ends' && <NumberField label={t('editor.tools.silence.least')} value={least} min={0.1} max={30} step={0.1} decimals={2} suffix=" s" testId="silence-least" onCommit={setLeast} />}
      <Select label={t('editor.tools.silence.where')} allowDeselect={false} value={where} data={[{ value: 'voice', label: t('editor.tools.silence.voice') }, { value: 'chosen', label: t('editor.tools.silence.chosen') }]} onChange={(value) => setWhere(value === 'chosen' ? 'chosen' : 'voice')} />
      <Radio.Group label={t('editor.tools.silence.deed')} value={deed} onChange={(value) => setDeed(deeds.find((one) => one === value) ?? 'tighten')}>
        {deeds.map((value) => <Radio key={value} size="xs" mt={6} value={value} label={t(`editor.tools.silence.deeds.${value}`)} data-testid={`silence-${value}`} />)}
      </Radio.Group>
      {deed === 'tighten' && <NumberField label={t('editor.tools.silence.keep')} value={keep} min={0} max={10} step={0.1} decimals={2} suffix=" s" testId="silence-keep" onCommit={setKeep} />}
      {deed !== 'mark' && <Checkbox label={t('editor.tools.silence.everyLane')} checked={everyLane} onChange={(event) => setEveryLane(event.currentTarget.checked)} />}
      <p className="editor-tool-result" role="status" aria-live="polite" data-testid="silence-found">
        {!isReady ? t('app.loading') : spans.length === 0 ? t('editor.tools.silence.none') : t(deed === 'mark' ? 'editor.tools.silence.found' : 'editor.tools.silence.shorter', { count: spans.length, total: shortText(total) })}
        {spans.length > MOST && ` ${t('editor.tools.silence.tooMany', { most: MOST })}`}
      </p>
      <div className="editor-side-buttons">
        <Button type="submit" disabled={spans.length === 0 || spans.length > MOST} data-testid="silence-run">{t(`editor.tools.silence.run.${deed}`)}</Button>
        <Button variant="default" onClick={closeTool}>{t('app.cancel')}</Button>
      </div>
    </form>
  )
}

/** From the last to the first, so that those before lie where they were found. */
function commandsFor(deed: Deed, spans: readonly Span[], laneIds: string[]): SingleCommand[] {
  if (deed === 'mark') return spans.map((span, n) => ({ op: 'addMarker', at: span.start, length: span.end - span.start, label: translate('editor.tools.silence.label', { number: n + 1 }), kind: 'marker', slideId: null }))
  return spans.toReversed().map((span) => ({ op: 'deleteRange', range: { ...span }, ripple: true, laneIds }))
}
