import type { Comment } from '#contract/programme.ts'
import { useStationQuery } from '../../app/station-client/index.ts'

/** Remarks of a project where its words are now; those whose words were cut out have no place. For flags on the timeline and lists beside it. */
export function useComments(projectId: string | null): readonly Comment[] {
  const { data } = useStationQuery('programme.comments', { projectId: projectId ?? '' }, { enabled: projectId !== null, events: ['programme.commentsChanged', 'editor.changed'] })
  return projectId === null ? none : (data?.comments ?? none)
}
const none: readonly Comment[] = []
