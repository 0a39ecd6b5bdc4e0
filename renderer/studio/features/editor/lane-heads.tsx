import { ActionIcon, NumberInput, Tooltip } from '@mantine/core'
import { IconPlus, IconTrash } from '@tabler/icons-react'
import { MAX_LANES } from '#common/edl/index.ts'
import type { Lane } from '#common/edl/index.ts'
import { useT } from '../../i18n/index.ts'
import { useMay } from '../../app/station-client/index.ts'
import { showEditor, useEditor } from './editor-store.ts'
import { apply } from './session.ts'
import { RULER_PX } from './timeline/layout.ts'

/** Left of the picture: name, mute, solo and level of each lane; pressing the name makes it the one that edits work on. */
export function LaneHeads() {
  const t = useT()
  const lanes = useEditor((state) => state.project?.edl.lanes) ?? []
  const mayEdit = useMay('editor')
  return (
    <div className="editor-heads">
      <div className="editor-heads-top" style={{ height: RULER_PX }}>
        <span className="dim">{t('editor.lanes')}</span>
        {mayEdit && lanes.length < MAX_LANES && <Tooltip label={t('editor.addLane')}><ActionIcon size="xs" variant="default" aria-label={t('editor.addLane')} onMouseDown={(event) => event.preventDefault()} onClick={() => void apply({ op: 'addLane', name: t('editor.laneName', { number: lanes.length + 1 }) })}><IconPlus size={12} /></ActionIcon></Tooltip>}
      </div>
      {lanes.map((lane) => <LaneHead key={lane.id} lane={lane} only={lanes.length === 1} mayEdit={mayEdit} />)}
    </div>
  )
}

function LaneHead(props: { lane: Lane; only: boolean; mayEdit: boolean }) {
  const t = useT()
  const { lane, mayEdit } = props
  const chosen = useEditor((state) => state.laneIds.includes(lane.id))
  const set = (change: Partial<Pick<Lane, 'gainDb' | 'mute' | 'solo'>>): void => {
    void apply({ op: 'setLane', laneId: lane.id, gainDb: lane.gainDb, mute: lane.mute, solo: lane.solo, ...change })
  }
  return (
    <div className="editor-head" data-chosen={chosen} role="group" aria-label={lane.name}>
      <button type="button" className="editor-head-name" aria-pressed={chosen} onClick={() => showEditor({ laneIds: [lane.id] })}>{lane.name}</button>
      <div className="editor-head-row">
        <button type="button" className="editor-switch mute" aria-pressed={lane.mute} aria-label={t('editor.mute', { name: lane.name })} title={t('editor.mute', { name: lane.name })} disabled={!mayEdit} onClick={() => set({ mute: !lane.mute })}>{t('editor.muteShort')}</button>
        <button type="button" className="editor-switch solo" aria-pressed={lane.solo} aria-label={t('editor.solo', { name: lane.name })} title={t('editor.solo', { name: lane.name })} disabled={!mayEdit} onClick={() => set({ solo: !lane.solo })}>{t('editor.soloShort')}</button>
        <NumberInput className="editor-head-gain" aria-label={t('editor.laneGain', { name: lane.name })} value={lane.gainDb} min={-60} max={24} step={0.5} decimalScale={1} decimalSeparator="," hideControls disabled={!mayEdit} key={lane.gainDb} suffix=" dB"
          onBlur={(event) => {
            const value = Number.parseFloat(event.currentTarget.value.replace(',', '.').replace('−', '-'))
            if (Number.isFinite(value) && value !== lane.gainDb) set({ gainDb: Math.max(-60, Math.min(24, value)) })
          }}
          onKeyDown={(event) => {
            if (event.code === 'Enter') event.currentTarget.blur()
          }} />
        {!props.only && lane.clips.length === 0 && mayEdit && <ActionIcon size="xs" variant="subtle" color="gray" aria-label={t('editor.removeLane', { name: lane.name })} onClick={() => void apply({ op: 'removeLane', laneId: lane.id })}><IconTrash size={13} /></ActionIcon>}
      </div>
    </div>
  )
}
