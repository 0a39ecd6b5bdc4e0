import { useMemo, useState } from 'react'
import { Button, Checkbox, Select } from '@mantine/core'
import { edit } from '#common/edl/index.ts'
import type { Duck, Edl, EditContext } from '#common/edl/index.ts'
import { RATE_HZ } from '#common/units/samples.ts'
import { useT } from '../../../i18n/index.ts'
import { StateBadge } from '../../../ui/index.ts'
import { showEditor, useEditor } from '../editor-store.ts'
import { NumberField } from '../parts/number-field.tsx'
import { apply } from '../session.ts'
import { hear, player, playFrom, stopPlaying } from '../transport.ts'
import { useSpeech } from './levels.ts'
import type { Speech } from './levels.ts'
import { closeTool } from './close-tool.ts'
import { itemsOf } from './voice-lanes.ts'

const usual = { reduceDb: 12, attackMs: 250, holdMs: 500, releaseMs: 900 } as const

/** A bed goes under speech by itself: written as an envelope that can be seen, heard before it is kept, and changed by hand afterwards. */
export function DuckTool() {
  const edl = useEditor((state) => state.project?.edl)
  const laneIds = useEditor((state) => state.laneIds)
  const [laneId, setLaneId] = useState(() => {
    const lanes = edl?.lanes ?? []
    return (lanes.find((lane) => lane.role === 'bed' && lane.clips.length > 0) ?? lanes.find((lane) => laneIds.includes(lane.id)) ?? lanes[0])?.id ?? ''
  })
  if (edl === undefined) return null
  return <DuckForm key={laneId} edl={edl} laneId={laneId} onLane={setLaneId} />
}

function DuckForm(props: { edl: Edl; laneId: string; onLane: (laneId: string) => void }) {
  const t = useT()
  const { edl, laneId } = props
  const lane = edl.lanes.find((one) => one.id === laneId)
  const known = lane?.duck ?? null
  const [settings, setSettings] = useState({ ...usual, ...(known === null ? {} : { reduceDb: known.reduceDb, attackMs: known.attackMs, holdMs: known.holdMs, releaseMs: known.releaseMs }) })
  const others = edl.lanes.filter((one) => one.id !== laneId)
  const [voices, setVoices] = useState<readonly string[]>(() => known?.voiceLaneIds ?? others.filter((one) => one.role === 'voice').map((one) => one.id))
  const playing = useEditor((state) => state.playing)
  const voiceLanes = useMemo(() => edl.lanes.filter((one) => voices.includes(one.id)), [edl, voices])
  const { speechIn, isReady } = useSpeech(itemsOf(edl, voiceLanes))
  const duck: Duck = { ...settings, voiceLaneIds: [...voices], handEdited: false }

  /** Drawn and heard as it would be; nothing is kept. */
  const show = async (): Promise<void> => {
    if (playing) return stopPlaying()
    const made = edit(edl, { op: 'setDuck', laneId, duck }, previewContext(speechIn))
    const next = 'refused' in made ? edl : made.edl
    showEditor({ preview: next })
    hear(next)
    const first = Math.min(...voiceLanes.flatMap((one) => one.clips.slice(0, 1).map((clip) => clip.start)))
    await playFrom(Number.isFinite(first) ? Math.max(0, first - RATE_HZ) : 0)
  }
  const leave = (): void => {
    if (player.isPlaying) stopPlaying()
    hear(edl)
    closeTool()
  }
  const keep = async (next: Duck | null): Promise<void> => {
    if (await apply({ op: 'setDuck', laneId, duck: next === null ? null : { ...next, voiceLaneIds: [...next.voiceLaneIds] } })) closeTool()
  }
  const figure = (name: keyof typeof usual, max: number, step: number, suffix: string) => (
    <NumberField key={name} label={t(`editor.tools.duck.${name}`)} value={settings[name]} min={0} max={max} step={step} decimals={name === 'reduceDb' ? 1 : 0} suffix={suffix} testId={`duck-${name}`} onCommit={(value) => setSettings({ ...settings, [name]: value })} />
  )
  return (
    <form className="editor-tool-body" onSubmit={(event) => {
      event.preventDefault()
      void keep(duck)
    }}>
      <Select label={t('editor.tools.duck.lane')} allowDeselect={false} value={laneId} data={edl.lanes.map((one) => ({ value: one.id, label: one.name }))} onChange={(value) => {
        if (value !== null) props.onLane(value)
      }} data-testid="duck-lane" />
      <Checkbox.Group label={t('editor.tools.duck.under')} value={[...voices]} onChange={setVoices}>
        {others.map((one) => <Checkbox key={one.id} mt={6} value={one.id} label={one.name} />)}
      </Checkbox.Group>
      {figure('reduceDb', 40, 1, ' dB')}
      {figure('attackMs', 5_000, 50, ' ms')}
      {figure('holdMs', 10_000, 50, ' ms')}
      {figure('releaseMs', 10_000, 50, ' ms')}
      {known?.handEdited === true && <StateBadge tone="warn">{t('editor.tools.duck.byHand')}</StateBadge>}
      <div className="editor-side-buttons">
        <Button type="submit" disabled={voices.length === 0} data-testid="duck-run">{t('editor.tools.duck.run')}</Button>
        <Button variant="default" disabled={voices.length === 0 || !isReady} onClick={() => void show()} data-testid="duck-preview">{t(playing ? 'editor.tools.duck.stop' : 'editor.tools.duck.preview')}</Button>
        {known !== null && <Button variant="default" onClick={() => void keep(null)}>{t('editor.tools.duck.remove')}</Button>}
        <Button variant="default" onClick={leave}>{t('app.cancel')}</Button>
      </div>
    </form>
  )
}

/** Nothing is kept of a preview: its ids are its own, and it asks for no item. */
function previewContext(speechIn: Speech['speechIn']): EditContext {
  let n = 0
  return { newId: () => `preview-${++n}`, item: () => null, speech: (source) => speechIn(source.itemId) }
}
