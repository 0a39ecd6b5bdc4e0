import { useEffect, useState } from 'react'
import { ActionIcon, Group, Progress, Text } from '@mantine/core'
import { IconX } from '@tabler/icons-react'
import type { Job } from '#contract/station.ts'
import { useT } from '../../i18n/index.ts'
import { call, useStationEvent, useStationQuery } from '../../app/station-client/index.ts'
import { showError } from '../../app/errors/index.ts'
import { BatchRows, useBatches } from './batch-rows.tsx'
import { showLibrary, useLibraryView } from './library-store.ts'

const SHOWN = 3
const isActive = (job: Job): boolean => job.state === 'queued' || job.state === 'running'

/** Imports on their way, single files and batches, each with progress and cancel. The first item to arrive while nothing is chosen becomes the choice. */
export function ImportStrip() {
  const t = useT()
  const first = useStationQuery('jobs.list', {})
  const batches = useBatches()
  const [dismissed, setDismissed] = useState<ReadonlySet<string>>(new Set())
  const [jobs, setJobs] = useState<ReadonlyMap<string, Job>>(new Map())
  useEffect(() => setJobs(new Map((first.data?.jobs ?? []).filter((job) => job.kind === 'import' && isActive(job)).map((job) => [job.id, job]))), [first.data])
  useStationEvent('jobs.changed', (job) => {
    if (job.kind !== 'import') return
    setJobs((before) => {
      const next = new Map(before)
      if (isActive(job)) next.set(job.id, job)
      else next.delete(job.id)
      return next
    })
    const itemId = job.state === 'done' ? job.result?.['itemId'] : undefined
    if (itemId !== undefined && useLibraryView.getState().selectedId === null) showLibrary({ selectedId: itemId })
    if (job.state === 'failed' && job.error?.code === 'duplicate') {
      const twin = job.error.data?.['itemId']
      if (typeof twin === 'string') showLibrary({ selectedId: twin })
    }
  })
  const shownBatches = batches.filter((batch) => !dismissed.has(batch.id))
  const ofBatches = new Set(batches.map((batch) => batch.jobId))
  const active = [...jobs.values()].filter((job) => !ofBatches.has(job.id)).sort((a, b) => Number(b.state === 'running') - Number(a.state === 'running') || a.startedAt - b.startedAt)
  if (active.length === 0 && shownBatches.length === 0) return null
  return (
    <section className="library-jobs" aria-label={t('library.jobs.region')} data-testid="import-jobs">
      <BatchRows batches={shownBatches} onDismissed={(batchId) => setDismissed((before) => new Set(before).add(batchId))} />
      {active.slice(0, SHOWN).map((job) => (
        <Group key={job.id} gap={8} wrap="nowrap" data-testid="import-job">
          <Text size="xs" truncate style={{ width: 260 }} title={job.subject}>{job.subject}</Text>
          <Progress style={{ flex: 1 }} value={(job.progress ?? 0) * 100} animated={job.state === 'running' && job.progress === null} aria-label={t('library.jobs.progress', { name: job.subject })} />
          <Text size="xs" className="dim" style={{ width: 64, textAlign: 'end' }}>{job.state === 'queued' || job.progress === null ? t('library.jobs.queued') : `${Math.floor(job.progress * 100)} %`}</Text>
          <ActionIcon size="sm" variant="subtle" aria-label={t('library.jobs.cancel', { name: job.subject })} onClick={() => void call('jobs.cancel', { jobId: job.id }).catch(showError)} data-testid="import-cancel"><IconX size={14} /></ActionIcon>
        </Group>
      ))}
      {active.length > SHOWN && <Text size="xs" className="dim">{t('library.jobs.more', { count: active.length - SHOWN })}</Text>}
    </section>
  )
}
