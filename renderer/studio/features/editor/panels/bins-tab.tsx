import { useState } from 'react'
import { ActionIcon, TextInput } from '@mantine/core'
import { IconCheck, IconGripVertical, IconTrash } from '@tabler/icons-react'
import type { Bin } from '#contract/bins.ts'
import { showError } from '../../../app/errors/index.ts'
import { call, useStationQuery } from '../../../app/station-client/index.ts'
import { fold } from '#common/text/index.ts'
import { preciseText } from '../../../i18n/formats.ts'
import { useT } from '../../../i18n/index.ts'
import { keepInBin, putBin } from '../commands/keeping.ts'
import { BIN_DRAG, SELECTION_DRAG } from '../drag-kinds.ts'
import { useEditor } from '../editor-store.ts'
import { useMayEdit } from '../lease.tsx'
import { ActionButton } from '../parts/action-button.tsx'
import { TextButton } from '../parts/text-button.tsx'
import { isUsed } from '../piece.ts'

/** Pieces kept for any project: drop a selection here or press its key; put one at the playhead, or drag it onto the timeline. */
export function BinsTab() {
  const t = useT()
  const mayEdit = useMayEdit()
  const [over, setOver] = useState(false)
  const [query, setQuery] = useState('')
  const edl = useEditor((state) => state.project?.edl)
  const hasRange = useEditor((state) => state.ranges.length > 0 || state.clipId !== null)
  const { data } = useStationQuery('bins.list', {}, { events: ['bins.changed'] })
  const bins = (data?.bins ?? []).filter((bin) => fold(bin.title).includes(fold(query)))
  return (
    <div className="editor-bins" data-over={over} data-testid="bins-tab"
      onDragOver={(event) => {
        if (!event.dataTransfer.types.includes(SELECTION_DRAG)) return
        event.preventDefault()
        setOver(true)
      }}
      onDragLeave={() => setOver(false)}
      onDrop={(event) => {
        setOver(false)
        if (event.dataTransfer.types.includes(SELECTION_DRAG)) void keepInBin().catch(showError)
      }}>
      <div className="editor-side-block">
        <div className="editor-side-buttons"><ActionButton id="binKeep" disabled={!hasRange} /></div>
        {(data?.bins.length ?? 0) > 5 && <TextInput aria-label={t('editor.bins.search')} placeholder={t('editor.bins.search')} value={query} onChange={(event) => setQuery(event.currentTarget.value)} />}
      </div>
      {data?.bins.length === 0 && <p className="editor-side-note">{t('editor.bins.empty')}</p>}
      <ul className="editor-bin-list" aria-label={t('editor.side.bins')}>
        {bins.map((bin, n) => <Row key={bin.id} bin={bin} number={n + 1} used={edl !== undefined && isUsed(edl, bin.piece)} mayEdit={mayEdit} />)}
      </ul>
    </div>
  )
}

function Row(props: { bin: Bin; number: number; used: boolean; mayEdit: boolean }) {
  const t = useT()
  const { bin, mayEdit } = props
  const [title, setTitle] = useState(bin.title)
  const rename = (): void => {
    const wanted = title.trim()
    if (wanted === '') setTitle(bin.title)
    else if (wanted !== bin.title) void call('bins.rename', { id: bin.id, title: wanted }).catch(showError)
  }
  return (
    <li data-testid="bin-row">
      <span className="editor-bin-grip" draggable={mayEdit} aria-hidden title={t('editor.bins.drag')} data-testid="bin-grip" onDragStart={(event) => {
        event.dataTransfer.setData(BIN_DRAG, bin.id)
        event.dataTransfer.effectAllowed = 'copy'
      }}><IconGripVertical size={15} /></span>
      <TextInput className="editor-bin-title" aria-label={t('editor.bins.name', { title: bin.title })} value={title} maxLength={200} disabled={!mayEdit} onChange={(event) => setTitle(event.currentTarget.value)} onBlur={rename} onKeyDown={(event) => {
        if (event.code === 'Enter') event.currentTarget.blur()
      }} />
      <span className="dim">{preciseText(bin.piece.length)}</span>
      <span className="editor-bin-used" data-testid="bin-used">{props.used && <><IconCheck size={13} aria-hidden /> {t('editor.bins.used')}</>}</span>
      <span className="editor-side-buttons">
        <TextButton disabled={!mayEdit} label={t('editor.bins.insertNamed', { title: bin.title })} testId="bin-insert" onClick={() => void putBin(bin, 'insert').catch(showError)}>{t('editor.add.insert')}</TextButton>
        <TextButton disabled={!mayEdit} label={t('editor.bins.overwriteNamed', { title: bin.title })} onClick={() => void putBin(bin, 'overwrite').catch(showError)}>{t('editor.add.overwrite')}</TextButton>
        <ActionIcon size="sm" variant="subtle" color="gray" disabled={!mayEdit} aria-label={t('editor.bins.remove', { title: bin.title })} onClick={() => void call('bins.remove', { id: bin.id }).catch(showError)}><IconTrash size={13} /></ActionIcon>
      </span>
    </li>
  )
}
