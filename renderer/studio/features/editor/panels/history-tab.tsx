import { useRef } from 'react'
import { useVirtualizer } from '@tanstack/react-virtual'
import { dayTimeText } from '../../../i18n/formats.ts'
import { useT } from '../../../i18n/index.ts'
import { useEditor } from '../editor-store.ts'
import { useMayEdit } from '../lease.tsx'
import { ActionButton } from '../parts/action-button.tsx'
import { goSteps } from '../session.ts'
import { useHistory } from '../history.ts'
import { editText } from '../words.ts'

const ROW_PX = 26

/**
 * Everything that was done, oldest first, with the present marked; below it what was taken back and can come again. Pressing a step goes to the
 * state after it, however far away.
 */
export function HistoryTab() {
  const t = useT()
  const mayEdit = useMayEdit()
  const { steps, current } = useHistory()
  const warning = useEditor((state) => state.project?.warning ?? 'none')
  const scroller = useRef<HTMLDivElement>(null)
  const rows = useVirtualizer({ count: steps.length + 1, getScrollElement: () => scroller.current, estimateSize: () => ROW_PX, overscan: 12, initialOffset: Math.max(0, current * ROW_PX - 300) })
  return (
    <div className="editor-history" data-testid="history-tab">
      <div className="editor-side-block"><div className="editor-side-buttons"><ActionButton id="undo" disabled={current === 0} /><ActionButton id="redo" disabled={current === steps.length} /></div></div>
      {warning !== 'none' && <p className="editor-side-note">{t(`editor.warnings.${warning}`)}</p>}
      <div ref={scroller} className="editor-history-scroll">
        <ol className="editor-steps" aria-label={t('editor.history')} style={{ height: rows.getTotalSize() }}>
          {rows.getVirtualItems().map((row) => {
            const step = steps[row.index - 1]
            const name = step === undefined ? t('editor.historyStart') : editText(step.name)
            const who = step?.at == null ? undefined : `${step.by} ${dayTimeText(step.at)}`
            const state = row.index === current ? 'now' : row.index < current ? 'done' : 'undone'
            return (
              <li key={row.key} data-state={state} style={{ transform: `translateY(${row.start}px)`, height: ROW_PX }} aria-setsize={steps.length + 1} aria-posinset={row.index + 1}>
                <button type="button" title={who} disabled={!mayEdit || state === 'now'} aria-current={state === 'now' ? 'step' : undefined} onClick={() => void goSteps(row.index - current)} data-testid="history-step">
                  <span className="editor-step-number">{row.index}</span>
                  <span>{name}</span>
                  {state === 'now' && <span className="editor-step-now">{t('editor.historyNow')}</span>}
                  {state === 'undone' && <span className="dim">{t('editor.historyUndone')}</span>}
                </button>
              </li>
            )
          })}
        </ol>
      </div>
    </div>
  )
}
