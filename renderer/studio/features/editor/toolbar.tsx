import type { MouseEvent } from 'react'
import { ActionIcon, Menu, Tooltip } from '@mantine/core'
import {
  IconArrowBackUp, IconArrowForwardUp, IconChevronDown, IconClipboard, IconCopy, IconCut, IconFilePlus, IconMagnet, IconMagnetOff, IconMapPin, IconPlayerPlayFilled, IconPlayerStopFilled, IconScissors, IconTrash, IconTrashX,
  IconCrop, IconVolume, IconZoomIn, IconZoomOut, IconZoomScan, IconTrendingDown, IconTrendingUp, type Icon,
} from '@tabler/icons-react'
import { useT } from '../../i18n/index.ts'
import { runAction, shortcutText } from '../../app/actions/index.ts'
import { useMay } from '../../app/station-client/index.ts'
import { editorAction } from './actions.ts'
import { Clock } from './clock.tsx'
import { showEditor, useEditor } from './editor-store.ts'
import { undo } from './session.ts'
import { editText } from './words.ts'

/** Buttons of the action table. Pressing one with the mouse leaves the focus where it was, so that Space goes on meaning play. */
export function Toolbar() {
  const t = useT()
  const playing = useEditor((state) => state.playing)
  const snapping = useEditor((state) => state.snapping)
  const hasRange = useEditor((state) => state.selection !== null || state.clipId !== null)
  const hasClipboard = useEditor((state) => state.clipboard.length > 0)
  const canRedo = useEditor((state) => (state.project?.redo.length ?? 0) > 0)
  const mayEdit = useMay('editor')
  return (
    <div className="editor-toolbar" role="toolbar" aria-label={t('editor.toolbar')}>
      <Tool id="play" Icon={playing ? IconPlayerStopFilled : IconPlayerPlayFilled} strong />
      <Clock />
      <span className="editor-tool-gap" />
      {mayEdit && <>
        <Tool id="split" Icon={IconScissors} />
        <Tool id="trim" Icon={IconCrop} disabled={!hasRange} />
        <Tool id="deleteRipple" Icon={IconTrash} disabled={!hasRange} />
        <Tool id="deleteGap" Icon={IconTrashX} disabled={!hasRange} />
        <span className="editor-tool-gap" />
        <Tool id="fadeIn" Icon={IconTrendingUp} />
        <Tool id="fadeOut" Icon={IconTrendingDown} />
        <Tool id="gain" Icon={IconVolume} />
        <Tool id="marker" Icon={IconMapPin} />
        <span className="editor-tool-gap" />
        <Tool id="cut" Icon={IconCut} disabled={!hasRange} />
        <Tool id="copy" Icon={IconCopy} disabled={!hasRange} />
        <Tool id="paste" Icon={IconClipboard} disabled={!hasClipboard} />
        <span className="editor-tool-gap" />
        <UndoMenu />
        <Tool id="redo" Icon={IconArrowForwardUp} disabled={!canRedo} />
        <span className="editor-tool-gap" />
        <Tool id="addItem" Icon={IconFilePlus} />
      </>}
      <span className="editor-tool-end" />
      <Tool id="snap" Icon={snapping ? IconMagnet : IconMagnetOff} pressed={snapping} />
      <Tool id="zoomOut" Icon={IconZoomOut} />
      <Tool id="zoomIn" Icon={IconZoomIn} />
      <Tool id="zoomSelection" Icon={IconZoomScan} />
    </div>
  )
}

/** A text field, though, is left: what was typed there counts first. */
function keepFocus(event: MouseEvent): void {
  event.preventDefault()
  if (document.activeElement instanceof HTMLInputElement) document.activeElement.blur()
}

function Tool(props: { id: string; Icon: Icon; disabled?: boolean; strong?: boolean; pressed?: boolean }) {
  const t = useT()
  const action = editorAction(props.id)
  if (action === undefined) return null
  const label = t(action.labelKey)
  return (
    <Tooltip label={action.shortcut === undefined ? label : `${label} (${shortcutText(action.shortcut)})`} openDelay={500}>
      <ActionIcon size={props.strong === true ? 'xl' : 'lg'} variant={props.strong === true ? 'filled' : 'default'} disabled={props.disabled ?? false} aria-label={label} {...(props.pressed === undefined ? {} : { 'aria-pressed': props.pressed })}
        onMouseDown={keepFocus} onClick={() => void runAction(action)} data-testid={`tool-${props.id}`}>
        <props.Icon size={18} />
      </ActionIcon>
    </Tooltip>
  )
}

/** Undo, and beside it the named history to go back several steps at once. */
function UndoMenu() {
  const t = useT()
  const steps = useEditor((state) => state.project?.undo)
  const back = async (count: number): Promise<void> => {
    for (let n = 0; n < count; n++) await undo()
  }
  // The key that closed it is still on its way to the action table, where Escape would clear the selection.
  const closed = (): void => void setTimeout(() => showEditor({ menuOpen: false }))
  return (
    <ActionIcon.Group>
      <Tool id="undo" Icon={IconArrowBackUp} disabled={(steps?.length ?? 0) === 0} />
      <Menu position="bottom-start" shadow="md" onOpen={() => showEditor({ menuOpen: true })} onClose={closed}>
        <Menu.Target>
          <ActionIcon size="lg" variant="default" disabled={(steps?.length ?? 0) === 0} aria-label={t('editor.history')} onMouseDown={keepFocus} data-testid="history"><IconChevronDown size={14} /></ActionIcon>
        </Menu.Target>
        <Menu.Dropdown mah={320} style={{ overflow: 'auto' }}>
          <Menu.Label>{t('editor.historyBack')}</Menu.Label>
          {steps?.slice(0, 30).map((name, n) => <Menu.Item key={`${n} ${name}`} onClick={() => void back(n + 1)}>{editText(name)}</Menu.Item>)}
        </Menu.Dropdown>
      </Menu>
    </ActionIcon.Group>
  )
}
