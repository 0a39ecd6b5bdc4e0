import { useState } from 'react'
import { Button, Group, Modal, Stack, Text, TextInput } from '@mantine/core'
import { useDebouncedValue } from '@mantine/hooks'
import type { Item } from '#contract/library.ts'
import { useT } from '../../i18n/index.ts'
import { lengthText } from '../../i18n/formats.ts'
import { useStationQuery } from '../../app/station-client/index.ts'
import { showEditor, useEditor } from './editor-store.ts'
import { apply, playhead, seek } from './session.ts'

/** Puts an item of the library at the playhead of the chosen lane. */
export function AddItemDialog() {
  const t = useT()
  const opened = useEditor((state) => state.dialog === 'addItem')
  const close = (): void => showEditor({ dialog: 'none' })
  const add = async (item: Item, mode: 'insert' | 'overwrite'): Promise<void> => {
    const laneId = useEditor.getState().laneIds[0]
    if (laneId === undefined) return
    close()
    const at = playhead()
    if (await apply({ op: 'insertItem', itemId: item.id, laneId, at, mode })) seek(at + item.lengthSamples)
  }
  return (
    <Modal opened={opened} onClose={close} size="lg" title={t('editor.add.title')} closeButtonProps={{ 'aria-label': t('app.close') }}>
      {opened && <ItemChoice onAdd={(item, mode) => void add(item, mode)} />}
    </Modal>
  )
}

function ItemChoice(props: { onAdd: (item: Item, mode: 'insert' | 'overwrite') => void }) {
  const t = useT()
  const [text, setText] = useState('')
  const [query] = useDebouncedValue(text, 150)
  const { data } = useStationQuery('library.list', { query, limit: 50 }, { events: ['library.changed'] })
  return (
    <Stack gap="xs">
      <TextInput aria-label={t('editor.add.search')} placeholder={t('editor.add.search')} value={text} onChange={(event) => setText(event.currentTarget.value)} data-autofocus data-testid="add-search" />
      <ul className="editor-choice">
        {data?.items.map((item) => (
          <li key={item.id} data-testid="add-row">
            <span className="editor-choice-title">{item.title}</span>
            <span className="dim">{lengthText(item.lengthSamples)}</span>
            {item.fileMissing === true ? <Text size="xs" className="dim">{t('editor.wave.missing')}</Text> : (
              <Group gap={4} wrap="nowrap">
                <Button size="compact-xs" onClick={() => props.onAdd(item, 'insert')} aria-label={t('editor.add.insertNamed', { title: item.title })} data-testid="add-insert">{t('editor.add.insert')}</Button>
                <Button size="compact-xs" variant="default" onClick={() => props.onAdd(item, 'overwrite')} aria-label={t('editor.add.overwriteNamed', { title: item.title })}>{t('editor.add.overwrite')}</Button>
              </Group>
            )}
          </li>
        ))}
      </ul>
      {data?.items.length === 0 && <Text size="sm" className="dim">{t('editor.add.nothing')}</Text>}
    </Stack>
  )
}
