import { useEffect, useState } from 'react'
import { Button, Group, Modal, Progress, SegmentedControl, Stack, Tabs, Text, TextInput } from '@mantine/core'
import type { Job } from '#contract/station.ts'
import { useT } from '../../../i18n/index.ts'
import { errorText, showError } from '../../../app/errors/index.ts'
import { go } from '../../../app/navigation/index.ts'
import { call, endedJob } from '../../../app/station-client/index.ts'
import { editorNow, showEditor, useEditor } from '../editor-store.ts'
import { useExport, wish } from './export-store.ts'
import { ExportFields, LibraryFields } from './export-fields.tsx'
import { fileNameOf } from './presets.ts'
import { LastCommands, RenderQueue } from './render-queue.tsx'

/** What was heard becomes an item of the library or a file. The dialog may be closed meanwhile: the job goes on and is seen in the queue. */
export function ExportDialog() {
  const t = useT()
  const opened = useEditor((state) => state.dialog === 'render')
  const close = (): void => showEditor({ dialog: 'none' })
  return (
    <Modal opened={opened} onClose={close} size="xl" title={t('exchange.title')} closeButtonProps={{ 'aria-label': t('app.close') }}>
      {opened && (
        <Tabs defaultValue="export" keepMounted={false}>
          <Tabs.List>
            <Tabs.Tab value="export">{t('exchange.button')}</Tabs.Tab>
            <Tabs.Tab value="queue" data-testid="export-queue-tab">{t('exchange.queue')}</Tabs.Tab>
            <Tabs.Tab value="commands" data-testid="export-commands-tab">{t('exchange.commands')}</Tabs.Tab>
          </Tabs.List>
          <Tabs.Panel value="export" pt="sm"><ExportForm onClose={close} /></Tabs.Panel>
          <Tabs.Panel value="queue" pt="sm"><RenderQueue /></Tabs.Panel>
          <Tabs.Panel value="commands" pt="sm"><LastCommands /></Tabs.Panel>
        </Tabs>
      )}
    </Modal>
  )
}

type Shown = Pick<Job, 'id' | 'state' | 'progress' | 'error' | 'result'>

async function startExport(): Promise<string | null> {
  const { project, selection } = editorNow()
  if (project === null) return null
  const { destination, folder, name, replace, onlySelection, hasBroadcast, hasCart, settings, broadcast, cart } = useExport.getState()
  const at = { projectId: project.id, rev: project.rev }
  if (destination === 'library') {
    const format = settings.format === 'mp3' || settings.format === 'opus' ? settings.format : 'wav'
    return (await call('editor.render', { ...at, title: name.trim(), format })).jobId
  }
  const isWave = settings.format === 'wav'
  const range = onlySelection && selection !== null ? { start: selection.start, end: selection.end } : null
  const asked = { ...settings, broadcast: isWave && hasBroadcast ? broadcast : null, cart: isWave && hasCart ? cart : null, range }
  return (await call('exchange.export', { ...at, folder, name: fileNameOf(name), replace, settings: asked })).jobId
}

function ExportForm(props: { onClose: () => void }) {
  const t = useT()
  const title = useEditor((state) => state.project?.title ?? '')
  const destination = useExport((state) => state.destination)
  const folder = useExport((state) => state.folder)
  const name = useExport((state) => state.name)
  const [job, setJob] = useState<Shown | null>(null)
  useEffect(() => {
    useExport.setState(({ settings, broadcast }) => ({ name: title, settings: { ...settings, tags: { ...settings.tags, title } }, broadcast: { ...broadcast, description: title } }))
  }, [title])
  const start = async (): Promise<void> => {
    try {
      const jobId = await startExport()
      if (jobId === null) return
      setJob({ id: jobId, state: 'queued', progress: 0, error: null, result: null })
      await endedJob(jobId, setJob)
    } catch (error) {
      showError(error)
    }
  }
  const running = job !== null && (job.state === 'queued' || job.state === 'running')
  const itemId = job?.state === 'done' ? job.result?.['itemId'] : undefined
  const path = job?.state === 'done' ? job.result?.['path'] : undefined
  const isReady = name.trim() !== '' && (destination === 'library' || folder !== '')
  return (
    <form onSubmit={(event) => {
      event.preventDefault()
      if (!running && isReady) void start()
    }}>
      <Stack gap="sm">
        <div>
          <Text size="xs" fw={500} id="export-destination">{t('exchange.destination')}</Text>
          <SegmentedControl fullWidth size="xs" aria-labelledby="export-destination" value={destination} disabled={running} data-testid="export-destination"
            onChange={(value) => wish({ destination: value === 'folder' ? 'folder' : 'library' })} data={(['library', 'folder'] as const).map((value) => ({ value, label: t(`exchange.destinations.${value}`) }))} />
        </div>
        <TextInput label={t(destination === 'library' ? 'exchange.nameLibrary' : 'exchange.name')} value={name} maxLength={120} required disabled={running} onChange={(event) => wish({ name: event.currentTarget.value })} data-autofocus data-testid="render-title" />
        {destination === 'library' ? <LibraryFields disabled={running} /> : <ExportFields disabled={running} />}
        <div role="status" aria-live="polite">
          {running && <Progress value={(job.progress ?? 0) * 100} animated aria-label={t('app.jobs.progress')} />}
          {job !== null && <Text size="sm" data-testid="render-state" data-state={job.state}>{job.error === null ? t(`app.jobs.states.${job.state}`) : errorText(job.error.code, job.error.data ?? {}).happened}</Text>}
          {path !== undefined && <Text size="sm" data-testid="export-path">{t('exchange.written', { path })}</Text>}
        </div>
        <Group justify="flex-end" gap="xs">
          {running && <Button variant="default" onClick={() => void call('jobs.cancel', { jobId: job.id }).catch(showError)}>{t('app.cancel')}</Button>}
          {itemId !== undefined && <Button variant="default" data-testid="render-open-item" onClick={() => {
            props.onClose()
            go('library', { itemId })
          }}>{t('exchange.openItem')}</Button>}
          <Button type="submit" disabled={!isReady || running} data-testid="render-start">{t('exchange.start')}</Button>
        </Group>
      </Stack>
    </form>
  )
}
