import { useState } from 'react'
import { Button, Group, Modal, Stack, Table, TextInput } from '@mantine/core'
import { IconPlus } from '@tabler/icons-react'
import type { ProjectSummary } from '#contract/editor.ts'
import { useT } from '../../i18n/index.ts'
import { dayTimeText, lengthText } from '../../i18n/formats.ts'
import { EmptyNote, PageHeader, Panel } from '../../ui/index.ts'
import { showDone, showError } from '../../app/errors/index.ts'
import { call, useMay, useStationQuery } from '../../app/station-client/index.ts'
import { ImportTimeline } from './exchange/index.ts'
import { createProject, openProject } from './session.ts'

export function ProjectList() {
  const t = useT()
  const mayEdit = useMay('editor')
  const [creating, setCreating] = useState(false)
  const { data } = useStationQuery('editor.list', {}, { events: ['editor.changed'] })
  return (
    <div className="page">
      <PageHeader title={t('editor.title')} aside={mayEdit && <><ImportTimeline /><Button leftSection={<IconPlus size={16} aria-hidden />} onClick={() => setCreating(true)} data-testid="new-project">{t('editor.list.create')}</Button></>} />
      <Panel flush className="grow" label={t('editor.list.label')}>
        {data !== undefined && data.projects.length === 0 && <EmptyNote>{t('editor.list.empty')}</EmptyNote>}
        {data !== undefined && data.projects.length > 0 && (
          <Table highlightOnHover aria-label={t('editor.list.label')}>
            <Table.Thead><Table.Tr><Table.Th>{t('editor.list.name')}</Table.Th><Table.Th>{t('editor.list.length')}</Table.Th><Table.Th>{t('editor.list.changed')}</Table.Th><Table.Th>{t('editor.list.steps')}</Table.Th></Table.Tr></Table.Thead>
            <Table.Tbody>{data.projects.map((project) => <Row key={project.id} project={project} mayEdit={mayEdit} />)}</Table.Tbody>
          </Table>
        )}
      </Panel>
      <Modal opened={creating} onClose={() => setCreating(false)} title={t('editor.list.create')} closeButtonProps={{ 'aria-label': t('app.close') }}><CreateForm /></Modal>
    </div>
  )
}

function Row(props: { project: ProjectSummary; mayEdit: boolean }) {
  const t = useT()
  const { project } = props
  const open = (): void => void openProject(project.id).catch(showError)
  const remove = async (): Promise<void> => {
    try {
      await call('editor.remove', { projectId: project.id, rev: project.rev })
      showDone(t('editor.list.removed', { title: project.title }))
    } catch (error) {
      showError(error)
    }
  }
  return (
    <Table.Tr onDoubleClick={open} data-testid="project-row">
      <Table.Td fw={600}>{project.title}</Table.Td>
      <Table.Td>{lengthText(project.lengthSamples)}</Table.Td>
      <Table.Td>{dayTimeText(project.updatedAt)}</Table.Td>
      <Table.Td>
        <Group gap={6} wrap="nowrap">
          <Button size="compact-xs" onClick={open} aria-label={t('editor.list.openNamed', { title: project.title })} data-testid="open-project">{t('editor.list.open')}</Button>
          {props.mayEdit && <Button size="compact-xs" variant="default" onClick={() => void remove()} aria-label={t('editor.list.removeNamed', { title: project.title })}>{t('editor.list.remove')}</Button>}
        </Group>
      </Table.Td>
    </Table.Tr>
  )
}

function CreateForm() {
  const t = useT()
  const [title, setTitle] = useState('')
  return (
    <form onSubmit={(event) => {
      event.preventDefault()
      void createProject(title.trim(), []).catch(showError)
    }}>
      <Stack gap="sm">
        <TextInput label={t('editor.list.name')} value={title} maxLength={200} required data-autofocus onChange={(event) => setTitle(event.currentTarget.value)} data-testid="project-title" />
        <Group justify="flex-end"><Button type="submit" disabled={title.trim() === ''} data-testid="create-project">{t('editor.list.create')}</Button></Group>
      </Stack>
    </form>
  )
}
