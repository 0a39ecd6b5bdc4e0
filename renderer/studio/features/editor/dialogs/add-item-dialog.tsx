import { useState } from 'react'
import { Button, Group, Modal, Select, Stack, Text, TextInput } from '@mantine/core'
import { useDebouncedValue } from '@mantine/hooks'
import type { Item } from '#contract/library.ts'
import { useT } from '../../../i18n/index.ts'
import { lengthText } from '../../../i18n/formats.ts'
import { useStationQuery } from '../../../app/station-client/index.ts'
import { editorNow, showEditor, useEditor } from '../editor-store.ts'
import { samplesOfText, shortText } from '../parts/time-text.ts'
import { apply, playhead, seek } from '../session.ts'

type Mode = 'insert' | 'overwrite'
interface Part {
  readonly start: number
  readonly end: number
}

/** Puts an item of the library, or a part of it, at the playhead of the chosen lane. */
export function AddItemDialog() {
  const t = useT()
  const opened = useEditor((state) => state.dialog === 'addItem')
  const close = (): void => showEditor({ dialog: 'none' })
  const add = async (item: Item, mode: Mode, part: Part | null): Promise<void> => {
    const laneId = editorNow().laneIds[0]
    if (laneId === undefined) return
    close()
    const at = playhead()
    const range = part === null ? {} : { range: { ...part } }
    if (await apply({ op: 'insertItem', itemId: item.id, laneId, at, mode, ...range })) seek(at + (part === null ? item.lengthSamples : part.end - part.start))
  }
  return (
    <Modal opened={opened} onClose={close} size="lg" title={t('editor.add.title')} closeButtonProps={{ 'aria-label': t('app.close') }}>
      {opened && <ItemChoice onAdd={(item, mode, part) => void add(item, mode, part)} />}
    </Modal>
  )
}

function ItemChoice(props: { onAdd: (item: Item, mode: Mode, part: Part | null) => void }) {
  const t = useT()
  const lanes = useEditor((state) => state.project?.edl.lanes) ?? []
  const laneId = useEditor((state) => state.laneIds[0] ?? null)
  const [text, setText] = useState('')
  const [query] = useDebouncedValue(text, 150)
  const [openId, setOpenId] = useState<string | null>(null)
  const { data } = useStationQuery('library.list', { query, limit: 50 }, { events: ['library.changed'] })
  return (
    <Stack gap="xs">
      <Group gap="xs" wrap="nowrap" align="flex-end">
        <TextInput style={{ flex: 1 }} label={t('editor.add.search')} value={text} onChange={(event) => setText(event.currentTarget.value)} data-autofocus data-testid="add-search" />
        <Select w={160} label={t('editor.add.lane')} allowDeselect={false} value={laneId} data={lanes.map((lane) => ({ value: lane.id, label: lane.name }))} onChange={(value) => {
          if (value !== null) showEditor({ laneIds: [value] })
        }} data-testid="add-lane" />
      </Group>
      <ul className="editor-choice">
        {data?.items.map((item) => (
          <li key={item.id} data-testid="add-row">
            <span className="editor-choice-title">{item.title}</span>
            <span className="dim">{lengthText(item.lengthSamples)}</span>
            {item.fileMissing === true ? <Text size="xs" className="dim">{t('editor.wave.missing')}</Text> : (
              <Group gap={4} wrap="nowrap">
                <Button size="compact-xs" onClick={() => props.onAdd(item, 'insert', null)} aria-label={t('editor.add.insertNamed', { title: item.title })} data-testid="add-insert">{t('editor.add.insert')}</Button>
                <Button size="compact-xs" variant="default" onClick={() => props.onAdd(item, 'overwrite', null)} aria-label={t('editor.add.overwriteNamed', { title: item.title })} data-testid="add-overwrite">{t('editor.add.overwrite')}</Button>
                <Button size="compact-xs" variant="default" aria-expanded={openId === item.id} onClick={() => setOpenId(openId === item.id ? null : item.id)} aria-label={t('editor.add.partNamed', { title: item.title })} data-testid="add-part">{t('editor.add.part')}</Button>
              </Group>
            )}
            {openId === item.id && <PartForm item={item} onAdd={(mode, part) => props.onAdd(item, mode, part)} />}
          </li>
        ))}
      </ul>
      {data?.items.length === 0 && <Text size="sm" className="dim">{t('editor.add.nothing')}</Text>}
    </Stack>
  )
}

/** From and to; an item with its own in and out points begins with those. */
function PartForm(props: { item: Item; onAdd: (mode: Mode, part: Part) => void }) {
  const t = useT()
  const { item } = props
  const [from, setFrom] = useState(() => shortText(item.cues?.in ?? 0))
  const [to, setTo] = useState(() => shortText(item.cues?.out ?? item.lengthSamples))
  const start = samplesOfText(from)
  const wanted = samplesOfText(to)
  // The text is short of the last samples.
  const end = wanted === null ? null : Math.min(item.lengthSamples, wanted)
  const part = start === null || end === null || start >= end ? null : { start, end }
  return (
    <form className="editor-part" onSubmit={(event) => {
      event.preventDefault()
      if (part !== null) props.onAdd('insert', part)
    }}>
      <TextInput w={110} label={t('editor.add.from')} value={from} autoFocus onChange={(event) => setFrom(event.currentTarget.value)} data-testid="part-from" />
      <TextInput w={110} label={t('editor.add.to')} value={to} onChange={(event) => setTo(event.currentTarget.value)} data-testid="part-to" />
      <Button type="submit" disabled={part === null} data-testid="part-insert">{t('editor.add.insert')}</Button>
      <Button variant="default" disabled={part === null} onClick={() => {
        if (part !== null) props.onAdd('overwrite', part)
      }}>{t('editor.add.overwrite')}</Button>
    </form>
  )
}
