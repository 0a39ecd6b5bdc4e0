import { edlLength } from '#common/edl/index.ts'
import { useT } from '../../i18n/index.ts'
import { StateBadge } from '../../ui/index.ts'
import { showEditor, useEditor } from './editor-store.ts'
import { dayText, shortText } from './parts/time-text.ts'

/** The slot and what is over or missing, to the tenth of a second; pressing it opens the settings of the slot. */
export function SlotState() {
  const t = useT()
  const edl = useEditor((state) => state.project?.edl)
  if (edl === undefined || (edl.slot.length === null && edl.slot.startsAtSec === null)) return null
  const { length, startsAtSec } = edl.slot
  return (
    <button type="button" className="plain-button editor-slot" onClick={() => showEditor({ dialog: 'slot' })} aria-label={t('editor.slot.title')} data-testid="slot-state">
      {startsAtSec !== null && <span>{dayText(startsAtSec)}</span>}
      {length !== null && <span>{t('editor.slot.of', { length: shortText(length) })}</span>}
      {length !== null && <Difference over={edlLength(edl) - length} />}
    </button>
  )
}

function Difference(props: { over: number }) {
  const t = useT()
  const tenths = Math.round(props.over / 4_800)
  const seconds = (Math.abs(tenths) / 10).toLocaleString('vi-VN', { minimumFractionDigits: 1 })
  if (tenths === 0) return <StateBadge tone="ok">{t('editor.slot.exact')}</StateBadge>
  return <StateBadge tone={tenths > 0 ? 'bad' : 'warn'}>{t(tenths > 0 ? 'editor.slot.over' : 'editor.slot.under', { seconds })}</StateBadge>
}
