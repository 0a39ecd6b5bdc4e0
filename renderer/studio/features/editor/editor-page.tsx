import { useEffect, useState } from 'react'
import { ActionIcon, Button, TextInput } from '@mantine/core'
import { IconArrowLeft, IconFileExport } from '@tabler/icons-react'
import { useT } from '../../i18n/index.ts'
import { registerActions } from '../../app/actions/index.ts'
import { showError } from '../../app/errors/index.ts'
import { useNavigation } from '../../app/navigation/index.ts'
import { call, useMay } from '../../app/station-client/index.ts'
import { PageHeader, StateBadge } from '../../ui/index.ts'
import { editorActions } from './actions.ts'
import { AddItemDialog } from './add-item-dialog.tsx'
import { ClipPanel } from './clip-panel.tsx'
import { showEditor, useEditor } from './editor-store.ts'
import { ProjectList } from './project-list.tsx'
import { RenderDialog } from './render-dialog.tsx'
import { closeProject, createProject, leaveDesk, openProject, rename } from './session.ts'
import { Timeline } from './timeline/timeline.tsx'
import { Toolbar } from './toolbar.tsx'
import './editor.css'

/** Reads `go('editor', { itemId | projectId })` once: a visit without them comes back to what was open. */
async function follow(): Promise<void> {
  const { params } = useNavigation.getState()
  const { itemId, projectId } = params
  if (itemId === undefined && projectId === undefined) return
  useNavigation.setState({ params: {} })
  if (projectId !== undefined) return openProject(projectId)
  if (itemId === undefined) return
  const item = await call('library.get', { itemId })
  await createProject(item.title, [itemId])
}

export function EditorPage() {
  const projectId = useEditor((state) => state.project?.id)
  const params = useNavigation((navigation) => navigation.params)
  useEffect(() => registerActions(editorActions), [])
  useEffect(() => void follow().catch(showError), [params])
  useEffect(() => () => void leaveDesk(), [])
  return projectId === undefined ? <ProjectList /> : <Desk key={projectId} />
}

function Desk() {
  const t = useT()
  const mayEdit = useMay('editor')
  const warning = useEditor((state) => state.project?.warning ?? 'none')
  const missing = useEditor((state) => state.project?.missingItemIds.length ?? 0)
  return (
    <div className="page editor-page" data-testid="editor-desk">
      <PageHeader title={<Title />} aside={mayEdit && <Button leftSection={<IconFileExport size={16} aria-hidden />} onClick={() => showEditor({ dialog: 'render' })} data-testid="render">{t('editor.render.button')}</Button>}>
        {warning !== 'none' && <StateBadge tone="warn" data-testid="editor-warning">{t(`editor.warnings.${warning}`)}</StateBadge>}
        {missing > 0 && <StateBadge tone="bad">{t('editor.warnings.missing', { count: missing })}</StateBadge>}
      </PageHeader>
      <Toolbar />
      <Timeline />
      <ClipPanel />
      <Said />
      <RenderDialog />
      <AddItemDialog />
    </div>
  )
}

function Title() {
  const t = useT()
  const title = useEditor((state) => state.project?.title ?? '')
  const mayEdit = useMay('editor')
  const [text, setText] = useState(title)
  useEffect(() => setText(title), [title])
  return (
    <span className="editor-title">
      <ActionIcon variant="default" size="lg" aria-label={t('editor.back')} onClick={closeProject} data-testid="editor-back"><IconArrowLeft size={18} /></ActionIcon>
      <span className="visually-hidden">{title}</span>
      <TextInput aria-label={t('editor.projectTitle')} value={text} maxLength={200} w={320} disabled={!mayEdit} onChange={(event) => setText(event.currentTarget.value)}
        onBlur={() => {
          const wanted = text.trim()
          if (wanted === '') setText(title)
          else if (wanted !== title) void rename(wanted)
        }}
        onKeyDown={(event) => {
          if (event.code === 'Enter') event.currentTarget.blur()
        }} />
    </span>
  )
}

/** What has just been done, for those who do not see the picture. */
function Said() {
  const said = useEditor((state) => state.said)
  return <div className="visually-hidden" role="status" aria-live="polite" data-testid="editor-said">{said}</div>
}
