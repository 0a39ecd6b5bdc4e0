import { useState } from 'react'
import { Button, Popover, Progress, Stack, Text } from '@mantine/core'
import type { Job } from '#contract/station.ts'
import { useT } from '../../i18n/index.ts'
import { errorText, showError } from '../errors/index.ts'
import { call, useStationEvent, useStationQuery } from '../station-client/index.ts'

/** Long work with progress and cancel, newest first. A failed job stays until it is looked at. */
export function JobsTray() {
  const t = useT()
  const [changed, setChanged] = useState<ReadonlyMap<string, Job>>(new Map())
  const first = useStationQuery('jobs.list', {})
  useStationEvent('jobs.changed', (job) => setChanged((before) => new Map(before).set(job.id, job)))
  const jobs = new Map((first.data?.jobs ?? []).map((job) => [job.id, job]))
  for (const job of changed.values()) jobs.set(job.id, job)
  const list = [...jobs.values()].sort((a, b) => b.startedAt - a.startedAt).slice(0, 30)
  const running = list.filter((job) => job.state === 'running' || job.state === 'queued').length
  return (
    <Popover position="top-end" width={380} shadow="md" withinPortal>
      <Popover.Target><Button variant={running > 0 ? 'light' : 'subtle'} data-testid="jobs">{t('app.jobs.button', { count: running })}</Button></Popover.Target>
      <Popover.Dropdown>
        <Stack gap={6} mah={360} style={{ overflow: 'auto' }}>
          {list.length === 0 && <Text size="sm">{t('app.jobs.none')}</Text>}
          {list.map((job) => <JobRow key={job.id} job={job} />)}
        </Stack>
      </Popover.Dropdown>
    </Popover>
  )
}

function JobRow(props: { job: Job }) {
  const t = useT()
  const { job } = props
  const active = job.state === 'running' || job.state === 'queued'
  return (
    <div>
      <Text size="sm" fw={600}>{t(`app.jobs.kinds.${job.kind}`)}: {job.subject}</Text>
      {active && <Progress value={(job.progress ?? 0) * 100} animated={job.progress === null} aria-label={t('app.jobs.progress')} my={3} />}
      <Text size="xs" className="dim">{job.error === null ? t(`app.jobs.states.${job.state}`) : errorText(job.error.code, job.error.data).happened}</Text>
      {active && <Button variant="subtle" size="compact-xs" onClick={() => void call('jobs.cancel', { jobId: job.id }).catch(showError)}>{t('app.cancel')}</Button>}
    </div>
  )
}
