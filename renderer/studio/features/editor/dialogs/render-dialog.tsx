import { useState } from 'react'
import { Button, Group, Modal, Progress, SegmentedControl, Stack, Text, TextInput } from '@mantine/core'
import type { Job } from '#contract/station.ts'
import { useT } from '../../../i18n/index.ts'
import { errorText, showError } from '../../../app/errors/index.ts'
import { go } from '../../../app/navigation/index.ts'
import { call, useStationEvent } from '../../../app/station-client/index.ts'
import { showEditor, useEditor } from '../editor-store.ts'

const formats = ['wav', 'mp3', 'opus'] as const
type Format = (typeof formats)[number]

/** What was heard becomes a new item. The dialog may be closed meanwhile: the job goes on and is seen in the status bar. */
export function RenderDialog() {
  const t = useT()
  const opened = useEditor((state) => state.dialog === 'render')
  const close = (): void => showEditor({ dialog: 'none' })
  return (
    <Modal opened={opened} onClose={close} title={t('editor.render.title')} closeButtonProps={{ 'aria-label': t('app.close') }}>
      {opened && <RenderForm onClose={close} />}
    </Modal>
  )
}

function RenderForm(props: { onClose: () => void }) {
  const t = useT()
  const project = useEditor((state) => state.project)
  const [title, setTitle] = useState(project?.title ?? '')
  const [format, setFormat] = useState<Format>('wav')
  const [job, setJob] = useState<Pick<Job, 'id' | 'state' | 'progress' | 'error' | 'result'> | null>(null)
  useStationEvent('jobs.changed', (changed) => {
    if (changed.id === job?.id) setJob(changed)
  })
  if (project === null) return null
  const start = async (): Promise<void> => {
    try {
      const { jobId } = await call('editor.render', { projectId: project.id, rev: project.rev, title: title.trim(), format })
      setJob({ id: jobId, state: 'queued', progress: 0, error: null, result: null })
      // It may have ended before its number was known here.
      const known = (await call('jobs.list', {})).jobs.find((one) => one.id === jobId)
      if (known !== undefined && known.endedAt !== null) setJob(known)
    } catch (error) {
      showError(error)
    }
  }
  const running = job !== null && (job.state === 'queued' || job.state === 'running')
  const itemId = job?.state === 'done' ? job.result?.['itemId'] : undefined
  return (
    <form onSubmit={(event) => {
      event.preventDefault()
      if (!running) void start()
    }}>
      <Stack gap="sm">
        <TextInput label={t('editor.render.name')} value={title} maxLength={200} required onChange={(event) => setTitle(event.currentTarget.value)} data-autofocus data-testid="render-title" disabled={running} />
        <div>
          <Text size="xs" fw={500} id="render-format">{t('editor.render.format')}</Text>
          <SegmentedControl fullWidth size="xs" aria-labelledby="render-format" value={format} disabled={running} onChange={(value) => setFormat(formats.find((one) => one === value) ?? 'wav')} data={formats.map((value) => ({ value, label: t(`editor.render.formats.${value}`) }))} data-testid="render-format" />
        </div>
        <div role="status" aria-live="polite">
          {running && <Progress value={(job.progress ?? 0) * 100} animated aria-label={t('app.jobs.progress')} />}
          {job !== null && <Text size="sm" data-testid="render-state" data-state={job.state}>{job.error === null ? t(`app.jobs.states.${job.state}`) : errorText(job.error.code, job.error.data ?? {}).happened}</Text>}
        </div>
        <Group justify="flex-end" gap="xs">
          {running && <Button variant="default" onClick={() => void call('jobs.cancel', { jobId: job.id }).catch(showError)}>{t('app.cancel')}</Button>}
          {itemId !== undefined && <Button variant="default" data-testid="render-open-item" onClick={() => {
            props.onClose()
            go('library', { itemId })
          }}>{t('editor.render.openItem')}</Button>}
          <Button type="submit" disabled={title.trim() === '' || running} data-testid="render-start">{t('editor.render.start')}</Button>
        </Group>
      </Stack>
    </form>
  )
}
