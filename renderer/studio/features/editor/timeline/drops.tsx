import type { DragEvent } from 'react'
import { IconGripVertical } from '@tabler/icons-react'
import { showError } from '../../../app/errors/index.ts'
import { call } from '../../../app/station-client/index.ts'
import { useT } from '../../../i18n/index.ts'
import { putBin } from '../commands/keeping.ts'
import { BIN_DRAG, SELECTION_DRAG } from '../drag-kinds.ts'
import { editorNow, useEditor } from '../editor-store.ts'
import { RULER_PX } from './layout.ts'
import { pxOf } from './view.ts'

/** A kept piece is dropped where the pointer is, on the lane under it, as the edit mode says. */
export function dropBin(event: DragEvent, place: { at: number; laneId: string } | null): void {
  if (!event.dataTransfer.types.includes(BIN_DRAG)) return
  event.preventDefault()
  event.dataTransfer.dropEffect = 'copy'
  if (event.type !== 'drop' || place === null) return
  const id = event.dataTransfer.getData(BIN_DRAG)
  const put = async (): Promise<void> => {
    const bin = (await call('bins.list', {})).bins.find((one) => one.id === id)
    if (bin !== undefined) await putBin(bin, editorNow().editMode === 'ripple' ? 'insert' : 'overwrite', place)
  }
  void put().catch(showError)
}

/** Held by its grip, what is selected is dragged to the kept pieces. */
export function SelectionGrip() {
  const t = useT()
  const selection = useEditor((state) => state.selection)
  const x = useEditor((state) => (state.selection === null ? null : Math.round(pxOf(state.view, state.selection.start))))
  const width = useEditor((state) => state.view.width)
  if (selection === null || x === null || x < 0 || x > width - 20) return null
  return (
    <div className="tl-grip" style={{ insetInlineStart: x + 1, top: RULER_PX + 2 }} draggable title={t('timeline.dragOut')} aria-hidden data-testid="selection-grip"
      onPointerDown={(event) => event.stopPropagation()} onDragStart={(event) => {
        event.dataTransfer.setData(SELECTION_DRAG, '1')
        event.dataTransfer.effectAllowed = 'copy'
      }}>
      <IconGripVertical size={14} />
    </div>
  )
}
