import type { ReactNode } from 'react'
import { ActionIcon, Tooltip } from '@mantine/core'
import {
  IconArrowBackUp, IconArrowForwardUp, IconArrowsJoin2, IconClipboard, IconCopy, IconCrop, IconCut, IconFilePlus, IconLayersIntersect, IconLayoutSidebarRight, IconMagnet, IconMagnetOff, IconMapPin,
  IconPlayerPlayFilled, IconPlayerRecordFilled, IconPlayerStopFilled, IconScissors, IconTrash, IconTrashX, IconTrendingDown, IconTrendingUp, IconVolume, IconX, IconZoomIn, IconZoomOut, IconZoomScan, type Icon,
} from '@tabler/icons-react'
import { useT } from '../../i18n/index.ts'
import { keyIn, runAction, shortcutText, useActionTable, useKeyMap } from '../../app/actions/index.ts'
import { Clock } from './clock.tsx'
import { useEditor } from './editor-store.ts'
import type { EditorActionId } from './key-table.ts'
import { useMayEdit } from './lease.tsx'
import { ActionButton } from './parts/action-button.tsx'
import { keepFocus } from './parts/keep-focus.ts'
import { ToolMenu } from './tool-menu.tsx'

/** One row of buttons of the action table. What does not fit at a width goes (by CSS); everything is in the menu of tools with its key. */
export function Toolbar() {
  const t = useT()
  const playing = useEditor((state) => state.playing)
  const snapping = useEditor((state) => state.snapping)
  const editMode = useEditor((state) => state.editMode)
  const sideOpen = useEditor((state) => state.sideOpen)
  const hasRange = useEditor((state) => state.ranges.length > 0 || state.clipId !== null)
  const hasClipboard = useEditor((state) => state.clipboard !== null)
  const canUndo = useEditor((state) => (state.project?.undo.length ?? 0) > 0)
  const canRedo = useEditor((state) => (state.project?.redo.length ?? 0) > 0)
  const mayEdit = useMayEdit()
  return (
    <div className="editor-toolbar" role="toolbar" aria-label={t('editor.toolbar')}>
      <Tool id="play" Icon={playing ? IconPlayerStopFilled : IconPlayerPlayFilled} strong />
      {mayEdit && <Tool id="punch" Icon={IconPlayerRecordFilled} />}
      <Clock />
      {mayEdit && <>
        <Group till="small"><Tool id="split" Icon={IconScissors} /><Tool id="deleteRipple" Icon={IconTrash} disabled={!hasRange} /><Tool id="deleteGap" Icon={IconTrashX} disabled={!hasRange} /><Tool id="trim" Icon={IconCrop} disabled={!hasRange} /></Group>
        <Group till="wide"><Tool id="cut" Icon={IconCut} disabled={!hasRange} /><Tool id="copy" Icon={IconCopy} disabled={!hasRange} /><Tool id="paste" Icon={IconClipboard} disabled={!hasClipboard} /></Group>
        <Group till="always"><Tool id="undo" Icon={IconArrowBackUp} disabled={!canUndo} /><Tool id="redo" Icon={IconArrowForwardUp} disabled={!canRedo} /></Group>
        <Group><Tool id="fadeIn" Icon={IconTrendingUp} /><Tool id="fadeOut" Icon={IconTrendingDown} /><Tool id="crossfade" Icon={IconX} /><Tool id="gain" Icon={IconVolume} /></Group>
        <Group><Tool id="addItem" Icon={IconFilePlus} /><Tool id="marker" Icon={IconMapPin} /></Group>
        <ActionButton id="level" variant="filled" size="xs" />
      </>}
      <ToolMenu />
      <span className="editor-tool-end" />
      <Group>
        <Tool id="editMode" Icon={editMode === 'ripple' ? IconArrowsJoin2 : IconLayersIntersect} pressed={editMode === 'ripple'} />
        <Tool id="snap" Icon={snapping ? IconMagnet : IconMagnetOff} pressed={snapping} />
      </Group>
      <Group><Tool id="zoomOut" Icon={IconZoomOut} /><Tool id="zoomIn" Icon={IconZoomIn} /><Tool id="zoomSelection" Icon={IconZoomScan} /></Group>
      <Tool id="sidePanel" Icon={IconLayoutSidebarRight} pressed={sideOpen} />
    </div>
  )
}

/** `till`: how narrow the desk may get before the group goes. */
function Group(props: { children: ReactNode; till?: 'wide' | 'middle' | 'small' | 'always' }) {
  return <span className="editor-tool-group" data-till={props.till ?? 'middle'}>{props.children}</span>
}

function Tool(props: { id: EditorActionId; Icon: Icon; disabled?: boolean; strong?: boolean; pressed?: boolean }) {
  const t = useT()
  const action = useActionTable((state) => state.actions.get(`editor.${props.id}`))
  const map = useKeyMap()
  if (action === undefined) return null
  const label = t(action.labelKey)
  const key = keyIn(map, action)
  return (
    <Tooltip label={key === null ? label : `${label} (${shortcutText(key)})`} openDelay={500}>
      <ActionIcon size={props.strong === true ? 34 : 30} variant={props.strong === true ? 'filled' : 'default'} disabled={props.disabled ?? false} aria-label={label} {...(props.pressed === undefined ? {} : { 'aria-pressed': props.pressed })}
        onMouseDown={keepFocus} onClick={() => void runAction(action)} data-testid={`tool-${props.id}`}>
        <props.Icon size={17} />
      </ActionIcon>
    </Tooltip>
  )
}
