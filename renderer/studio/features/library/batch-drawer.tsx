import { useState } from 'react'
import { Button, Drawer, Group, SegmentedControl, Stack, Text } from '@mantine/core'
import type { BatchFile } from '#contract/library.ts'
import { useT } from '../../i18n/index.ts'
import { bytesText } from '../../i18n/formats.ts'
import { EmptyNote, StateBadge, type Tone } from '../../ui/index.ts'
import { useStationQuery } from '../../app/station-client/index.ts'
import { errorText } from '../../app/errors/index.ts'
import { showLibrary, useLibraryView } from './library-store.ts'

const PAGE = 100
const tones: Readonly<Record<BatchFile['state'], Tone>> = { waiting: 'wait', running: 'info', imported: 'ok', duplicate: 'idle', refused: 'bad', skipped: 'idle', cancelled: 'warn' }
const troubled = (file: BatchFile): boolean => file.state === 'refused' || file.state === 'cancelled' || file.state === 'skipped'

/** Every file of a batch with its answer; what did not come in says why and what to do. */
export function BatchDrawer() {
  const t = useT()
  const batchId = useLibraryView((view) => view.batchId)
  const [page, setPage] = useState(0)
  const [only, setOnly] = useState<'all' | 'troubled'>('all')
  const { data } = useStationQuery('library.batchFiles', { batchId: batchId ?? '', limit: PAGE, offset: page * PAGE }, { enabled: batchId !== null, events: ['library.batchChanged'] })
  const files = (data?.files ?? []).filter((file) => only === 'all' || troubled(file))
  const pages = Math.ceil((data?.total ?? 0) / PAGE)
  const close = (): void => {
    showLibrary({ batchId: null })
    setPage(0)
  }
  return (
    <Drawer opened={batchId !== null} onClose={close} position="right" size={560} title={t('library.batch.title')} closeButtonProps={{ 'aria-label': t('app.close') }}>
      <Stack gap="xs" data-testid="batch-drawer">
        <SegmentedControl size="xs" aria-label={t('library.batch.show')} value={only} onChange={(value) => setOnly(value === 'troubled' ? 'troubled' : 'all')} data={[{ value: 'all', label: t('library.batch.all') }, { value: 'troubled', label: t('library.batch.troubled') }]} />
        {files.length === 0 && <EmptyNote>{t('library.batch.none')}</EmptyNote>}
        <ul className="library-batch-files">
          {files.map((file) => <File key={file.seq} file={file} />)}
        </ul>
        {pages > 1 && (
          <Group gap={6}>
            <Button size="compact-xs" variant="default" disabled={page === 0} onClick={() => setPage(page - 1)}>{t('library.batch.previous')}</Button>
            <Text size="xs">{t('library.batch.page', { page: page + 1, pages })}</Text>
            <Button size="compact-xs" variant="default" disabled={page + 1 >= pages} onClick={() => setPage(page + 1)}>{t('library.batch.next')}</Button>
          </Group>
        )}
      </Stack>
    </Drawer>
  )
}

function File(props: { file: BatchFile }) {
  const t = useT()
  const { file } = props
  const { itemId } = file
  const text = file.error === null || file.state === 'duplicate' ? null : errorText(file.error.code, file.error.data)
  return (
    <li data-testid="batch-file" data-state={file.state}>
      <StateBadge tone={tones[file.state]}>{t(`library.batch.fileStates.${file.state}`)}</StateBadge>
      <div style={{ minWidth: 0, flex: 1 }}>
        <Text size="xs" style={{ overflowWrap: 'anywhere' }}>{file.name} <span className="dim">{bytesText(file.sizeBytes)}</span></Text>
        {text !== null && <Text size="xs">{text.happened} {text.todo}</Text>}
      </div>
      {itemId !== null && <Button size="compact-xs" variant="subtle" aria-label={t('library.batch.openName', { name: file.name })} onClick={() => showLibrary({ batchId: null, selectedId: itemId })}>{t('library.batch.open')}</Button>}
    </li>
  )
}
