import { useEffect, useRef, useState } from 'react'
import { ActionIcon, Button, Group, Progress, Text } from '@mantine/core'
import { IconX } from '@tabler/icons-react'
import type { ImportBatch } from '#contract/library.ts'
import { useT } from '../../i18n/index.ts'
import { StateBadge } from '../../ui/index.ts'
import { call, useMay, useStationEvent, useStationQuery } from '../../app/station-client/index.ts'
import { showError } from '../../app/errors/index.ts'
import { showLibrary } from './library-store.ts'

const SHOWN = 4
const CLEAN_FOR_MS = 8_000
export const answered = (batch: ImportBatch): number => batch.imported + batch.duplicate + batch.refused + batch.skipped + batch.cancelled

/** Newest first, as the station tells them. */
export function useBatches(): readonly ImportBatch[] {
  const first = useStationQuery('library.batches', {})
  const [batches, setBatches] = useState<readonly ImportBatch[]>([])
  useEffect(() => setBatches(first.data?.batches ?? []), [first.data])
  useStationEvent('library.batchChanged', (batch) => setBatches((before) => (before.some((one) => one.id === batch.id) ? before.map((one) => (one.id === batch.id ? batch : one)) : [batch, ...before])))
  return batches
}

/** One row for a whole folder: n of m, what became of the files, cancel while it runs, "seen" when it has ended. */
export function BatchRows(props: { batches: readonly ImportBatch[]; onDismissed: (batchId: string) => void }) {
  return <>{props.batches.slice(0, SHOWN).map((batch) => <BatchRow key={batch.id} batch={batch} onDismissed={props.onDismissed} />)}</>
}

/** Nothing in it needs to be read: it goes by itself. */
const isClean = (batch: ImportBatch): boolean => batch.state === 'done' && batch.refused + batch.skipped + batch.cancelled + batch.leftOut === 0

function BatchRow(props: { batch: ImportBatch; onDismissed: (batchId: string) => void }) {
  const t = useT()
  const { batch } = props
  const mayAct = useMay('recorder')
  const open = batch.endedAt === null
  const done = answered(batch)
  const { jobId } = batch
  const goes = mayAct && isClean(batch)
  const dismiss = useRef((): void => void call('library.dismissBatch', { batchId: batch.id }).then(() => props.onDismissed(batch.id), showError))
  useEffect(() => {
    if (!goes) return
    const timer = setTimeout(dismiss.current, CLEAN_FOR_MS)
    return () => clearTimeout(timer)
  }, [goes])
  const words = open
    ? t(batch.state === 'reading' ? 'library.batch.reading' : 'library.batch.progress', { done, total: batch.total })
    : t('library.batch.result', { imported: batch.imported, duplicate: batch.duplicate, refused: batch.refused })
  return (
    <Group gap={8} wrap="nowrap" data-testid="batch" data-state={batch.state}>
      <Text size="xs" truncate style={{ width: 220 }} title={batch.name} fw={600}>{batch.name}</Text>
      {open
        ? <Progress style={{ flex: 1 }} value={batch.total === 0 ? 0 : (done / batch.total) * 100} animated={batch.state === 'reading'} aria-label={t('library.jobs.progress', { name: batch.name })} />
        : <StateBadge tone={batch.state === 'cancelled' ? 'idle' : batch.refused > 0 || batch.leftOut > 0 ? 'warn' : 'ok'}>{t(batch.state === 'cancelled' ? 'library.batch.states.cancelled' : 'library.batch.states.done')}</StateBadge>}
      <Text size="xs" className={open ? 'dim' : ''} style={open ? { width: 150, textAlign: 'end' } : { flex: 1 }} role="status" data-testid="batch-words">
        {words}{batch.leftOut > 0 ? ` ${t('library.batch.leftOut', { count: batch.leftOut })}` : ''}
      </Text>
      <Button size="compact-xs" variant="subtle" onClick={() => showLibrary({ batchId: batch.id })} data-testid="batch-files">{t('library.batch.files')}</Button>
      {open && jobId !== null && <ActionIcon size="sm" variant="subtle" aria-label={t('library.jobs.cancel', { name: batch.name })} onClick={() => void call('jobs.cancel', { jobId }).catch(showError)} data-testid="batch-cancel"><IconX size={14} /></ActionIcon>}
      {!open && mayAct && <Button size="compact-xs" variant="default" aria-label={t('library.batch.seenName', { name: batch.name })} onClick={() => dismiss.current()} data-testid="batch-dismiss">{t('library.batch.seen')}</Button>}
    </Group>
  )
}
