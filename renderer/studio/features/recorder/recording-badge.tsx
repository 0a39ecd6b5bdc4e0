import { useEffect, useState } from 'react'
import { isOpen } from '#common/take/index.ts'
import { useT } from '../../i18n/index.ts'
import { StateBadge } from '../../ui/index.ts'
import { go } from '../../app/navigation/index.ts'
import { clockOf } from './elapsed.tsx'
import { phaseTone } from './record-state.tsx'
import { useRecorderStore } from './recorder-store.ts'
import { elapsedFrames } from './take-owner.ts'
import './recorder.css'

/** For the status bar: a take is running, on whatever page one is. Nothing when none is. */
export function RecordingBadge() {
  const t = useT()
  const model = useRecorderStore((state) => state.model)
  const [frames, setFrames] = useState(0)
  const open = isOpen(model)
  useEffect(() => {
    if (!open) return
    const timer = setInterval(() => setFrames(elapsedFrames()), 500)
    return () => clearInterval(timer)
  }, [open])
  if (!open) return null
  return (
    <button type="button" className="recorder-status" onClick={() => go('recorder')} data-testid="recording-badge">
      <StateBadge tone={model.inputLost || model.linkLost ? 'bad' : phaseTone[model.phase]}>{t('recorder.statusBar', { state: t(`recorder.phases.${model.phase}`), time: clockOf(frames) })}</StateBadge>
    </button>
  )
}
