import { useEffect } from 'react'
import { useNavigation } from '../../app/navigation/index.ts'
import { BulletinDesk } from './bulletin-desk.tsx'
import { BulletinList } from './bulletin-list.tsx'
import { showProgramme, useProgramme } from './programme-store.ts'
import { ReviewView } from './review/review-view.tsx'
import './programme.css'

/** Reads `go('programme', { bulletinId, storyId } | { reviewItemId })` once; a visit without them comes back to what was open. */
function follow(): void {
  const { bulletinId, storyId, reviewItemId } = useNavigation.getState().params
  if (bulletinId === undefined && reviewItemId === undefined) return
  useNavigation.setState({ params: {} })
  if (reviewItemId !== undefined) showProgramme({ mode: 'review', itemId: reviewItemId })
  else if (bulletinId !== undefined) showProgramme({ mode: 'compose', bulletinId, storyId: storyId ?? null })
}

export function ProgrammePage() {
  const mode = useProgramme((view) => view.mode)
  const bulletinId = useProgramme((view) => view.bulletinId)
  const params = useNavigation((navigation) => navigation.params)
  useEffect(follow, [params])
  return (
    <div className="page programme-page" data-testid="programme-page" data-mode={mode}>
      {mode === 'review' ? <ReviewView /> : bulletinId === null ? <BulletinList /> : <BulletinDesk key={bulletinId} bulletinId={bulletinId} />}
      <Said />
    </div>
  )
}

function Said() {
  const said = useProgramme((view) => view.said)
  return <div className="visually-hidden" role="status" aria-live="polite" data-testid="programme-said">{said}</div>
}
