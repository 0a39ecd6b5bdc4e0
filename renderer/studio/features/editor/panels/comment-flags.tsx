import { useEffect } from 'react'
import { useComments } from '../../programme/index.ts'
import { useEditor } from '../editor-store.ts'
import { showTimeline } from '../timeline/timeline-store.ts'

/** Remarks of an approver as flags over the ruler, whether their list is open or not. */
export function CommentFlags() {
  const projectId = useEditor((state) => state.project?.id ?? null)
  const comments = useComments(projectId)
  useEffect(() => {
    showTimeline({ comments: comments.flatMap(({ id, projectAt, lengthSamples, text, resolvedAt }) => (projectAt === null ? [] : [{ id, at: projectAt, length: lengthSamples, text, isResolved: resolvedAt !== null }])) })
    return () => showTimeline({ comments: [] })
  }, [comments])
  return null
}
