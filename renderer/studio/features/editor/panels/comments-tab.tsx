import { useT } from '../../../i18n/index.ts'
import { ProjectComments } from '../../programme/index.ts'
import { go } from '../commands/looking.ts'
import { useEditor } from '../editor-store.ts'

/** What an approver wrote about this project and what was rendered from it. */
export function CommentsTab() {
  const t = useT()
  const projectId = useEditor((state) => state.project?.id)
  if (projectId === undefined) return null
  return <div className="editor-side-block" aria-label={t('editor.side.comments')} role="group"><ProjectComments projectId={projectId} onGo={go} /></div>
}
