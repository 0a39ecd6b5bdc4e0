import type { ReactNode } from 'react'
import { ActionIcon, Button, Menu, Tooltip } from '@mantine/core'
import {
  IconArrowBackUp, IconArrowForwardUp, IconArrowsJoin2, IconChevronDown, IconClipboard, IconCopy, IconCrop, IconCut, IconFilePlus, IconLayersIntersect, IconLayoutSidebarRight, IconMagnet, IconMagnetOff, IconMapPin,
  IconPlayerPlayFilled, IconPlayerRecordFilled, IconPlayerStopFilled, IconScissors, IconTrash, IconTrashX, IconTrendingDown, IconTrendingUp, IconVolume, IconX, IconZoomIn, IconZoomOut, IconZoomScan, type Icon,
} from '@tabler/icons-react'
import { useT } from '../../i18n/index.ts'
import { canRun, keyIn, runAction, shortcutText, useActionTable, useKeyMap, type Action } from '../../app/actions/index.ts'
import { Kbd } from '../../ui/index.ts'
import { Clock } from './clock.tsx'
import { showEditor, useEditor } from './editor-store.ts'
import type { EditorActionId } from './key-table.ts'
import { useMayEdit } from './lease.tsx'
import { ActionButton } from './parts/action-button.tsx'
import { keepFocus } from './parts/keep-focus.ts'

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
        <Group><Tool id="split" Icon={IconScissors} /><Tool id="deleteRipple" Icon={IconTrash} disabled={!hasRange} /><Tool id="deleteGap" Icon={IconTrashX} disabled={!hasRange} /><Tool id="trim" Icon={IconCrop} disabled={!hasRange} /></Group>
        <Group wide><Tool id="cut" Icon={IconCut} disabled={!hasRange} /><Tool id="copy" Icon={IconCopy} disabled={!hasRange} /><Tool id="paste" Icon={IconClipboard} disabled={!hasClipboard} /></Group>
        <Group><Tool id="undo" Icon={IconArrowBackUp} disabled={!canUndo} /><Tool id="redo" Icon={IconArrowForwardUp} disabled={!canRedo} /></Group>
        <Group><Tool id="fadeIn" Icon={IconTrendingUp} /><Tool id="fadeOut" Icon={IconTrendingDown} /><Tool id="crossfade" Icon={IconX} /><Tool id="gain" Icon={IconVolume} /></Group>
        <Group><Tool id="addItem" Icon={IconFilePlus} /><Tool id="marker" Icon={IconMapPin} /></Group>
        <ActionButton id="level" variant="filled" size="xs" />
        <ToolMenu />
      </>}
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

function Group(props: { children: ReactNode; wide?: boolean }) {
  return <span className="editor-tool-group" data-wide={props.wide === true}>{props.children}</span>
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

/** What has no button of its own, or lost it on a narrow screen; subject by subject with its key. */
const menu: readonly { readonly title: 'edit' | 'sound' | 'tools' | 'lanes'; readonly ids: readonly EditorActionId[] }[] = [
  { title: 'tools', ids: ['silence', 'trimEnds', 'fit', 'slot', 'punch', 'binKeep'] },
  { title: 'sound', ids: ['levelProject', 'cleanUp', 'duck', 'crossfade', 'envelopePoint', 'gainUp', 'gainDown'] },
  { title: 'edit', ids: ['cut', 'copy', 'paste', 'pasteOver', 'duplicate', 'nudgeLeft', 'nudgeRight'] },
  { title: 'lanes', ids: ['addLane', 'lane', 'muteLane', 'soloLane'] },
]
function ToolMenu() {
  const t = useT()
  const actions = useActionTable((state) => state.actions)
  const map = useKeyMap()
  // The key that closed it is still on its way to the action table, where Escape would clear the selection.
  const closed = (): void => void setTimeout(() => showEditor({ menuOpen: false }))
  const rows = (ids: readonly EditorActionId[]): Action[] => ids.map((id) => actions.get(`editor.${id}`)).filter((action) => action !== undefined)
  return (
    <Menu position="bottom-end" shadow="md" onOpen={() => showEditor({ menuOpen: true })} onClose={closed} returnFocus={false}>
      <Menu.Target><Button variant="default" rightSection={<IconChevronDown size={13} aria-hidden />} onMouseDown={keepFocus} data-testid="tool-menu">{t('editor.toolMenu')}</Button></Menu.Target>
      <Menu.Dropdown className="editor-menu">
        {menu.map((section) => (
          <div key={section.title} role="group" aria-label={t(`app.keySubjects.${section.title}`)}>
            <Menu.Label>{t(`app.keySubjects.${section.title}`)}</Menu.Label>
            {rows(section.ids).map((action) => {
              const key = keyIn(map, action)
              return <Menu.Item key={action.id} disabled={!canRun(action)} rightSection={key === null ? undefined : <Kbd>{shortcutText(key)}</Kbd>} onClick={() => void runAction(action)} data-testid={`menu-${action.id.slice(7)}`}>{t(action.labelKey)}</Menu.Item>
            })}
          </div>
        ))}
      </Menu.Dropdown>
    </Menu>
  )
}
