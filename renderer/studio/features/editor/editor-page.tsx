import { useEffect, useState } from 'react'
import { ActionIcon, Button, TextInput } from '@mantine/core'
import { IconArrowLeft, IconFileExport } from '@tabler/icons-react'
import { edlLength } from '#common/edl/index.ts'
import { useT } from '../../i18n/index.ts'
import { registerActions } from '../../app/actions/index.ts'
import { showError } from '../../app/errors/index.ts'
import { useNavigation } from '../../app/navigation/index.ts'
import { call } from '../../app/station-client/index.ts'
import { PageHeader, StateBadge } from '../../ui/index.ts'
import { editorActions } from './actions.ts'
import { AddItemDialog } from './dialogs/add-item-dialog.tsx'
import { LaneDialog } from './dialogs/lane-dialog.tsx'
import { PunchDialog } from './dialogs/punch-dialog.tsx'
import { SlotDialog } from './dialogs/slot-dialog.tsx'
import { showEditor, useEditor } from './editor-store.ts'
import { SoundDialogs } from './sound/index.ts'
import { ExportDialog, InterchangeMenu } from './exchange/index.ts'
import { LeaseState, useMayEdit } from './lease.tsx'
import { useNarrow } from './narrow.ts'
import { ProjectList } from './project-list.tsx'
import { CommentFlags } from './panels/comment-flags.tsx'
import { closeProject, createProject, leaveDesk, openProject, rename } from './session.ts'
import { SidePanel } from './side-panel.tsx'
import { SlotState } from './slot-state.tsx'
import { StatusLine } from './status-line.tsx'
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
  const mayEdit = useMayEdit()
  const isEmpty = useEditor((state) => state.project === null || edlLength(state.project.edl) === 0)
  const warning = useEditor((state) => state.project?.warning ?? 'none')
  const missing = useEditor((state) => state.project?.missingItemIds.length ?? 0)
  const isNarrow = useEditor((state) => state.isNarrow)
  const middle = useNarrow()
  return (
    <div className="page editor-page" data-testid="editor-desk">
      <PageHeader title={<Title />} aside={<>
        <SlotState />
        <InterchangeMenu />
        {mayEdit && <Button title={t('exchange.button')} leftSection={<IconFileExport size={16} aria-hidden />} disabled={isEmpty} onClick={() => showEditor({ dialog: 'render' })} data-testid="render">{t('exchange.button')}</Button>}
      </>}>
        {warning !== 'none' && <StateBadge tone="warn" data-testid="editor-warning">{t(`editor.warnings.${warning}`)}</StateBadge>}
        {missing > 0 && <StateBadge tone="bad">{t('editor.warnings.missing', { count: missing })}</StateBadge>}
        <LeaseState />
      </PageHeader>
      <Toolbar />
      <div ref={middle} className="editor-middle" data-narrow={isNarrow}>
        <Timeline />
        <SidePanel />
      </div>
      <StatusLine />
      <Said />
      <CommentFlags />
      <ExportDialog />
      <AddItemDialog />
      <SlotDialog />
      <PunchDialog />
      <LaneDialog />
      <SoundDialogs />
    </div>
  )
}

function Title() {
  const t = useT()
  const title = useEditor((state) => state.project?.title ?? '')
  const mayEdit = useMayEdit()
  const [text, setText] = useState(title)
  useEffect(() => setText(title), [title])
  return (
    <span className="editor-title">
      <ActionIcon variant="default" size="lg" aria-label={t('editor.back')} onClick={closeProject} data-testid="editor-back"><IconArrowLeft size={18} /></ActionIcon>
      <span className="visually-hidden">{title}</span>
      <TextInput aria-label={t('editor.projectTitle')} value={text} maxLength={200} className="editor-title-field" disabled={!mayEdit} onChange={(event) => setText(event.currentTarget.value)}
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
