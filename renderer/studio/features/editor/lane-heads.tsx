import { ActionIcon, Menu, NumberInput, Tooltip } from '@mantine/core'
import { IconDots, IconPlus } from '@tabler/icons-react'
import { MAX_LANES } from '#common/edl/index.ts'
import type { Lane } from '#common/edl/index.ts'
import { useT } from '../../i18n/index.ts'
import { addLane, setLane } from './commands/lanes.ts'
import { showEditor, useEditor } from './editor-store.ts'
import { useMayEdit } from './lease.tsx'
import { keepFocus } from './parts/keep-focus.ts'
import { apply } from './session.ts'
import { RULER_PX } from './timeline/layout.ts'

/** Left of the picture: name, role, mute, solo and level of each lane; pressing the name makes it the one that edits work on. */
export function LaneHeads() {
  const t = useT()
  const lanes = useEditor((state) => state.project?.edl.lanes) ?? []
  const mayEdit = useMayEdit()
  return (
    <div className="editor-heads">
      <div className="editor-heads-top" style={{ height: RULER_PX }}>
        <span className="dim">{t('editor.lanes')}</span>
        {mayEdit && lanes.length < MAX_LANES && <Tooltip label={t('editor.addLane')}><ActionIcon size="xs" variant="default" aria-label={t('editor.addLane')} onMouseDown={keepFocus} onClick={() => void addLane()}><IconPlus size={12} /></ActionIcon></Tooltip>}
      </div>
      {lanes.map((lane) => <LaneHead key={lane.id} lane={lane} only={lanes.length === 1} mayEdit={mayEdit} />)}
    </div>
  )
}

export function LaneHead(props: { lane: Lane; only: boolean; mayEdit: boolean }) {
  const t = useT()
  const { lane, mayEdit } = props
  const chosen = useEditor((state) => state.laneIds.includes(lane.id))
  const open = (dialog: 'lane' | 'duck'): void => showEditor({ laneIds: [lane.id], dialog })
  return (
    <div className="editor-head" data-chosen={chosen} role="group" aria-label={lane.name}>
      <div className="editor-head-row">
        <button type="button" className="editor-head-name" aria-pressed={chosen} title={lane.name} onClick={() => showEditor({ laneIds: [lane.id] })}>{lane.name}</button>
        {mayEdit && (
          <Menu position="bottom-start" shadow="md" withInitialFocusPlaceholder={false} onOpen={() => showEditor({ menuOpen: true })} onClose={() => void setTimeout(() => showEditor({ menuOpen: false }))}>
            <Menu.Target><ActionIcon size="xs" variant="subtle" color="gray" aria-label={t('editor.lane.more', { name: lane.name })} onMouseDown={keepFocus} data-testid="lane-menu"><IconDots size={14} /></ActionIcon></Menu.Target>
            <Menu.Dropdown>
              <Menu.Item onClick={() => open('lane')}>{t('editor.lane.edit')}</Menu.Item>
              <Menu.Item onClick={() => open('duck')}>{t('editor.lane.duck')}</Menu.Item>
              <Menu.Item disabled={props.only || lane.clips.length > 0} onClick={() => void apply({ op: 'removeLane', laneId: lane.id })}>{t('editor.removeLane', { name: lane.name })}</Menu.Item>
            </Menu.Dropdown>
          </Menu>
        )}
      </div>
      <div className="editor-head-row">
        <button type="button" className="editor-switch mute" aria-pressed={lane.mute} aria-label={t('editor.mute', { name: lane.name })} title={t('editor.mute', { name: lane.name })} disabled={!mayEdit} onMouseDown={keepFocus} onClick={() => void setLane(lane, { mute: !lane.mute })}>{t('editor.muteShort')}</button>
        <button type="button" className="editor-switch solo" aria-pressed={lane.solo} aria-label={t('editor.solo', { name: lane.name })} title={t('editor.solo', { name: lane.name })} disabled={!mayEdit} onMouseDown={keepFocus} onClick={() => void setLane(lane, { solo: !lane.solo })}>{t('editor.soloShort')}</button>
        <NumberInput className="editor-head-gain" aria-label={t('editor.laneGain', { name: lane.name })} value={lane.gainDb} min={-60} max={24} step={0.5} decimalScale={1} decimalSeparator="," hideControls disabled={!mayEdit} key={lane.gainDb} suffix=" dB"
          onBlur={(event) => {
            const value = Number.parseFloat(event.currentTarget.value.replace(',', '.').replace('−', '-'))
            if (Number.isFinite(value) && value !== lane.gainDb) void setLane(lane, { gainDb: Math.max(-60, Math.min(24, value)) })
          }}
          onKeyDown={(event) => {
            if (event.code === 'Enter') event.currentTarget.blur()
          }} />
      </div>
      <span className="editor-head-role">{t(`editor.lane.roles.${lane.role}`)}{lane.duck === null ? '' : ` · ${t('editor.lane.ducked', { db: lane.duck.reduceDb })}`}</span>
    </div>
  )
}
