import { useEffect, useMemo, useState } from 'react'
import { Button, Checkbox, Progress, TextInput } from '@mantine/core'
import { fitBy, floorOf, quietSpans } from '#common/quiet/index.ts'
import { RATE_HZ } from '#common/units/samples.ts'
import { call } from '../../../app/station-client/index.ts'
import { useT } from '../../../i18n/index.ts'
import { StateBadge } from '../../../ui/index.ts'
import { editorNow, showEditor, useEditor } from '../editor-store.ts'
import { samplesOfText, shortText } from '../parts/time-text.ts'
import { applyAll } from '../session.ts'
import { showEditError } from '../words.ts'
import { canGoOn } from './fit-others.ts'
import { layoutOf, lengthOf, othersOf, programmeEnd, spokenSpans } from './fit-plan.ts'
import { fitCommands } from './fit-run.ts'
import { useLevels } from './levels.ts'
import { closeTool } from './close-tool.ts'
import { endOf, itemsOf, voiceLanes } from './voice-lanes.ts'

/** Music keeps its time. */
const spoken = new Set(['speech', 'programme', 'recording', 'message'])
const LEAST_PAUSE = 0.3 * RATE_HZ

/** Brings the programme to its slot: closes pauses, stretches speech at its pitch, ends the bed there; the figures are shown before anything is done. */
export function FitTool() {
  const t = useT()
  const edl = useEditor((state) => state.project?.edl)
  const slot = edl?.slot.length ?? null
  const lanes = useMemo(() => (edl === undefined ? [] : voiceLanes(edl)), [edl])
  const voiceEnd = endOf(lanes)
  const end = edl === undefined ? 0 : programmeEnd(edl, lanes)
  const hasMusic = edl !== undefined && othersOf(edl, lanes).some((lane) => canGoOn(edl, lane, voiceEnd))
  const [text, setText] = useState(() => shortText(slot ?? Math.max(RATE_HZ, Math.round(end / RATE_HZ) * RATE_HZ)))
  const [tighten, setTighten] = useState(true)
  const [stretch, setStretch] = useState(true)
  const [withBed, setWithBed] = useState(true)
  const [goOn, setGoOn] = useState(true)
  const [share, setShare] = useState<number | null>(null)
  /** Items whose sound may be stretched; null until their kinds are known. */
  const [voices, setVoices] = useState<readonly string[] | null>(null)
  const itemIds = useMemo(() => (edl === undefined ? [] : itemsOf(edl, lanes)), [edl, lanes])
  const { levelsOf, isReady } = useLevels(itemIds)
  const wanted = itemIds.join(' ')
  useEffect(() => {
    void Promise.all((wanted === '' ? [] : wanted.split(' ')).map(async (itemId) => [itemId, await call('library.get', { itemId }).then((item) => item.kind, () => 'music')] as const)).then((all) => setVoices(all.filter(([, kind]) => spoken.has(kind)).map(([itemId]) => itemId)))
  }, [wanted])

  const target = samplesOfText(text)
  const speech = useMemo(() => {
    const itemOf = new Map(edl?.sources.map((source) => [source.id, source.itemId]))
    return lanes.flatMap((lane) => lane.clips).filter((clip) => voices?.includes(itemOf.get(clip.sourceId) ?? '') === true).sort((a, b) => a.start - b.start)
  }, [edl, lanes, voices])
  const plan = useMemo(() => {
    if (edl === undefined || !isReady || voices === null || target === null || target === 0) return null
    const ids = lanes.map((lane) => lane.id)
    const pauses = quietSpans(edl, ids, { start: 0, end: voiceEnd }, levelsOf, { thresholdDbfs: floorOf(edl, ids, levelsOf), minLength: LEAST_PAUSE })
      .filter((pause) => speech.some((clip) => clip.start <= pause.start && pause.end <= clip.start + clip.length))
    return fitBy({ length: end, target, speech: lengthOf(spokenSpans(speech)), pauses, tighten, stretch, fill: withBed && goOn && hasMusic })
  }, [edl, isReady, voices, target, lanes, end, voiceEnd, levelsOf, speech, tighten, stretch, withBed, goOn, hasMusic])
  const layout = useMemo(() => (edl === undefined || plan === null || target === null ? null : layoutOf({ edl, voice: lanes, speech, plan, target, withBed })), [edl, plan, target, lanes, speech, withBed])
  useEffect(() => {
    const ids = lanes.map((lane) => lane.id)
    const places = layout?.places.filter(({ from, to }) => from.start !== to.start || from.end !== to.end) ?? []
    showEditor({ proposed: (plan?.cuts ?? []).map((cut) => ({ ...cut, laneIds: ids })), landings: places.map(({ laneId, to }) => ({ ...to, laneIds: [laneId] })) })
  }, [plan, layout, lanes])

  const moved = layout?.places.filter(({ kind, from, to }) => kind !== 'bed' && from.start !== to.start).reduce((sum, { clips }) => sum + clips.length, 0) ?? 0

  const run = async (): Promise<void> => {
    const { project } = editorNow()
    if (plan === null || target === null || project === null) return
    setShare(0)
    try {
      const commands = await fitCommands({ edl: project.edl, voice: lanes, speech, plan, target, withBed, title: project.title, progress: setShare })
      if (await applyAll(commands, 'fit')) closeTool()
    } catch (error) {
      showEditError(error)
    } finally {
      setShare(null)
    }
  }
  return (
    <form className="editor-tool-body" onSubmit={(event) => {
      event.preventDefault()
      if (share === null) void run()
    }}>
      <TextInput label={t('editor.tools.fit.target')} description={t('editor.tools.fit.targetHint')} value={text} error={target === null ? t('editor.tools.fit.badTime') : null} onChange={(event) => setText(event.currentTarget.value)} data-testid="fit-target" />
      <Checkbox label={t('editor.tools.fit.tighten')} checked={tighten} onChange={(event) => setTighten(event.currentTarget.checked)} />
      <Checkbox label={t('editor.tools.fit.stretch')} checked={stretch} onChange={(event) => setStretch(event.currentTarget.checked)} />
      {itemIds.length > 1 && (tighten || stretch) && voices !== null && (
        <Checkbox.Group label={t('editor.tools.fit.voices')} value={[...voices]} onChange={setVoices}>
          {itemIds.map((itemId) => <Checkbox key={itemId} mt={6} value={itemId} label={edl?.sources.find((source) => source.itemId === itemId)?.title ?? ''} />)}
        </Checkbox.Group>
      )}
      <Checkbox label={t('editor.tools.fit.withBed')} checked={withBed} onChange={(event) => setWithBed(event.currentTarget.checked)} />
      {hasMusic && <Checkbox label={t('editor.fit.goOn')} description={t('editor.fit.goOnHint')} checked={goOn && withBed} disabled={!withBed} onChange={(event) => setGoOn(event.currentTarget.checked)} data-testid="fit-go-on" />}
      <div className="editor-tool-result" role="status" aria-live="polite" data-testid="fit-plan">
        {plan === null || target === null ? t('app.loading') : <>
          <p>{t(end > voiceEnd ? 'editor.fit.nowWithEnd' : 'editor.tools.fit.now', { now: shortText(end), voice: shortText(voiceEnd), target: shortText(target) })}</p>
          {plan.cuts.length > 0 && <p>{t('editor.tools.fit.closes', { count: plan.cuts.length, total: shortText(plan.removed) })}</p>}
          {plan.factor !== 1 && <p>{t('editor.tools.fit.factor', { percent: (plan.factor * 100).toLocaleString('vi-VN', { maximumFractionDigits: 2 }) })}</p>}
          {plan.filled > 0 && <p>{t('editor.fit.filled', { voice: shortText(layout?.voiceEnd ?? voiceEnd), music: shortText(plan.filled) })}</p>}
          {moved > 0 && <p>{t('editor.fit.moved', { count: moved })}</p>}
          {plan.isHeard && <StateBadge tone="warn">{t('editor.tools.fit.heard')}</StateBadge>}
          {plan.rest !== 0 && <StateBadge tone="bad">{t(plan.rest > 0 ? 'editor.tools.fit.short' : 'editor.tools.fit.long', { rest: shortText(Math.abs(plan.rest)) })}</StateBadge>}
          {plan.rest === 0 && <StateBadge tone="ok">{t('editor.tools.fit.fits')}</StateBadge>}
        </>}
      </div>
      {share !== null && <Progress value={share * 100} animated aria-label={t('app.jobs.progress')} />}
      <div className="editor-side-buttons">
        <Button type="submit" disabled={plan === null || share !== null} data-testid="fit-run">{t('editor.tools.fit.run')}</Button>
        <Button variant="default" onClick={closeTool}>{t('app.cancel')}</Button>
      </div>
    </form>
  )
}
