import { preciseText } from '../../i18n/formats.ts'
import { useT } from '../../i18n/index.ts'
import { toggleEditMode, toggleRuler, toggleSnap } from './commands/looking.ts'
import { SELECTION_DRAG } from './drag-kinds.ts'
import { useEditor } from './editor-store.ts'
import { keepFocus } from './parts/keep-focus.ts'

/** One line below the timeline: what is selected, how the hands are set, how fast it plays. Each setting is a button. */
export function StatusLine() {
  const t = useT()
  const ranges = useEditor((state) => state.ranges)
  const adding = useEditor((state) => state.adding)
  const lanes = useEditor((state) => state.project?.edl.lanes)
  const laneIds = useEditor((state) => state.laneIds)
  const snapping = useEditor((state) => state.snapping)
  const editMode = useEditor((state) => state.editMode)
  const rulerMode = useEditor((state) => state.rulerMode)
  const rate = useEditor((state) => (state.playing ? state.rate : 1))
  const proposed = useEditor((state) => state.proposed.length)
  const total = ranges.reduce((sum, range) => sum + range.end - range.start, 0)
  const last = ranges.at(-1)
  const names = (lanes ?? []).filter((lane) => laneIds.includes(lane.id)).map((lane) => lane.name).join(', ')
  return (
    <div className="editor-status" data-testid="editor-status">
      {last === undefined ? <span className="dim">{t('editor.status.nothing')}</span> : (
        <span className="editor-status-selection" draggable onDragStart={(event) => event.dataTransfer.setData(SELECTION_DRAG, 'selection')} title={t('editor.status.dragHint')} data-testid="editor-selection">
          {ranges.length > 1 ? t('editor.status.many', { count: ranges.length, length: preciseText(total) }) : t('editor.selected', { length: preciseText(total) })}
          <span className="dim"> {preciseText(last.start)} – {preciseText(last.end)}</span>
        </span>
      )}
      {adding && <strong>{t('editor.status.adding')}</strong>}
      {names !== '' && <span className="dim">{t('editor.status.lanes', { names })}</span>}
      {proposed > 0 && <span>{t('editor.status.proposed', { count: proposed })}</span>}
      <span className="editor-tool-end" />
      {rate !== 1 && <strong data-testid="editor-rate">{t('editor.status.rate', { rate: rate.toLocaleString('vi-VN') })}</strong>}
      <Setting text={t(`editor.mode.${editMode}`)} onPress={toggleEditMode} testId="status-mode" />
      <Setting text={t(snapping ? 'editor.status.snapOn' : 'editor.status.snapOff')} onPress={toggleSnap} testId="status-snap" />
      <Setting text={t(`editor.ruler.${rulerMode}`)} onPress={toggleRuler} testId="status-ruler" />
    </div>
  )
}

function Setting(props: { text: string; onPress: () => void; testId: string }) {
  return <button type="button" className="editor-status-setting" onMouseDown={keepFocus} onClick={props.onPress} data-testid={props.testId}>{props.text}</button>
}
