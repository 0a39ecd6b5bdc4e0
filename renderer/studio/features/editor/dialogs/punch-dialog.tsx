import { useEffect, useState } from 'react'
import { PunchRecorder } from '../../recorder/index.ts'
import { laneAtHand } from '../commands/lanes.ts'
import { showEditor, useEditor } from '../editor-store.ts'
import { apply } from '../session.ts'
import { showTimeline } from '../timeline/timeline-store.ts'
import { playhead, stopPlaying } from '../transport.ts'

const CROSSFADE = 480

/** Punch and roll at the playhead: the place and the lane are those of the moment it was asked for. */
export function PunchDialog() {
  const opened = useEditor((state) => state.dialog === 'punch')
  return opened ? <Punch /> : null
}

function Punch() {
  const project = useEditor((state) => state.project)
  const [place] = useState(() => ({ at: playhead(), laneId: laneAtHand()?.id ?? '' }))
  useEffect(() => {
    stopPlaying()
    showTimeline({ punchAt: place.at })
    return () => showTimeline({ punchAt: null })
  }, [place])
  if (project === null) return null
  return (
    <PunchRecorder project={project} laneId={place.laneId} at={place.at} punch={(itemId) => apply({ op: 'punch', laneId: place.laneId, at: place.at, itemId, crossfade: CROSSFADE })}
      onClose={() => showEditor({ dialog: 'none', cursor: place.at })} />
  )
}
